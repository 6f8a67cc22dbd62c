/** A task's address: the task itself, with `?tab=runs` all that it has run, with `?tab=history` all that was saved of it. */

import { lazy, Suspense } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import styled from "styled-components";
import { TaskHeader } from "../tasks/TaskHeader.tsx";
import { TaskPage } from "../tasks/TaskPage.tsx";
import { color, media, size } from "../ui/tokens.ts";

const RunsOfTask = lazy(() => import("../runs/TaskLog.tsx").then((module) => ({ default: module.RunsOfTask })));

const HistoryOfTask = lazy(() =>
  import("../tasks/HistoryOfTask.tsx").then((module) => ({ default: module.HistoryOfTask })),
);

const TABS = [
  ["overview", "Overview"],
  ["runs", "Runs"],
  ["history", "History"],
] as const;

const Whole = styled.div`display: flex; flex-direction: column; block-size: 100%; min-block-size: 0;`;
const Scrolls = styled.div`flex: 1; min-block-size: 0; overflow: auto;`;
const Tabs = styled.nav`
  display: flex; gap: 4px; padding-inline: 14px; border-block-end: 1px solid ${color.line};
  & > a { padding: 8px 10px; font-size: ${size.small}; color: ${color.textSoft}; border-block-end: 2px solid transparent; margin-block-end: -1px; }
  & > a:hover { color: ${color.text}; }
  & > a[aria-current] { color: ${color.text}; border-color: ${color.accent}; font-weight: 500; }
  ${media.phone} { padding-inline: 6px; & > a { min-block-size: 44px; display: grid; align-items: center; } }
`;

export function TaskRoute() {
  const { id = "" } = useParams();
  const [search] = useSearchParams();
  const asked = search.get("tab");
  const [tab] = TABS.find(([name]) => name === asked) ?? TABS[0];
  return (
    <Whole>
      <TaskHeader id={id} />
      <Tabs aria-label="Parts of the task">
        {TABS.map(([name, words]) => (
          <Link
            key={name}
            to={`/tasks/${id}${name === "overview" ? "" : `?tab=${name}`}`}
            aria-current={name === tab ? "page" : undefined}
          >
            {words}
          </Link>
        ))}
      </Tabs>
      <Suspense fallback={null}>
        {tab === "runs" && <RunsOfTask key={id} id={id} />}
        {tab === "history" && <HistoryOfTask key={id} id={id} />}
        {tab === "overview" && (
          <Scrolls>
            <TaskPage />
          </Scrolls>
        )}
      </Suspense>
    </Whole>
  );
}
