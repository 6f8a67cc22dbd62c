/** One clock for the whole page: the server's, ticking once a second, standing still while nobody looks. */

import { useSyncExternalStore } from "react";
import { changesIn } from "./time.ts";

let offsetMs = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

const tell = () => {
  for (const listener of listeners) listener();
};

/** How far the server's clock is ahead of the browser's. */
export function setOffset(ms: number): void {
  if (Math.abs(ms - offsetMs) < 250) return;
  offsetMs = ms;
  tell();
}

export const serverNow = (): number => Date.now() + offsetMs;

function start(): void {
  if (timer === undefined && !document.hidden && listeners.size > 0) timer = setInterval(tell, 1_000);
}

function stop(): void {
  clearInterval(timer);
  timer = undefined;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  start();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) stop();
  };
}

if (typeof document !== "undefined") {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return stop();
    tell();
    start();
  });
}

/** The server's time, renewed every `step` ms and no more often. */
export function useNow(step = 15_000): Date {
  const read = () => Math.floor(serverNow() / step) * step;
  const rounded = useSyncExternalStore(subscribe, read);
  // Rounded down it may lie behind what has just happened; the true instant does not.
  return new Date(Math.max(rounded, serverNow()));
}

/** For words about `at`: renewed each second only while it is less than a minute away. */
export function useNowFor(at: Date): Date {
  const steps = () => changesIn(at, new Date(serverNow()));
  return useNow(useSyncExternalStore(subscribe, steps));
}
