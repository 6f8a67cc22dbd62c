/** Output as it comes in pieces, and the lines it makes: numbered, in blocks, with the gaps that were not kept. */

import type { ChunkView, OutputView } from "../../api/horarium.schemas.ts";
import { carriedOver } from "./ansi.ts";

export const PIECE_BYTES = 256 * 1024;
export const BLOCK_LINES = 500;
/** Of a longer line only the beginning is drawn; copying takes all of it. */
export const LINE_SHOWN_MAX = 20_000;
/** So much stays loaded at most while a log is followed; what is let go can be loaded again. */
export const LOADED_BYTES_MAX = 8 * 1024 * 1024;

/** `offset` and `end` count bytes of the whole output. */
export type Part = { offset: number; end: number; error: boolean; firstLine: number; at: string; text: string };

export type Line = {
  kind: "line";
  no: number;
  text: string;
  /** Something of it came from the error stream. */
  error: boolean;
  /** When the piece began that begins in this line. */
  at: string | null;
  /** The colours that hold where it begins. */
  carry: string;
};
export type Gap = { kind: "gap"; from: number; to: number };
/** Lines that are drawn together; all but gaps hold lines of one range of numbers. */
export type Block = { key: string; rows: readonly (Line | Gap)[]; chars: number };

export type Text = {
  parts: readonly Part[];
  blocks: readonly Block[];
  /** The last line has no end yet. */
  open: boolean;
  carry: string;
};

export const NOTHING: Text = { parts: [], blocks: [], open: false, carry: "" };

export function partsOf(view: Pick<OutputView, "chunks" | "dropped" | "next_offset">): Part[] {
  return view.chunks.map((chunk: ChunkView, i) => {
    const next = view.chunks[i + 1]?.offset ?? view.next_offset;
    const dropped = view.dropped;
    const end = dropped && chunk.offset < dropped[0] && next > dropped[0] ? dropped[0] : next;
    return {
      offset: chunk.offset,
      end,
      error: chunk.stream === "stderr",
      firstLine: chunk.first_line,
      at: chunk.at,
      text: chunk.text,
    };
  });
}

export const startOf = (text: Text): number => text.parts[0]?.offset ?? 0;
export const endOf = (text: Text): number => text.parts.at(-1)?.end ?? 0;
export const lineCount = (text: Text): number => text.blocks.reduce((sum, block) => sum + block.rows.length, 0);

/** Nothing of an output of that size is missing. */
export const isWhole = (text: Text, size: number): boolean =>
  startOf(text) === 0 && endOf(text) >= size && !text.blocks.some(isGap);

/** What comes behind. What is known already is passed over. */
export function appended(text: Text, parts: readonly Part[]): Text {
  const end = endOf(text);
  const fresh = text.parts.length === 0 ? parts : parts.filter((part) => part.offset >= end);
  if (fresh.length === 0) return text;
  const blocks = [...text.blocks];
  let { open, carry } = text;
  let last = end;
  let begun = text.parts.length > 0;
  let rows: (Line | Gap)[] = [];
  let chars = 0;
  let key = "";
  let number = -1;
  let current = "";
  const shut = () => {
    if (rows.length > 0) blocks[blocks.length - 1] = { key, rows, chars };
    rows = [];
  };
  /** The block that row belongs to becomes the one that grows. */
  const reach = (wanted: string) => {
    if (key === wanted && rows.length > 0) return;
    shut();
    const tail = blocks.at(-1);
    key = wanted;
    if (tail?.key === wanted) {
      rows = [...tail.rows];
      chars = tail.chars;
      return;
    }
    chars = 0;
    blocks.push({ key, rows: [], chars: 0 });
  };
  for (const part of fresh) {
    if (begun && part.offset > last) {
      shut();
      blocks.push(gapOf(last, part.offset));
      number = -1;
      open = false;
      carry = "";
    }
    begun = true;
    last = part.end;
    let no = part.firstLine;
    let at: string | null = part.at;
    const pieces = part.text.split("\n");
    for (let i = 0; i < pieces.length; i++) {
      const piece = pieces[i] ?? "";
      const ends = i < pieces.length - 1;
      if (open) {
        const before = blocks.at(-1);
        if (before) reach(before.key);
        const line = rows.pop();
        if (line?.kind === "line") rows.push({ ...line, text: line.text + piece, error: line.error || part.error });
        chars += piece.length;
      } else if (ends || piece !== "") {
        const block = Math.floor((no - 1) / BLOCK_LINES);
        if (block !== number) {
          number = block;
          current = keyOf(blocks, block);
        }
        reach(current);
        rows.push({ kind: "line", no, text: piece, error: part.error, at, carry });
        at = null;
        chars += piece.length;
      }
      if (ends) {
        const line = rows.at(-1);
        if (line?.kind === "line") carry = carriedOver(line.carry, line.text);
        no += 1;
      }
      open = !ends && (piece !== "" || open);
    }
  }
  shut();
  return { parts: [...text.parts, ...fresh], blocks, open, carry };
}

