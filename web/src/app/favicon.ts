import { light } from "../ui/tokens.ts";

/** A clock; with a dot in the colour of failure while something fails. */
export function showFailing(failing: number): void {
  const link = document.getElementById("favicon");
  if (!(link instanceof HTMLLinkElement)) return;
  const dot = failing > 0 ? `<circle cx="25" cy="7" r="7" fill="${light.failed}"/>` : "";
  const picture =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="${light.accent}" stroke-width="3.5">` +
    `<circle cx="16" cy="16" r="13.5"/><path d="M16 8v8l5.5 4" stroke-linecap="round" stroke-linejoin="round"/>` +
    `<g stroke="none">${dot}</g></svg>`;
  link.href = `data:image/svg+xml,${encodeURIComponent(picture)}`;
}
