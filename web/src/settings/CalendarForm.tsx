import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { listCalendarVersions, readCalendar, saveCalendar } from "../api/horarium.ts";
import type { CalendarView } from "../api/horarium.schemas.ts";
import { plural } from "../lib/plural.ts";
import { Moment, useLive } from "../tasks/TaskContext.tsx";
import { Button } from "../ui/Button.tsx";
import { Input, Muted } from "../ui/misc.tsx";
import { Failure } from "../ui/Panel.tsx";
import { useSay } from "../ui/Toast.tsx";
import { daysText, readDays } from "./days.ts";
import { Form, List, Panel } from "./parts.ts";
import { wordsOf } from "./words.ts";

const VERSIONS_MAX = 100;

type Props = { name: string | null; mayEdit: boolean; onClose: () => void };

/** One calendar: its days as a text, and what it was before. `name` null makes a new one. */
export function CalendarForm({ name, mayEdit, onClose }: Props) {
  const calendar = useQuery({
    queryKey: ["calendars", name],
    queryFn: ({ signal }) => readCalendar(encodeURIComponent(name ?? ""), {}, { signal }),
    enabled: name !== null,
    refetchOnWindowFocus: false,
  });
  if (name === null) return <Shown name={null} calendar={null} mayEdit={mayEdit} onClose={onClose} />;
  if (calendar.error && !calendar.data) {
    return <Failure what="The calendar" error={calendar.error} onRetry={() => void calendar.refetch()} />;
  }
  return calendar.data ? (
    <Shown key={calendar.data.version} name={name} calendar={calendar.data} mayEdit={mayEdit} onClose={onClose} />
  ) : null;
}

function Shown({ name, calendar, mayEdit, onClose }: Props & { calendar: CalendarView | null }) {
  const client = useQueryClient();
  const say = useSay();
  const [called, setCalled] = useState(name ?? "");
  const [text, setText] = useState(daysText(calendar?.days ?? []));
  const [words, setWords] = useState(calendar?.description ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: (days: string[]) => saveCalendar(encodeURIComponent(called.trim()), { days, description: words }),
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: ["calendars"] });
      const tasks = saved.tasks_changed + saved.tasks_to_come;
      say(`Saved ${saved.name}${tasks > 0 ? `; ${plural(tasks, "task")} ${tasks === 1 ? "follows" : "follow"}` : ""}`);
      onClose();
    },
    onError: (error) => setProblem(wordsOf(error)),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readDays(text);
    setProblem(read.problem && `Line ${read.problem.line}: ${read.problem.message}`);
    if (read.problem === null) save.mutate(read.days);
  };
  return (
    <Panel>
      <header>
        <h2>{name ?? "New calendar"}</h2>
        <Button look="ghost" onClick={onClose}>
          All calendars
        </Button>
      </header>
      <Form onSubmit={submit}>
        {name === null && (
          <label htmlFor="calendar-name">
            Name
            <Input
              id="calendar-name"
              value={called}
              required
              autoComplete="off"
              onChange={(event) => setCalled(event.target.value)}
            />
          </label>
        )}
        <label htmlFor="calendar-words">
          Description
          <Input
            id="calendar-words"
            value={words}
            readOnly={!mayEdit}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
        <label htmlFor="calendar-days">
          Days, one a line
          <textarea
            id="calendar-days"
            rows={12}
            value={text}
            readOnly={!mayEdit}
            spellCheck={false}
            aria-describedby="days-hint"
            aria-invalid={problem !== null}
            onChange={(event) => setText(event.target.value)}
          />
          <span className="hint" id="days-hint">
            2026-12-24 is a day, 2026-12-24/2027-01-01 a stretch with both ends.
          </span>
        </label>
        {problem !== null && <p role="alert">{problem}</p>}
        {mayEdit && (
          <div className="buttons">
            <Button look="primary" type="submit" disabled={save.isPending || called.trim() === ""}>
              Save
            </Button>
            <Button look="ghost" onClick={onClose}>
              Cancel
            </Button>
          </div>
        )}
      </Form>
      {name !== null && <Versions name={name} mayEdit={mayEdit} onTake={(days) => setText(daysText(days))} />}
    </Panel>
  );
}

function Versions({ name, mayEdit, onTake }: { name: string; mayEdit: boolean; onTake: (days: string[]) => void }) {
  const { serverZone } = useLive();
  const say = useSay();
  const versions = useQuery({
    queryKey: ["calendars", name, "versions"],
    queryFn: ({ signal }) => listCalendarVersions(encodeURIComponent(name), { limit: VERSIONS_MAX }, { signal }),
  });
  const take = async (version: number) => {
    try {
      onTake((await readCalendar(encodeURIComponent(name), { version })).days);
      say(`The days of version ${version} are in the field; nothing is saved yet`);
    } catch (error) {
      say(wordsOf(error), { failed: true });
    }
  };
  if (!versions.data) return null;
  return (
    <>
      <h3>Versions</h3>
      <List aria-label="Versions">
        {versions.data.items.map((version) => (
          <li key={version.version}>
            <span>Version {version.version}</span>
            <span className="soft">{version.deleted ? "deleted" : plural(version.entries, "line")}</span>
            <Muted>
              <Moment at={version.updated_at} taskZone={serverZone} named /> by {version.updated_by}
            </Muted>
            {mayEdit && !version.deleted && (
              <span className="end">
                <Button
                  look="ghost"
                  aria-label={`Take its days: version ${version.version}`}
                  onClick={() => void take(version.version)}
                >
                  Take its days
                </Button>
              </span>
            )}
          </li>
        ))}
      </List>
    </>
  );
}
