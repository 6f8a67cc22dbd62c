import { useEffect, useState } from "react";
import { Link } from "react-router";
import styled from "styled-components";
import type { LeftOutView, TaskDetail } from "../api/horarium.schemas.ts";
import { plural } from "../lib/plural.ts";
import { Button } from "../ui/Button.tsx";
import { AlertTriangle, Ban, CalendarDays, Check, CircleSlash, PauseCircle, Search, X } from "../ui/icons.ts";
import { color, media, radius, size } from "../ui/tokens.ts";
import { useFound } from "./queries.ts";
import type { Why } from "./reasons.ts";

const Box = styled.section`
  display: grid; gap: 8px; padding: 12px 16px; border: 1px solid ${color.line}; border-radius: ${radius}; background: ${color.sunken};
  & > header { display: flex; align-items: center; gap: 8px; } & > header > h2 { flex: 1; font-size: ${size.body}; overflow-wrap: anywhere; }
  & > header a:hover { text-decoration: underline; }
  & li { display: flex; gap: 8px; align-items: start; font-size: ${size.small}; color: ${color.textSoft}; overflow-wrap: anywhere; }
  & li > svg { margin-block-start: 3px; color: ${color.textFaint}; }
`;

const ICONS = {
  broken: AlertTriangle,
  deleted: Ban,
  paused: PauseCircle,
  ended: CircleSlash,
  outside: CalendarDays,
  excluded: CircleSlash,
  here: Check,
} as const;

/** What keeps one task out of what is shown, or lets it in. */
export function WhyPanel({
  task,
  answers,
  onClose,
}: {
  task: TaskDetail;
  answers: readonly Why[];
  onClose: () => void;
}) {
  return (
    <Box aria-label={`About ${task.name}`}>
      <header>
        <h2>
          Only <Link to={`/tasks/${task.id}`}>{task.name}</Link>
        </h2>
        <Button onClick={onClose}>
          <X size={14} /> All tasks
        </Button>
      </header>
      <ul>
        {answers.map(({ kind, text }) => {
          const Icon = ICONS[kind];
          return (
            <li key={text}>
              <Icon size={14} />
              <span>{text}</span>
            </li>
          );
        })}
      </ul>
    </Box>
  );
}

const Foot = styled.section`
  display: grid; gap: 8px; padding-block-start: 4px; font-size: ${size.small}; color: ${color.textSoft};
  & > h2 { font-size: ${size.small}; font-weight: 500; }
  & a { color: ${color.accentText}; text-decoration: underline; text-underline-offset: 2px; }
  & > ul { display: grid; gap: 2px; }
  & > ul a { display: inline-flex; align-items: center; min-block-size: 28px; overflow-wrap: anywhere; }
  ${media.phone} { & > ul a, & > p a { min-block-size: 44px; display: inline-flex; align-items: center; } }
`;
const Field = styled.label`
  display: flex; align-items: center; gap: 8px; max-inline-size: 360px; block-size: 32px; padding-inline: 8px; border: 1px solid ${color.lineStrong};
  border-radius: ${radius}; background: ${color.ground};
  &:focus-within { border-color: ${color.focus}; box-shadow: 0 0 0 1px ${color.focus}; }
  & > svg { color: ${color.textFaint}; }
  & > input { flex: 1; min-inline-size: 0; border: 0; background: none; font-size: ${size.small}; }
  & > input:focus-visible { outline: none; } & > input::placeholder { color: ${color.textFaint}; }
  ${media.phone} { block-size: 44px; max-inline-size: none; & > input { font-size: ${size.large}; } }
`;

const DEBOUNCE_MS = 150;

/** What is not among the items, by count; and a way to ask after one task. */
export function LeftOut({ counts, hrefOf }: { counts: LeftOutView | undefined; hrefOf: (task: string) => string }) {
  const [typed, setTyped] = useState("");
  const [words, setWords] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setWords(typed), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useFound(words);
  const told = (["paused", "ended", "broken"] as const).filter((state) => (counts?.[state] ?? 0) > 0);
  const none = words.trim() !== "" && found.data?.items.length === 0;
  return (
    <Foot aria-labelledby="why-not">
      <h2 id="why-not">Why is a task not here?</h2>
      {told.length > 0 && counts && (
        <p>
          Not here:{" "}
          {told.map((state, at) => (
            <span key={state}>
              {at > 0 && " · "}
              <Link to={`/tasks?state=${state}`}>
                {state === "broken"
                  ? `${plural(counts.broken, "broken task")}`
                  : `${plural(counts[state], "task")} ${state === "paused" ? "paused" : "ended"}`}
              </Link>
            </span>
          ))}
        </p>
      )}
      <Field>
        <Search size={14} aria-hidden="true" />
        <input
          type="search"
          aria-label="Ask after a task"
          placeholder="Ask after a task"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </Field>
      {none && <p role="status">No task has these words.</p>}
      {typed.trim() !== "" && (
        <ul aria-label="Tasks found">
          {found.data?.items.map((task) => (
            <li key={task.id}>
              <Link to={hrefOf(task.id)}>{task.name}</Link>
            </li>
          ))}
        </ul>
      )}
    </Foot>
  );
}
