import { expect, test } from "vitest";
import {
  fromSearch,
  isFiltered,
  isId,
  NO_FILTERS,
  pillsOf,
  toParams,
  toSearch,
  withoutPill,
  withTyped,
} from "./filters.ts";

const read = (text: string) => fromSearch(new URLSearchParams(text));

test("the address says what is asked, and only what differs from asking nothing", () => {
  const text = "q=disk+full&state=failing%2Clate&tag=etl&tag=a+b&kind=http&pool=gpu&sort=next_due_at";
  const filters = read(text);
  expect(filters).toEqual({
    words: "disk full",
    states: ["failing", "late"],
    tags: ["etl", "a b"],
    kind: "http",
    pool: "gpu",
    sort: "next_due_at",
  });
  expect(toSearch(filters).toString()).toBe(text);
  expect(toSearch(NO_FILTERS).toString()).toBe("");
  expect(read("")).toEqual(NO_FILTERS);
});

test("what means nothing in an address is left out, what is somebody else's stays", () => {
  expect(read("state=failing,nonsense&kind=ftp&sort=colour")).toEqual({ ...NO_FILTERS, states: ["failing"] });
  expect(toSearch({ ...NO_FILTERS, words: "x" }, new URLSearchParams("tz=utc&q=old&tag=old")).toString()).toBe(
    "tz=utc&q=x",
  );
});

test("the API is asked in its own names", () => {
  expect(toParams(NO_FILTERS)).toEqual({ sort: "failing" });
  expect(toParams(read("q=a&state=late&tag=t&kind=log&pool=p&sort=name"))).toEqual({
    words: "a",
    state: ["late"],
    tag: ["t"],
    kind: "log",
    pool: "p",
    sort: "name",
  });
});

test("pills are taken out of what is typed, and the words are left", () => {
  const { filters, words } = withTyped(NO_FILTERS, 'tag:etl disk state:failing tag:"two words" full kind:http');
  expect(words.split(/\s+/)).toEqual(["disk", "full"]);
  expect([filters.tags, filters.states, filters.kind]).toEqual([["etl", "two words"], ["failing"], "http"]);
});

test("what is no pill stays a word, and a pill is there once", () => {
  expect(withTyped(NO_FILTERS, "state:nonsense kind:ftp http://x a:b").words).toBe(
    "state:nonsense kind:ftp http://x a:b",
  );
  const once = withTyped(NO_FILTERS, "tag:a state:late ").filters;
  expect(withTyped(once, "tag:a state:late ").filters).toEqual(once);
});

test("every pill can be taken away again", () => {
  let filters = read("state=failing,late&tag=etl&kind=http&pool=gpu");
  expect(isFiltered(filters)).toBe(true);
  for (const pill of pillsOf(filters)) filters = withoutPill(filters, pill);
  expect(filters).toEqual(NO_FILTERS);
  expect(isFiltered({ ...filters, sort: "name" })).toBe(false);
});

test("an id is told from a word", () => {
  expect([isId("01JD8Z5B1ZC7TR0Q3H6W0XQ2SG"), isId(" 01jd8z5b1zc7tr0q3h6w0xq2sg ")]).toEqual([true, true]);
  expect([isId("81JD8Z5B1ZC7TR0Q3H6W0XQ2SG"), isId("01JD8Z5B1ZC7TR0Q3H6W0XQ2SU"), isId("backup")]).toEqual([
    false,
    false,
    false,
  ]);
});
