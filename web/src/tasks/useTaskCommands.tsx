import { type ReactNode, useCallback, useMemo, useState } from "react";
import type { TaskView } from "../api/horarium.schemas.ts";
import { copy } from "../lib/clipboard.ts";
import { address } from "../lib/http.ts";
import { useSay } from "../ui/Toast.tsx";
import { useAttempt } from "../ui/useAttempt.ts";
import { type Asked, Asking } from "./Asking.tsx";
import { useTaskActions } from "./context/actions.tsx";
import { actionOf } from "./wording.ts";

export type TaskCommands = {
  askRun: (task: TaskView) => void;
  askDelete: (task: TaskView) => void;
  togglePause: (task: TaskView) => void;
  copyLink: (task: TaskView) => void;
};

/** The commands of a row, with the questions they ask first and the words they end in. */
export function useTaskCommands(): { commands: TaskCommands; dialogs: ReactNode } {
  const actions = useTaskActions();
  const say = useSay();
  const attempt = useAttempt();
  const [asked, setAsked] = useState<Asked | null>(null);

  const commands = useMemo<TaskCommands>(
    () => ({
      askRun: (task) => setAsked({ about: "run", task, told: <code>{actionOf(task)}</code> }),
      askDelete: (task) => setAsked({ about: "delete", task }),
      togglePause: (task) => {
        void attempt(async () => {
          if (task.pause) await actions.resume(task.id);
          else await actions.pause(task.id);
          say(task.pause ? `Resumed ${task.name}` : `Paused ${task.name}`);
        });
      },
      copyLink: (task) => {
        void attempt(async () => {
          const link = address(`/tasks/${task.id}`);
          const done = await copy(link);
          say(done ? "Link copied" : `Copy it yourself: ${link}`, { failed: !done });
        });
      },
    }),
    [actions, attempt, say],
  );

  const close = useCallback(() => setAsked(null), []);
  return { commands, dialogs: <Asking asked={asked} onClose={close} /> };
}
