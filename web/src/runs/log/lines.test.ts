import { describe, expect, test } from "vitest";
import {
  appended,
  BLOCK_LINES,
  bytes,
  earlier,
  endOf,
  hashOf,
  isWhole,
  lineCount,
  NOTHING,
  type Part,
  partsOf,
  PIECE_BYTES,
  prepended,
  rangeOf,
  startOf,
  type Text,
  textOf,
  trimmed,
} from "./lines.ts";

const at = "2026-11-24T08:00:00.000Z";
const part = (offset: number, text: string, firstLine: number, error = false): Part => ({
  offset,
  end: offset + text.length,
  error,
  firstLine,
  at,
  text,
});
const lines = (text: Text) =>
  text.blocks.flatMap((block) =>
    block.rows.map((row) =>
      row.kind === "line" ? `${row.no} ${row.error ? "!" : ""}${row.text}` : `${row.from}-${row.to}`,
    ),
  );

const numbered = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => `${first + i}\n`).join("");

describe("pieces make lines", () => {
  test("a line may come in several pieces, and of both streams", () => {
    let text = appended(NOTHING, [part(0, "one\ntw", 1)]);
    expect(lines(text)).toEqual(["1 one", "2 tw"]);
    text = appended(text, [part(6, "o\nthr", 2), part(11, "ee\n", 3, true)]);
    expect(lines(text)).toEqual(["1 one", "2 two", "3 !three"]);
    text = appended(text, [part(14, "\nlast", 4)]);
    expect(lines(text)).toEqual(["1 one", "2 two", "3 !three", "4 ", "5 last"]);
    expect(endOf(text)).toBe(19);
  });
  test("it is whole from its first byte to its last, with nothing left out between", () => {
    const [head, middle, tail] = [part(0, "a\n", 1), part(2, "b\n", 2), part(4, "c\n", 3)];
    expect(isWhole(appended(NOTHING, [head, middle, tail]), 6)).toBe(true);
    for (const parts of [
      [head, middle],
      [middle, tail],
      [head, tail],
    ])
      expect(isWhole(appended(NOTHING, parts), 6)).toBe(false);
    expect(isWhole(NOTHING, 0)).toBe(true);
  });
  test("what is known already is passed over", () => {
    const text = appended(NOTHING, [part(0, "one\n", 1)]);
    expect(appended(text, [part(0, "one\n", 1)])).toBe(text);
  });
  test("a middle that was dropped is a gap of its size", () => {
    const text = appended(NOTHING, [part(0, "head", 1), part(1_000, "tail\n", 90)]);
    expect(lines(text)).toEqual(["1 head", "4-1000", "90 tail"]);
    expect(textOf(text, null)).toBe("head\n[996 bytes were not kept]\ntail");
  });
  test("blocks hold lines of one range, and what does not change stays the same object", () => {
    const many = Array.from({ length: BLOCK_LINES + 2 }, (_, i) => `${i + 1}\n`).join("");
    const text = appended(NOTHING, [part(0, many, 1)]);
    expect(text.blocks.map((block) => block.rows.length)).toEqual([BLOCK_LINES, 2]);
    const more = appended(text, [part(many.length, "x\n", BLOCK_LINES + 3)]);
    expect(more.blocks[0]).toBe(text.blocks[0]);
    expect(more.blocks[1]?.rows).toHaveLength(3);
  });
  test("earlier pieces join the line that they end in", () => {
    const text = appended(NOTHING, [part(6, "o\nthree\n", 2)]);
    const whole = prepended(text, [part(0, "one\ntw", 1)]);
    expect(lines(whole)).toEqual(["1 one", "2 two", "3 three"]);
    expect(startOf(whole)).toBe(0);
  });
  test("piece by piece is the same as at once", () => {
    const source = "a\n\nbb\nc\n\n\nddd\ne";
    const whole = lines(appended(NOTHING, [part(0, source, 1)]));
    for (let cut = 1; cut < source.length; cut++) {
      const [first, second] = [source.slice(0, cut), source.slice(cut)];
      const no = 1 + first.split("\n").length - 1;
      expect(lines(appended(appended(NOTHING, [part(0, first, 1)]), [part(cut, second, no)]))).toEqual(whole);
      expect(lines(prepended(appended(NOTHING, [part(cut, second, no)]), [part(0, first, 1)]))).toEqual(whole);
    }
  });
  test("pieces put before others are the same as all in a row, whatever lines, colours and streams meet", () => {
    const red = "\u001b[31m";
    const sources = [
      "a\n\nbb\nc\n\n\nddd\ne",
      `one\n${red}two\nthree\n\u001b[0mfour\nfive\n`,
      "long ".repeat(20),
      "\n".repeat(1_300),
    ];
    for (const source of sources) {
      const step = Math.max(1, Math.floor(source.length / 23));
      const pieces: Part[] = [];
      for (let begin = 0; begin < source.length; begin += step) {
        const no = source.slice(0, begin).split("\n").length;
        pieces.push(part(begin, source.slice(begin, begin + step), no, pieces.length % 3 === 0));
      }
      const { blocks, open } = appended(NOTHING, pieces);
      for (const together of [1, 3]) {
        let text = appended(NOTHING, pieces.slice(-together));
        for (let end = pieces.length - together; end > 0; end -= together)
          text = prepended(text, pieces.slice(Math.max(0, end - together), end));
        expect({ blocks: text.blocks, open: text.open }).toEqual({ blocks, open });
      }
    }
  });
  test("what stays as it is keeps its blocks", () => {
    const pieces = Array.from({ length: 40 }, (_, i) =>
      part(i * 1_000, "x".repeat(9).concat("\n").repeat(100), i * 100 + 1),
    );
    const text = appended(NOTHING, pieces.slice(20));
    const whole = prepended(text, pieces.slice(10, 20));
    expect(text.blocks.slice(1).every((block) => whole.blocks.includes(block))).toBe(true);
  });
  test("pieces put before a gap are the same as all in a row, and what stands behind it stays", () => {
    for (const behind of [1_101, 1_400, 1_501, 1_900]) {
      const head = part(0, numbered(1, 1_100), 1);
      const tail = part(1_000_000, numbered(behind, 2_700), behind);
      const text = appended(NOTHING, [tail]);
      const whole = prepended(text, [head]);
      expect(whole.blocks).toEqual(appended(NOTHING, [head, tail]).blocks);
      expect(new Set(whole.blocks.map((block) => block.key)).size).toBe(whole.blocks.length);
      expect(text.blocks.slice(1).every((block) => whole.blocks.includes(block))).toBe(true);
      const more = part(1_000_000 + tail.text.length, numbered(2_701, 2_800), 2_701);
      expect(appended(whole, [more]).blocks).toEqual(appended(NOTHING, [head, tail, more]).blocks);
    }
  });
  test("any number of gaps between lines of one number leaves each block a key of its own", () => {
    const pieces = [0, 100, 200, 300].map((offset, i) => part(offset, `${i}\n`, i + 1));
    const text = prepended(appended(NOTHING, pieces.slice(1)), pieces.slice(0, 1));
    expect(text.blocks).toEqual(appended(NOTHING, pieces).blocks);
    expect(new Set(text.blocks.map((block) => block.key)).size).toBe(7);
  });
  test("the oldest pieces are let go when there are too many", () => {
    const pieces = Array.from({ length: 10 }, (_, i) => part(i * 100, `${"x".repeat(99)}\n`, i + 1));
    const text = trimmed(appended(NOTHING, pieces), 600);
    expect(startOf(text)).toBe(700);
    expect(lineCount(text)).toBe(3);
  });
  test("what is not let go stays as it is, and what was can come back", () => {
    const source = numbered(1, 3_000);
    const pieces: Part[] = [];
    for (let begin = 0; begin < source.length; begin += 997)
      pieces.push(part(begin, source.slice(begin, begin + 997), source.slice(0, begin).split("\n").length));
    const text = appended(NOTHING, pieces);
    const less = trimmed(text, source.length / 2);
    const gone = pieces.filter((piece) => piece.offset < startOf(less));
    expect(gone.length).toBeGreaterThan(pieces.length / 2);
    expect(less.blocks.slice(1).every((block) => text.blocks.includes(block))).toBe(true);
    expect(lines(less)).toEqual(lines(text).slice(-lineCount(less)));
    expect(prepended(less, gone).blocks).toEqual(text.blocks);
    const more = part(source.length, "last\n", 3_001);
    expect(lines(appended(less, [more])).at(-1)).toBe("3001 last");
  });
});