const gapOf = (from: number, to: number): Block => ({
  key: `gap-${from}`,
  rows: [{ kind: "gap", from, to }],
  chars: 0,
});
const isGap = (block: Block | undefined) => block?.rows[0]?.kind === "gap";

/** The key of the block with that number that comes behind these. Lines before and behind a gap never share one. */
function keyOf(blocks: readonly Block[], number: number): string {
  const gap = blocks.findLastIndex(isGap);
  const before = blocks[gap - 1]?.key ?? "";
  return Number.parseInt(before, 10) === number ? `${before}+` : String(number);
}

/** What comes before; blocks that stay as they were are the same objects. */
export function prepended(text: Text, parts: readonly Part[]): Text {
  const start = startOf(text);
  const fresh = parts.filter((part) => part.offset < start);
  if (fresh.length === 0) return text;
  return joined(text, fresh) ?? reused(text, appended(NOTHING, [...fresh, ...text.parts]));
}

/**
 * The same, by reading no more than the new parts and the one they meet: from the line on in which that one ends, all lines stay as
 * they are. Null where they do not, since a colour reaches that far.
 */
function joined(text: Text, fresh: readonly Part[]): Text | null {
  const [met] = text.parts;
  const end = fresh.at(-1)?.end;
  if (!met || end === undefined) return null;
  if (end < met.offset) return beforeGap(text, appended(NOTHING, fresh), gapOf(end, met.offset));
  const above = appended(NOTHING, [...fresh, met]);
  if (above.blocks.some(isGap)) return null;
  const last = above.blocks.at(-1)?.rows.at(-1);
  if (last?.kind !== "line") return null;
  // A line without an end goes on in what is there already.
  const begins = above.open ? last : { no: last.no + 1, at: null, carry: above.carry };
  const at = text.blocks.findIndex((block) => block.rows.some((row) => row.kind === "line" && row.no === begins.no));
  const old = text.blocks[at];
  const from = old?.rows.findIndex((row) => row.kind === "line" && row.no === begins.no) ?? 0;
  const first = old?.rows[from];
  if (!old || first?.kind !== "line" || first.carry !== begins.carry || (at === 0 && from === 0)) return null;
  const rest = [{ ...first, at: begins.at ?? first.at }, ...old.rows.slice(from + 1)];
  const blocks = above.open ? withoutLast(above.blocks) : [...above.blocks];
  const tail = blocks.at(-1);
  if (tail?.key === old.key) blocks[blocks.length - 1] = blockOf(old.key, [...tail.rows, ...rest]);
  else blocks.push(from === 0 ? old : blockOf(old.key, rest));
  return { ...text, parts: [...fresh, ...text.parts], blocks: [...blocks, ...text.blocks.slice(at + 1)] };
}

/** What stands behind a gap stays as it is, but that its first block may need another key; null where others would too. */
function beforeGap(text: Text, above: Text, gap: Block): Text | null {
  const [first, ...rest] = text.blocks;
  if (!first) return { ...text, parts: [...above.parts, ...text.parts], blocks: [...above.blocks, gap] };
  const key = keyOf([...above.blocks, gap], Number.parseInt(first.key, 10));
  if (key !== first.key && text.blocks.some(isGap)) return null;
  const behind = key === first.key ? first : { ...first, key };
  return { ...text, parts: [...above.parts, ...text.parts], blocks: [...above.blocks, gap, behind, ...rest] };
}

