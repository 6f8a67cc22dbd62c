/** The raw bytes go out by their own type: a browser that follows a plain link would ask for HTML or JSON. */

import { base, http } from "../../lib/http.ts";

const REVOKED_AFTER_MS = 60_000;

const bytesOf = (url: string) =>
  http<ArrayBuffer>(
    { url: url.slice(base().length), method: "GET" },
    { headers: { Accept: "text/plain" }, responseType: "arraybuffer" },
  );

/** Raises Refusal. */
export const rawText = async (url: string): Promise<string> => new TextDecoder().decode(await bytesOf(url));

/** Shown as plain text in a tab of its own, or saved. Raises Refusal. */
export async function openRaw(url: string, name: string, how: "open" | "save"): Promise<void> {
  const body = await bytesOf(url);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([body], { type: "text/plain;charset=utf-8" }));
  if (how === "save") link.download = name;
  else link.target = "_blank";
  link.rel = "noopener";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKED_AFTER_MS);
}
