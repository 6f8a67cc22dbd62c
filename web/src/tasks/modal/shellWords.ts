/** Splits a line as a shell would, without running or expanding anything. */

const LENGTH_MAX = 65_536;

/** The words of a line, or null where a quote stays open. Backslash and newline join lines. */
export function shellWords(text: string): string[] | null {
  if (text.length > LENGTH_MAX) return null;
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (sign === "\\") {
      const next = text.charAt(at + 1);
      if (next === "\r" && text.charAt(at + 2) === "\n") at += 1;
      else if (next !== "\n") word = (word ?? "") + next;
      at += 2;
    } else if (sign === "'" || (sign === "$" && text.charAt(at + 1) === "'")) {
      const quoted = sign === "'" ? plain(text, at + 1) : escaped(text, at + 2);
      if (!quoted) return null;
      word = (word ?? "") + quoted.text;
      at = quoted.after;
    } else if (sign === '"') {
      const quoted = double(text, at + 1);
      if (!quoted) return null;
      word = (word ?? "") + quoted.text;
      at = quoted.after;
    } else if (/\s/.test(sign)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
    } else {
      word = (word ?? "") + sign;
      at += 1;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

type Quoted = { text: string; after: number } | null;

function plain(text: string, from: number): Quoted {
  const end = text.indexOf("'", from);
  return end === -1 ? null : { text: text.slice(from, end), after: end + 1 };
}

function double(text: string, from: number): Quoted {
  let found = "";
  for (let at = from; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"') return { text: found, after: at + 1 };
    if (sign === "\\" && /["\\$`\n]/.test(text.charAt(at + 1))) {
      at += 1;
      if (text.charAt(at) !== "\n") found += text.charAt(at);
    } else {
      found += sign;
    }
  }
  return null;
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t", "0": "\0" };

/** `$'…'`, as browsers write it when they copy a request. */
function escaped(text: string, from: number): Quoted {
  let found = "";
  for (let at = from; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === "'") return { text: found, after: at + 1 };
    if (sign !== "\\") {
      found += sign;
      continue;
    }
    at += 1;
    const code = /^(?:u([0-9a-fA-F]{1,4})|x([0-9a-fA-F]{1,2}))/.exec(text.slice(at, at + 5));
    if (code) {
      found += String.fromCharCode(Number.parseInt(code[1] ?? code[2] ?? "", 16));
      at += code[0].length - 1;
    } else {
      found += ESCAPES[text.charAt(at)] ?? text.charAt(at);
    }
  }
  return null;
}
