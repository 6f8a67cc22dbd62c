import "@fontsource-variable/inter/wght.css";
import { createRoot } from "react-dom/client";
import { Preferences } from "../tasks/TaskContext.tsx";
import { GlobalStyle } from "../ui/GlobalStyle.ts";
import { PartsPage } from "./PartsPage.tsx";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <Preferences>
    <GlobalStyle />
    <PartsPage />
  </Preferences>,
);
