/** Terminal colours as classes, and every other control as harmless text. Nothing here makes markup. */

import Anser from "anser";

/** A stretch of a line. `tone` and `ground` name one of eight hues; the page's own colours stand for them. */
export type Span = { text: string; className: string };

const ESC = "\u001b";
// Strings for the terminal (titles, links, sixels): introduced by OSC, DCS, SOS, PM or APC, ended by BEL or ST.
const STRING = new RegExp(
  `(?:${ESC}[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])[^${ESC}\\u0007\\u009c]*(?:\\u0007|\\u009c|${ESC}\\\\)`,
  "g",
);
const CSI = new RegExp(`(?:${ESC}\\[|\\u009b)([0-?]*)[ -/]*([@-~])`, "g");
// What is left of escape sequences: two bytes, or a beginning whose end never came. Text behind it stays.
const OTHER = new RegExp(`${ESC}[ -/]*[0-~]?`, "g");
const SGR = new RegExp(`${ESC}\\[([0-9;:]*)m`, "g");
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const CARRY_MAX = 200;

/** The codes that still hold at the end of a line that began with `carry`. */
export function carriedOver(carry: string, text: string): string {
  if (!text.includes(ESC)) return carry;
  let held = carry;
  for (const [whole, codes = ""] of text.matchAll(SGR)) {
    if (/^0*$/.test(codes)) held = "";
    else held = (/^0+;/.test(codes) ? "" : held) + whole;
  }
  return held.length <= CARRY_MAX ? held : "";
}

/** What a terminal would leave standing of a line that is written over, and how often it was. */
export function overwritten(text: string): { text: string; times: number } {
  if (!text.includes("\r")) return { text, times: 0 };
  const parts = text.split("\r").filter((part) => part !== "");
  return { text: parts.at(-1) ?? "", times: Math.max(0, parts.length - 1) };
}

const named = (letter: string) => `<U+${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}>`;
const picture = (letter: string) => {
  const code = letter.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "\u2421" : named(letter);
};

/** Only colours are left of what steers a terminal; what reorders text or has no shape is named. */
export function tamed(text: string): string {
  return text
    .replace(STRING, "")
    .replace(CSI, (_whole, codes: string, final: string) =>
      final === "m" && /^[0-9;:]*$/.test(codes) ? `${ESC}[${codes.replaceAll(":", ";")}m` : "",
    )
    .replace(OTHER, (found, at: number, all: string) => (isColour(all, at) ? found : ""))
    .replace(CONTROL, picture)
    .replace(BIDI, named);
}

// oxlint-disable-next-line no-control-regex -- these are what is looked for
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Lines that are shown as they are, whatever stands before them but a colour. */
export const isCalm = (text: string): boolean => !STEERING.test(text);

const COLOUR_HERE = new RegExp(`${ESC}\\[[0-9;:]*m`, "y");
function isColour(all: string, at: number): boolean {
  COLOUR_HERE.lastIndex = at;
  return COLOUR_HERE.test(all);
}

/** The line as stretches of one look each. Text that is neither coloured nor steered is one stretch. */
export function spansOf(carry: string, text: string): Span[] {
  const calm = tamed(text);
  if (carry === "" && !calm.includes(ESC)) return calm === "" ? [] : [{ text: calm, className: "" }];
  const told = Anser.ansiToJson(carry + calm, { json: true, use_classes: true, remove_empty: true });
  return told.map((entry) => ({ text: entry.content, className: classesOf(entry) }));
}

function classesOf(entry: Anser.AnserJsonEntry): string {
  const does = new Set(entry.decorations);
  const fg = hueOf(entry.fg, entry.fg_truecolor);
  const bg = hueOf(entry.bg, entry.bg_truecolor);
  const classes: string[] = [];
  // On a coloured ground text keeps the page's own colour: no output can make itself unreadable.
  if (entry.bg) classes.push(`on-${bg ?? "grey"}`);
  else if (fg) classes.push(`is-${fg}`);
  for (const name of ["bold", "dim", "italic", "underline", "strikethrough"] as const)
    if (does.has(name)) classes.push(name);
  return classes.join(" ");
}

export type Hue = "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "grey";
const HUES: Record<string, Hue | null> = {
  "ansi-black": "grey",
  "ansi-red": "red",
  "ansi-green": "green",
  "ansi-yellow": "yellow",
  "ansi-blue": "blue",
  "ansi-magenta": "magenta",
  "ansi-cyan": "cyan",
  "ansi-white": null,
};

/** One of the page's hues for any of 16 million colours; null: as text is. */
function hueOf(name: string | null, truecolor: string | null): Hue | null {
  if (!name) return null;
  const basic = name.replace("bright-", "");
  if (basic in HUES) return name === "ansi-bright-black" ? "grey" : (HUES[basic] ?? null);
  const palette = /^ansi-palette-(\d+)$/.exec(name);
  if (palette) return hueOfRgb(rgbOfPalette(Number(palette[1])));
  const parts = (truecolor ?? "").split(",").map(Number);
  return parts.length === 3 && parts.every(Number.isFinite) ? hueOfRgb(parts as [number, number, number]) : null;
}

const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);

function rgbOfPalette(index: number): [number, number, number] {
  if (index >= 232) return [index, index, index].map((at) => 8 + (at - 232) * 10) as [number, number, number];
  const cube = Math.max(0, index - 16);
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
}

export function hueOfRgb([red, green, blue]: [number, number, number]): Hue | null {
  const high = Math.max(red, green, blue);
  const low = Math.min(red, green, blue);
  if (high - low < 40) return high < 150 ? "grey" : null;
  const near = (value: number) => value > low + (high - low) * 0.55;
  const [r, g, b] = [near(red), near(green), near(blue)];
  if (r && g) return "yellow";
  if (g && b) return "cyan";
  if (r && b) return "magenta";
  return r ? "red" : g ? "green" : "blue";
}
