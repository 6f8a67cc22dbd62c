import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import { cancelRun, listAttempts, listRuns, readRevision, readRun, retryRun } from "../api/horarium.ts";
import type { Books, RunPage, RunView } from "../api/horarium.schemas.ts";
import { dayBegan, localDate } from "../lib/days.ts";
import { refusalOf } from "../lib/http.ts";
import { instantOf } from "../lib/ids.ts";
import { serverNow } from "../lib/now.ts";
import { useStillOpen } from "../tasks/TaskContext.tsx";
import { useSay } from "../ui/Toast.tsx";
import { neighboursOf } from "./neighbours.ts";
import type { Failure } from "./verdict.ts";

const POLL_OPEN_MS = 1_000;
const ATTEMPTS_MAX = 1_000;
/** A greater total stands for: more than that. */
const COUNTED_MAX = 100_000;

const keyOf = (id: string) => ["runs", "one", id] as const;
const isOpen = (run: RunView | undefined) => run === undefined || run.state === "running" || run.state === "waiting";

/** What has ended is not asked for again. */
export const useRun = (id: string) =>
  useQuery({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => readRun(id, { signal }),
    refetchInterval: ({ state }) => (isOpen(state.data) ? POLL_OPEN_MS : false),
  });

export const useAttempts = (run: RunView) =>
  useQuery({
    queryKey: ["runs", "attempts", run.id, run.attempt, run.state],
    queryFn: ({ signal }) => listAttempts(run.id, { limit: ATTEMPTS_MAX }, { signal }),
    placeholderData: (before) => before,
  });

export const useDefinition = (run: RunView) =>
  useQuery({
    queryKey: ["tasks", "revision", run.task_id, run.task_revision],
    queryFn: ({ signal }) => readRevision(run.task_id, run.task_revision, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** Of a run that failed: which failure of its task it is, on its day as the person reads days. Tries stand in no list. */
export function useFailure(run: RunView, zone: string, now: Date, books: Books | null | undefined): Failure | null {
  const at = new Date(instantOf(run.id));
  const failed = run.state === "failed" && run.cause !== "test";
  const began = useMemo(() => (failed ? dayBegan(new Date(instantOf(run.id)), zone) : null), [failed, run.id, zone]);
  const asked = useQuery({
    queryKey: ["runs", "failures", run.id, zone],
    queryFn: async ({ signal }) => {
      const between = { from: began?.toISOString(), to: new Date(at.getTime() + 1).toISOString() };
      const counted = { task_id: run.task_id, state: ["failed" as const], limit: 1, total: true };
      return (await listRuns({ ...counted, ...between }, { signal })).total;
    },
    enabled: began !== null && books != null && isWhole(books, began),
  });
  const nth = asked.data ?? null;
  if (nth === null || nth > COUNTED_MAX) return null;
  return { nth, today: localDate(at, zone) === localDate(now, zone) };
}

/** Of a day whose first runs are forgotten nobody can tell how many failed. */
export const isWhole = (books: Pick<Books, "forgotten" | "kept_from">, began: Date): boolean =>
  books.forgotten === 0 || Date.parse(books.kept_from) <= began.getTime();

const NEIGHBOURS_MS = 15_000;
export const useNeighbours = (run: RunView) =>
  useQuery({
    queryKey: ["runs", "beside", run.id],
    queryFn: ({ signal }) =>
      neighboursOf(run, serverNow(), async (params) => (await listRuns(params, { signal })) as RunPage),
    refetchInterval: ({ state }) => (state.data?.next === null ? NEIGHBOURS_MS : false),
  });

/** What can be done to a run, with the words it ends in. */
export function useRunCommands(run: RunView) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useSay();
  const onError = (error: unknown) => say(refusalOf(error)?.message ?? String(error), { failed: true });
  const isStillOpen = useStillOpen();
  const again = useMutation({
    mutationFn: (overlap?: "allow") => retryRun(run.id, { overlap }),
    onError: (error) => {
      if (!isStillOpen(error, run.task_name, () => again.mutate("allow"))) onError(error);
    },
    onSuccess: (made) => {
      say(`Started ${made.task_name} again`);
      void navigate(`/runs/${made.id}`);
    },
  });
  const cancel = useMutation({
    mutationFn: () => cancelRun(run.id),
    onError,
    onSuccess: (now) => {
      client.setQueryData(keyOf(run.id), now);
      say(now.state === "cancelled" ? "Cancelled" : "Asked it to stop");
    },
  });
  return { again, cancel };
}
