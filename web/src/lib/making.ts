/** Ids for tests. */

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** An id that begins with an instant, as those of runs do. */
export function idAt(ms: number, rest = 0): string {
  let text = "";
  for (let left = ms; text.length < 10; left = Math.floor(left / 32)) text = (DIGITS[left % 32] ?? "") + text;
  return text + rest.toString().padStart(16, "0");
}
