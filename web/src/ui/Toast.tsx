import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import styled, { css } from "styled-components";
import { IconButton } from "./Button.tsx";
import { AlertTriangle, Check, X } from "./icons.ts";
import { color, media, size } from "./tokens.ts";

/** What does something, or leads to an address. */
type Action = { label: string; run: () => void } | { label: string; to: string };
type Toast = { id: number; text: string; failed: boolean; actions: readonly Action[] };
type Say = (text: string, more?: { failed?: boolean; action?: Action | readonly Action[] }) => void;

const SHOWN_MAX = 3;
const SHOWN_MS = 6_000;

const SayContext = createContext<Say>(() => undefined);

/** Says in a corner what was done; what failed stays until it is put away. */
export const useSay = (): Say => useContext(SayContext);

const Corner = styled.div`
  position: fixed; inset-block-end: 16px; inset-inline-end: 16px; z-index: 50; display: grid; gap: 8px; justify-items: end;
  ${media.phone} { inset-inline: 12px; inset-block-end: 72px; justify-items: stretch; }
`;

const Card = styled.div`
  display: flex; align-items: center; gap: 10px; min-block-size: 40px; max-inline-size: 420px; padding: 6px 6px 6px 12px;
  background: ${color.raised}; border: 1px solid ${color.line}; border-radius: 8px; box-shadow: ${color.shadow};
  font-size: ${size.small}; overflow-wrap: anywhere;
  & > svg { color: ${color.succeeded}; }
  &[data-failed="true"] > svg { color: ${color.failed}; }
`;

const action = css`
  color: ${color.accentText}; font-weight: 500; padding: 4px 8px; border-radius: 4px; white-space: nowrap;
  &:hover { background: ${color.hover}; }
  ${media.phone} { min-block-size: 44px; display: inline-flex; align-items: center; }
`;
const Does = styled.button`${action}`;
const Leads = styled(Link)`${action}`;

/** What there is no room for beside the words stands below them. */
const Text = styled.div`
  flex: 1; min-inline-size: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 0 10px;
  & > :first-child { flex: 1 1 auto; max-inline-size: 100%; }
`;

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(0);
  const drop = useCallback((id: number) => setToasts((now) => now.filter((toast) => toast.id !== id)), []);
  const say = useCallback<Say>(
    (text, more = {}) => {
      next.current += 1;
      const toast: Toast = {
        id: next.current,
        text,
        failed: more.failed ?? false,
        actions: [more.action ?? []].flat(),
      };
      setToasts((now) => [...now.slice(1 - SHOWN_MAX), toast]);
      if (!toast.failed) setTimeout(() => drop(toast.id), SHOWN_MS);
    },
    [drop],
  );
  const shown = useMemo(
    () =>
      toasts.map((toast) => (
        <Card key={toast.id} data-failed={toast.failed}>
          {toast.failed ? <AlertTriangle size={16} /> : <Check size={16} />}
          <Text>
            <span>{toast.text}</span>
            {toast.actions.length > 0 && (
              <span>
                {toast.actions.map((one) =>
                  "to" in one ? (
                    <Leads key={one.label} to={one.to} onClick={() => drop(toast.id)}>
                      {one.label}
                    </Leads>
                  ) : (
                    <Does
                      key={one.label}
                      onClick={() => {
                        one.run();
                        drop(toast.id);
                      }}
                    >
                      {one.label}
                    </Does>
                  ),
                )}
              </span>
            )}
          </Text>
          <IconButton label="Dismiss" onClick={() => drop(toast.id)}>
            <X size={14} />
          </IconButton>
        </Card>
      )),
    [toasts, drop],
  );
  return (
    <SayContext value={say}>
      {children}
      <Corner role="status" aria-live="polite">
        {shown}
      </Corner>
    </SayContext>
  );
}