const withoutLast = (blocks: readonly Block[]): Block[] => {
  const tail = blocks.at(-1);
  const rows = tail?.rows.slice(0, -1) ?? [];
  return tail && rows.length > 0 ? [...blocks.slice(0, -1), blockOf(tail.key, rows)] : blocks.slice(0, -1);
};

const blockOf = (key: string, rows: readonly (Line | Gap)[]): Block => ({
  key,
  rows,
  chars: rows.reduce((sum, row) => sum + (row.kind === "line" ? row.text.length : 0), 0),
});

/** Lets go of the oldest parts while there is too much. The line in which the first of the others begins stays whole. */
export function trimmed(text: Text, max = LOADED_BYTES_MAX): Text {
  const end = endOf(text);
  if (end - startOf(text) <= max) return text;
  const parts = text.parts.filter((part) => part.end > end - max / 2);
  const line = parts[0]?.firstLine ?? 0;
  const at = text.blocks.findLastIndex(({ rows: [first] }) => first?.kind === "line" && first.no <= line);
  const cut = text.blocks[at];
  if (!cut) return text;
  const rows = cut.rows.filter((row) => row.kind === "line" && row.no >= line);
  return { ...text, parts, blocks: [blockOf(cut.key, rows), ...text.blocks.slice(at + 1)] };
}

function reused(before: Text, after: Text): Text {
  const known = new Map(before.blocks.map((block) => [block.key, block]));
  const blocks = after.blocks.map((block) => {
    const old = known.get(block.key);
    return old && isSame(old, block) ? old : block;
  });
  return { ...after, blocks };
}

const isSame = (a: Block, b: Block) =>
  a.chars === b.chars && a.rows.length === b.rows.length && a.rows.every((row, i) => isSameRow(row, b.rows[i]));

function isSameRow(a: Line | Gap, b: Line | Gap | undefined): boolean {
  if (a.kind === "gap") return b?.kind === "gap" && a.from === b.from && a.to === b.to;
  if (b?.kind !== "line" || a.no !== b.no || a.text !== b.text) return false;
  return a.error === b.error && a.at === b.at && a.carry === b.carry;
}

/** The stretch before what is loaded, as one question; null where there is none. */
export function earlier(text: Text, dropped: OutputView["dropped"]): { offset: number; limit: number } | null {
  const start = startOf(text);
  const end = dropped && start <= dropped[1] && start >= dropped[0] ? dropped[0] : start;
  const floor = dropped && end > dropped[1] ? dropped[1] : 0;
  const offset = Math.max(floor, end - PIECE_BYTES);
  return end > offset ? { offset, limit: end - offset } : null;
}

export type Range = { first: number; last: number };

/** `#L120`, `#L120-L134`, in either order. */
export function rangeOf(hash: string): Range | null {
  const found = /^#L(\d{1,12})(?:-L?(\d{1,12}))?$/.exec(hash);
  if (!found) return null;
  const [a, b] = [Number(found[1]), Number(found[2] ?? found[1])];
  return a > 0 && b > 0 ? { first: Math.min(a, b), last: Math.max(a, b) } : null;
}

export const hashOf = ({ first, last }: Range): string => (first === last ? `#L${first}` : `#L${first}-L${last}`);

/** The lines as plain text, as far as they are loaded. */
export function textOf(text: Text, range: Range | null): string {
  const lines: string[] = [];
  for (const block of text.blocks) {
    for (const row of block.rows) {
      if (row.kind === "gap") {
        if (range === null) lines.push(`[${row.to - row.from} bytes were not kept]`);
      } else if (range === null || (row.no >= range.first && row.no <= range.last)) lines.push(row.text);
    }
  }
  return lines.join("\n");
}

/** `312 B`, `256 kB`, `1.2 MB`. */
export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  if (count < 1_000_000) return `${Math.round(count / 1_000)} kB`;
  return `${(count / 1_000_000).toFixed(count < 10_000_000 ? 1 : 0)} MB`;
}
