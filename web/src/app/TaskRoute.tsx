/** A task's address: the task itself, or with `?tab=runs` all that it has run. */

import { lazy, Suspense } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import styled from "styled-components";
import { TaskHeader } from "../tasks/TaskHeader.tsx";
import { TaskPage } from "../tasks/TaskPage.tsx";
import { color, media, size } from "../ui/tokens.ts";

const RunsOfTask = lazy(() => import("../runs/TaskLog.tsx").then((module) => ({ default: module.RunsOfTask })));

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
  const runs = search.get("tab") === "runs";
  return (
    <Whole>
      <TaskHeader id={id} />
      <Tabs aria-label="Parts of the task">
        <Link to={`/tasks/${id}`} aria-current={runs ? undefined : "page"}>
          Overview
        </Link>
        <Link to={`/tasks/${id}?tab=runs`} aria-current={runs ? "page" : undefined}>
          Runs
        </Link>
      </Tabs>
      <Suspense fallback={null}>
        {runs ? (
          <RunsOfTask key={id} id={id} />
        ) : (
          <Scrolls>
            <TaskPage />
          </Scrolls>
        )}
      </Suspense>
    </Whole>
  );
}
