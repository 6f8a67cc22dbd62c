import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { Confirm } from "../ui/Confirm.tsx";
import { type Asked, askedBy, sameForm, withoutForm } from "./formRoute.ts";

const TaskModal = lazy(() => import("./TaskModal.tsx").then((module) => ({ default: module.TaskModal })));

/** What another part of the page hands over to a new form. */
export type Seed = { paste?: string; shell?: string; when?: string };

/**
 * Shows the form that the address asks for, over whatever else is shown. Leaving it with something unsaved asks first; until
 * that is answered the form stays as it is, whatever the address says.
 */
export function TaskForms() {
  const location = useLocation();
  const navigate = useNavigate();
  const asked = askedBy(location);
  const [open, setOpen] = useState(asked);
  const [leaving, setLeaving] = useState(false);
  const dirty = useRef(false);
  const address = useRef("");
  const key = JSON.stringify(asked);
  const here = location.pathname + location.search;
  useEffect(() => {
    const next = JSON.parse(key) as Asked | null;
    setOpen((now) => {
      if (now === null || sameForm(now, next) || !dirty.current) return next;
      return now;
    });
  }, [key]);
  useEffect(() => {
    if (!open) return;
    if (sameForm(open, JSON.parse(key) as Asked | null)) address.current = here;
    else if (dirty.current) setLeaving(true);
  }, [open, key, here]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (dirty.current) event.preventDefault();
    };
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, []);

  const onDirty = useCallback((now: boolean) => {
    dirty.current = now;
  }, []);
  const close = useCallback(() => {
    // Back to where one came from, if that was within the page.
    if ((history.state as { idx?: number } | null)?.idx) void navigate(-1);
    else void navigate(withoutForm(location), { replace: true });
  }, [navigate, location]);
  const askToClose = () => (dirty.current ? setLeaving(true) : close());
  const done = () => {
    dirty.current = false;
    close();
  };

  return (
    <>
      {open && (
        <Suspense fallback={null}>
          <TaskModal
            key={JSON.stringify(open)}
            asked={open}
            seed={(location.state as Seed | null) ?? {}}
            onDirty={onDirty}
            onClose={askToClose}
            onDone={done}
          />
        </Suspense>
      )}
      <Confirm
        open={leaving}
        tone="danger"
        title="Leave without saving?"
        action="Discard changes"
        onClose={() => {
          // The address went ahead; it comes back to the form. Confirming ends here too, with nothing left to keep.
          if (dirty.current && !sameForm(askedBy(location), open)) void navigate(address.current);
          setLeaving(false);
        }}
        onConfirm={() => {
          dirty.current = false;
          setLeaving(false);
          if (sameForm(askedBy(location), open)) close();
          else setOpen(asked);
        }}
      >
        <span>What you have typed is not saved.</span>
      </Confirm>
    </>
  );
}
