import { AlertDialog } from "radix-ui";
import { type ReactNode, useRef } from "react";
import styled from "styled-components";
import { Button } from "./Button.tsx";
import { color, media, size } from "./tokens.ts";
import { useDialogFocus } from "./useDialogFocus.ts";

const Scrim = styled(AlertDialog.Overlay)`position: fixed; inset: 0; background: ${color.scrim}; z-index: 40;`;

const Sheet = styled(AlertDialog.Content)`
  position: fixed; inset-block-start: 18vh; inset-inline: 0; margin-inline: auto; z-index: 41;
  inline-size: min(420px, calc(100vw - 32px)); padding: 20px; border-radius: 10px;
  background: ${color.raised}; border: 1px solid ${color.line}; box-shadow: ${color.shadow};
`;

const Title = styled(AlertDialog.Title)`font-size: ${size.large}; overflow-wrap: anywhere;`;
const Said = styled(AlertDialog.Description).attrs({ asChild: true })``;
const Body = styled.div`margin-block: 8px 20px; color: ${color.textSoft}; overflow-wrap: anywhere;`;

const Row = styled.div`
  display: flex; justify-content: flex-end; gap: 8px;
  ${media.phone} { flex-direction: column-reverse; }
`;

export type ConfirmProps = {
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  children: ReactNode;
  action: string;
  /** The way out, where "Cancel" could mean what is asked for. */
  keep?: string;
  tone?: "primary" | "danger";
  /** What is asked for takes a while: whoever opened it closes it. */
  staysOpen?: boolean;
  busy?: boolean;
  /** Nothing is asked; there is something to read. */
  onlyAction?: boolean;
};

/** Asks before something is done: Escape and the way out leave everything as it is, Enter confirms. */
export function ConfirmSheet(props: ConfirmProps) {
  const {
    onClose,
    onConfirm,
    title,
    children,
    action,
    keep = "Cancel",
    tone = "primary",
    staysOpen,
    busy,
    onlyAction,
  } = props;
  const confirm = useRef<HTMLButtonElement>(null);
  const focus = useDialogFocus(() => (tone === "danger" ? null : confirm.current));
  return (
    <AlertDialog.Root open onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <Scrim />
        <Sheet {...focus}>
          <Title>{title}</Title>
          <Said>
            <Body>{children}</Body>
          </Said>
          <Row>
            {!onlyAction && (
              <AlertDialog.Cancel asChild>
                <Button>{keep}</Button>
              </AlertDialog.Cancel>
            )}
            <AlertDialog.Action asChild>
              <Button
                ref={confirm}
                look={tone}
                aria-disabled={busy}
                onClick={(event) => {
                  if (staysOpen) event.preventDefault();
                  if (!busy) onConfirm();
                }}
              >
                {action}
              </Button>
            </AlertDialog.Action>
          </Row>
        </Sheet>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
