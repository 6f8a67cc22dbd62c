import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import styled from "styled-components";
import { IconButton } from "./Button.tsx";
import { X } from "./icons.ts";
import { Hidden } from "./misc.tsx";
import { color, size } from "./tokens.ts";
import { useDialogFocus } from "./useDialogFocus.ts";

const Scrim = styled(Dialog.Overlay)`position: fixed; inset: 0; background: ${color.scrim}; z-index: 40;`;

const Box = styled(Dialog.Content)`
  position: fixed; inset-block-start: 12vh; inset-inline: 0; margin-inline: auto; z-index: 41; display: flex; flex-direction: column;
  inline-size: min(600px, calc(100vw - 24px)); max-block-size: 76vh; overflow: hidden; border-radius: 10px;
  background: ${color.raised}; border: 1px solid ${color.line}; box-shadow: ${color.shadow};
  &:focus-visible { outline: none; }
`;

const Head = styled.header`
  display: flex; align-items: center; justify-content: space-between; padding: 14px 14px 10px 20px; border-block-end: 1px solid ${color.line};
  & > h2 { font-size: ${size.large}; }
`;

type Props = { title: string; titled?: boolean; onClose: () => void; children: ReactNode };

/** A floating layer over everything: Escape and a click beside it close it, and the focus goes back to where it was. */
export function Modal({ title, titled = true, onClose, children }: Props) {
  const focus = useDialogFocus((content) => content.querySelector("[data-autofocus]"));
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Scrim />
        <Box aria-describedby={undefined} {...focus}>
          {titled ? (
            <Head>
              <Dialog.Title>{title}</Dialog.Title>
              <Dialog.Close asChild>
                <IconButton label="Close">
                  <X size={16} />
                </IconButton>
              </Dialog.Close>
            </Head>
          ) : (
            <Hidden as={Dialog.Title}>{title}</Hidden>
          )}
          {children}
        </Box>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
