// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { type Bar, Strip } from "./Strip.tsx";

afterEach(cleanup);

const bars: Bar[] = [
  { id: "a", kind: "succeeded", title: "first" },
  { id: "b", kind: "failed", title: "second" },
  { id: "c", kind: "running", title: "third" },
];

test("it is one picture with one label, and few nodes", () => {
  render(<Strip bars={bars} slots={20} label="last 3 runs: 1 failed" />);
  const picture = screen.getByRole("img", { name: "last 3 runs: 1 failed" });
  expect(picture.querySelectorAll("path").length).toBeLessThanOrEqual(4);
  expect(picture.getAttribute("width")).toBe("118");
});

test("the bar under the pointer is named and opened; the newest is at the right", () => {
  const opened = vi.fn();
  render(<Strip bars={bars} slots={20} label="runs" onOpen={opened} />);
  const picture = screen.getByRole("img");
  fireEvent.mouseMove(picture, { clientX: 18 * 6 + 1 });
  expect(picture.querySelector("title")?.textContent).toBe("second");
  fireEvent.click(picture, { clientX: 19 * 6 + 1 });
  expect(opened).toHaveBeenCalledWith("c");
  fireEvent.click(picture, { clientX: 3 });
  expect(opened).toHaveBeenCalledTimes(1);
});

test("only as many as fit, and those are the newest", () => {
  const opened = vi.fn();
  render(<Strip bars={bars} slots={2} label="runs" onOpen={opened} />);
  fireEvent.click(screen.getByRole("img"), { clientX: 1 });
  expect(opened).toHaveBeenCalledWith("b");
});
