import { Navigate, NavLink, useParams } from "react-router";
import styled from "styled-components";
import { useMay } from "../tasks/TaskContext.tsx";
import { ButtonLink } from "../ui/Button.tsx";
import { Notice } from "../ui/Panel.tsx";
import { color, media, radius, size } from "../ui/tokens.ts";
import { About } from "./About.tsx";
import { Calendars } from "./Calendars.tsx";
import { General } from "./General.tsx";
import { Tokens } from "./Tokens.tsx";

const Page = styled.div`
  display: grid; grid-template-columns: 160px minmax(0, 1fr); gap: 24px 32px; max-inline-size: 1000px; padding: 16px 24px 48px 14px;
  align-items: start;
  & > nav { display: flex; flex-direction: column; gap: 2px; }
  & > nav a { padding: 6px 10px; border-radius: ${radius}; font-size: ${size.small}; color: ${color.textSoft}; }
  & > nav a:hover { background: ${color.hover}; color: ${color.text}; }
  & > nav a[aria-current] { background: ${color.hover}; color: ${color.text}; font-weight: 500; }
  & > div { display: grid; gap: 28px; grid-template-columns: minmax(0, 1fr); }
  ${media.phone} {
    grid-template-columns: minmax(0, 1fr); gap: 12px; padding: 8px 16px 32px;
    & > nav { flex-direction: row; overflow-x: auto; margin-inline: -10px; } & > nav a { min-block-size: 44px; display: grid; align-items: center; }
  }
`;

/** What holds for the whole installation. */
export function Settings() {
  const { part } = useParams();
  const admin = useMay("admin");
  const parts = [
    { path: "general", label: "General", element: <General /> },
    ...(admin ? [{ path: "tokens", label: "Tokens", element: <Tokens /> }] : []),
    { path: "calendars", label: "Calendars", element: <Calendars /> },
    { path: "about", label: "About", element: <About /> },
  ];
  if (part === undefined) return <Navigate to="/settings/general" replace />;
  const shown = parts.find(({ path }) => path === part);
  return (
    <Page>
      <nav aria-label="Settings">
        {parts.map(({ path, label }) => (
          <NavLink key={path} to={`/settings/${path}`}>
            {label}
          </NavLink>
        ))}
      </nav>
      <div>
        {shown?.element ?? (
          <Notice title="There is no such setting" actions={<ButtonLink to="/settings/general">Settings</ButtonLink>}>
            {part === "tokens" && <p>Tokens are for administrators.</p>}
          </Notice>
        )}
      </div>
    </Page>
  );
}
