import { useRef } from "react";
import { giveFocusBack } from "./giveFocusBack.ts";

/** For a layer over the page: the focus goes to what `first` finds in it, else to where the kit puts it, and in the end back to
 * where it was. */
export function useDialogFocus(first: (content: HTMLElement) => HTMLElement | null) {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: (event: Event) => {
      before.current = document.activeElement;
      const wanted = event.currentTarget instanceof HTMLElement ? first(event.currentTarget) : null;
      if (!wanted) return;
      event.preventDefault();
      wanted.focus();
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      giveFocusBack(before.current);
    },
  };
}
