import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { overrideOccurrence, restoreOccurrence } from "../api/horarium.ts";
import { refusalOf } from "../lib/http.ts";
import { clock, withZone, zoneName } from "../lib/time.ts";
import { keys, usePrefs, useTaskActions } from "../tasks/TaskContext.tsx";
import { Confirm } from "../ui/Confirm.tsx";
import { useSay } from "../ui/Toast.tsx";
import type { Line } from "./agenda.ts";
import { MoveSheet } from "./MoveSheet.tsx";
import { agendaKey } from "./queries.ts";
import type { Commands } from "./Row.tsx";

/** What can be done to a single occurrence, with the questions asked first and the words it ends in. `zone` prints the times. */
export function useOccurrences(zone: string): { commands: Commands; dialogs: ReactNode } {
  const client = useQueryClient();
  const actions = useTaskActions();
  const navigate = useNavigate();
  const say = useSay();
  const { hours } = usePrefs();
  const [asking, setAsking] = useState<{ about: "run" | "move"; line: Line } | null>(null);
  const [focusOn, setFocusOn] = useState<string | null>(null);

  const renew = useCallback(
    async (taskId: string) => {
      void client.invalidateQueries({ queryKey: keys.task(taskId) });
      void client.invalidateQueries({ queryKey: keys.upcoming(taskId) });
      void client.invalidateQueries({ queryKey: [...keys.tasks, "fresh"] });
      await client.invalidateQueries({ queryKey: agendaKey });
    },
    [client],
  );
  const attempt = useCallback(
    async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === null) throw error;
        say([refusal.message, ...refusal.errors.map((one) => one.remedy ?? one.message)].join(" "), { failed: true });
      }
    },
    [say],
  );

  // The button that was pressed may be gone by now: the row keeps the focus.
  useEffect(() => {
    if (focusOn === null) return undefined;
    const timer = setTimeout(() => {
      setFocusOn(null);
      const lost = document.activeElement === null || document.activeElement === document.body;
      if (lost) rowOf(focusOn)?.querySelector<HTMLElement>("a")?.focus();
    }, 60);
    return () => clearTimeout(timer);
  }, [focusOn]);

  const commands = useMemo<Commands>(() => {
    const told = (line: Line) => {
      const at = new Date(line.dueAt);
      return `${line.taskName} at ${clock(at, zone, hours)} ${zoneName(at, zone)}`;
    };
    const undo = (line: Line) =>
      void attempt(async () => {
        await restoreOccurrence(line.taskId, line.dueAt);
        await renew(line.taskId);
        say(`${told(line)} is due again as its schedule says`);
        setFocusOn(line.key);
      });
    return {
      undo,
      run: (line) => setAsking({ about: "run", line }),
      move: (line) => setAsking({ about: "move", line }),
      skip: (line) =>
        void attempt(async () => {
          await overrideOccurrence(line.taskId, line.dueAt, { skip: true });
          await renew(line.taskId);
          say(`Skipped ${told(line)}`, { action: { label: "Undo", run: () => undo(line) } });
          setFocusOn(line.key);
        }),
    };
  }, [attempt, renew, say, zone, hours]);

  const close = useCallback(() => setAsking(null), []);
  const line = asking?.line;
  const dialogs = (
    <>
      {line && asking.about === "move" && (
        <MoveSheet
          line={line}
          onClose={close}
          onMove={async (to) => {
            await overrideOccurrence(line.taskId, line.dueAt, { move_to: to });
            close();
            await renew(line.taskId);
            const words = withZone(new Date(to), zone, new Date(to), hours);
            say(`Moved ${line.taskName} to ${words}`, { action: { label: "Undo", run: () => commands.undo(line) } });
            setFocusOn(line.key);
          }}
        />
      )}
      <Confirm
        open={asking?.about === "run"}
        onClose={close}
        title={`Run ${line?.taskName ?? ""} now?`}
        action="Run now"
        onConfirm={() => {
          if (!line) return;
          void attempt(async () => {
            const run = await actions.run(line.taskId);
            say(`Started ${line.taskName}`, { action: { label: "Show", run: () => void navigate(`/runs/${run.id}`) } });
          });
        }}
      >
        <span>It runs once more, beside what is due by its schedule.</span>
      </Confirm>
    </>
  );
  return { commands, dialogs };
}

export function rowOf(key: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-line="${CSS.escape(key)}"]`);
}
