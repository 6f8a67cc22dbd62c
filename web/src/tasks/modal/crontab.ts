/** One line of a crontab, with the settings and comments that may stand above it. */

export type CrontabLine = {
  expression: string;
  command: string;
  zone: string | null;
  env: [string, string][];
  left: string[];
};

const FIELD = String.raw`[\d*][\w*/,?#-]*|[A-Za-z]{3}(?:[-,/][\w-,/]*)?`;
const LINE = new RegExp(
  String.raw`^(?<expression>@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)|(?:(?:${FIELD})[ \t]+){4}(?:${FIELD}))[ \t]+(?<command>\S.*)$`,
);
const SETTING = /^(?<name>[A-Za-z_]\w*)\s*=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>.*))$/;
const LENGTH_MAX = 10_000;

/** Null where it is not exactly one line of a crontab. */
export function readCrontab(text: string): CrontabLine | null {
  if (text.length > LENGTH_MAX) return null;
  let found: CrontabLine | null = null;
  let zone: string | null = null;
  const env: [string, string][] = [];
  const left: string[] = [];
  for (const line of text.split(/\r?\n/).map((one) => one.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const entry = LINE.exec(line)?.groups;
    if (entry) {
      if (found) return null;
      found = { expression: (entry.expression ?? "").replaceAll(/[ \t]+/g, " "), command: "", zone, env, left };
      found.command = commandOf(entry.command ?? "", left);
      continue;
    }
    const setting = SETTING.exec(line)?.groups;
    if (!setting || found) return null;
    const value = setting.double ?? setting.single ?? setting.bare ?? "";
    const name = setting.name ?? "";
    if (name === "CRON_TZ") zone = value;
    else if (name === "MAILTO" || name === "SHELL") left.push(name);
    else env.push([name, value]);
  }
  return found;
}

/** In a crontab `%` ends the command and begins its input; `\%` is a per cent sign. */
function commandOf(text: string, left: string[]): string {
  const [command = "", ...input] = text.split(/(?<!\\)%/);
  if (input.length > 0) left.push("input after %");
  return command.replaceAll("\\%", "%").trim();
}
