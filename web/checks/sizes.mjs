// What the built page weighs, compressed: the JavaScript of the first paint, and all that is loaded later.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const BUILT = join(import.meta.dirname, "../../src/horarium/web");
const INITIAL_MAX = 175_000;
const LAZY_MAX = 420_000;
/** The API browser is another document. */
const OTHERS = /^docs-/;

const document = readFileSync(join(BUILT, "index.html"), "utf8");
let initial = 0;
let lazy = 0;
for (const name of readdirSync(join(BUILT, "assets"))) {
  if (!name.endsWith(".js") || OTHERS.test(name)) continue;
  const bytes = statSync(join(BUILT, "assets", `${name}.gz`)).size;
  if (document.includes(`assets/${name}`)) initial += bytes;
  else lazy += bytes;
}
const kilo = (bytes) => `${(bytes / 1_000).toFixed(1)} kB`;
process.stdout.write(
  `initial JavaScript ${kilo(initial)} of ${kilo(INITIAL_MAX)}, later ${kilo(lazy)} of ${kilo(LAZY_MAX)} (gz)\n`,
);
process.exit(initial === 0 || initial > INITIAL_MAX || lazy > LAZY_MAX ? 1 : 0);
