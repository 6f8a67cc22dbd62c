import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { overrideOccurrence, restoreOccurrence } from "../api/horarium.ts";
import { clock, withZone, zoneName } from "../lib/time.ts";
import { type Asked, Asking, keys, usePrefs } from "../tasks/TaskContext.tsx";
import { useSay } from "../ui/Toast.tsx";
import { useAttempt } from "../ui/useAttempt.ts";
import type { Line } from "./agenda.ts";
import { MoveSheet } from "./MoveSheet.tsx";
import { eachKey } from "./queries.ts";
import type { Commands } from "./Row.tsx";

const BESIDE = "It runs once more, beside what is due by its schedule.";

/** What can be done to a single occurrence, with the questions asked first and the words it ends in. `zone` prints the times. */
export function useOccurrences(zone: string): { commands: Commands; dialogs: ReactNode } {
  const client = useQueryClient();
  const say = useSay();
  const attempt = useAttempt();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { hours } = usePrefs();
  const [moving, setMoving] = useState<Line | null>(null);
  const [focusOn, setFocusOn] = useState<string | null>(null);

  const renew = useCallback(
    async (taskId: string) => {
      void client.invalidateQueries({ queryKey: keys.task(taskId) });
      void client.invalidateQueries({ queryKey: keys.upcoming(taskId) });
      void client.invalidateQueries({ queryKey: [...keys.tasks, "fresh"] });
      void client.invalidateQueries({ queryKey: eachKey });
      await client.invalidateQueries({ queryKey: keys.agenda });
    },
    [client],
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
      run: ({ taskId: id, taskName: name }) =>
        setAsked({ about: "run", task: { id, name }, told: <span>{BESIDE}</span> }),
      move: setMoving,
      skip: (line) =>
        void attempt(async () => {
          await overrideOccurrence(line.taskId, line.dueAt, { skip: true });
          await renew(line.taskId);
          say(`Skipped ${told(line)}`, { action: { label: "Undo", run: () => undo(line) } });
          setFocusOn(line.key);
        }),
    };
  }, [attempt, renew, say, zone, hours]);

  const close = useCallback(() => setMoving(null), []);
  const closeQuestion = useCallback(() => setAsked(null), []);
  const dialogs = (
    <>
      {moving && (
        <MoveSheet
          line={moving}
          onClose={close}
          onMove={async (to) => {
            await overrideOccurrence(moving.taskId, moving.dueAt, { move_to: to });
            close();
            await renew(moving.taskId);
            const words = withZone(new Date(to), zone, new Date(to), hours);
            say(`Moved ${moving.taskName} to ${words}`, {
              action: { label: "Undo", run: () => commands.undo(moving) },
            });
            setFocusOn(moving.key);
          }}
        />
      )}
      <Asking asked={asked} onClose={closeQuestion} />
    </>
  );
  return { commands, dialogs };
}

export function rowOf(key: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-line="${CSS.escape(key)}"]`);
}
