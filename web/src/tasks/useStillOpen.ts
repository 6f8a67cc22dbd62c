import { useCallback } from "react";
import { refusalOf } from "../lib/http.ts";
import { useSay } from "../ui/Toast.tsx";

/**
 * For what a task was not run for: where another run of it is open, says so, with the way to that run and the one to run beside it.
 * False where it was refused for anything else.
 */
export function useStillOpen(): (error: unknown, name: string, runBeside: () => void) => boolean {
  const say = useSay();
  return useCallback(
    (error, name, runBeside) => {
      const refusal = refusalOf(error);
      const holder = refusal?.kind === "run-is-open" ? refusal.facts.holder : null;
      if (typeof holder !== "string") return false;
      say(`A run of ${name} is still going on.`, {
        failed: true,
        action: [
          { label: "Open it", to: `/runs/${holder}` },
          { label: "Run beside it", run: runBeside },
        ],
      });
      return true;
    },
    [say],
  );
}
