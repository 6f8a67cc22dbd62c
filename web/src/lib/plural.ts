/** Made once: a list says many numbers. */
const written = new Intl.NumberFormat("en");

/** `1 task`, `2 tasks`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${written.format(count)} ${count === 1 ? one : many}`;

/** `1st`, `22nd`, `13th`. */
export function ordinal(number: number): string {
  const tens = number % 100;
  const ending = tens > 10 && tens < 14 ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return written.format(number) + ending;
}
