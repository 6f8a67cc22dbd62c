import { expect, test } from "vitest";
import { askedBy, withoutForm } from "./formRoute.ts";

test.each([
  ["/tasks", "", null, "/tasks"],
  ["/tasks/new", "", { mode: "new" }, "/tasks"],
  ["/tasks/new", "?from=A", { mode: "copy", id: "A" }, "/tasks"],
  ["/tasks", "?q=x&duplicate=A", { mode: "copy", id: "A" }, "/tasks?q=x"],
  ["/tasks", "?q=x&edit=A", { mode: "edit", id: "A" }, "/tasks?q=x"],
  ["/tasks/B", "?edit=1", { mode: "edit", id: "B" }, "/tasks/B"],
  ["/tasks/B", "?edit=1&tab=history&show=history", { mode: "edit", id: "B" }, "/tasks/B?tab=history"],
  ["/tasks/B", "?edit=A&tab=runs", { mode: "edit", id: "A" }, "/tasks/B?tab=runs"],
])("%s%s", (pathname, search, asked, closed) => {
  expect(askedBy({ pathname, search })).toEqual(asked);
  expect(withoutForm({ pathname, search })).toBe(closed);
});
