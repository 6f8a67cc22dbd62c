import { lazy, Suspense } from "react";
import type { ConfirmProps } from "./ConfirmSheet.tsx";

const ConfirmSheet = lazy(() => import("./ConfirmSheet.tsx").then((module) => ({ default: module.ConfirmSheet })));

/** Asks before something is done. What draws it is loaded when it is first needed. */
export function Confirm({ open, ...rest }: ConfirmProps & { open: boolean }) {
  return open ? (
    <Suspense fallback={null}>
      <ConfirmSheet {...rest} />
    </Suspense>
  ) : null;
}
