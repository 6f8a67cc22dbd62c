import { useEffect, useLayoutEffect, useState } from "react";
import { zoneOf } from "../lib/time.ts";
import { useLive, usePaletteTasks, usePrefs } from "../tasks/TaskContext.tsx";
import { sentenceIn, taskZone } from "../tasks/wording.ts";
import CommandBox, { type Choices } from "../ui/CommandBox.tsx";
import type { TypedAhead } from "./Catching.tsx";
import { leads, ranked } from "./ranking.ts";
import { type Command, GROUPS, useCommands } from "./useCommands.tsx";

const DEBOUNCE_MS = 80;

/** `typed`: what was typed before this was loaded. */
type Props = { typed: TypedAhead; onClose: () => void; onKeys: () => void };

/** Everything by its name: tasks as the server finds them, and what the page can do. */
export default function Palette({ typed, onClose, onKeys }: Props) {
  const [text, setText] = useState(typed.text);
  useLayoutEffect(() => typed.listen(setText), [typed]);
  const words = useSettled(text.trim());
  const { commands, openTask } = useCommands(onKeys, text.trim());
  const { zone, hours } = usePrefs();
  const { serverZone } = useLive();
  const { tasks, isFetching } = usePaletteTasks(words, text.trim());
  const { items, best } = ranked(commands, text);
  const found: Choices = {
    title: "Tasks",
    items: tasks.map((task) => ({
      id: `task ${task.id}`,
      title: task.name,
      aside: sentenceIn(task.sentence ?? "", zoneOf(zone, taskZone(task, serverZone)), hours),
      run: () => openTask(task.id),
    })),
  };
  const own = groupsOf(items, text.trim() !== "");
  const groups = leads(best) ? [...own, found] : [found, ...own];
  return (
    <CommandBox
      label="Search tasks and commands"
      placeholder="Search tasks, or type what to do"
      text={text}
      onText={setText}
      onClose={onClose}
      groups={groups.filter((group) => group.items.length > 0)}
      empty={isFetching || words !== text.trim() ? "Searching…" : "No task and no command is called that."}
    />
  );
}

/** With words, one list with the best on top; without, each under its heading. */
function groupsOf(items: readonly Command[], typed: boolean): Choices[] {
  if (typed) return [{ title: "Commands", items }];
  return GROUPS.map((title) => ({ title, items: items.filter(({ group }) => group === title) }));
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
