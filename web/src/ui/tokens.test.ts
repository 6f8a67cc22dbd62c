import { describe, expect, test } from "vitest";
import { dark, light } from "./tokens.ts";

type Rgb = readonly [number, number, number];

const rgb = (hex: string): Rgb =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Rgb;
const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);

function luminance(hex: string): number {
  const [r, g, b] = rgb(hex).map(linear) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2. */
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Machado, Oliveira, Fernandes 2009, severity 1, on linear RGB. */
const SIGHT = {
  usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);

function lab(hex: string, m: readonly number[]): Rgb {
  const [r, g, b] = rgb(hex).map(linear) as unknown as Rgb;
  const seen = [0, 3, 6].map((row) =>
    Math.min(1, Math.max(0, m[row]! * r + m[row + 1]! * g + m[row + 2]! * b)),
  ) as unknown as Rgb;
  const x = (0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2]) / 0.95047;
  const y = 0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.072175 * seen[2];
  const z = (0.0193339 * seen[0] + 0.119192 * seen[1] + 0.9503041 * seen[2]) / 1.08883;
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}

/** CIEDE2000 after Sharma, Wu, Dalal 2005. */
function difference([l1, a1, b1]: Rgb, [l2, a2, b2]: Rgb): number {
  const degrees = Math.PI / 180;
  const mean = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)));
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const hue = (b: number, a: number) => (a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / degrees + 360) % 360);
  const [h1, h2] = [hue(b1, p1), hue(b2, p2)];
  let dh = c1 * c2 === 0 ? 0 : h2 - h1;
  if (dh > 180) dh -= 360;
  if (dh < -180) dh += 360;
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin((dh / 2) * degrees);
  const l = (l1 + l2) / 2;
  const c = (c1 + c2) / 2;
  let h = h1 + h2;
  if (c1 * c2 !== 0) h = Math.abs(h1 - h2) <= 180 ? h / 2 : h < 360 ? (h + 360) / 2 : (h - 360) / 2;
  const t =
    1 -
    0.17 * Math.cos((h - 30) * degrees) +
    0.24 * Math.cos(2 * h * degrees) +
    0.32 * Math.cos((3 * h + 6) * degrees) -
    0.2 * Math.cos((4 * h - 63) * degrees);
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const sc = 1 + 0.045 * c;
  const sh = 1 + 0.015 * c * t;
  const rc = 2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  const rt = -rc * Math.sin(2 * 30 * Math.exp(-(((h - 275) / 25) ** 2)) * degrees);
  const [dl, dc] = [(l2 - l1) / sl, (c2 - c1) / sc];
  return Math.sqrt(dl ** 2 + dc ** 2 + (dH / sh) ** 2 + rt * dc * (dH / sh));
}

test("the measure of difference gives the published values", () => {
  expect(difference([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4);
  expect(difference([22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619])).toBeCloseTo(2.0373, 4);
  expect(difference([50, 2.5, 0], [73, 25, -18])).toBeCloseTo(27.1492, 4);
});

const STATES = ["failed", "late", "running", "succeeded", "idle"] as const;
const PAIRS = STATES.flatMap((one, at) => STATES.slice(at + 1).map((other) => [one, other] as const));

describe.each([
  ["light", light],
  ["dark", dark],
] as const)("%s", (_name, theme) => {
  describe.each(Object.keys(SIGHT) as (keyof typeof SIGHT)[])("seen by %s eyes", (sight) => {
    test.each(PAIRS)("%s and %s can be told apart", (one, other) => {
      expect(difference(lab(theme[one], SIGHT[sight]), lab(theme[other], SIGHT[sight]))).toBeGreaterThanOrEqual(15);
    });
  });
  test.each(STATES)("%s stands out as a picture", (state) => {
    for (const ground of [theme.ground, theme.hover, theme.sunken])
      expect(contrast(theme[state], ground)).toBeGreaterThanOrEqual(3);
  });
  test.each([
    "text",
    "textSoft",
    "textFaint",
    "accentText",
    "failedText",
    "lateText",
    "runningText",
    "succeededText",
  ] as const)("%s can be read", (name) => {
    const grounds = [theme.ground, theme.raised, theme.sunken, theme.hover, theme.menuHover];
    for (const ground of grounds) expect(contrast(theme[name], ground)).toBeGreaterThanOrEqual(4.5);
  });
  test("text on colour can be read", () => {
    expect(contrast(theme.onAccent, theme.accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme.onAccent, theme.accentHover)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme.failedText, theme.failedSoft)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme.lateText, theme.lateSoft)).toBeGreaterThanOrEqual(4.5);
    for (const name of ["text", "textSoft", "textFaint"] as const)
      expect(contrast(theme[name], theme.accentSoft)).toBeGreaterThanOrEqual(4.5);
  });
});
