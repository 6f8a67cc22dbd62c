import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import {
  changeTasks,
  createTask,
  deleteTask,
  patchTask,
  pauseTask,
  replaceTask,
  restoreRevision,
  resumeTask,
  runTask,
} from "../../api/horarium.ts";
import type {
  BulkBody,
  BulkView,
  Draft,
  PatchTaskBodyOne,
  PauseBody,
  RunView,
  SessionViewRole,
  TaskView,
} from "../../api/horarium.schemas.ts";
import { keys, useSession } from "./queries.ts";
import { dropTask, patchTasks } from "./taskPages.ts";

/** Everything that can be done to a task. The functions stay the same for the life of the page; each raises Refusal. */
export type TaskActions = {
  create: (draft: Draft) => Promise<TaskView>;
  replace: (task: TaskView, draft: Draft) => Promise<TaskView>;
  update: (task: Pick<TaskView, "id" | "revision">, change: PatchTaskBodyOne) => Promise<TaskView>;
  run: (id: string, options?: { overlap?: "allow" }) => Promise<RunView>;
  pause: (id: string, pause?: PauseBody) => Promise<TaskView>;
  resume: (id: string, options?: { catchUp?: boolean }) => Promise<TaskView>;
  remove: (task: Pick<TaskView, "id" | "revision">) => Promise<void>;
  restore: (id: string, revision: number) => Promise<TaskView>;
  /** Many at once, each by itself: the answer says which of them refused. */
  bulk: (body: BulkBody) => Promise<BulkView>;
};

const ActionsContext = createContext<TaskActions | null>(null);

export function useTaskActions(): TaskActions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error("TaskActions are used outside TaskContext");
  return actions;
}

/** Ten thousand tasks take their time. */
const BULK_TIMEOUT_MS = 120_000;

const RANK: Record<SessionViewRole, number> = { viewer: 0, operator: 1, editor: 2, admin: 3 };

/** Whether the person may do what needs that role; what they may not do is not offered. */
export function useMay(role: SessionViewRole): boolean {
  const { data } = useSession();
  return data ? RANK[data.role] >= RANK[role] : false;
}

export function TaskActionsProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const actions = useMemo<TaskActions>(() => {
    const seen = (task: TaskView): TaskView => {
      patchTasks(client, [task]);
      void client.invalidateQueries({ queryKey: keys.task(task.id) });
      void client.invalidateQueries({ queryKey: keys.stats });
      return task;
    };
    const listed = async (task: TaskView): Promise<TaskView> => {
      await client.invalidateQueries({ queryKey: [...keys.tasks, "list"] });
      return seen(task);
    };
    return {
      create: async (draft) => listed(await createTask(draft)),
      replace: async (task, draft) => seen(await replaceTask(task.id, draft, { revision: task.revision })),
      update: async (task, change) => seen(await patchTask(task.id, change, { revision: task.revision })),
      run: async (id, options = {}) => {
        const run = await runTask(id, options);
        void client.invalidateQueries({ queryKey: keys.task(id) });
        void client.invalidateQueries({ queryKey: [...keys.tasks, "fresh"] });
        void client.invalidateQueries({ queryKey: ["runs"] });
        return run;
      },
      pause: async (id, pause = {}) => seen(await pauseTask(id, pause)),
      resume: async (id, { catchUp = false } = {}) => seen(await resumeTask(id, { catch_up: catchUp })),
      remove: async (task) => {
        await deleteTask(task.id, { revision: task.revision });
        dropTask(client, task.id);
        void client.invalidateQueries({ queryKey: keys.stats });
      },
      restore: async (id, revision) => listed(await restoreRevision(id, revision)),
      bulk: async (body) => {
        const view = await changeTasks(body, { timeout: BULK_TIMEOUT_MS });
        const parts = body.action === "delete" ? ["list", "one"] : ["fresh", "one"];
        for (const part of parts) void client.invalidateQueries({ queryKey: [...keys.tasks, part] });
        for (const queryKey of [keys.stats, ["runs"]]) void client.invalidateQueries({ queryKey });
        return view;
      },
    };
  }, [client]);
  return <ActionsContext value={actions}>{children}</ActionsContext>;
}
