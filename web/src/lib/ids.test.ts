import { expect, test } from "vitest";
import { instantOf } from "./ids.ts";

// The example of the ULID specification: its first ten digits are 2016-07-30T23:54:10.259Z.
test("an id begins with its instant", () => {
  expect(new Date(instantOf("01ARZ3NDEKTSV4RRFFQ69G5FAV")).toISOString()).toBe("2016-07-30T23:54:10.259Z");
});
