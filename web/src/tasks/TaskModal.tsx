/** The form for one task, in a sheet: made anew, copied or edited, with the proof of its schedule beside it. */

import { useState } from "react";
import { refusalOf } from "../lib/http.ts";
import { viewerZone } from "../lib/time.ts";
import { ButtonLink } from "../ui/Button.tsx";
import { Notice, Failure } from "../ui/Panel.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useMay } from "./context/actions.tsx";
import { useLive } from "./context/live.tsx";
import { useNewTaskZone } from "./context/newTaskZone.ts";
import { useTask } from "./context/queries.ts";
import type { Asked } from "./formRoute.ts";
import { emptyForm, formOf } from "./modal/form.ts";
import { pasted } from "./modal/paste.ts";
import { TaskForm } from "./modal/TaskForm.tsx";
import type { Seed } from "./TaskForms.tsx";

type Props = {
  asked: Asked;
  seed: Seed;
  onDirty: (dirty: boolean) => void;
  /** Asked to close, which may be refused. */
  onClose: () => void;
  /** Nothing is left to save. */
  onDone: () => void;
};

export function TaskModal({ asked, seed, ...rest }: Props) {
  const mayEdit = useMay("editor");
  if (!mayEdit) {
    return (
      <Sheet title="Task" onClose={rest.onDone}>
        <Notice title="You may look, but not edit">
          <p>Ask for a token with the role editor.</p>
        </Notice>
      </Sheet>
    );
  }
  return asked.mode === "new" ? <New seed={seed} {...rest} /> : <Existing asked={asked} {...rest} />;
}

function New(props: Omit<Props, "asked">) {
  const zone = useNewTaskZone();
  if (zone !== undefined) return <NewIn zone={zone} {...props} />;
  return (
    <Sheet title="New task" onClose={props.onDone}>
      {null}
    </Sheet>
  );
}

function NewIn({ zone, seed, ...rest }: Omit<Props, "asked"> & { zone: string }) {
  const [start] = useState(() => {
    const filled = seed.paste ? pasted(seed.paste) : null;
    return {
      form: { ...emptyForm(zone), shell: seed.shell ?? "", when: seed.when ?? "", ...filled?.change },
      said: filled?.said ?? null,
    };
  });
  return <TaskForm mode="new" title="New task" task={null} start={start.form} said={start.said} {...rest} />;
}

function Existing({ asked, ...rest }: Omit<Props, "seed"> & { asked: Exclude<Asked, { mode: "new" }> }) {
  const task = useTask(asked.id);
  const { stats } = useLive();
  const refusal = refusalOf(task.error);
  if (task.data?.broken) {
    return (
      <Sheet title={task.data.name} onClose={rest.onDone}>
        <Notice title="Its definition cannot be read">
          <p>{task.data.broken.reason}</p>
        </Notice>
      </Sheet>
    );
  }
  if (task.data && stats) {
    // Schedules without a zone of their own are shown in the person's.
    const form = formOf(task.data, viewerZone());
    const copy = asked.mode === "copy";
    return (
      <TaskForm
        mode={asked.mode}
        title={copy ? `Copy of ${task.data.name}` : `Edit ${task.data.name}`}
        task={task.data}
        start={copy ? { ...form, name: `${form.name} copy` } : form}
        said={null}
        {...rest}
      />
    );
  }
  return (
    <Sheet title="Task" onClose={rest.onDone}>
      {refusal?.status === 404 || refusal?.status === 422 ? (
        <Notice title="There is no such task" actions={<ButtonLink to="/tasks">All tasks</ButtonLink>}>
          <p>It may have been deleted meanwhile.</p>
        </Notice>
      ) : (
        task.error && <Failure what="The task" error={task.error} onRetry={() => void task.refetch()} />
      )}
    </Sheet>
  );
}
