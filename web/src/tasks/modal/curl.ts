/** A curl command line as the fields of an HTTP action. */

import { shellWords } from "./shellWords.ts";

/** `left`: options that a task has no place for. */
export type Curled = {
  method: string;
  url: string;
  headers: [string, string][];
  body: string;
  timeoutSeconds: number | null;
  attempts: number | null;
  left: string[];
};

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const SHORT: Record<string, string> = {
  X: "request",
  H: "header",
  d: "data",
  u: "user",
  A: "user-agent",
  e: "referer",
  b: "cookie",
  m: "max-time",
  I: "head",
  G: "get",
  o: "output",
  x: "proxy",
  F: "form",
  T: "upload-file",
  K: "config",
  E: "cert",
  w: "write-out",
  c: "cookie-jar",
};
const LONG =
  "data-raw data-binary data-ascii data-urlencode json url retry connect-timeout cacert key retry-delay retry-max-time";
const WITH_VALUE = new Set([
  ...Object.values(SHORT).filter((name) => name !== "head" && name !== "get"),
  ...`${LONG} resolve oauth2-bearer max-redirs`.split(" "),
]);
/** They change what is shown, not what is asked. */
const QUIET = new Set(["s", "S", "v", "i", "f", "N", "#", "silent", "show-error", "verbose", "include", "fail"]);
const NO_MATTER = new Set([...QUIET, "compressed", "fail-with-body", "no-buffer", "progress-bar", "http1.1", "http2"]);

/** Null for what is no curl command, or names no address, or more than one. */
export function readCurl(text: string): Curled | null {
  if (!/^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text)) return null;
  const words = shellWords(text.trim().replace(/^\$\s+/, ""));
  if (!words) return null;
  const options = optionsOf(words.slice(1));
  if (!options) return null;
  const headers: [string, string][] = [];
  const data: string[] = [];
  const urls: string[] = [];
  const left: string[] = [];
  let method: string | null = null;
  let asQuery = false;
  let json = false;
  let timeoutSeconds: number | null = null;
  let attempts: number | null = null;
  for (const [name, value] of options) {
    if (name === "url") urls.push(value);
    else if (name === "request") method = value.toUpperCase();
    else if (name === "head") method ??= "HEAD";
    else if (name === "get") asQuery = true;
    else if (name === "header") addHeader(headers, left, value);
    else if (name === "user-agent") headers.push(["User-Agent", value]);
    else if (name === "referer") headers.push(["Referer", value]);
    else if (name === "oauth2-bearer") headers.push(["Authorization", `Bearer ${value}`]);
    else if (name === "cookie" && value.includes("=")) headers.push(["Cookie", value]);
    else if (name === "user" && value.includes(":")) headers.push(["Authorization", `Basic ${base64(value)}`]);
    else if (name === "max-time" && Number(value) > 0) timeoutSeconds = Number(value);
    else if (name === "retry" && Number(value) > 0) attempts = Number(value) + 1;
    else if (name === "json") {
      json = true;
      data.push(value);
    } else if (/^data(-raw|-binary|-ascii)?$/.test(name) && (name === "data-raw" || !value.startsWith("@")))
      data.push(value);
    else if (name === "data-urlencode" && !/^[^=]*@/.test(value)) data.push(urlEncoded(value));
    else if (!NO_MATTER.has(name)) left.push(name.length === 1 ? `-${name}` : `--${name}`);
  }
  const [url] = urls;
  if (url === undefined || urls.length > 1) return null;
  const body = data.join(json ? "" : "&");
  const has = (header: string) => headers.some(([name]) => name.toLowerCase() === header);
  if (json) {
    if (!has("content-type")) headers.push(["Content-Type", "application/json"]);
    if (!has("accept")) headers.push(["Accept", "application/json"]);
  } else if (body && !asQuery && !has("content-type")) {
    headers.push(["Content-Type", "application/x-www-form-urlencoded"]);
  }
  const verb = method ?? (body && !asQuery ? "POST" : "GET");
  if (!METHODS.has(verb)) left.push(`-X ${verb}`);
  return {
    method: METHODS.has(verb) ? verb : "GET",
    url: asQuery && body ? `${whole(url)}${url.includes("?") ? "&" : "?"}${body}` : whole(url),
    headers,
    body: asQuery ? "" : body,
    timeoutSeconds,
    attempts,
    left: [...new Set(left)],
  };
}

/** Each option by its long name with its value; a bare word is a `url`. Null where a value is missing. */
function optionsOf(words: readonly string[]): [string, string][] | null {
  const found: [string, string][] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word.startsWith("--")) {
      const name = word.slice(2);
      if (!WITH_VALUE.has(name)) {
        found.push([name, ""]);
        continue;
      }
      at += 1;
      const value = words[at];
      if (value === undefined) return null;
      found.push([name, value]);
    } else if (word.startsWith("-") && word.length > 1) {
      // Several letters may share one dash; the first that takes a value takes the rest, or the next word.
      for (let i = 1; i < word.length; i += 1) {
        const letter = word.charAt(i);
        const name = SHORT[letter] ?? letter;
        if (!WITH_VALUE.has(name)) {
          found.push([name, ""]);
          continue;
        }
        let value: string | undefined = word.slice(i + 1);
        if (value === "") {
          at += 1;
          value = words[at];
        }
        if (value === undefined) return null;
        found.push([name, value]);
        break;
      }
    } else {
      found.push(["url", word]);
    }
  }
  return found;
}

function addHeader(headers: [string, string][], left: string[], text: string): void {
  const colon = text.indexOf(":");
  if (colon > 0) headers.push([text.slice(0, colon).trim(), text.slice(colon + 1).trim()]);
  else left.push(`-H ${text}`);
}

const whole = (url: string) => (/^[a-z]+:\/\//i.test(url) ? url : `http://${url}`);

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

function urlEncoded(text: string): string {
  const equals = text.indexOf("=");
  if (equals === -1) return encodeURIComponent(text);
  const name = text.slice(0, equals);
  return (name ? `${name}=` : "") + encodeURIComponent(text.slice(equals + 1));
}
