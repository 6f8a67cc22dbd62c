/** Which zones a search means: those that begin with it first, by name or by city. With no search, the likely ones. */
export function findZones(zones: readonly string[], search: string, likely: readonly string[]): string[] {
  const words = plain(search);
  const known = likely.filter((zone, at) => likely.indexOf(zone) === at && zones.includes(zone));
  if (words === "") return [...known, ...zones.filter((zone) => !known.includes(zone))];
  const rank = (zone: string) => {
    const name = plain(zone);
    const city = plain(zone.split("/").at(-1) ?? zone);
    if (city.startsWith(words)) return 0;
    if (name.startsWith(words)) return 1;
    return name.includes(words) ? 2 : 3;
  };
  return zones
    .map((zone) => ({ zone, rank: rank(zone) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ zone }) => zone);
}

const plain = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[_\s]+/g, " ")
    .trim();
