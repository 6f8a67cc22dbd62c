/**
 * What the parts of the page share: what can be done (TaskActions), what is asked (TaskFilters), what the person likes
 * (Prefs), and how fresh it all is (Live). Four providers, so that a change in one leaves the readers of the others alone.
 * Lists and tasks themselves live in the query cache and are reached by the hooks below.
 */

import type { ReactNode } from "react";
import { TaskActionsProvider } from "./context/actions.tsx";
import { LiveProvider } from "./context/live.tsx";
import { PrefsProvider } from "./context/prefs.tsx";

export { type TaskActions, useMay, useTaskActions } from "./context/actions.tsx";
export { TaskFiltersProvider, useTaskFilters } from "./context/filters.tsx";
export { type Live, useLive, useLiveRun } from "./context/live.tsx";
export { type Density, type Theme, usePrefs } from "./context/prefs.tsx";
export {
  forgetAllBut,
  keys,
  noteSettings,
  noteSignedIn,
  sessionQuery,
  usePaletteTasks,
  useRuns,
  useSession,
  useSettings,
  useTask,
  useUpcoming,
} from "./context/queries.ts";
export type { StreamState } from "./context/stream.ts";
export { useFreshValues, useTaskPage } from "./context/taskPages.ts";
export { Moment } from "./Moment.tsx";
export { RunIcon } from "./StateIcon.tsx";
export { type Asked, Asking } from "./Asking.tsx";
export { useStillOpen } from "./useStillOpen.ts";

/** For everybody who is signed in; Prefs stands further out, since the sign-in page has colours too. */
export function TaskContext({ children }: { children: ReactNode }) {
  return (
    <LiveProvider>
      <TaskActionsProvider>{children}</TaskActionsProvider>
    </LiveProvider>
  );
}

/** Around the whole page. */
export const Preferences = PrefsProvider;
