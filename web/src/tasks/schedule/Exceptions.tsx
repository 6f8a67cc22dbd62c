import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { listCalendars } from "../../api/horarium.ts";
import { reading } from "../../lib/reading.ts";
import { Button } from "../../ui/Button.tsx";
import { ChevronDown } from "../../ui/icons.ts";
import { useForm } from "../modal/Field.tsx";
import { Block, Chips, Fold, Hint, Label, Pair, TextInput } from "../modal/look.ts";
import { isCronText } from "./build.ts";
import {
  type Clocks,
  clocksOf,
  type Exclusion,
  exclusionWords,
  extrasWords,
  leavingIn,
  leavingOut,
  type Schedule,
  withClocks,
} from "./extras.ts";
import { Pick, Told, Typed } from "./extraInputs.tsx";
import { unbuild } from "./unbuild.ts";
import { daysOf, endOf, type Extras, type Part, startOf } from "./useExtras.ts";

/** More calendars than these are left out by typing their names. */
const CALENDARS_MAX = 6;
type Props = { extras: Extras };

/** Days left out, clock changes, bounds and spreading; folded, as most schedules need none of it. */
export function Exceptions({ extras }: Props) {
  const { form } = useForm();
  const [open, setOpen] = useState(false);
  const { schedule, wrong } = extras;
  return (
    <Fold open={open || wrong !== null} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <ChevronDown size={14} />
        <strong>Exceptions and limits</strong>
        <span>{schedule ? extrasWords(schedule) : ""}</span>
      </summary>
      <div>
        {!schedule && <Hint>Say when, and it can be limited here.</Hint>}
        {schedule && (open || wrong) && (
          <>
            <Days schedule={schedule} extras={extras} />
            <ClockChanges schedule={schedule} extras={extras} />
            <Limits schedule={schedule} extras={extras} built={isBuilt(schedule, form.when, form.zone)} />
          </>
        )}
      </div>
    </Fold>
  );
}

/** Whether the buttons above have fields for the end. */
const isBuilt = (schedule: Schedule, text: string, zone: string) =>
  !isCronText(text) && "build" in unbuild(schedule, zone);

type PartProps = Props & { schedule: Schedule };

function Days({ schedule, extras }: PartProps) {
  const { form } = useForm();
  const id = useId();
  const [typed, setTyped] = useState("");
  const calendars = useQuery({
    queryKey: ["calendars", "names"],
    queryFn: async ({ signal }) => (await listCalendars({ limit: CALENDARS_MAX }, { signal })).items,
  });
  const present = schedule.except ?? [];
  const offered = [
    "weekends",
    "holidays",
    ...(calendars.data ?? []).map(({ name }) => `calendar ${JSON.stringify(name)}`),
  ];
  const covers = (words: string) => present.some((one) => (exclusionWords(one) ?? "").startsWith(words));
  const leaveOut = (words: string) =>
    extras.amend("days", async (base) => {
      const found = await daysOf(words, form.zone);
      setTyped("");
      return leavingOut(base, found, form.zone);
    });
  const rolls = present.some((one) => exclusionWords(one) !== null);
  return (
    <>
      <Block>
        <Label as="span" id={`${id}-name`}>
          Days left out
        </Label>
        <Chips role="group" aria-labelledby={`${id}-name`}>
          {present.map((one, at) => (
            <button
              // oxlint-disable-next-line react/no-array-index-key -- two may read alike
              key={at}
              type="button"
              aria-pressed="true"
              onClick={() => extras.amend("days", (base) => leavingIn(base, sameIn(base, one)))}
            >
              {exclusionWords(one) ?? "another schedule"}
            </button>
          ))}
          {offered
            .filter((words) => !covers(words))
            .map((words) => (
              <button key={words} type="button" aria-pressed="false" onClick={() => leaveOut(words)}>
                {words === "holidays" ? "public holidays" : words}
              </button>
            ))}
        </Chips>
        <div style={{ display: "flex", gap: 8, alignItems: "center" }}>
          <TextInput
            aria-label="Other days to leave out"
            placeholder="24 December to 2 January"
            autoComplete="off"
            value={typed}
            aria-invalid={extras.wrong?.part === "days" ? true : undefined}
            aria-describedby={`${id}-told`}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !typed.trim()) return;
              event.preventDefault();
              leaveOut(typed.trim());
            }}
          />
          <Button disabled={!typed.trim() || extras.busy} onClick={() => leaveOut(typed.trim())}>
            Add
          </Button>
        </div>
        <Told id={`${id}-told`} extras={extras} part="days" />
      </Block>
      {rolls && (
        <Pick
          label="What falls on such a day"
          value={schedule.roll ?? "none"}
          options={[
            ["none", "is left out"],
            ["forward", "moves to the next open day"],
            ["back", "moves to the previous open day"],
          ]}
          onChange={(roll) => extras.amend("roll", (base) => ({ ...base, roll }) as Schedule)}
          told={<Told extras={extras} part="roll" />}
        />
      )}
    </>
  );
}

