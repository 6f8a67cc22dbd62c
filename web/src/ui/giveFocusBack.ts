/** Where the focus goes when a layer over the page has closed. */

const LAYERS = "[role=menu],[role=dialog],[role=alertdialog]";
const KEPT = 12;
/** A list that is drawn anew has its rows a few frames later. */
const FRAMES_MAX = 20;

/** What had the focus on the page itself, the newest last. */
let trail: readonly HTMLElement[] = [];

/** Begins to remember what has the focus. */
export function rememberFocus(): void {
  addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement) || target.closest(LAYERS)) return;
    trail = [...trail.filter((one) => one !== target), target].slice(-KEPT);
  });
}

/** The element itself, or, once it is gone, what leads or is called the same: a row may have been drawn anew. */
function standIn(lost: HTMLElement): HTMLElement | undefined {
  if (lost.isConnected) return lost;
  const name = lost instanceof HTMLAnchorElement ? "href" : "aria-label";
  const value = lost.getAttribute(name);
  if (value === null) return undefined;
  const all = document.querySelectorAll<HTMLElement>(`#main ${lost.localName}[${name}]`);
  const alike = [...all].filter((one) => one.getAttribute(name) === value);
  return alike.length === 1 ? alike[0] : undefined; // of several it is not known which one is meant
}

const nobodyHasIt = () => document.activeElement === null || document.activeElement === document.body;

function took(element: HTMLElement | null | undefined): boolean {
  element?.focus();
  return element !== null && element !== undefined && document.activeElement === element;
}

/** To `before`, which had the focus when the layer opened; else to what had it last on the page; in the end to the page itself. */
export function giveFocusBack(before: Element | null): void {
  if (!nobodyHasIt()) return; // somebody has taken it meanwhile
  if (before instanceof HTMLElement && before !== document.body && before.isConnected && took(before)) return;
  const [newest, ...older] = trail.toReversed();
  const look = (frame: number) => {
    if (!nobodyHasIt() || (newest && took(standIn(newest)))) return;
    const main = document.getElementById("main");
    if (newest && frame < FRAMES_MAX) requestAnimationFrame(() => look(frame + 1));
    else if (!older.map(standIn).some((place) => main?.contains(place ?? null) && took(place))) took(main);
  };
  look(0);
}
