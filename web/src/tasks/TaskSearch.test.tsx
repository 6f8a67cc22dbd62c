// @vitest-environment jsdom
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter, useLocation } from "react-router";
import { afterEach, expect, test } from "vitest";
import { TaskFiltersProvider } from "./context/filters.tsx";
import { TaskSearch } from "./TaskSearch.tsx";

afterEach(cleanup);

function Where() {
  const { pathname, search } = useLocation();
  return <output>{pathname + search}</output>;
}

const show = (at: string) =>
  render(
    <MemoryRouter initialEntries={[at]}>
      <TaskFiltersProvider>
        <TaskSearch />
      </TaskFiltersProvider>
      <Where />
    </MemoryRouter>,
  );

const where = () => screen.getByRole("status").textContent;

test("what is typed fast ends up in the address, pills and words, and what is not ours stays there", async () => {
  show("/tasks?tz=utc");
  await userEvent.type(screen.getByRole("searchbox"), "tag:etl state:late disk full");
  await waitFor(() => expect(where()).toBe("/tasks?tz=utc&q=disk+full&state=late&tag=etl"));
  expect(screen.getByRole("searchbox")).toHaveProperty("value", "disk full");
});

test("a pill goes by its button, or by Backspace in front of it", async () => {
  show("/tasks?state=late&tag=etl&tag=web");
  await userEvent.click(screen.getByRole("button", { name: "Remove state:late" }));
  expect(where()).toBe("/tasks?tag=etl&tag=web");
  await userEvent.type(screen.getByRole("searchbox"), "{Backspace}");
  expect(where()).toBe("/tasks?tag=etl");
});

test("Enter takes a pill that has no space behind it", async () => {
  show("/tasks");
  await userEvent.type(screen.getByRole("searchbox"), "kind:http{Enter}");
  expect(where()).toBe("/tasks?kind=http");
});

test("a pasted id leads to its task", async () => {
  show("/tasks");
  await userEvent.click(screen.getByRole("searchbox"));
  await userEvent.paste("01jd8z5b1zc7tr0q3h6w0xq2sg");
  expect(where()).toBe("/tasks/01JD8Z5B1ZC7TR0Q3H6W0XQ2SG");
});
