/** Which commands the words of the palette mean, best first. */

export type Named = { title: string; also?: string };

const NOT_MEANT = 0;
const INSIDE = 1;
const WORD = 2;
const START = 3;

const plain = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** Every typed word must be found: at the start of the title, of a word, or (from two letters on) inside one. */
export function meant({ title, also = "" }: Named, text: string): number {
  const name = plain(title);
  const words = `${name} ${plain(also)}`.split(/[^\p{L}\p{N}+-]+/u).filter(Boolean);
  const typed = plain(text).split(/\s+/).filter(Boolean);
  let least = START;
  for (const [at, one] of typed.entries()) {
    const found =
      at === 0 && name.startsWith(one)
        ? START
        : words.some((word) => word.startsWith(one))
          ? at === 0
            ? WORD
            : START
          : one.length > 1 && words.some((word) => word.includes(one))
            ? INSIDE
            : NOT_MEANT;
    least = Math.min(least, found);
  }
  return least;
}

/** In the order they were given where they are meant alike. */
export function ranked<T extends Named>(commands: readonly T[], text: string): { items: T[]; best: number } {
  const scored = commands
    .map((item) => ({ item, score: meant(item, text) }))
    .filter(({ score }) => score > NOT_MEANT)
    .sort((a, b) => b.score - a.score);
  return { items: scored.map(({ item }) => item), best: scored[0]?.score ?? NOT_MEANT };
}

/** Commands stand above what the server found only where they are meant by the start of a word. */
export const leads = (best: number): boolean => best >= WORD;
