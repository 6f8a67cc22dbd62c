import "@fontsource-variable/inter/wght.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { shareNonce } from "../lib/nonce.ts";
import { App } from "./App.tsx";
import { rememberFocus } from "../ui/giveFocusBack.ts";
import { preloadMenus } from "../ui/Menu.tsx";
import { showFailing } from "./favicon.ts";

shareNonce();
showFailing(0);
rememberFocus();
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
// Soon, but after the first rows.
setTimeout(preloadMenus, 2_000);
