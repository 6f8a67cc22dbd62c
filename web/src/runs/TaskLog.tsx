/** What has run: the list of runs, and what one of them wrote. */

import { useMemo } from "react";
import { useSearchParams } from "react-router";
import styled from "styled-components";
import { fromSearch, NO_FILTERS, type RunFilters, toSearch } from "./filters.ts";
import { RunFilterBar } from "./RunFilterBar.tsx";
import { RunTable } from "./RunTable.tsx";

export { LogView } from "./log/LogView.tsx";
export { RunsOfTask, RunTable } from "./RunTable.tsx";

const Whole = styled.div`display: flex; flex-direction: column; block-size: 100%; min-block-size: 0;`;

export function TaskLog() {
  const [search, setSearch] = useSearchParams();
  const text = search.toString();
  const filters = useMemo(() => fromSearch(new URLSearchParams(text)), [text]);
  const change = (part: Partial<RunFilters>) =>
    setSearch((now) => toSearch({ ...fromSearch(now), ...part }, now), { replace: true });
  return (
    <Whole>
      <RunFilterBar filters={filters} change={change} />
      <RunTable filters={filters} onClear={() => change(NO_FILTERS)} />
    </Whole>
  );
}
