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
    const bound = names.split("\n").map((name) => [
      name,
      (event: KeyboardEvent) => {
        if (event.defaultPrevented || (!name.includes("$mod") && isTyping(event))) return;
        latest.current[name]?.(event);
      },
    ]);
    return tinykeys(window, Object.fromEntries(bound) as Keys);
  }, [names, on]);
}
