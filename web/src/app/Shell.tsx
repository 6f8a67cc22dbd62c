import { lazy, Suspense, useEffect, useState } from "react";
import { NavLink, Outlet, useLocation, useNavigate } from "react-router";
import styled from "styled-components";
import { address } from "../lib/http.ts";
import { useKeys } from "../lib/keys.ts";
import { useLive, useMay, usePrefs } from "../tasks/TaskContext.tsx";
import { CodeXml } from "../ui/icons.ts";
import { Boundary } from "../ui/Panel.tsx";
import { color, media, radius, size } from "../ui/tokens.ts";
import { Catching, TypedAhead } from "./Catching.tsx";
import { showFailing } from "./favicon.ts";
import { OfflineBanner } from "./OfflineBanner.tsx";
import { sections } from "./sections.tsx";
import { TopBar } from "./TopBar.tsx";

const Frame = styled.div`
  display: grid; block-size: 100dvh; grid-template: auto minmax(0, 1fr) / 200px minmax(0, 1fr);
  grid-template-areas: "rail top" "rail main";
  ${media.belowWide} { grid-template-columns: 56px minmax(0, 1fr); }
  ${media.phone} { grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr); grid-template-areas: "top" "main" "rail"; }
`;

const Skip = styled.button`
  position: fixed; inset-block-start: 8px; inset-inline-start: 8px; z-index: 60; padding: 8px 12px; border-radius: ${radius};
  background: ${color.accent}; color: ${color.onAccent};
  &:not(:focus) { clip-path: inset(50%); pointer-events: none; }
`;

const Rail = styled.nav`
  grid-area: rail; display: flex; flex-direction: column; gap: 2px; padding: 8px; background: ${color.sunken};
  border-inline-end: 1px solid ${color.line};
  & > .space { flex: 1; }
  ${media.phone} {
    flex-direction: row; justify-content: space-around; padding: 4px 8px calc(4px + env(safe-area-inset-bottom)); border: 0;
    border-block-start: 1px solid ${color.line};
    & > .space, & > .brand { display: none; }
  }
`;

const Brand = styled.div`
  display: flex; align-items: center; gap: 10px; block-size: 36px; padding-inline: 10px; margin-block-end: 6px; font-weight: 600;
  & > svg { color: ${color.accent}; }
  ${media.belowWide} { & > span { display: none; } }
`;

const place = `
  display: flex; align-items: center; gap: 10px; block-size: 32px; padding-inline: 10px; border-radius: ${radius};
  font-size: ${size.small}; font-weight: 500;
`;

const Place = styled(NavLink)`
  ${place} color: ${color.textSoft};
  &:hover { background: ${color.hover}; color: ${color.text}; }
  &.active { background: color-mix(in srgb, ${color.text} 8%, transparent); color: ${color.text}; }
  & > svg { margin-inline: 1px; }
  ${media.belowWide} { block-size: 36px; & > span { display: none; } }
  ${media.phone} { block-size: 48px; flex: 1 1 0; min-inline-size: 0; padding-inline: 0; flex-direction: column; gap: 2px; justify-content: center; font-size: ${size.tiny};
    & > span { display: inline; line-height: 14px; } &.active { background: none; color: ${color.accentText}; } }
`;
const Away = styled(Place).attrs({ as: "a" })``;

const Main = styled.main`grid-area: main; min-block-size: 0; overflow: auto; &[data-scrolls="inside"] { overflow: hidden; } &:focus-visible { outline: none; }`;

const loadPalette = () => import("./Palette.tsx");
const Palette = lazy(loadPalette);
const KeySheet = lazy(() => import("./KeySheet.tsx"));
/** After the first rows; then the first letter typed is not lost. */
const PRELOAD_MS = 2_500;

const THEMES = ["system", "light", "dark"] as const;

/** The frame of every screen: the rail, the bar above, and the part that the address names. */
export function Shell() {
  const { pathname } = useLocation();
  const { stats } = useLive();
  const { keys, theme, set } = usePrefs();
  const navigate = useNavigate();
  const section = sections.find(({ path }) => matches(path, pathname));
  const failing = stats?.tasks.failing ?? 0;
  useEffect(() => showFailing(failing), [failing]);
  const going = sections.flatMap(({ rail, path }) =>
    rail ? [[`g ${rail.key}`, () => void navigate(path)] as const] : [],
  );
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  const mayEdit = useMay("editor");
  const [layer, setLayer] = useState<"palette" | "keys" | null>(null);
  const close = () => setLayer(null);
  const [typed] = useState(() => new TypedAhead());
  const search = () => {
    typed.clear();
    setLayer("palette");
  };
  const help = (event: KeyboardEvent) => (event.preventDefault(), setLayer("keys"));
  useKeys({
    "$mod+k": (event) => {
      if (document.querySelector("[role=alertdialog]")) return;
      event.preventDefault();
      if (layer === "palette") close();
      else search();
    },
  });
  useKeys(
    {
      ...Object.fromEntries(going),
      t: () => set({ theme: next }),
      c: () => mayEdit && void navigate("/tasks/new"),
      "?": help,
      "Shift+?": help,
    },
    keys,
  );
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), PRELOAD_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Frame>
      {!section?.below && (
        <title>{`${failing > 0 ? `(${failing}) ` : ""}${section?.title ?? "Not found"} · Horarium`}</title>
      )}
      <Skip type="button" onClick={() => document.getElementById("main")?.focus()}>
        Skip to content
      </Skip>
      <Rail aria-label="Parts of the page">
        <Brand className="brand">
          <Mark />
          <span>Horarium</span>
        </Brand>
        {sections.map(
          ({ path, rail }) =>
            rail && (
              <Place key={path} to={path} title={`${rail.label} (G then ${rail.key.toUpperCase()})`}>
                <rail.Icon size={16} />
                <span>{rail.label}</span>
              </Place>
            ),
        )}
        <span className="space" />
        <Away href={address("/docs")} to="" title="The API, to be read and tried">
          <CodeXml size={16} />
          <span>API</span>
        </Away>
      </Rail>
      <TopBar title={section?.title ?? "Not found"} below={section?.below} onSearch={search} />
      <Main id="main" tabIndex={-1} data-scrolls={section?.scrolls ?? "whole"}>
        <OfflineBanner />
        <Boundary what="This part of the page" resetOn={pathname}>
          <Suspense fallback={null}>
            <Outlet />
          </Suspense>
        </Boundary>
      </Main>
      <Boundary what="This" resetOn={layer}>
        {layer === "palette" && <Catching typed={typed} onClose={close} />}
        {layer === "palette" && (
          <Suspense fallback={null}>
            <Palette typed={typed} onClose={close} onKeys={() => setLayer("keys")} />
          </Suspense>
        )}
        {layer === "keys" && (
          <Suspense fallback={null}>
            <KeySheet onClose={close} />
          </Suspense>
        )}
      </Boundary>
    </Frame>
  );
}

const matches = (pattern: string, path: string): boolean => {
  const wanted = pattern.split("/");
  const there = path.replace(/\/$/, "").split("/");
  return wanted.length === there.length && wanted.every((word, i) => word.startsWith(":") || word === there[i]);
};

export function Mark({ size: side = 18 }: { size?: number }) {
  return (
    <svg
      width={side}
      height={side}
      viewBox="0 0 18 18"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden="true"
    >
      <circle cx="9" cy="9" r="7.5" />
      <path d="M9 4.5V9l3 2.2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
