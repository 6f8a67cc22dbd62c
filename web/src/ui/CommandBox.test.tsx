// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import CommandBox from "./CommandBox.tsx";

beforeEach(() => {
  const nothing = () => undefined;
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe = nothing;
      unobserve = nothing;
      disconnect = nothing;
    },
  );
  Element.prototype.scrollIntoView = nothing; // jsdom has none
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const box = (text: string, run = () => undefined) => (
  <CommandBox
    label="Search"
    placeholder="Anything"
    text={text}
    onText={() => undefined}
    onClose={() => undefined}
    groups={[{ title: "Tasks", items: [{ id: "a", title: "nightly backup", run }] }]}
    empty="Nothing"
  />
);

test("what was typed before the field was there is gone on with, not typed over", () => {
  render(box("nigh"));
  const field = screen.getByRole<HTMLInputElement>("combobox", { name: "Search" });
  expect(document.activeElement).toBe(field);
  expect([field.selectionStart, field.selectionEnd]).toEqual([4, 4]);
});

test("Enter does what is chosen", () => {
  const run = vi.fn();
  render(box("nigh", run));
  fireEvent.keyDown(screen.getByRole("combobox"), { key: "Enter" });
  expect(run).toHaveBeenCalledOnce();
});
