/** Single letters as commands: never in fields, never with a dialog open, and only while the person wants them. */

import { useLayoutEffect, useRef } from "react";
import { tinykeys } from "tinykeys";

export type Keys = Record<string, (event: KeyboardEvent) => void>;

const FIELDS =
  "input:not([type=checkbox]),textarea,select,[contenteditable=true],[role=menu],[role=dialog],[role=alertdialog]";

/** Whether the keystroke belongs to whatever has the focus. */
export function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest(FIELDS) !== null;
}

/** As long as tinykeys waits for the next key of a sequence. */
const SEQUENCE_MS = 1_000;
const sequences = new Set<string>();
let last = { key: "", at: Number.NEGATIVE_INFINITY };
let endsSequence = false;

/** A letter that ends a sequence ("g r") is not a command by itself, whichever part of the page listens to it. */
function watch(event: KeyboardEvent): void {
  const key = event.key?.toLowerCase() ?? "";
  endsSequence = event.timeStamp - last.at < SEQUENCE_MS && sequences.has(`${last.key} ${key}`);
  last = { key: isTyping(event) ? "" : key, at: event.timeStamp };
}

/** Fields are told from the rest by `isTyping`; the kit's own rule takes every box for a field, also one to be ticked. */
const ignore = ({ repeat, isComposing }: KeyboardEvent) => repeat || isComposing;

/** `keys` as tinykeys writes them; modified ones ($mod+…) also work in fields. */
export function useKeys(keys: Keys, on = true): void {
  const latest = useRef(keys);
  // Before the paint: whoever sees that a key does something may press it at once.
  useLayoutEffect(() => {
    latest.current = keys;
  });
  const names = Object.keys(keys).join("\n");
  useLayoutEffect(() => {
    if (!on) return undefined;
    const all = names.split("\n");
    const long = all.filter((name) => name.includes(" "));
    const bound = all.map((name) => [
      name,
      (event: KeyboardEvent) => {
        if (event.defaultPrevented || (!name.includes("$mod") && isTyping(event))) return;
        if (endsSequence && !name.includes(" ")) return;
        latest.current[name]?.(event);
      },
    ]);
    addEventListener("keydown", watch, true);
    for (const name of long) sequences.add(name);
    const unbind = tinykeys(window, Object.fromEntries(bound) as Keys, { ignore });
    return () => {
      unbind();
      for (const name of long) sequences.delete(name);
    };
  }, [names, on]);
}
