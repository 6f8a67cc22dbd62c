import { useState } from "react";
import { serverNow } from "../../lib/now.ts";
import { reading } from "../../lib/reading.ts";
import { useForm } from "../modal/Field.tsx";
import { Chips, Hint } from "../modal/look.ts";
import { Fields } from "./BuilderFields.tsx";
import { begun, type Build, type BuildKind, isCronText, write } from "./build.ts";
import { unbuild } from "./unbuild.ts";
import type { Read, Schedule } from "./useSchedule.ts";

const CHIPS: readonly (readonly [BuildKind, string])[] = [
  ["once", "once"],
  ["every", "every…"],
  ["weekdays", "weekdays"],
  ["weekly", "weekly"],
  ["monthly", "monthly"],
];
type Props = { read: Read; stored: Schedule | null };

/** Chips and fields that write the phrase. What they cannot say is left as it stands, with the reason. */
export function Builder({ read, stored }: Props) {
  const { form, set } = useForm();
  const schedule = form.when.trim() === "" ? null : (stored ?? read.parsed?.schedule ?? null);
  const found = schedule && !read.misread ? unbuild(schedule, form.zone) : null;
  // What the buttons wrote is known before the server has read it.
  const [ours, setOurs] = useState<{ text: string; build: Build } | null>(null);
  const build = ours?.text === form.when ? ours.build : found && "build" in found ? found.build : null;
  const reason = !build && found && "reason" in found ? found.reason : null;
  const isCron = isCronText(form.when);
  const put = (next: Build) => {
    setOurs({ text: write(next), build: next });
    set({ when: write(next) });
  };
  const begin = (kind: BuildKind) => put(begun(kind, reading(new Date(serverNow()), form.zone).date, build));
  return (
    <>
      <Chips role="group" aria-label="Kinds of schedules">
        {CHIPS.map(([kind, words]) => (
          <button
            key={kind}
            type="button"
            aria-pressed={!isCron && build?.kind === kind}
            onClick={() => build?.kind !== kind && begin(kind)}
          >
            {words}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={isCron}
          onClick={() => !isCron && set({ when: schedule?.kind === "cron" ? schedule.expression : "0 9 * * 1-5" })}
        >
          cron
        </button>
      </Chips>
      {isCron && <Hint>Five fields: minute, hour, day of the month, month, day of the week.</Hint>}
      {!isCron && build && <Fields build={build} put={put} />}
      {!isCron && reason && (
        <Hint>The text says more than the buttons can: {reason}. Change the text, or press one to begin anew.</Hint>
      )}
    </>
  );
}
