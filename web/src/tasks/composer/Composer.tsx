/** The page before there is any task: a line to run, a line for when, and at once what that means. */

import { useQueryClient } from "@tanstack/react-query";
import { type ClipboardEvent, type FormEvent, useId, useState } from "react";
import { useNavigate } from "react-router";
import styled from "styled-components";
import { createTask, createTasks, runTask } from "../../api/horarium.ts";
import type { RunView, TaskView } from "../../api/horarium.schemas.ts";
import { refusalOf } from "../../lib/http.ts";
import { useNow } from "../../lib/now.ts";
import { viewerZone, withZone } from "../../lib/time.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { AlertTriangle, Play } from "../../ui/icons.ts";
import { Muted } from "../../ui/misc.tsx";
import { color, media, radius, size } from "../../ui/tokens.ts";
import { useNewTaskZone } from "../context/newTaskZone.ts";
import { usePrefs } from "../context/prefs.tsx";
import { keys } from "../context/queries.ts";
import { Chips, Hint, Label, TextInput, Wrong } from "../modal/look.ts";
import { pasted } from "../modal/paste.ts";
import { Due, Sentence } from "../modal/Proof.tsx";
import { suggestedName } from "../modal/suggest.ts";
import { emptyForm } from "../modal/form.ts";
import { passedWords } from "../schedule/passed.ts";
import { parseQuery, useSchedule } from "../schedule/useSchedule.ts";
import { RunOutput } from "../RunOutput.tsx";
import { examples } from "./examples.ts";
import { scheduleOf, sentenceIn } from "../wording.ts";
import { Ways } from "./Ways.tsx";

const Page = styled.section`
  inline-size: min(720px, 100%); margin-inline: auto; padding: 48px 24px; display: grid; gap: 20px; overflow: auto;
  & > header { display: grid; gap: 4px; & > h2 { font-size: ${size.title}; line-height: 28px; } & > p { color: ${color.textSoft}; text-wrap: pretty; } }
  ${media.phone} { padding: 24px 16px; }
`;
const Line = styled.form`
  display: grid; gap: 12px; grid-template-columns: minmax(0, 1.3fr) minmax(0, 1fr);
  & > div { display: grid; gap: 4px; }
  & > footer { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 8px; }
  ${media.phone} { grid-template-columns: minmax(0, 1fr); & > footer > button { flex: 1; } }
`;
const Card = styled.div`display: grid; gap: 10px; padding: 16px; border: 1px solid ${color.line}; border-radius: ${radius}; & > h3 { font-size: ${size.body}; overflow-wrap: anywhere; }`;
const Row = styled.div`display: flex; flex-wrap: wrap; align-items: center; gap: 8px;`;

/** A sentence and five times: what stands below stays where it is while they are read anew. */
const TOLD_HEIGHT = 188;

