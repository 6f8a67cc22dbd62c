import { lazy, type ReactNode, Suspense } from "react";
import type { TaskView } from "../api/horarium.schemas.ts";

const Question = lazy(() => import("./Question.tsx").then((module) => ({ default: module.Question })));

/** `told`: what stands below the question. */
export type Asked =
  | { about: "run"; task: { id: string; name: string }; told: ReactNode }
  | { about: "delete"; task: TaskView };

/** Asks before a task is run or deleted, does it, and says so. What asks is loaded when it is first needed. */
export function Asking({ asked, onClose }: { asked: Asked | null; onClose: () => void }) {
  return (
    asked && (
      <Suspense fallback={null}>
        <Question asked={asked} onClose={onClose} />
      </Suspense>
    )
  );
}
