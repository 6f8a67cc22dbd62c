/** The only place with raw colours. Components say `color.text`; the document carries the values of both themes. */

type Palette = Record<(typeof NAMES)[number], string>;

const NAMES = [
  "ground",
  "raised",
  "sunken",
  "hover",
  "menuHover",
  "line",
  "lineStrong",
  "text",
  "textSoft",
  "textFaint",
  "accent",
  "accentHover",
  "accentText",
  "accentSoft",
  "onAccent",
  "failed",
  "failedText",
  "failedSoft",
  "late",
  "lateText",
  "lateSoft",
  "running",
  "runningText",
  "succeeded",
  "succeededText",
  "idle",
  "focus",
  "scrim",
  "shadow",
] as const;

export const light: Palette = {
  ground: "#ffffff",
  raised: "#ffffff",
  sunken: "#f7f7f6",
  hover: "#f4f4f2",
  menuHover: "#f1f1ef",
  line: "#e8e7e4",
  lineStrong: "#8c8984",
  text: "#1b1b1a",
  textSoft: "#55534f",
  textFaint: "#6c6a65",
  accent: "#4b4fd8",
  accentHover: "#4044c2",
  accentText: "#4145c4",
  accentSoft: "#eeeffc",
  onAccent: "#ffffff",
  failed: "#bc1504",
  failedText: "#b32711",
  failedSoft: "#fdefec",
  late: "#bd8000",
  lateText: "#835600",
  lateSoft: "#fdf5e2",
  running: "#0066ee",
  runningText: "#1a58c4",
  succeeded: "#37744d",
  succeededText: "#336b4d",
  idle: "#8a8782",
  focus: "#4b4fd8",
  scrim: "rgb(20 20 18 / 0.32)",
  shadow: "0 1px 2px rgb(20 20 18 / 0.06), 0 8px 28px rgb(20 20 18 / 0.14)",
};

export const dark: Palette = {
  ground: "#121315",
  raised: "#1b1d20",
  sunken: "#0d0e10",
  hover: "#1b1d20",
  menuHover: "#282b30",
  line: "#26292d",
  lineStrong: "#71767d",
  text: "#ececee",
  textSoft: "#b1b5bb",
  textFaint: "#8f949b",
  accent: "#6266e8",
  accentHover: "#5559da",
  accentText: "#a5a8ff",
  accentSoft: "#23254a",
  onAccent: "#ffffff",
  failed: "#f44628",
  failedText: "#ff8a70",
  failedSoft: "#3a1c16",
  late: "#f1be40",
  lateText: "#f0c35a",
  lateSoft: "#33280f",
  running: "#78b2ff",
  runningText: "#7fb1ff",
  succeeded: "#4f976d",
  succeededText: "#6fb592",
  idle: "#7d828a",
  focus: "#8f93ff",
  scrim: "rgb(0 0 0 / 0.55)",
  shadow: "0 1px 2px rgb(0 0 0 / 0.5), 0 10px 32px rgb(0 0 0 / 0.5)",
};

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const color = Object.fromEntries(NAMES.map((name) => [name, `var(--${kebab(name)})`])) as Palette;

export const font = {
  sans: '"Inter Variable", system-ui, -apple-system, "Segoe UI", sans-serif',
  mono: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
} as const;

export const size = { tiny: "12px", small: "13px", body: "14px", large: "16px", title: "20px" } as const;

export const radius = "6px";

/** Phones get cards and 44 px buttons, the smallest of them fewer signs; between `narrow` and `wide` the strip is half as long. */
export const width = { tight: 360, narrow: 720, wide: 1200 } as const;

export const media = {
  phone: `@media (max-width: ${width.narrow - 0.02}px)`,
  smallPhone: `@media (max-width: ${width.tight - 0.02}px)`,
  aboveWide: `@media (min-width: ${width.wide}px)`,
  belowWide: `@media (max-width: ${width.wide - 0.02}px)`,
} as const;

const values = (of: Palette) => NAMES.map((name) => `--${kebab(name)}:${of[name]}`).join(";");

/** Both themes as custom properties; `data-theme` decides, and without a choice the system does. */
export function variables(): string {
  return [
    `:root{color-scheme:light;${values(light)}}`,
    `@media (prefers-color-scheme:dark){:root[data-theme=system]{color-scheme:dark;${values(dark)}}}`,
    `:root[data-theme=dark]{color-scheme:dark;${values(dark)}}`,
    "html{background:var(--ground);color:var(--text)}",
  ].join("");
}
