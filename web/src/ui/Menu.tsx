import {
  cloneElement,
  type KeyboardEvent,
  lazy,
  type ReactElement,
  type ReactNode,
  Suspense,
  useRef,
  useState,
} from "react";
import styled from "styled-components";

export type MenuEntry =
  | { kind: "item"; label: string; icon?: ReactNode; keys?: string; tone?: "danger"; run: () => void }
  | { kind: "link"; label: string; icon?: ReactNode; keys?: string; to: string }
  | { kind: "choice"; title: string; value: string; options: readonly MenuOption[]; choose: (value: string) => void }
  | { kind: "title"; label: string }
  | { kind: "line" };

export type MenuOption = { value: string; label: string; aside?: string };

const load = () => import("./MenuPanel.tsx");
const MenuPanel = lazy(() => load().then((module) => ({ default: module.MenuPanel })));

/** Fetched while nothing else is going on, so that the first menu opens at once. */
export const preloadMenus = (): void => void load().catch(() => undefined);

const Anchor = styled.span`position: relative; display: inline-flex;`;

type TriggerProps = {
  onClick?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  "aria-haspopup"?: "menu";
  "aria-expanded"?: boolean;
  "data-state"?: "open" | "closed";
};

type Props = { label: string; trigger: ReactElement<TriggerProps>; entries: () => MenuEntry[] };

/** `trigger` is the button; what is in the menu is made when it opens, and what draws it is loaded then. */
export function Menu({ label, trigger, entries }: Props) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);
  const button = cloneElement(trigger, {
    onClick: () => setOpen(true),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      setOpen(true);
    },
    "aria-haspopup": "menu",
    "aria-expanded": open,
    "data-state": open ? "open" : "closed",
  });
  return (
    <Anchor ref={anchor}>
      {button}
      {open && (
        <Suspense fallback={null}>
          <MenuPanel
            label={label}
            entries={entries()}
            onClose={() => setOpen(false)}
            onClosed={() => anchor.current?.querySelector("button")?.focus()}
          />
        </Suspense>
      )}
    </Anchor>
  );
}
