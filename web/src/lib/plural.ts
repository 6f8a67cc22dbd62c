/** Made once: a list says many numbers. */
const written = new Intl.NumberFormat("en");

/** `1 task`, `2 tasks`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${written.format(count)} ${count === 1 ? one : many}`;
