import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { parsePhrase, previewSchedule } from "../../api/horarium.ts";
import { refusalOf } from "../../lib/http.ts";
import { type Form, textOf } from "../modal/form.ts";
import type { Exclusion, Schedule } from "./extras.ts";
import { misreadOf, parseQuery, type Read } from "./useSchedule.ts";

export type Part = "days" | "roll" | "clocks" | "start" | "end" | "count" | "spread";
type Change = (base: Schedule) => Schedule | Promise<Schedule>;
export type Extras = {
  /** What the text means; null where it means nothing yet. */
  schedule: Schedule | null;
  /** The same, where it is known before the text has been read. */
  sure: Schedule | null;
  /** The text does not say yet what was chosen. */
  busy: boolean;
  wrong: { part: Part; message: string } | null;
  amend: (part: Part, change: Change) => void;
};
type Said = { text: string; zone: string; schedule: Schedule };
type Wishes = { form: Form; set: (change: Partial<Form>) => void; read: Read; kept: Schedule | null };

/** How often a change is made anew because the text was changed meanwhile. */
const TRIES_MAX = 5;

/**
 * Changes what a schedule carries besides its rule. The text stays the one place where it is said: the service is asked for the
 * sentence of the changed schedule, and that takes the text's place. Changes are made one after the other, each to what the text
 * says by then.
 */
export function useExtras({ form, set, read, kept }: Wishes): Extras {
  const client = useQueryClient();
  const [ours, setOurs] = useState<Said | null>(null);
  const [wrong, setWrong] = useState<(Extras["wrong"] & { text: string }) | null>(null);
  const [waiting, setWaiting] = useState(0);
  const [last, setLast] = useState<Schedule | null>(null);
  const own = ours?.text === form.when && ours.zone === form.zone ? ours.schedule : null;
  const known = own ?? kept ?? (read.parsed?.schedule as Schedule | undefined) ?? null;
  // While a text is being read, what it said before stays in sight.
  if (known !== last && (known || !read.pending)) setLast(known);
  const now = useRef({ text: "", zone: "", own, kept });
  useEffect(() => {
    now.current = { text: form.when, zone: form.zone, own, kept };
  });
  const queue = useRef(Promise.resolve());

  /** False where the text was changed meanwhile. */
  const apply = async (change: Change): Promise<boolean> => {
    const { text, zone, own: ourOwn, kept: saved } = now.current;
    const overtaken = () => now.current.text !== text || now.current.zone !== zone;
    const base = ourOwn ?? saved ?? ((await client.fetchQuery(parseQuery(text, zone))).schedule as Schedule);
    const changed = await change(base);
    // The beginning that a saved interval is counted from is kept where none is said.
    const schedule = base === saved && changed.kind === "every" ? { ...changed, anchor: null } : changed;
    const { sentence } = await previewSchedule({ schedule, count: 1 });
    if (overtaken()) return false;
    const written = textOf(schedule, sentence);
    now.current = { text: written, zone, own: schedule, kept: null };
    setOurs({ text: written, zone, schedule });
    set({ when: written });
    return true;
  };

  const work = async (part: Part, change: Change) => {
    try {
      for (let tries = 0; tries < TRIES_MAX && !(await apply(change)); tries += 1);
      setWrong(null);
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      setWrong({ part, text: now.current.text, message: misreadOf(refusal)?.message ?? refusal.message });
    } finally {
      setWaiting((before) => before - 1);
    }
  };

  return {
    sure: own ?? kept,
    schedule: known ?? (read.pending ? last : null),
    busy: waiting > 0,
    wrong: wrong?.text === form.when ? wrong : null,
    amend: (part, change) => {
      setWaiting((before) => before + 1);
      queue.current = queue.current.then(() => work(part, change));
    },
  };
}

/** What a clause such as `starting 2027-02-01` or `except holidays` means in a zone, which the service knows best. */
async function clause(words: string, timezone: string): Promise<Schedule> {
  return (await parsePhrase({ text: `every day at 00:00, ${words}`, timezone })).schedule as Schedule;
}

export const startOf = async (date: string, zone: string) => (await clause(`starting ${date}`, zone)).starts_at;
export const endOf = async (date: string, zone: string) => (await clause(`until ${date}`, zone)).ends_at;
export const daysOf = async (words: string, zone: string): Promise<readonly Exclusion[]> =>
  (await clause(`except ${words.replace(/^except\s+/i, "")}`, zone)).except ?? [];
