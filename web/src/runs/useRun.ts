import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { cancelRun, listAttempts, listRuns, readRevision, readRun, retryRun } from "../api/horarium.ts";
import type { RunPage, RunView } from "../api/horarium.schemas.ts";
import { refusalOf } from "../lib/http.ts";
import { serverNow } from "../lib/now.ts";
import { useSay } from "../ui/Toast.tsx";
import { neighboursOf } from "./neighbours.ts";

const POLL_OPEN_MS = 1_000;
const ATTEMPTS_MAX = 1_000;

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
  const again = useMutation({
    mutationFn: () => retryRun(run.id),
    onError,
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
