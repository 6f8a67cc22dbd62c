/** Whether a pasted text fills several fields at once. */

import { readCrontab } from "./crontab.ts";
import { readCurl } from "./curl.ts";
import type { Form } from "./form.ts";

export type Filled = { change: Partial<Form>; said: string };

const left = (of: readonly string[]) => (of.length > 0 ? ` Left out: ${of.join(", ")}.` : "");

export function pasted(text: string): Filled | null {
  const curl = readCurl(text);
  if (curl) {
    const change: Partial<Form> = {
      kind: "http",
      method: curl.method,
      url: curl.url,
      headers: curl.headers.map(([name, value]) => `${name}: ${value}`).join("\n"),
      body: curl.body,
      asJson: false,
      ...(curl.timeoutSeconds === null ? {} : { timeout: String(curl.timeoutSeconds) }),
      ...(curl.attempts === null ? {} : { attempts: String(curl.attempts) }),
    };
    return { change, said: `Filled in from the curl command.${left(curl.left)}` };
  }
  const cron = readCrontab(text);
  if (!cron) return null;
  const change: Partial<Form> = {
    kind: "command",
    shell: cron.command,
    when: cron.expression,
    ...(cron.zone === null ? {} : { zone: cron.zone }),
    ...(cron.env.length > 0 ? { env: cron.env.map(([name, value]) => `${name}=${value}`).join("\n") } : {}),
  };
  return { change, said: `Filled in from the crontab line.${left(cron.left)}` };
}
