import { useLocation, useNavigate } from "react-router";
import type { TaskView } from "../api/horarium.schemas.ts";
import { useMay } from "./context/actions.tsx";
import { duplicateHref, editHref } from "./TaskMenu.tsx";
import type { TaskCommands } from "./useTaskCommands.tsx";

/** The letters that the menu of a task prints beside its words; what may not be done, they do not do. */
export function useTaskKeys(commands: TaskCommands): Record<"r" | "p" | "e" | "d", (task: TaskView) => void> {
  const navigate = useNavigate();
  const here = useLocation();
  const mayRun = useMay("operator");
  const mayEdit = useMay("editor");
  return {
    r: (task) => mayRun && !task.broken && commands.askRun(task),
    p: (task) => mayRun && commands.togglePause(task),
    e: (task) => mayEdit && !task.broken && void navigate(editHref(here, task.id)),
    d: (task) => mayEdit && !task.broken && void navigate(duplicateHref(task.id)),
  };
}