/** The base of a change may be another reading of the same text. */
const sameIn = (base: Schedule, one: Exclusion): Exclusion =>
  base.except?.find((other) => other === one || exclusionWords(other) === exclusionWords(one)) ?? one;

function ClockChanges({ schedule, extras }: PartProps) {
  const clocks = clocksOf(schedule);
  if (!clocks) return null;
  const choose = (change: Partial<Clocks>) => extras.amend("clocks", (base) => withClocks(base, change));
  return (
    <Pair>
      <Pick
        label="When the clock skips its time"
        value={clocks.dst_gap}
        options={[
          ["run_after", "run right after the gap"],
          ["skip", "leave it out that day"],
        ]}
        onChange={(dst_gap) => choose({ dst_gap })}
      />
      <Pick
        label="When the clock shows its time twice"
        value={clocks.dst_fold}
        options={[
          ["first", "run the first time only"],
          ["both", "run both times"],
        ]}
        onChange={(dst_fold) => choose({ dst_fold })}
        told={<Told extras={extras} part="clocks" />}
      />
    </Pair>
  );
}

function Limits({ schedule, extras, built }: PartProps & { built: boolean }) {
  const { form } = useForm();
  const dateOf = (instant: string | null | undefined) => (instant ? reading(new Date(instant), form.zone).date : "");
  const put = (part: Part, change: Partial<Schedule>) =>
    extras.amend(part, (base) => ({ ...base, ...change }) as Schedule);
  const count = schedule.max_occurrences;
  return (
    <>
      <Pair>
        <Typed
          label="Not before"
          type="date"
          value={dateOf(schedule.starts_at)}
          extras={extras}
          part="start"
          onChange={(date) =>
            extras.amend("start", async (base) => ({
              ...base,
              starts_at: date ? await startOf(date, form.zone) : null,
            }))
          }
        />
        <Typed
          label="Spread at random over, in seconds"
          type="number"
          value={schedule.jitter_seconds ? String(schedule.jitter_seconds) : ""}
          placeholder="not spread"
          hint="Each run starts a little later, at most by this"
          extras={extras}
          part="spread"
          onChange={(text) => put("spread", { jitter_seconds: Number(text || "0") })}
        />
      </Pair>
      {!built && (
        <Pair>
          <Typed
            label="Last day"
            type="date"
            value={dateOf(schedule.ends_at)}
            extras={extras}
            part="end"
            onChange={(date) =>
              extras.amend("end", async (base) => ({ ...base, ends_at: date ? await endOf(date, form.zone) : null }))
            }
          />
          <Typed
            label="So many times at most"
            type="number"
            value={count ? String(count) : ""}
            placeholder="no limit"
            extras={extras}
            part="count"
            onChange={(text) => put("count", { max_occurrences: text ? Number(text) : null })}
          />
        </Pair>
      )}
    </>
  );
}
