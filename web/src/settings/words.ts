import { refusalOf } from "../lib/http.ts";

/** What a refusal says, its remedies too. */
export function wordsOf(error: unknown): string {
  const refusal = refusalOf(error);
  if (refusal === null) return error instanceof Error ? error.message : String(error);
  const [first] = refusal.errors;
  return first ? [first.message, first.remedy].filter(Boolean).join(" ") : refusal.message;
}
