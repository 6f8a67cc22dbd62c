import { memo } from "react";
import { useLocation } from "react-router";
import type { TaskView } from "../api/horarium.schemas.ts";
import { IconButton } from "../ui/Button.tsx";
import { CalendarClock, CopyPlus, Link2, MoreHorizontal, PauseCircle, Pencil, Play, Trash2 } from "../ui/icons.ts";
import { Menu, type MenuEntry } from "../ui/Menu.tsx";
import { useMay } from "./context/actions.tsx";
import type { TaskCommands } from "./useTaskCommands.tsx";

/** The form for a task opens over whatever is shown, and closing it leaves everything as it was. */
export function editHref(here: { pathname: string; search: string }, id: string): string {
  const search = new URLSearchParams(here.search);
  search.set("edit", id);
  return `${here.pathname}?${search}`;
}

export const duplicateHref = (id: string) => `/tasks/new?from=${id}`;

/** The task's own next instants. */
const upcomingHref = (id: string) => `/upcoming?task=${id}`;

export const TaskMenu = memo(function TaskMenu({ task, commands }: { task: TaskView; commands: TaskCommands }) {
  const mayRun = useMay("operator");
  const mayEdit = useMay("editor");
  const here = useLocation();
  const readable = task.broken === null;
  const entries = (): MenuEntry[] => {
    const run: MenuEntry[] = readable
      ? [{ kind: "item", label: "Run now", icon: <Play size={14} />, keys: "R", run: () => commands.askRun(task) }]
      : [];
    const pause: MenuEntry = {
      kind: "item",
      label: task.pause ? "Resume" : "Pause",
      icon: <PauseCircle size={14} />,
      keys: "P",
      run: () => commands.togglePause(task),
    };
    const edit: MenuEntry[] = readable
      ? [
          { kind: "link", label: "Edit", icon: <Pencil size={14} />, keys: "E", to: editHref(here, task.id) },
          { kind: "link", label: "Duplicate", icon: <CopyPlus size={14} />, keys: "D", to: duplicateHref(task.id) },
        ]
      : [];
    const remove: MenuEntry[] = [
      { kind: "line" },
      {
        kind: "item",
        label: "Delete…",
        icon: <Trash2 size={14} />,
        tone: "danger",
        run: () => commands.askDelete(task),
      },
    ];
    return [
      ...(mayRun ? [...run, pause] : []),
      ...(mayEdit ? edit : []),
      ...(readable && task.deleted_at === null
        ? [{ kind: "link", label: "Upcoming", icon: <CalendarClock size={14} />, to: upcomingHref(task.id) } as const]
        : []),
      { kind: "item", label: "Copy link", icon: <Link2 size={14} />, run: () => commands.copyLink(task) },
      ...(mayEdit ? remove : []),
    ];
  };
  const label = `Actions for ${task.name}`;
  return (
    <Menu
      label={label}
      entries={entries}
      trigger={
        <IconButton label={label}>
          <MoreHorizontal size={16} />
        </IconButton>
      }
    />
  );
});
