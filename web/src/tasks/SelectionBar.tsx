import { lazy, Suspense, useState } from "react";
import styled from "styled-components";
import type { BulkBodyAction } from "../api/horarium.schemas.ts";
import { Button } from "../ui/Button.tsx";
import { PauseCircle, Play, PlayCircle, Trash2, X } from "../ui/icons.ts";
import { useSay } from "../ui/Toast.tsx";
import { color, media, size } from "../ui/tokens.ts";
import { type Aim, BULK_MAX, countOfAim } from "./bulk.ts";
import { useMay } from "./context/actions.tsx";
import { type TaskFilters, isFiltered } from "./filters.ts";
import type { Selection } from "./selection.ts";

const BulkSheet = lazy(() => import("./BulkSheet.tsx"));

const Bar = styled.div`
  position: absolute; inset-block-end: 16px; inset-inline: 0; margin-inline: auto; inline-size: fit-content; max-inline-size: calc(100% - 16px); z-index: 5;
  display: flex; align-items: center; flex-wrap: wrap; gap: 4px; padding: 5px 6px 5px 14px; border-radius: 10px;
  background: ${color.raised}; border: 1px solid ${color.line}; box-shadow: ${color.shadow}; font-size: ${size.small};
  & > b { font-weight: 500; margin-inline-end: 8px; }
  & > .all { color: ${color.accentText}; }
  & > .hint { color: ${color.textSoft}; margin-inline-end: 8px; }
  ${media.phone} { justify-content: center; }
`;

type Props = {
  selection: Selection;
  /** Whether every loaded row is ticked, so that all that match may be meant. */
  whole: boolean;
  filters: TaskFilters;
  total: number | null;
  onAll: (count: number) => void;
  onDone: () => void;
};

/** What can be done to all ticked tasks, or to all that match, once the person has seen how many they are. */
export function SelectionBar({ selection, whole, filters, total, onAll, onDone }: Props) {
  const say = useSay();
  const mayRun = useMay("operator");
  const mayEdit = useMay("editor");
  const [asking, setAsking] = useState<{ action: BulkBodyAction; aim: Aim } | null>(null);
  const { matching } = selection;
  const tasks = [...selection.tasks.values()];
  const aim: Aim =
    matching === null ? { kind: "ticked", tasks } : { kind: "matching", filters, count: matching, samples: tasks };
  const count = countOfAim(aim);
  const more = whole && aim.kind === "ticked" && total !== null && total > tasks.length;
  const ask = (action: BulkBodyAction) => () => setAsking({ action, aim });
  const which = isFiltered(filters) ? " matching" : "";
  return (
    <Bar role="toolbar" aria-label="Selected tasks">
      <b>
        {aim.kind === "matching" ? `All ${count.toLocaleString("en")}${which}` : count.toLocaleString("en")} selected
      </b>
      {more &&
        (total <= BULK_MAX ? (
          <Button look="ghost" className="all" onClick={() => onAll(total)}>
            Select all {total.toLocaleString("en")} matching
          </Button>
        ) : (
          <span className="hint">At most {BULK_MAX.toLocaleString("en")} at once: narrow the search for more.</span>
        ))}
      {mayRun && (
        <>
          <Button look="ghost" onClick={ask("run")}>
            <Play size={14} /> Run now
          </Button>
          <Button look="ghost" onClick={ask("pause")}>
            <PauseCircle size={14} /> Pause
          </Button>
          <Button look="ghost" onClick={ask("resume")}>
            <PlayCircle size={14} /> Resume
          </Button>
        </>
      )}
      {mayEdit && (
        <Button look="ghost" onClick={ask("delete")}>
          <Trash2 size={14} /> Delete
        </Button>
      )}
      <Button look="ghost" aria-label="Clear selection" title="Clear selection (Esc)" onClick={onDone}>
        <X size={14} />
      </Button>
      {asking && (
        <Suspense fallback={null}>
          <BulkSheet
            {...asking}
            onClose={() => setAsking(null)}
            onDone={(said) => {
              setAsking(null);
              if (said) say(said);
              onDone();
            }}
          />
        </Suspense>
      )}
    </Bar>
  );
}
