import { Link, useLocation } from "react-router";
import styled from "styled-components";
import type { TaskDetail } from "../api/horarium.schemas.ts";
import { useKeys } from "../lib/keys.ts";
import { useNow } from "../lib/now.ts";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { PauseCircle, Pencil, Play, PlayCircle } from "../ui/icons.ts";
import { Muted, Tag } from "../ui/misc.tsx";
import { color, media, size } from "../ui/tokens.ts";
import { useMay } from "./context/actions.tsx";
import { usePrefs } from "./context/prefs.tsx";
import { useTask } from "./context/queries.ts";
import { askedBy } from "./formRoute.ts";
import { StateIcon } from "./StateIcon.tsx";
import { editHref, TaskMenu } from "./TaskMenu.tsx";
import { useTaskCommands } from "./useTaskCommands.tsx";
import { useTaskKeys } from "./useTaskKeys.ts";
import { STATE_WORDS, stateOf } from "./wording.ts";

const Header = styled.header`
  display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 16px; padding: 16px 24px 8px; align-items: start;
  & > .name { display: flex; align-items: center; gap: 4px 10px; flex-wrap: wrap; min-block-size: 32px; }
  & h1 { font-size: ${size.title}; line-height: 28px; overflow-wrap: anywhere; }
  & .tags { display: flex; flex-wrap: wrap; gap: 4px; }
  & > .buttons { display: flex; gap: 8px; align-items: center; }
  & > p { grid-column: 1 / -1; color: ${color.textSoft}; overflow-wrap: anywhere; white-space: pre-line; max-inline-size: 100ch; }
  ${media.phone} {
    grid-template-columns: minmax(0, 1fr); padding: 12px 16px 8px;
    & > .buttons { order: 1; margin-block-start: 8px; } & > .buttons > button, & > .buttons > a { flex: 1 1 auto; padding-inline: 8px; }
  }
  /* Three words and a menu: there is no room for their signs. */
  ${media.smallPhone} { & > .buttons > button[data-look] svg, & > .buttons > a svg { display: none; } }
`;

/** Which task it is, how it stands, and what can be done to it: above all parts of it. */
export function TaskHeader({ id }: { id: string }) {
  const task = useTask(id);
  return task.data ? <Shown task={task.data} /> : null;
}

function Shown({ task }: { task: TaskDetail }) {
  const now = useNow();
  const here = useLocation();
  const { commands, dialogs } = useTaskCommands();
  const mayRun = useMay("operator");
  const mayEdit = useMay("editor");
  const state = stateOf(task, now);
  const { keys } = usePrefs();
  const letters = useTaskKeys(commands);
  const withTask = (work: (task: TaskDetail) => void) => (event: KeyboardEvent) => {
    event.preventDefault(); // the letter is not typed into what opens
    work(task);
  };
  useKeys(
    { r: withTask(letters.r), p: withTask(letters.p), e: withTask(letters.e), d: withTask(letters.d) },
    keys && askedBy(here) === null,
  );
  return (
    <Header>
      <div className="name">
        <StateIcon state={state} size={18} />
        <h1>{task.name}</h1>
        <Muted>{STATE_WORDS[state]}</Muted>
        {task.tags.length > 0 && (
          <span className="tags">
            {task.tags.map((tag) => (
              <Link key={tag} to={`/tasks?${new URLSearchParams({ tag })}`}>
                <Tag>{tag}</Tag>
              </Link>
            ))}
          </span>
        )}
      </div>
      <div className="buttons">
        {mayRun && !task.broken && (
          <Button look="primary" onClick={() => commands.askRun(task)}>
            <Play size={14} /> Run now
          </Button>
        )}
        {mayRun && (
          <Button onClick={() => commands.togglePause(task)}>
            {task.pause ? <PlayCircle size={14} /> : <PauseCircle size={14} />} {task.pause ? "Resume" : "Pause"}
          </Button>
        )}
        {mayEdit && !task.broken && (
          <ButtonLink to={editHref(here, task.id)}>
            <Pencil size={14} /> Edit
          </ButtonLink>
        )}
        <TaskMenu task={task} commands={commands} />
      </div>
      {task.description && <p>{task.description}</p>}
      {dialogs}
    </Header>
  );
}