const chunk = (offset: number) => ({ offset, stream: "stdout" as const, first_line: 1, at, text: "é" });

test("the end of a piece is where the next begins, or where the dropped middle does", () => {
  const view = { chunks: [chunk(0), chunk(2), chunk(500)], dropped: [4, 500] as [number, number], next_offset: 502 };
  expect(partsOf(view).map(({ offset, end }) => [offset, end])).toEqual([
    [0, 2],
    [2, 4],
    [500, 502],
  ]);
});

const from = (offset: number) => appended(NOTHING, [part(offset, "x", 1)]);

describe("what lies before", () => {
  test.each([
    [from(0), null, null],
    [from(100), null, { offset: 0, limit: 100 }],
    [from(PIECE_BYTES + 5), null, { offset: 5, limit: PIECE_BYTES }],
    [from(5_000_000), [1_048_576, 4_900_000], { offset: 4_900_000, limit: 100_000 }],
    [from(4_900_000), [1_048_576, 4_900_000], { offset: 1_048_576 - PIECE_BYTES, limit: PIECE_BYTES }],
  ] as const)("is asked for in one question", (text, dropped, asked) => {
    expect(earlier(text, dropped && [...dropped])).toEqual(asked);
  });
});

test("links name lines and ranges", () => {
  expect(rangeOf("#L120")).toEqual({ first: 120, last: 120 });
  expect(rangeOf("#L134-L120")).toEqual({ first: 120, last: 134 });
  expect([rangeOf("#L0"), rangeOf("#x"), rangeOf("#L1-L2-L3")]).toEqual([null, null, null]);
  expect(hashOf({ first: 1, last: 1 }) + hashOf({ first: 1, last: 2 })).toBe("#L1#L1-L2");
});

test.each([
  [312, "312 B"],
  [256_400, "256 kB"],
  [1_240_000, "1.2 MB"],
  [101_000_000, "101 MB"],
])("%i bytes are %s", (count, said) => {
  expect(bytes(count)).toBe(said);
});
