import { expect, test } from "vitest";
import { readPrefs } from "./prefs.tsx";

test("what is stored is kept as far as it still means something", () => {
  expect(readPrefs('{"theme":"dark","zone":"utc","hours":"h99","density":7,"keys":false,"other":1}')).toEqual({
    zone: "utc",
    hours: "auto",
    theme: "dark",
    density: "normal",
    keys: false,
  });
});

test.each([null, "", "{", "null", "[]", '"x"'])("nothing, or nonsense, is the default: %s", (stored) => {
  expect(readPrefs(stored)).toEqual({ zone: "viewer", hours: "auto", theme: "system", density: "normal", keys: true });
});

test("a link's zone wins for this visit", () => {
  expect(readPrefs('{"zone":"task"}', "?tz=utc").zone).toBe("utc");
  expect(readPrefs('{"zone":"task"}', "?tz=mars").zone).toBe("task");
});
