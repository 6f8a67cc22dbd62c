import { type ReactNode, useCallback, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import type { TaskView } from "../api/horarium.schemas.ts";
import { copy } from "../lib/clipboard.ts";
import { address, refusalOf } from "../lib/http.ts";
import { Confirm } from "../ui/Confirm.tsx";
import { useSay } from "../ui/Toast.tsx";
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
  const navigate = useNavigate();
  const [asking, setAsking] = useState<{ about: "run" | "delete"; task: TaskView } | null>(null);

  const attempt = useCallback(
    async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === null) throw error;
        say(refusal.message, { failed: true });
      }
    },
    [say],
  );

  const commands = useMemo<TaskCommands>(
    () => ({
      askRun: (task) => setAsking({ about: "run", task }),
      askDelete: (task) => setAsking({ about: "delete", task }),
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

  const close = useCallback(() => setAsking(null), []);
  const task = asking?.task;
  const dialogs = (
    <>
      <Confirm
        open={asking?.about === "run"}
        onClose={close}
        title={`Run ${task?.name ?? ""} now?`}
        action="Run now"
        onConfirm={() => {
          if (!task) return;
          void attempt(async () => {
            const run = await actions.run(task.id);
            say(`Started ${task.name}`, { action: { label: "Show", run: () => void navigate(`/runs/${run.id}`) } });
          });
        }}
      >
        <code>{task ? actionOf(task) : ""}</code>
      </Confirm>
      <Confirm
        open={asking?.about === "delete"}
        onClose={close}
        tone="danger"
        title={`Delete ${task?.name ?? ""}?`}
        action="Delete"
        onConfirm={() => {
          if (!task) return;
          void attempt(async () => {
            await actions.remove(task);
            const undo = () => void attempt(async () => void (await actions.restore(task.id, task.revision)));
            say(`Deleted ${task.name}`, { action: { label: "Undo", run: undo } });
          });
        }}
      >
        <span>It will not run again. What it has run stays in the books for a while, and its name is free.</span>
      </Confirm>
    </>
  );
  return { commands, dialogs };
}
