import { useLocation, useNavigate } from "react-router";
import { address } from "../lib/http.ts";
import { viewerZone, type ZoneChoice } from "../lib/time.ts";
import { isId } from "../tasks/filters.ts";
import { StateIcon } from "../tasks/StateIcon.tsx";
import { type Theme, useMay, usePrefs } from "../tasks/TaskContext.tsx";
import type { Choice } from "../ui/CommandBox.tsx";
import { CodeXml, Globe, Keyboard, LayoutList, Monitor, Moon, Plus, Sun } from "../ui/icons.ts";
import { sections } from "./sections.tsx";

export const GROUPS = ["Do", "Go to", "Settings"] as const;
export type Command = Choice & { also?: string; group: (typeof GROUPS)[number] };

const THEMES: readonly { value: Theme; label: string; Icon: typeof Sun }[] = [
  { value: "system", label: "as the system", Icon: Monitor },
  { value: "light", label: "light", Icon: Sun },
  { value: "dark", label: "dark", Icon: Moon },
];
const STATES = ["failing", "late", "running", "paused"] as const;
const SETTINGS = ["general", "tokens", "calendars", "about"] as const;

const there = (path: string): boolean => sections.some((section) => section.path === path);

/** What the palette offers besides tasks: only what leads somewhere and is allowed. */
export function useCommands(onKeys: () => void, text: string): { commands: Command[]; openTask: (id: string) => void } {
  const navigate = useNavigate();
  const here = useLocation();
  const mayEdit = useMay("editor");
  const admin = useMay("admin");
  const { zone, theme, density, keys, set } = usePrefs();
  const go = (to: string) => () => void navigate(to);
  const id = text.toUpperCase();
  const ids: Command[] = isId(text)
    ? [
        { id: "id task", group: "Go to", title: `Task ${id}`, icon: <LayoutList size={16} />, run: go(`/tasks/${id}`) },
        ...(there("/runs/:id")
          ? [{ id: "id run", group: "Go to", title: `Run ${id}`, run: go(`/runs/${id}`) } as const]
          : []),
      ]
    : [];
  const zones: readonly { value: ZoneChoice; label: string }[] = [
    { value: "viewer", label: `this browser's zone (${viewerZone()})` },
    { value: "task", label: "each task's own zone" },
    { value: "utc", label: "UTC" },
  ];
  const commands: Command[] = [
    ...ids,
    ...(mayEdit
      ? [
          {
            id: "new",
            group: "Do",
            title: "New task",
            also: "create add",
            icon: <Plus size={16} />,
            keys: "C",
            run: go("/tasks/new"),
          } as const,
        ]
      : []),
    {
      id: "keys",
      group: "Do",
      title: "Show all keys",
      also: "help shortcuts keyboard",
      icon: <Keyboard size={16} />,
      keys: "?",
      run: onKeys,
    },
    ...sections.flatMap(({ path, rail }) =>
      rail
        ? [
            {
              id: `go ${path}`,
              group: "Go to",
              title: rail.label,
              also: "go to",
              icon: <rail.Icon size={16} />,
              keys: `G ${rail.key.toUpperCase()}`,
              run: go(path),
            } as const,
          ]
        : [],
    ),
    ...STATES.map(
      (state): Command => ({
        id: `state ${state}`,
        group: "Go to",
        title: `${state[0]?.toUpperCase()}${state.slice(1)} tasks`,
        icon: (
          <span aria-hidden="true" style={{ display: "contents" }}>
            <StateIcon state={state} size={16} />
          </span>
        ),
        run: go(`/tasks?state=${state}`),
      }),
    ),
    {
      id: "api",
      group: "Go to",
      title: "API",
      also: "docs documentation reference",
      icon: <CodeXml size={16} />,
      run: () => location.assign(address("/docs")),
    },
    ...(there("/settings/:part")
      ? SETTINGS.filter((part) => admin || part !== "tokens").map(
          (part): Command => ({
            id: `settings ${part}`,
            group: "Settings",
            title: `Settings: ${part}`,
            run: go(`/settings/${part}`),
          }),
        )
      : []),
    ...THEMES.filter(({ value }) => value !== theme).map(
      ({ value, label, Icon }): Command => ({
        id: `theme ${value}`,
        group: "Settings",
        title: `Colours: ${label}`,
        also: "theme mode",
        icon: <Icon size={16} />,
        run: () => set({ theme: value }),
      }),
    ),
    ...zones
      .filter(({ value }) => value !== zone)
      .map(
        ({ value, label }): Command => ({
          id: `zone ${value}`,
          group: "Settings",
          title: `Show times in ${label}`,
          also: "time zone timezone",
          icon: <Globe size={16} />,
          run: () => set({ zone: value }),
        }),
      ),
    {
      id: "rows",
      group: "Settings",
      title: density === "compact" ? "Rows: normal" : "Rows: compact",
      also: "density",
      icon: <LayoutList size={16} />,
      run: () => set({ density: density === "compact" ? "normal" : "compact" }),
    },
    {
      id: "letters",
      group: "Settings",
      title: keys ? "Switch single-letter keys off" : "Switch single-letter keys on",
      also: "shortcuts keyboard",
      icon: <Keyboard size={16} />,
      run: () => set({ keys: !keys }),
    },
  ];
  const openTask = (task: string) => void (here.pathname !== `/tasks/${task}` && navigate(`/tasks/${task}`));
  return { commands, openTask };
}
