import styled from "styled-components";
import { serverNow } from "../../lib/now.ts";
import { reading } from "../../lib/reading.ts";
import { Hidden } from "../../ui/misc.tsx";
import { color, media, radius, size } from "../../ui/tokens.ts";
import { useForm } from "../modal/Field.tsx";
import { Chips, Choice, Hint } from "../modal/look.ts";
import { type Build, type Day, DAYS, type Ends, NEVER, ORDINALS, type Ordinal, type Unit } from "./build.ts";
import { Count, DateInput, Time } from "./inputs.tsx";
import { weekOf } from "./week.ts";

const Panel = styled.div`
  display: grid; gap: 10px; padding: 12px; border: 1px solid ${color.line}; border-radius: ${radius}; background: ${color.sunken}; font-size: ${size.small};
  & > .row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
  & input, & select { inline-size: auto; max-inline-size: 100%; }
  & input[type="number"] { inline-size: 76px; }
  ${media.phone} { & input[type="number"] { inline-size: 96px; } }
`;

const UNITS: readonly Unit[] = ["minute", "hour", "day", "second"];

type Part<B extends Build = Build> = { build: B; put: (next: Build) => void };

/** What stands below the chips: one row for each part of the phrase. */
export function Fields({ build, put }: Part) {
  switch (build.kind) {
    case "once":
      return (
        <Panel>
          <div className="row">
            <DateInput label="Date" value={build.date} onChange={(date) => put({ ...build, date })} />
            <Time build={build} put={put} />
          </div>
        </Panel>
      );
    case "every":
      return (
        <Panel>
          <div className="row">
            Every <Count value={build.count} label="Every how many" onChange={(count) => put({ ...build, count })} />
            <Choice
              aria-label="Unit"
              value={build.unit}
              onChange={(event) => put(unitOf(build, event.target.value as Unit))}
            >
              {UNITS.map((unit) => (
                <option key={unit} value={unit}>
                  {build.count === 1 ? unit : `${unit}s`}
                </option>
              ))}
            </Choice>
            {build.unit === "day" && <Time build={build} put={put} />}
          </div>
          <Ending build={build} put={put} />
        </Panel>
      );
    case "weekdays":
      return (
        <Panel>
          <div className="row">
            Monday to Friday <Time build={build} put={put} />
          </div>
          <Ending build={build} put={put} />
        </Panel>
      );
    case "weekly":
      return (
        <Panel>
          <div className="row">
            Every{" "}
            <Count value={build.count} label="Every how many weeks" onChange={(count) => put({ ...build, count })} />
            {build.count === 1 ? "week" : "weeks"} <Time build={build} put={put} />
          </div>
          <Weekdays days={build.days} onChange={(days) => put({ ...build, days })} />
          <Ending build={build} put={put} />
        </Panel>
      );
    case "monthly":
      return (
        <Panel>
          <div className="row">
            Every{" "}
            <Count value={build.count} label="Every how many months" onChange={(count) => put({ ...build, count })} />
            {build.count === 1 ? "month" : "months"} <Time build={build} put={put} />
          </div>
          <MonthDays build={build} put={put} />
          <Ending build={build} put={put} />
        </Panel>
      );
  }
}

const unitOf = (build: Build & { kind: "every" }, unit: Unit): Build => ({
  ...build,
  unit,
  count: unit === "day" && build.unit !== "day" ? 1 : build.count,
  from: unit === "day" ? build.from : undefined,
});

function Weekdays({ days, onChange }: { days: readonly Day[]; onChange: (days: Day[]) => void }) {
  return (
    <Chips role="group" aria-label="Days of the week">
      {weekOf().map((day) => {
        const on = days.includes(day);
        // The last one stays: on no day it would never be.
        const next = on ? (days.length > 1 ? days.filter((one) => one !== day) : [...days]) : [...days, day];
        return (
          <button
            key={day}
            type="button"
            aria-pressed={on}
            onClick={() => onChange(DAYS.filter((one) => next.includes(one)))}
          >
            <span aria-hidden="true">{day.slice(0, 3)}</span>
            <Hidden>{day}</Hidden>
          </button>
        );
      })}
    </Chips>
  );
}

function MonthDays({ build, put }: Part<Build & { kind: "monthly" }>) {
  const { on } = build;
  const by = (value: string): Build => {
    if (value === "date") return { ...build, on: { by: "date", date: 1 } };
    if (value === "weekday") return { ...build, on: { by: "weekday", ordinal: "first", day: "Monday" } };
    return { ...build, on: { by: value === "last day" ? "last day" : "last workday" } };
  };
  return (
    <div className="row">
      on
      <Choice aria-label="Which day" value={on.by} onChange={(event) => put(by(event.target.value))}>
        <option value="date">day</option>
        <option value="weekday">a weekday</option>
        <option value="last day">the last day</option>
        <option value="last workday">the last working day</option>
      </Choice>
      {on.by === "date" && (
        <Count
          value={on.date}
          max={31}
          label="Day of the month"
          onChange={(date) => put({ ...build, on: { by: "date", date } })}
        />
      )}
      {on.by === "weekday" && (
        <>
          <Choice
            aria-label="Which of them"
            value={on.ordinal}
            onChange={(event) => put({ ...build, on: { ...on, ordinal: event.target.value as Ordinal } })}
          >
            {ORDINALS.map((word) => (
              <option key={word} value={word}>
                the {word}
              </option>
            ))}
          </Choice>
          <Choice
            aria-label="Weekday"
            value={on.day}
            onChange={(event) => put({ ...build, on: { ...on, day: event.target.value as Day } })}
          >
            {weekOf().map((day) => (
              <option key={day} value={day}>
                {day}
              </option>
            ))}
          </Choice>
        </>
      )}
      {on.by === "date" && on.date > 28 && <Hint>Months without such a day are left out.</Hint>}
    </div>
  );
}

function Ending({ build, put }: Part<Exclude<Build, { kind: "once" }>>) {
  const { form } = useForm();
  const { ends } = build;
  const to = (by: string): Ends => {
    if (by === "count") return { by: "count", count: 10 };
    const today = reading(new Date(serverNow()), form.zone).date;
    return by === "date"
      ? { by: "date", date: `${Number(today.slice(0, 4)) + 1}${today.slice(4).replace("02-29", "02-28")}` }
      : NEVER;
  };
  return (
    <div className="row">
      Ends
      <Choice aria-label="Ends" value={ends.by} onChange={(event) => put({ ...build, ends: to(event.target.value) })}>
        <option value="never">never</option>
        <option value="date">on</option>
        <option value="count">after</option>
      </Choice>
      {ends.by === "date" && (
        <DateInput
          label="Last day"
          value={ends.date}
          onChange={(date) => put({ ...build, ends: { by: "date", date } })}
        />
      )}
      {ends.by === "count" && (
        <>
          <Count
            value={ends.count}
            label="How many times"
            onChange={(count) => put({ ...build, ends: { by: "count", count } })}
          />{" "}
          times
        </>
      )}
    </div>
  );
}