export function Composer() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const id = useId();
  const [shell, setShell] = useState('echo "hello from horarium"');
  const [when, setWhen] = useState("every weekday at 9");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const [made, setMade] = useState<{ task: TaskView; run: RunView | null } | null>(null);
  const { hours } = usePrefs();
  const zone = useNewTaskZone() ?? viewerZone();
  const read = useSchedule(when, zone);
  const misread = read.pending ? null : read.misread;
  const passed = passedWords(read, read.parsed?.schedule ?? null, zone, hours);

  // The list is told only when one leaves: it would take this place.
  const leave = () => {
    void client.invalidateQueries({ queryKey: keys.tasks });
    void client.invalidateQueries({ queryKey: keys.stats });
  };
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setWrong(null);
    try {
      await work();
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      setWrong(refusal.message);
    } finally {
      setBusy(false);
    }
  };
  const create = async (): Promise<TaskView> => {
    const { schedule } = await client.fetchQuery(parseQuery(when, zone));
    const name = suggestedName({ ...emptyForm(zone), shell }) || "first task";
    return createTask({ name, schedule, action: { kind: "command", shell } });
  };
  const runNow = () =>
    attempt(async () => {
      const task = made?.task ?? (await create());
      setMade({ task, run: null });
      setMade({ task, run: await runTask(task.id, {}) });
    });
  const schedule = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      const task = await create();
      leave();
      void navigate(`/tasks/${task.id}`);
    });
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData("text");
    if (!pasted(text)) return;
    event.preventDefault();
    void navigate("/tasks/new", { state: { paste: text } });
  };

  if (made) {
    return (
      <Page>
        <header>
          <h2>{made.run ? "Its first run" : made.task.name}</h2>
        </header>
        <Card>
          <h3>{made.task.name}</h3>
          {made.run && <RunOutput key={made.run.id} id={made.run.id} />}
          <Next task={made.task} zone={zone} />
          {wrong && (
            <Wrong role="alert">
              <AlertTriangle size={14} /> {wrong}
            </Wrong>
          )}
        </Card>
        <Row>
          <Button look="primary" onClick={leave}>
            Show all tasks
          </Button>
          <Button onClick={() => void runNow()} disabled={busy}>
            <Play size={14} /> Run it again
          </Button>
          <ButtonLink to={`/tasks/${made.task.id}`} onClick={leave}>
            Open the task
          </ButtonLink>
        </Row>
      </Page>
    );
  }
  const ready = shell.trim() !== "" && when.trim() !== "" && !misread && !passed && !busy;
  return (
    <Page>
      <header>
        <h2>What should run, and when?</h2>
        <p>A task is something to run and when to run it. This one is filled in: change it, or run it as it is.</p>
      </header>
      <Line onSubmit={schedule}>
        <div>
          <Label htmlFor={`${id}-run`}>Run</Label>
          <TextInput
            id={`${id}-run`}
            data-mono="true"
            value={shell}
            spellCheck={false}
            autoComplete="off"
            onPaste={onPaste}
            onChange={(event) => setShell(event.target.value)}
          />
        </div>
        <div>
          <Label htmlFor={`${id}-when`}>When</Label>
          <TextInput
            id={`${id}-when`}
            value={when}
            spellCheck={false}
            autoComplete="off"
            aria-invalid={misread || passed ? true : undefined}
            aria-describedby={`${id}-told`}
            onPaste={onPaste}
            onChange={(event) => setWhen(event.target.value)}
          />
        </div>
        <footer>
          <Button look="primary" disabled={!ready} onClick={() => void runNow()}>
            <Play size={14} /> Run it now
          </Button>
          <Button type="submit" disabled={!ready}>
            Schedule
          </Button>
          <Button look="ghost" onClick={() => void navigate("/tasks/new", { state: { shell, when } })}>
            More options
          </Button>
        </footer>
      </Line>
      <div
        id={`${id}-told`}
        aria-live="polite"
        style={{ display: "grid", gap: 10, alignContent: "start", minBlockSize: TOLD_HEIGHT }}
      >
        {misread && (
          <>
            <Wrong>
              <AlertTriangle size={14} /> {misread.message}
            </Wrong>
            {misread.offers.length > 0 && (
              <Chips role="group" aria-label="What could be meant">
                {misread.offers.map((offer) => (
                  <button key={offer} type="button" onClick={() => setWhen(offer)}>
                    {offer}
                  </button>
                ))}
              </Chips>
            )}
          </>
        )}
        {wrong && (
          <Wrong role="alert">
            <AlertTriangle size={14} /> {wrong}
          </Wrong>
        )}
        {!misread && read.preview && (
          <>
            <Sentence>{sentenceIn(read.preview.sentence, zone, hours)}</Sentence>
            {passed && (
              <Wrong>
                <AlertTriangle size={14} /> {passed}
              </Wrong>
            )}
            <Due due={read.preview.due} notes={read.preview.notes} zone={zone} />
          </>
        )}
      </div>
      <Hint>
        Times are those of {zone}
        {viewerZone() !== zone && `; this browser is on ${viewerZone()}`}. A curl command or a crontab line can be
        pasted above.
      </Hint>
      <Ways
        busy={busy}
        onCurl={(text) => void navigate("/tasks/new", { state: { paste: text } })}
        onExamples={() =>
          void attempt(async () => {
            await createTasks({ tasks: examples(zone) });
            leave();
          })
        }
        onImported={leave}
      />
    </Page>
  );
}

function Next({ task, zone }: { task: TaskView; zone: string }) {
  const { hours } = usePrefs();
  const now = useNow();
  return (
    <p>
      {task.next_due_at
        ? `Next: ${withZone(new Date(task.next_due_at), zone, now, hours)}. `
        : "It does not come due again. "}
      <Muted>{scheduleOf(task, zone, hours).text}</Muted>
    </p>
  );
}
