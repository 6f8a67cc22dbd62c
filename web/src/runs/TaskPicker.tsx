import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import styled from "styled-components";
import { listTasks } from "../api/horarium.ts";
import { useKeys } from "../lib/keys.ts";
import { usePrefs } from "../tasks/TaskContext.tsx";
import { Search } from "../ui/icons.ts";
import { color, media, radius, size } from "../ui/tokens.ts";
import { isId, type RunFilters, typedFilter } from "./filters.ts";

const Box = styled.div`
  position: relative; display: flex; align-items: center; gap: 8px; block-size: 32px; padding-inline: 10px; flex: 0 1 260px; min-inline-size: 180px;
  border: 1px solid ${color.line}; border-radius: ${radius}; background: ${color.ground};
  &:hover { border-color: ${color.lineStrong}; }
  &:focus-within { border-color: ${color.focus}; box-shadow: 0 0 0 1px ${color.focus}; }
  & > svg { color: ${color.textFaint}; }
  & > input { flex: 1; min-inline-size: 0; border: 0; padding: 0; background: none; font-size: ${size.small}; }
  & > input:focus-visible { outline: none; }
  & > input::placeholder { color: ${color.textFaint}; }
  ${media.phone} { block-size: 44px; flex: 1 1 100%; & > input { font-size: ${size.large}; } }
`;

const List = styled.div`
  position: absolute; inset-block-start: calc(100% + 4px); inset-inline: -1px; z-index: 20; padding: 4px; border-radius: 8px; overflow: auto;
  background: ${color.raised}; border: 1px solid ${color.line}; box-shadow: ${color.shadow}; max-block-size: 320px;
  & > div { padding: 6px 8px; border-radius: 4px; font-size: ${size.small}; cursor: pointer; overflow-wrap: anywhere; }
  & > div[aria-selected="true"], & > div:hover { background: ${color.menuHover}; }
  ${media.phone} { & > div { min-block-size: 44px; display: flex; align-items: center; } }
`;

const DEBOUNCE_MS = 120;
const OFFERED_MAX = 12;

type Props = { onPick: (id: string) => void; onFilter: (change: Partial<RunFilters>) => void };

/** The task whose runs are asked for, found by its name. The id of a run leads straight to it. */
export function TaskPicker({ onPick, onFilter }: Props) {
  const { keys } = usePrefs();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [words, setWords] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setWords(text.trim()), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const filter = typedFilter(text);
  const take = () => {
    if (filter) onFilter({ [filter.name]: filter.value });
    setText("");
  };
  const found = useQuery({
    queryKey: ["tasks", "names", words],
    queryFn: ({ signal }) => listTasks({ ...(words ? { words } : {}), limit: OFFERED_MAX }, { signal }),
    enabled: open && filter === null,
    placeholderData: keepPreviousData,
  });
  useKeys({ "/": (event) => (event.preventDefault(), field.current?.focus()) }, keys);
  // Until the answer to these very words is there, only names that hold them are offered: Enter never takes another.
  const settled = words === text.trim() && !found.isPlaceholderData;
  const holds = (name: string) => settled || name.toLowerCase().includes(text.trim().toLowerCase());
  const offered = open && filter === null ? (found.data?.items ?? []).filter(({ name }) => holds(name)) : [];
  const chosen = offered[Math.min(at, offered.length - 1)];
  const shown = offered.length > 0 || (open && filter !== null);
  const typed = (value: string) => {
    if (isId(value)) void navigate(`/runs/${value.trim().toUpperCase()}`);
    setText(value);
    setAt(0);
    setOpen(true);
  };
  return (
    <Box role="search">
      <Search size={14} />
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label="Runs of a task, tag:name, or the id of a run"
        aria-expanded={shown}
        aria-controls={shown ? "tasks-offered" : undefined}
        aria-activedescendant={shown ? `offered-${chosen?.id ?? "filter"}` : undefined}
        aria-autocomplete="list"
        placeholder="Runs of a task, or tag:name"
        value={text}
        maxLength={200}
        spellCheck={false}
        autoComplete="off"
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => typed(event.target.value)}
        onKeyDown={(event) => {
          const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (step !== 0 && chosen) {
            event.preventDefault();
            setAt((now) => (Math.min(now, offered.length - 1) + step + offered.length) % offered.length);
          } else if (event.key === "Enter" && filter) take();
          else if (event.key === "Enter" && chosen) onPick(chosen.id);
          else if (event.key === "Escape") {
            if (text === "") field.current?.blur();
            else typed("");
          }
        }}
      />
      {shown && (
        <List id="tasks-offered" role="listbox" aria-label="Tasks">
          {filter && (
            <div
              id="offered-filter"
              role="option"
              tabIndex={-1}
              aria-selected="true"
              onMouseDown={(event) => {
                event.preventDefault();
                take();
              }}
            >
              Only {filter.name}:{filter.value}
            </div>
          )}
          {offered.map((task) => (
            <div
              key={task.id}
              id={`offered-${task.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={task === chosen}
              onMouseDown={(event) => {
                event.preventDefault();
                onPick(task.id);
              }}
            >
              {task.name}
            </div>
          ))}
        </List>
      )}
    </Box>
  );
}
