// @vitest-environment jsdom
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import * as icons from "../ui/icons.ts";
import { PartsPage } from "./PartsPage.tsx";

const SOURCE = join(import.meta.dirname, "..");
const EXPORTED = /^export (?:default )?(?:function|const|class) (\w+)/gm;
const IMPORTED = /import\s+(?:(\w+)|\{([^}]*)\})\s+from "\.\.\/(ui|charts)\/([^"]+)"/g;
const LATER = /import\("\.\.?\/(?:(?:ui|charts)\/)?([^"]+)"\)/g;
/** They draw nothing: one is all of the page's style, one fetches ahead of time. */
const NOT_DRAWN = new Set(["GlobalStyle", "preloadMenus"]);

afterEach(cleanup);

const sources = (folder: string) =>
  readdirSync(join(SOURCE, folder))
    .filter((name) => name.endsWith(".tsx") && !name.endsWith(".test.tsx"))
    .map((name) => ({ name, text: readFileSync(join(SOURCE, folder, name), "utf8") }));

const firstOf = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name ?? "");

test("every part of ui/ and charts/ is shown", () => {
  const parts = [...sources("ui"), ...sources("charts")];
  const pages = sources("dev");
  const named = pages.flatMap(({ text }) => [...text.matchAll(IMPORTED)].map(([, , names = ""]) => names));
  const shown = new Set(named.join(",").split(/[\s,]+/));
  // What a part loads when it is needed is shown with it.
  const later = new Set([...pages, ...parts].flatMap(({ text }) => firstOf(text, LATER)));
  const all = parts.flatMap(({ name, text }) => firstOf(text, EXPORTED).map((part) => ({ name, part })));
  expect(all.length).toBeGreaterThan(20);
  const missing = all.filter(({ name, part }) => !shown.has(part) && !later.has(name) && !NOT_DRAWN.has(part));
  expect(missing).toEqual([]);
});

test("it is drawn: each look of a button, each state, each icon, each strip", () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined); // one panel is there to break
  render(<PartsPage />);
  expect(screen.getAllByRole("button", { name: "Run now" })).toHaveLength(4);
  const states = within(screen.getByRole("region", { name: "States and icons" }));
  for (const name of ["Failing", "Late", "Paused", "succeeded", "cancelled"])
    expect(states.getByRole("img", { name })).toBeTruthy();
  for (const name of Object.keys(icons)) expect(states.getByText(name)).toBeTruthy();
  const charts = within(screen.getByRole("region", { name: "Charts" }));
  expect(charts.getByRole("img", { name: "no runs yet" })).toBeTruthy();
  expect(charts.getByRole("img", { name: "last 20 runs: failed" })).toBeTruthy();
  expect(screen.getByText("A mistake of ours.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Failed" }));
  expect(screen.getByText(/has changed meanwhile/)).toBeTruthy();
});

test("each layer opens and closes", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  render(<PartsPage />);
  const names = ["Confirm", "Confirm, danger", "Confirm, busy", "Modal", "Modal, no head", "Sheet", "Form sheet"];
  for (const name of names) {
    fireEvent.click(screen.getByRole("button", { name }));
    const layer = await screen.findByRole(/confirm/i.test(name) ? "alertdialog" : "dialog");
    fireEvent.keyDown(layer, { key: "Escape" });
    expect(screen.queryByRole("dialog") ?? screen.queryByRole("alertdialog")).toBeNull();
  }
});
