import { memo } from "react";
import { plural } from "../../lib/plural.ts";
import { overwritten, spansOf } from "./ansi.ts";
import { type Block, bytes, type Gap, type Line, LINE_SHOWN_MAX, type Range } from "./lines.ts";

type Props = { block: Block; marked: Range | null; told: (at: string) => string };

/** Lines as text nodes; their numbers and times are drawn by the style sheet and cannot be selected. */
export const LogBlock = memo(function LogBlock({ block, marked, told }: Props) {
  const [only] = block.rows;
  if (only?.kind === "gap") return <GapRow gap={only} />;
  return (
    <pre style={{ containIntrinsicBlockSize: `auto ${block.rows.length * 20}px` }}>
      {block.rows.map((row) =>
        row.kind === "line" ? <Row key={row.no} line={row} marked={isIn(row.no, marked)} told={told} /> : null,
      )}
    </pre>
  );
});

const isIn = (no: number, range: Range | null) => range !== null && no >= range.first && no <= range.last;

const Row = memo(function Row({ line, marked, told }: { line: Line; marked: boolean; told: Props["told"] }) {
  const cut = line.text.length > LINE_SHOWN_MAX;
  const { text, times } = overwritten(cut ? line.text.slice(0, LINE_SHOWN_MAX) : line.text);
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
