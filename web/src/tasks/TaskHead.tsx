import styled from "styled-components";
import { viewerZone } from "../lib/time.ts";
import { ArrowDown } from "../ui/icons.ts";
import { Checkbox, Hidden, TickBox } from "../ui/misc.tsx";
import { color, size } from "../ui/tokens.ts";
import { columns } from "./columns.ts";
import { useTaskFilters } from "./context/filters.tsx";
import { usePrefs } from "./context/prefs.tsx";
import { NO_FILTERS, type Sort } from "./filters.ts";

const Head = styled.div`
  ${columns}
  block-size: 32px; border-block-end: 1px solid ${color.line}; font-size: ${size.tiny}; color: ${color.textFaint}; background: ${color.ground};
  & > * { min-inline-size: 0; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
`;

const SortButton = styled.button`
  display: inline-flex; align-items: center; gap: 4px; block-size: 24px; font-size: ${size.tiny}; color: inherit; max-inline-size: 100%;
  &:hover, &[data-on="true"] { color: ${color.text}; }
`;

type Props = { allTicked: boolean; someTicked: boolean; onTickAll: () => void };

/** What the columns are, and which one the list follows. A second press goes back to failing first. */
export function TaskHead({ allTicked, someTicked, onTickAll }: Props) {
  const { filters, change } = useTaskFilters();
  const { zone } = usePrefs();
  const sorts = (sort: Sort) => ({
    "data-on": filters.sort === sort,
    onClick: () => change({ sort: filters.sort === sort ? NO_FILTERS.sort : sort }),
  });
  const arrow = (sort: Sort) => filters.sort === sort && <ArrowDown size={12} />;
  const sorted = (sort: Sort, direction: "ascending" | "descending") => (filters.sort === sort ? direction : undefined);
  const zoneWords = zone === "viewer" ? viewerZone() : zone === "utc" ? "UTC" : "each task's zone";
  return (
    <Head role="row" aria-rowindex={1}>
      <div role="columnheader" style={{ overflow: "visible" }}>
        <TickBox>
          <Checkbox
            aria-label="Select all loaded tasks"
            checked={allTicked}
            ref={(box: HTMLInputElement | null) => {
              if (box) box.indeterminate = someTicked && !allTicked;
            }}
            onChange={onTickAll}
          />
        </TickBox>
      </div>
      <div role="columnheader">
        <Hidden>State</Hidden>
      </div>
      <div role="columnheader" aria-sort={sorted("name", "ascending")}>
        <SortButton {...sorts("name")}>Name {arrow("name")}</SortButton>
      </div>
      <div role="columnheader">Schedule</div>
      <div role="columnheader" aria-sort={sorted("next_due_at", "ascending")}>
        <SortButton {...sorts("next_due_at")} title={`Next run (${zoneWords})`}>
          Next run ({zoneWords}) {arrow("next_due_at")}
        </SortButton>
      </div>
      <div role="columnheader">Last runs</div>
      <div role="columnheader" aria-sort={sorted("-last_run", "descending")}>
        <SortButton {...sorts("-last_run")}>Last run {arrow("-last_run")}</SortButton>
      </div>
      <div role="columnheader">
        <Hidden>Actions</Hidden>
      </div>
    </Head>
  );
}
