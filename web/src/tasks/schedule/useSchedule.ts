/** What a text means and when it comes due, asked of the server a moment after the last keystroke. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { parsePhrase, previewSchedule } from "../../api/horarium.ts";
import type { PhraseView, PreviewBody, PreviewView } from "../../api/horarium.schemas.ts";
import { type Refusal, refusalOf } from "../../lib/http.ts";

const DEBOUNCE_MS = 150;
const PREVIEWED = 5;
const FRESH_MS = 60_000;

export type Schedule = PreviewBody["schedule"];

export const parseQuery = (text: string, timezone: string) =>
  queryOptions({
    queryKey: ["parse", text, timezone],
    queryFn: ({ signal }): Promise<PhraseView> => parsePhrase({ text, timezone }, { signal }),
    retry: false,
    staleTime: FRESH_MS,
    refetchOnWindowFocus: false,
  });

/** The task that an edit is compared with, as it is saved: each revision of it has an answer of its own. */
export type Saved = { id: string; revision: number };

export const previewQuery = (schedule: Schedule | undefined, saved: Saved | undefined) =>
  queryOptions<PreviewView>({
    queryKey: ["preview", saved?.id, saved?.revision, schedule],
    queryFn: ({ signal }) =>
      previewSchedule({ schedule: schedule as Schedule, count: PREVIEWED, task_id: saved?.id ?? null }, { signal }),
    enabled: schedule !== undefined,
    retry: false,
    staleTime: FRESH_MS,
    refetchOnWindowFocus: false,
    // While one types the answer to the text before stays, but never a comparison with what is not saved any more.
    placeholderData: (before, query) =>
      query?.queryKey[1] === saved?.id && query?.queryKey[2] === saved?.revision ? before : undefined,
  });

/** Where a text cannot be read: the word, from a column that counts from 1, and texts that could be. */
export type Misread = { message: string; column: number; word: string; offers: string[] };

export type Read = {
  parsed: PhraseView | undefined;
  misread: Misread | null;
  /** The answer is not there yet, or is that to an earlier text. */
  pending: boolean;
  preview: PreviewView | undefined;
  previewError: unknown;
};

type Wishes = { saved?: Saved; stored?: Schedule | null };

/** `stored`: the schedule that the task has, where the text still stands for it. */
export function useSchedule(text: string, zone: string, { saved, stored }: Wishes = {}): Read {
  const asked = useDebounced(`${zone}\n${text}`);
  const [askedZone = "", ...rest] = asked.split("\n");
  const askedText = rest.join("\n");
  const enabled = askedText.trim() !== "";
  const parse = useQuery({ ...parseQuery(askedText, askedZone), enabled });
  const schedule = enabled ? (stored ?? parse.data?.schedule) : undefined;
  const preview = useQuery(previewQuery(schedule, saved));
  return {
    parsed: enabled ? parse.data : undefined,
    misread: enabled ? misreadOf(refusalOf(parse.error)) : null,
    pending: asked !== `${zone}\n${text}` || (enabled && parse.isFetching),
    preview: schedule ? preview.data : undefined,
    previewError: preview.error,
  };
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function misreadOf(refusal: Refusal | null): Misread | null {
  if (!refusal) return null;
  const [first] = refusal.errors;
  const { column, word, offers } = refusal.facts;
  const message = (first?.message ?? refusal.message).replace(/ \(column \d+\)$/, "");
  const remedy = first?.remedy ?? "";
  const join = message.endsWith("?") ? ` ${capital(remedy)}` : `: ${remedy}`;
  return {
    message: capital(message) + (remedy ? join : ""),
    column: typeof column === "number" ? column : 1,
    word: typeof word === "string" ? word : "",
    offers: Array.isArray(offers) ? offers.map(String) : [],
  };
}

export function useDebounced(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
