import styled from "styled-components";
import type { CrontabLineView, CrontabView } from "../../api/horarium.schemas.ts";
import { useNow } from "../../lib/now.ts";
import { plural } from "../../lib/plural.ts";
import { relative, withZone } from "../../lib/time.ts";
import { AlertTriangle } from "../../ui/icons.ts";
import { Muted } from "../../ui/misc.tsx";
import { color, font, media, radius, size } from "../../ui/tokens.ts";
import { useLive } from "../context/live.tsx";
import { usePrefs } from "../context/prefs.tsx";
import { Hint, Wrong } from "../modal/look.ts";
import { sentenceIn } from "../wording.ts";

const SHOWN_MAX = 200;

const Table = styled.table`
  inline-size: 100%; border-collapse: collapse; font-size: ${size.small}; line-height: 18px; table-layout: fixed;
  &[data-old="true"] { opacity: 0.6; }
  & > caption { text-align: start; font-weight: 500; padding-block-end: 8px; }
  & th, & td { padding: 8px 10px; text-align: start; vertical-align: top; border-block-end: 1px solid ${color.line}; overflow-wrap: anywhere; }
  & thead th { font-weight: 500; color: ${color.textSoft}; }
  & th.line { inline-size: 56px; }
  & td.line { color: ${color.textFaint}; font-variant-numeric: tabular-nums; }
  & code { display: block; font: ${size.tiny}/18px ${font.mono}; color: ${color.textSoft}; }
  & strong { font-weight: 600; }
  ${media.phone} { & th.line { inline-size: 44px; } & th, & td { padding-inline: 6px; } }
`;
const Left = styled.section`
  display: grid; gap: 6px; padding: 12px; border: 1px solid ${color.line}; border-radius: ${radius}; font-size: ${size.small}; line-height: 18px;
  & > h3 { font-size: ${size.small}; font-weight: 600; }
  & > ul { display: grid; gap: 4px; overflow-wrap: anywhere; }
`;

/** The tasks that a crontab makes, and what of it cannot be carried over. `old`: of what stood there before. */
export function CrontabTable({ found, old }: { found: CrontabView; old: boolean }) {
  const more = found.items.length - SHOWN_MAX;
  return (
    <>
      {found.items.length > 0 && (
        <Table data-old={old}>
          <caption>What it makes</caption>
          <thead>
            <tr>
              <th className="line" scope="col">
                Line
              </th>
              <th scope="col">Task</th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {found.items.slice(0, SHOWN_MAX).map((item) => (
              <Row key={item.line} item={item} />
            ))}
          </tbody>
        </Table>
      )}
      {more > 0 && <Muted>and {plural(more, "more line")}</Muted>}
      {found.notes.length > 0 && (
        <Left>
          <h3>What is different here</h3>
          <ul>
            {found.notes.slice(0, SHOWN_MAX).map((note) => (
              <li key={`${note.line} ${note.message}`}>
                {note.line > 0 && `Line ${note.line}: `}
                {note.message}
              </li>
            ))}
          </ul>
        </Left>
      )}
    </>
  );
}

function Row({ item }: { item: CrontabLineView }) {
  const now = useNow();
  const { hours } = usePrefs();
  const { serverZone } = useLive();
  const schedule = item.task?.schedule;
  const zone = schedule && "timezone" in schedule ? schedule.timezone : serverZone;
  const due = item.next_due_at ? new Date(item.next_due_at) : null;
  return (
    <tr>
      <td className="line">{item.line}</td>
      <td>
        {item.task && <strong>{item.task.name}</strong>}
        <code>{item.text}</code>
        {item.notes.map((note) => (
          <Hint key={note}>{note}</Hint>
        ))}
      </td>
      <td>
        {item.refusal !== null ? (
          <Wrong>
            <AlertTriangle size={14} /> <span>Left out: {item.refusal}</span>
          </Wrong>
        ) : (
          <>
            {item.sentence && sentenceIn(item.sentence, zone, hours)}
            <br />
            <Muted>
              {due ? `Next: ${withZone(due, zone, now, hours)}, ${relative(due, now)}` : "It does not come due."}
            </Muted>
          </>
        )}
      </td>
    </tr>
  );
}
