import { setNonce } from "get-nonce";

/** Of this document, as the server filled it in; empty in development. */
export const nonce = (): string => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

/** Radix writes a style element of its own while a dialog is open. */
export function shareNonce(): void {
  const own = nonce();
  if (own && own !== "__CSP_NONCE__") setNonce(own);
}
