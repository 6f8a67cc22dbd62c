import { memo, useEffect, useMemo, useRef, useState } from "react";
import { plural } from "../../lib/plural.ts";
import { isCalm, overwritten, spansOf } from "./ansi.ts";
import { type Block, bytes, type Gap, type Line, LINE_SHOWN_MAX, type Range } from "./lines.ts";
import { onceNear } from "./near.ts";

type Props = { block: Block; marked: Range | null; told: (at: string) => string; near: boolean };

/** Lines as text nodes; their numbers and times are drawn by the style sheet and cannot be selected. */
export const LogBlock = memo(function LogBlock({ block, marked, told, near }: Props) {
  const [only] = block.rows;
  if (only?.kind === "gap") return <GapRow gap={only} />;
  return <Lines block={block} marked={marked} told={told} near={near} />;
});

/**
 * At first it is one node with all the words, as high as the lines will be: it can be found and copied, and is drawn in no time.
 * It is made of lines once it is near, or a line of it is linked, or there is time.
 */
function Lines({ block, marked, told, near }: Props) {
  const [reached, setReached] = useState(near);
  const box = useRef<HTMLPreElement>(null);
  const drawn = reached || marked !== null;
  useEffect(() => (drawn || !box.current ? undefined : onceNear(box.current, () => setReached(true))), [drawn]);
  const words = useMemo(() => (drawn ? "" : wordsOf(block)), [drawn, block]);
  const [first] = block.rows;
  return (
    <pre
      ref={box}
      data-first={first?.kind === "line" ? first.no : undefined}
      data-far={!drawn || undefined}
      style={{ containIntrinsicBlockSize: `auto ${block.rows.length * 20}px` }}
    >
      {drawn
        ? block.rows.map((row) =>
            row.kind === "line" ? <Row key={row.no} line={row} marked={isIn(row.no, marked)} told={told} /> : null,
          )
        : words}
    </pre>
  );
}

/** The beginning of a line that is drawn, less what was written over, and how often it was. */
const shownOf = ({ text }: Line) => overwritten(text.length > LINE_SHOWN_MAX ? text.slice(0, LINE_SHOWN_MAX) : text);

function wordsOf(block: Block): string {
  let words = "";
  for (const row of block.rows) if (row.kind === "line") words += `${row.text}\n`;
  // One look at all of them costs a tenth of a look at each.
  if (isCalm(words) && block.rows.every((row) => row.kind === "gap" || row.text.length <= LINE_SHOWN_MAX)) return words;
  words = "";
  for (const row of block.rows) {
    if (row.kind === "gap") continue;
    for (const span of spansOf(row.carry, shownOf(row).text)) words += span.text;
    words += "\n";
  }
  return words;
}

const isIn = (no: number, range: Range | null) => range !== null && no >= range.first && no <= range.last;

const Row = memo(function Row({ line, marked, told }: { line: Line; marked: boolean; told: Props["told"] }) {
  const cut = line.text.length > LINE_SHOWN_MAX;
  const { text, times } = shownOf(line);
  return (
    <span
      id={`L${line.no}`}
      data-no={line.no}
      data-error={line.error || undefined}
      data-marked={marked || undefined}
      data-at={line.at === null ? undefined : told(line.at)}
    >
      {spansOf(line.carry, text).map(({ text: words, className }, i) =>
        className === "" ? (
          words
        ) : (
          // oxlint-disable-next-line react/no-array-index-key -- a line's stretches never move
          <b key={i} className={className}>
            {words}
          </b>
        ),
      )}
      {times > 0 && <i data-told={`written over ${times === 1 ? "once" : `${times.toLocaleString("en")} times`}`} />}
      {cut && <i data-told={`${plural(line.text.length - LINE_SHOWN_MAX, "more character")} in the raw log`} />}
      {"\n"}
    </span>
  );
});

function GapRow({ gap }: { gap: Gap }) {
  return <p data-gap="">{bytes(gap.to - gap.from)} in between are not here</p>;
}
