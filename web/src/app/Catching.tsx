import { useLayoutEffect } from "react";

/** What was typed for the palette while it was on its way. */
export class TypedAhead {
  text = "";

  /** Hears of what is still typed beside the field. */
  private heard: ((text: string) => void) | null = null;

  listen(heard: (text: string) => void): () => void {
    this.heard = heard;
    // It may have been drawn a while before it is shown.
    if (this.text) heard(this.text);
    return () => {
      this.heard = null;
    };
  }

  take(key: string): void {
    if (key === "Backspace") this.text = this.text.slice(0, -1);
    else if ([...key].length === 1) this.text += key;
    this.heard?.(this.text);
  }

  clear(): void {
    this.text = "";
  }
}

/** Until the palette is there, keys are meant for it and not for the page below. */
export function Catching({ typed, onClose }: { typed: TypedAhead; onClose: () => void }) {
  useLayoutEffect(() => {
    const caught = (event: KeyboardEvent) => {
      // From here on the dialog has the focus, or none is open yet.
      if (event.target instanceof Element && event.target.closest("[role=dialog]")) return;
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.key === "Escape") onClose();
      else typed.take(event.key);
    };
    addEventListener("keydown", caught, { capture: true });
    return () => removeEventListener("keydown", caught, { capture: true });
  }, [typed, onClose]);
  return null;
}
