import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import styled from "styled-components";
import { listRevisions } from "../../api/horarium.ts";
import type { RevisionView, TaskView } from "../../api/horarium.schemas.ts";
import { Button } from "../../ui/Button.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { Muted, Tag } from "../../ui/misc.tsx";
import { Failure } from "../../ui/Panel.tsx";
import { useSay } from "../../ui/Toast.tsx";
import { color, radius, size } from "../../ui/tokens.ts";
import { useAttempt } from "../../ui/useAttempt.ts";
import { useMay, useTaskActions } from "../context/actions.tsx";
import { Moment } from "../Moment.tsx";
import { extrasWords, type Schedule } from "../schedule/extras.ts";
import { changedFields, LABELS } from "./changes.ts";
import { formOf } from "./form.ts";

const SHOWN = 50;
/** Longer values are only named. */
const SAID_MAX = 90;

const List = styled.ol`
  border: 1px solid ${color.line}; border-radius: ${radius}; overflow: hidden;
  & > li { display: grid; gap: 2px 12px; grid-template-columns: minmax(0, 1fr) auto; align-items: center; align-content: center; min-block-size: 58px; padding: 8px 12px; font-size: ${size.small}; }
  & > li + li { border-block-start: 1px solid ${color.line}; }
  & strong { font-weight: 500; }
  & .what { grid-column: 1; overflow-wrap: anywhere; }
  & > span:first-child:not(:has(+ .what)) { grid-row: 1 / span 2; }
  & button { grid-column: 2; grid-row: 1 / span 2; }
`;

type Props = { task: TaskView; zone: string; onRestored?: (task: TaskView) => void };

/** Each revision: who, when, and what it changed against the one before. */
export function History({ task, zone, onRestored }: Props) {
  const actions = useTaskActions();
  const say = useSay();
  const attempt = useAttempt();
  const mayEdit = useMay("editor");
  const [asking, setAsking] = useState<RevisionView | null>(null);
  const revisions = useQuery({
    queryKey: ["tasks", "revisions", task.id, task.revision],
    queryFn: ({ signal }) => listRevisions(task.id, { limit: SHOWN }, { signal }),
  });
  if (revisions.error)
    return <Failure what="The history" error={revisions.error} onRetry={() => void revisions.refetch()} />;
  const items = revisions.data?.items ?? [];
  const restore = (revision: number) =>
    attempt(async () => {
      const restored = await actions.restore(task.id, revision);
      say(`${restored.name} is as it was in revision ${revision}`);
      onRestored?.(restored);
    });
  return (
    <>
      <List aria-label="Revisions">
        {items.map((one, at) => (
          <li key={one.revision}>
            <span>
              <strong>Revision {one.revision}</strong>{" "}
              <Muted>
                {one.what} by {one.by},{" "}
              </Muted>
              <Moment at={one.valid_from} taskZone={zone} named />
            </span>
            <Differences of={one} before={items[at + 1]} zone={zone} />
            {at === 0 ? (
              <Tag style={{ gridColumn: 2, gridRow: "1 / span 2" }}>now</Tag>
            ) : (
              mayEdit && (
                <Button onClick={() => setAsking(one)} aria-label={`Restore revision ${one.revision}`}>
                  Restore
                </Button>
              )
            )}
          </li>
        ))}
      </List>
      {revisions.data?.next_cursor && <Muted>The newest {SHOWN} are shown.</Muted>}
      <Confirm
        open={asking !== null}
        onClose={() => setAsking(null)}
        title={`Restore revision ${asking?.revision ?? ""}?`}
        action="Restore"
        onConfirm={() => asking && void restore(asking.revision)}
      >
        <span>The task becomes what it was then, as a new revision. What is now stays in the history.</span>
      </Confirm>
    </>
  );
}

function Differences({ of, before, zone }: { of: RevisionView; before: RevisionView | undefined; zone: string }) {
  const words = differences(of, before, zone);
  return words === "" ? null : <Muted className="what">{words}</Muted>;
}

const said = (label: string, was: string, is: string) =>
  was.length + is.length < SAID_MAX ? `${label}: ${was || "empty"} → ${is || "empty"}` : label;

/** What the text of a rule does not say. */
function limits(was: TaskView["schedule"], is: TaskView["schedule"]): string[] {
  const [old, now] = [was, is].map((schedule) => (schedule ? extrasWords(schedule as Schedule) : ""));
  return old === now ? [] : [said("Exceptions and limits", old ?? "", now ?? "")];
}

function differences(one: RevisionView, before: RevisionView | undefined, zone: string): string {
  if (!before?.definition || !one.definition) return "";
  try {
    const [was, is] = [before, one].map((revision) => revision.definition as unknown as TaskView) as [
      TaskView,
      TaskView,
    ];
    const [old, now] = [formOf(was, zone), formOf(is, zone)];
    const names = changedFields(old, now).map((name) => {
      return said(LABELS[name], String(old[name]), String(now[name]));
    });
    return [...names, ...limits(was.schedule, is.schedule)].join(" · ");
  } catch {
    return ""; // a definition of an older form
  }
}
