import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useRef } from "react";
import { useSearchParams } from "react-router";
import { fromSearch, NO_FILTERS, type TaskFilters, toSearch } from "../filters.ts";

type Held = {
  filters: TaskFilters;
  change: (change: Partial<TaskFilters> | ((now: TaskFilters) => TaskFilters)) => void;
};

const FiltersContext = createContext<Held>({ filters: NO_FILTERS, change: () => undefined });

export const useTaskFilters = (): Held => useContext(FiltersContext);

/** The address holds the filters, so that they can be shared and come back with Back. */
export function TaskFiltersProvider({ children }: { children: ReactNode }) {
  const [search, setSearch] = useSearchParams();
  const text = search.toString();
  const filters = useMemo(() => fromSearch(new URLSearchParams(text)), [text]);
  // The address follows a moment later; whoever types fast builds upon what was asked for last.
  const asked = useRef(filters);
  useLayoutEffect(() => {
    asked.current = filters;
  }, [filters]);
  const held = useMemo<Held>(
    () => ({
      filters,
      change: (change) => {
        asked.current = typeof change === "function" ? change(asked.current) : { ...asked.current, ...change };
        setSearch((others) => toSearch(asked.current, others), { replace: true });
      },
    }),
    [filters, setSearch],
  );
  return <FiltersContext value={held}>{children}</FiltersContext>;
}
