import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useState } from "react";
import type { HourCycle, ZoneChoice } from "../../lib/time.ts";

export type Theme = "system" | "light" | "dark";
export type Density = "normal" | "compact";

/** What a person likes, on this browser. */
export type Prefs = { zone: ZoneChoice; hours: HourCycle; theme: Theme; density: Density; keys: boolean };

type Held = Prefs & { set: (change: Partial<Prefs>) => void };

const STORED_AS = "horarium.prefs";
const THEME_COOKIE_SECONDS = 400 * 86_400;
const DEFAULTS: Prefs = { zone: "viewer", hours: "auto", theme: "system", density: "normal", keys: true };

const ALLOWED: { [K in keyof Prefs]: readonly Prefs[K][] } = {
  zone: ["task", "viewer", "utc"],
  hours: ["auto", "h23", "h12"],
  theme: ["system", "light", "dark"],
  density: ["normal", "compact"],
  keys: [true, false],
};

/** What was stored, as far as it still means something; a link's `?tz=` wins for this visit. */
export function readPrefs(stored: string | null, search = ""): Prefs {
  let kept: Record<string, unknown> = {};
  try {
    kept = (JSON.parse(stored ?? "{}") ?? {}) as Record<string, unknown>;
  } catch {
    // not ours: begin anew
  }
  const prefs = { ...DEFAULTS } as Record<string, unknown>;
  for (const [name, allowed] of Object.entries(ALLOWED)) {
    if ((allowed as readonly unknown[]).includes(kept[name])) prefs[name] = kept[name];
  }
  const zone = new URLSearchParams(search).get("tz");
  if (ALLOWED.zone.includes(zone as ZoneChoice)) prefs.zone = zone;
  return prefs as Prefs;
}

const PrefsContext = createContext<Held>({ ...DEFAULTS, set: () => undefined });

export const usePrefs = (): Held => useContext(PrefsContext);

export function PrefsProvider({ children }: { children: ReactNode }) {
  const [prefs, setPrefs] = useState(() => readPrefs(read(), location.search));
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = prefs.theme;
    const path = new URL(".", document.baseURI).pathname.replace(/\/$/, "") || "/";
    const age = prefs.theme === "system" ? 0 : THEME_COOKIE_SECONDS;
    // The server reads it, so that the next visit begins in the right colours.
    // oxlint-disable-next-line unicorn/no-document-cookie -- the Cookie Store API is absent over plain http
    document.cookie = `horarium_theme=${prefs.theme}; path=${path}; max-age=${age}; samesite=lax`;
  }, [prefs.theme]);
  const held = useMemo<Held>(
    () => ({
      ...prefs,
      set: (change) =>
        setPrefs((before) => {
          const after = { ...before, ...change };
          write(JSON.stringify(after));
          return after;
        }),
    }),
    [prefs],
  );
  return <PrefsContext value={held}>{children}</PrefsContext>;
}

function read(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null; // storage is forbidden in this browser
  }
}

function write(text: string): void {
  try {
    localStorage.setItem(STORED_AS, text);
  } catch {
    // then it lasts as long as the page
  }
}
