// Who may import whom, and where colours may stand. Prints what is wrong; exits with 1 if anything is.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const SOURCE = join(import.meta.dirname, "../src");
const FEATURES = ["tasks", "runs", "upcoming", "settings"];
const BELOW = {
  app: [...FEATURES, "ui", "charts", "lib", "api"],
  ...Object.fromEntries(FEATURES.map((name) => [name, ["ui", "charts", "lib", "api"]])),
  ui: ["lib"],
  charts: ["ui", "lib"],
  lib: [],
  api: ["lib"],
  docs: ["ui"],
  // Nothing imports it, so nothing of it is built.
  dev: [...FEATURES, "ui", "charts", "lib", "api"],
};
/** The one file of a feature that the others may import: what the parts share. */
const SHARED = "tasks/TaskContext.tsx";
/** Each of these is imported in one place only. */
const KITS = {
  "radix-ui": "ui",
  "lucide-react": "ui",
  cmdk: "ui",
  axios: "lib",
  tinykeys: "lib",
  "styled-components": null,
};
const COLOUR = /#[0-9a-fA-F]{3,8}\b(?![\w-])|\b(?:rgb|rgba|hsl|hsla|oklch|lab|lch)\(/;
const IMPORT = /(?:from|import)\s*\(?\s*"([^"]+)"/g;

const files = readdirSync(SOURCE, { recursive: true })
  .map(String)
  .filter((name) => /\.tsx?$/.test(name));
const wrong = [];

for (const file of files) {
  const text = readFileSync(join(SOURCE, file), "utf8");
  const zone = file.split("/")[0];
  if (!(zone in BELOW)) wrong.push(`${file}: there is no zone ${zone}`);
  for (const [, target] of text.matchAll(IMPORT)) check(file, zone, target);
  if (file !== "ui/tokens.ts" && !/\.test\.tsx?$/.test(file) && zone !== "api") {
    text.split("\n").forEach((line, at) => {
      if (COLOUR.test(line)) wrong.push(`${file}:${at + 1}: colours stand in ui/tokens.ts`);
    });
  }
}

function check(file, zone, target) {
  if (!target.startsWith(".")) {
    const kit = target.split("/")[0];
    const home = KITS[kit];
    if (home && home !== zone && !/\.test\.tsx?$/.test(file)) wrong.push(`${file}: only ${home}/ imports ${kit}`);
    return;
  }
  const path = relative(SOURCE, resolve(SOURCE, dirname(file), target));
  const other = path.split("/")[0];
  if (other === zone || path === SHARED || path.startsWith("..")) return;
  if (!BELOW[zone]?.includes(other)) wrong.push(`${file}: ${zone}/ may not import ${path}`);
}

for (const line of wrong) process.stdout.write(`${line}\n`);
process.stdout.write(wrong.length > 0 ? `${wrong.length} wrong\n` : `${files.length} files import downwards only\n`);
process.exit(wrong.length > 0 ? 1 : 0);
