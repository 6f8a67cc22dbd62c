/** Every key the page listens to, as far as it leads somewhere. */

export type KeyLine = { keys: readonly string[]; does: string };
export type KeyGroup = { title: string; lines: readonly KeyLine[] };

/** How the platform writes the key that goes with K. */
export const modKey = (platform: string): string => (/mac|iphone|ipad/i.test(platform) ? "⌘" : "Ctrl ");
export const PALETTE_KEY = `${modKey(typeof navigator === "undefined" ? "" : navigator.platform)}K`;

type Place = { path: string; title: string; rail?: { label: string; key: string } };

export function keyGroups(places: readonly Place[], mayRun: boolean, mayEdit: boolean): KeyGroup[] {
  const rails = places.flatMap(({ rail }) => (rail ? [rail] : []));
  const runs = places.some(({ path }) => path === "/runs/:id");
  const all: KeyGroup[] = [
    {
      title: "Everywhere",
      lines: [
        { keys: [PALETTE_KEY], does: "Search tasks and commands" },
        ...rails.map(({ key, label }) => ({ keys: ["G", key.toUpperCase()], does: `Go to ${label}` })),
        ...(mayEdit ? [{ keys: ["C"], does: "New task" }] : []),
        { keys: ["T"], does: "Light, dark, or as the system" },
        { keys: ["?"], does: "This list" },
        { keys: ["Esc"], does: "Close, or clear the selection" },
      ],
    },
    {
      title: "In the list of tasks",
      lines: [
        { keys: ["/"], does: "Search" },
        { keys: ["J", "↓"], does: "Next row" },
        { keys: ["K", "↑"], does: "Row before" },
        { keys: ["Enter"], does: "Open the task" },
        { keys: ["X"], does: "Select; with Shift, all rows up to this one" },
      ],
    },
  ];
  const ofTask: KeyLine[] = [
    ...(mayRun
      ? [
          { keys: ["R"], does: "Run now; Enter confirms" },
          { keys: ["P"], does: "Pause or resume" },
        ]
      : []),
    ...(mayEdit
      ? [
          { keys: ["E"], does: "Edit" },
          { keys: ["D"], does: "Duplicate" },
        ]
      : []),
  ];
  if (ofTask.length > 0) all.push({ title: "On a row of that list, and on a task’s page", lines: ofTask });
  if (runs) all.push({ title: "On a run", lines: [{ keys: ["[", "]"], does: "Run before, and next run" }] });
  return all;
}
