import { viewerZone } from "../../lib/time.ts";
import { useLive } from "./live.tsx";

/** The zone in which the words of a new task are read: the one that the settings offer, which the server's figures tell everybody;
 * the browser's where they cannot be had. Undefined until that is known. */
export function useNewTaskZone(): string | undefined {
  const { stats, offline } = useLive();
  return stats?.timezone ?? (offline ? viewerZone() : undefined);
}
