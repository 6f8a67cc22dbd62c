const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const INSTANT_DIGITS = 10;

/**
 * The instant that an id begins with (ULID: 48 bits, in base 32). That of a run is when it was due or asked for; of a run again it
 * is when that was asked for, while its `due_at` stays that of the run it repeats.
 */
export function instantOf(id: string): number {
  let ms = 0;
  for (const digit of id.slice(0, INSTANT_DIGITS)) ms = ms * DIGITS.length + DIGITS.indexOf(digit);
  return ms;
}
