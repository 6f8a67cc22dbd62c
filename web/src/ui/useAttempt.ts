import { useCallback } from "react";
import { refusalOf } from "../lib/http.ts";
import { useSay } from "./Toast.tsx";

/** Does some work; where the service refuses it, what it said is shown in the corner. */
export function useAttempt(): (work: () => Promise<void>) => Promise<void> {
  const say = useSay();
  return useCallback(
    async (work) => {
      try {
        await work();
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === null) throw error;
        say(refusal.words, { failed: true });
      }
    },
    [say],
  );
}
