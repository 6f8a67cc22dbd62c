import { useNavigate } from "react-router";
import { ConfirmSheet } from "../ui/ConfirmSheet.tsx";
import { useSay } from "../ui/Toast.tsx";
import { useAttempt } from "../ui/useAttempt.ts";
import type { Asked } from "./Asking.tsx";
import { useTaskActions } from "./context/actions.tsx";
import { useStillOpen } from "./useStillOpen.ts";

export function Question({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const actions = useTaskActions();
  const say = useSay();
  const attempt = useAttempt();
  const navigate = useNavigate();
  const isStillOpen = useStillOpen();
  const { name } = asked.task;
  if (asked.about === "run") {
    const run = async (overlap?: "allow") => {
      try {
        const { id } = await actions.run(asked.task.id, { overlap });
        say(`Started ${name}`, { action: { label: "Show", run: () => void navigate(`/runs/${id}`) } });
      } catch (error) {
        if (!isStillOpen(error, name, () => void attempt(() => run("allow")))) throw error;
      }
    };
    return (
      <ConfirmSheet
        onClose={onClose}
        title={`Run ${name} now?`}
        action="Run now"
        onConfirm={() => void attempt(() => run())}
      >
        {asked.told}
      </ConfirmSheet>
    );
  }
  const { task } = asked;
  const undo = async () => void (await actions.restore(task.id, task.revision));
  const remove = async () => {
    await actions.remove(task);
    say(`Deleted ${name}`, { action: { label: "Undo", run: () => void attempt(undo) } });
  };
  return (
    <ConfirmSheet
      onClose={onClose}
      tone="danger"
      title={`Delete ${name}?`}
      action="Delete"
      onConfirm={() => void attempt(remove)}
    >
      <span>It will not run again. What it has run stays in the books for a while, and its name is free.</span>
    </ConfirmSheet>
  );
}
