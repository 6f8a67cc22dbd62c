import { MemoryRouter } from "react-router";
import styled from "styled-components";
import { type Theme, usePrefs } from "../tasks/TaskContext.tsx";
import { Button } from "../ui/Button.tsx";
import { Toasts } from "../ui/Toast.tsx";
import { color, media, size } from "../ui/tokens.ts";
import { Charts } from "./Charts.tsx";
import { Colours } from "./Colours.tsx";
import { Controls } from "./Controls.tsx";
import { Fields } from "./Fields.tsx";
import { Icons } from "./Icons.tsx";
import { Layers } from "./Layers.tsx";
import { Panels } from "./Panels.tsx";

const THEMES: readonly Theme[] = ["light", "dark", "system"];

const PARTS = [
  { title: "Colours and sizes", Part: Colours },
  { title: "Buttons, chips and words", Part: Controls },
  { title: "Fields", Part: Fields },
  { title: "States and icons", Part: Icons },
  { title: "Charts", Part: Charts },
  { title: "Layers", Part: Layers },
  { title: "Panels", Part: Panels },
] as const;

const Top = styled.header`
  position: sticky; inset-block-start: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; padding: 10px 24px;
  background: ${color.ground}; border-block-end: 1px solid ${color.line};
  & > h1 { font-size: ${size.large}; }
  & > nav { display: flex; flex-wrap: wrap; gap: 4px 12px; font-size: ${size.small}; color: ${color.textSoft}; }
  & > nav > a:hover { color: ${color.text}; }
  & > [role="group"] { margin-inline-start: auto; display: flex; gap: 4px; }
  & > [role="group"] > [aria-pressed="true"] { background: ${color.accentSoft}; color: ${color.accentText}; }
`;

const Body = styled.main`max-inline-size: 1080px; margin-inline: auto; padding: 8px 24px 96px;`;

const Section = styled.section`
  padding-block: 24px; scroll-margin-block-start: 56px; display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr);
  & + & { border-block-start: 1px solid ${color.line}; }
  & > h2 { font-size: ${size.title}; line-height: 28px; }
  ${media.phone} { scroll-margin-block-start: 120px; }
`;

const anchor = (title: string) => title.toLowerCase().replaceAll(/\W+/g, "-");

/** Every part of the page in every state, to be looked at while it is worked on. It is not in what is built. */
export function PartsPage() {
  const { theme, set } = usePrefs();
  return (
    <MemoryRouter>
      <Toasts>
        <title>Parts · Horarium</title>
        <Top>
          <h1>Parts</h1>
          <nav aria-label="Kinds of parts">
            {PARTS.map(({ title }) => (
              <a key={title} href={`${location.pathname}#${anchor(title)}`}>
                {title}
              </a>
            ))}
          </nav>
          <div role="group" aria-label="Theme">
            {THEMES.map((name) => (
              <Button key={name} look="ghost" aria-pressed={theme === name} onClick={() => set({ theme: name })}>
                {name}
              </Button>
            ))}
          </div>
        </Top>
        <Body>
          {PARTS.map(({ title, Part }) => (
            <Section key={title} id={anchor(title)} aria-label={title}>
              <h2>{title}</h2>
              <Part />
            </Section>
          ))}
        </Body>
      </Toasts>
    </MemoryRouter>
  );
}
