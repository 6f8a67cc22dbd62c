import { Dialog } from "radix-ui";
import { type KeyboardEvent, type ReactNode } from "react";
import styled from "styled-components";
import { IconButton } from "./Button.tsx";
import { X } from "./icons.ts";
import { color, media, size } from "./tokens.ts";
import { useDialogFocus } from "./useDialogFocus.ts";

const Scrim = styled(Dialog.Overlay)`position: fixed; inset: 0; background: ${color.scrim}; z-index: 20;`;

const Content = styled(Dialog.Content)`
  position: fixed; inset-block: 0; inset-inline-end: 0; z-index: 21; inline-size: min(1080px, 100vw); display: flex; flex-direction: column;
  background: ${color.ground}; border-inline-start: 1px solid ${color.line}; box-shadow: ${color.shadow};
  ${media.phone} { inset-inline: 0; inline-size: auto; border: 0; }
`;

const Head = styled.header`
  display: flex; align-items: center; gap: 12px; min-block-size: 52px; padding: 6px 12px 6px 20px; border-block-end: 1px solid ${color.line};
  & > h2 { font-size: ${size.large}; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  & > .aside { margin-inline-start: auto; display: flex; align-items: center; gap: 8px; }
  ${media.phone} { padding-inline-start: 16px; }
`;

type Props = {
  title: string;
  aside?: ReactNode;
  /** Asked to close: by Escape, the cross or a press beside it. */
  onClose: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
};

/** A dialog at the end side of the window; all of it on a phone. Focus comes back to where it was. */
export function Sheet({ title, aside, onClose, onKeyDown, children }: Props) {
  const focus = useDialogFocus((content) => content.querySelector("[data-autofocus]"));
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Scrim />
        <Content
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onEscapeKeyDown={(event) => {
            // A list that hangs open below a field takes Escape first.
            if (document.activeElement?.getAttribute("aria-expanded") === "true") event.preventDefault();
          }}
          {...focus}
        >
          <Head>
            <Dialog.Title>{title}</Dialog.Title>
            <div className="aside">
              {aside}
              <IconButton label="Close" onClick={onClose}>
                <X size={16} />
              </IconButton>
            </div>
          </Head>
          {children}
        </Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
