/** When to draw what stands far from what is seen of the box that it scrolls in. */

const NEAR = "1200px 0px";
const QUIET_MS = 500;
const WITHOUT_IDLE_MS = 100;

const observers = new WeakMap<Element, IntersectionObserver>();
const waiting = new Map<Element, () => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let idle: number | undefined;

/** `act` is called once: when the element comes near, or earlier, when the browser has nothing else to do. The answer takes it back. */
export function onceNear(element: Element, act: () => void): () => void {
  const box = element.parentElement;
  if (!box) return () => undefined;
  const observer = observers.get(box) ?? observerOf(box);
  waiting.set(element, act);
  observer.observe(element);
  whenIdle();
  return () => {
    waiting.delete(element);
    observer.unobserve(element);
  };
}

function reached(element: Element): void {
  const act = waiting.get(element);
  waiting.delete(element);
  act?.();
}

/** One for all that stands in a box. */
function observerOf(box: Element): IntersectionObserver {
  const observer = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) if (isIntersecting) reached(target);
    },
    { root: box, rootMargin: NEAR },
  );
  observers.set(box, observer);
  return observer;
}

/** Once nothing new has come for a while: one at a time, so that no key or wheel waits for more than that. */
function whenIdle(): void {
  clearTimeout(timer);
  if (idle !== undefined) window.cancelIdleCallback(idle);
  timer = setTimeout(goOn, QUIET_MS);
}

function goOn(): void {
  const [next] = waiting.keys();
  if (!next) return;
  reached(next);
  // Not every browser has it.
  if ("requestIdleCallback" in window) idle = window.requestIdleCallback(goOn);
  else timer = setTimeout(goOn, WITHOUT_IDLE_MS);
}
