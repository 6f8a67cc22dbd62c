/** A name for a task that has none yet, from what it does. */

import type { Form } from "./form.ts";
import { shellWords } from "./shellWords.ts";

const NAME_MAX = 60;
/** Words that start another program: the name is that one's. */
const STARTERS = new Set(["sudo", "nice", "ionice", "nohup", "time", "env", "exec", "timeout", "flock", "setsid"]);
const INTERPRETERS = new Set(["python", "python3", "node", "bash", "sh", "perl", "ruby", "php", "uv", "npx"]);

export function suggestedName(form: Pick<Form, "kind" | "shell" | "url" | "fn" | "message">): string {
  switch (form.kind) {
    case "command":
      return tidy(fromCommand(form.shell));
    case "http":
      return tidy(fromUrl(form.url));
    case "python":
      return tidy(form.fn.split(":").at(-1) ?? "");
    case "log":
      return tidy(form.message.split("\n")[0] ?? "");
  }
}

function fromCommand(text: string): string {
  const all = (shellWords(text) ?? text.split(/\s+/)).filter((word) => !/^\w+=/.test(word));
  const words = firstCommand(all);
  let at = 0;
  // What follows a starter may be its options and numbers, or another starter.
  while (at < words.length - 1 && (STARTERS.has(words[at] ?? "") || (at > 0 && /^[-\d]/.test(words[at] ?? ""))))
    at += 1;
  const program = base(words[at] ?? "");
  const argument = words.slice(at + 1).find((word) => !word.startsWith("-"));
  if (INTERPRETERS.has(program) && argument) return base(argument).replace(/\.(py|js|ts|sh|pl|rb|php)$/, "");
  if (program === "echo" && argument) return words.slice(at + 1).join(" ");
  return program.replace(/\.(sh|py|pl|rb)$/, "");
}

/** Up to the first `;`, `|`, `&` or `>`; what another folder is gone to for comes after that. */
function firstCommand(words: string[]): string[] {
  const end = words.findIndex((word) => /^[|&;<>\d]*[|&;<>]|;$/.test(word));
  const sign = words[end];
  if (end === -1 || sign === undefined) return words;
  const glued = /^[^|&;<>]+;$/.test(sign);
  const first = glued ? [...words.slice(0, end), sign.slice(0, -1)] : words.slice(0, end);
  return first[0] === "cd" && end + 1 < words.length ? words.slice(end + 1) : first;
}

const base = (path: string) => path.split(/[\\/]/).at(-1) ?? path;

function fromUrl(text: string): string {
  try {
    const url = new URL(text);
    const last = url.pathname.split("/").findLast(Boolean);
    return last ? `${url.hostname} ${last}` : url.hostname;
  } catch {
    return "";
  }
}

const tidy = (text: string) =>
  text
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, NAME_MAX)
    .trim();
