// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal } from "../lib/http.ts";
import { Boundary, Failure } from "./Panel.tsx";

afterEach(cleanup);

test("a failure has its cause, its number and another try", () => {
  const again = vi.fn();
  render(
    <Failure what="The tasks" error={new Refusal(500, { detail: "Something is wrong." }, "a1-2")} onRetry={again} />,
  );
  expect(screen.getByRole("heading").textContent).toBe("The tasks could not be loaded");
  expect(screen.getByRole("alert").textContent).toBe("Something is wrong.");
  expect(screen.getByText("request a1-2")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(again).toHaveBeenCalledOnce();
});

test("a mistake in one panel leaves the others alone, and somewhere else it is tried again", () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  let broken = true;
  const Panel = () => {
    if (broken) throw new Error("a mistake of ours");
    return <p>well</p>;
  };
  const page = (at: string) => (
    <>
      <p>beside</p>
      <Boundary what="The panel" resetOn={at}>
        <Panel />
      </Boundary>
    </>
  );
  const { rerender } = render(page("/a"));
  expect(screen.getByRole("alert").textContent).toBe("a mistake of ours");
  expect(screen.getByText("beside")).toBeTruthy();
  broken = false;
  rerender(page("/a"));
  expect(screen.getByRole("alert")).toBeTruthy();
  rerender(page("/b"));
  expect(screen.getByText("well")).toBeTruthy();
});
