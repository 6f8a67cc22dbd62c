import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import styled from "styled-components";
import { IconButton } from "./Button.tsx";
import { X } from "./icons.ts";
import { color, media, size } from "./tokens.ts";
import { useDialogFocus } from "./useDialogFocus.ts";

const Scrim = styled(Dialog.Overlay)`position: fixed; inset: 0; background: ${color.scrim}; z-index: 40;`;

const Sheet = styled(Dialog.Content)`
  position: fixed; inset-block-start: 14vh; inset-inline: 0; margin-inline: auto; z-index: 41; max-block-size: 84vh; overflow-y: auto;
  inline-size: min(440px, calc(100vw - 32px)); padding: 20px; border-radius: 10px;
  background: ${color.raised}; border: 1px solid ${color.line}; box-shadow: ${color.shadow};
  ${media.phone} { inset-block-start: 12px; max-block-size: calc(100dvh - 24px); }
`;

const Head = styled.header`
  display: flex; align-items: start; gap: 8px; margin-block-end: 12px;
  & > button { margin-inline-end: -6px; ${media.phone} { margin: -8px -14px -8px 0; } }
  & > h2 { flex: 1; font-size: ${size.large}; line-height: 28px; overflow-wrap: anywhere; }
`;

/** A small form over the page: Escape leaves everything as it was, and the focus goes back to where it was. */
export function FormSheet({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const focus = useDialogFocus((content) => content.querySelector("input, select"));
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Scrim />
        <Sheet aria-describedby={undefined} {...focus}>
          <Head>
            <Dialog.Title>{title}</Dialog.Title>
            <Dialog.Close asChild>
              <IconButton label="Close">
                <X size={16} />
              </IconButton>
            </Dialog.Close>
          </Head>
          {children}
        </Sheet>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
