import styled from "styled-components";
import { color, font, media, radius, size } from "../../ui/tokens.ts";

const ground = (hue: string) => `color-mix(in srgb, ${hue} 18%, ${color.ground})`;
const CYAN = `color-mix(in oklab, ${color.runningText} 50%, ${color.succeededText})`;

export const Frame = styled.section`
  position: relative; display: flex; flex-direction: column; border: 1px solid ${color.line}; border-radius: ${radius}; background: ${color.ground};
  min-inline-size: 0; overflow: hidden;
`;

export const Tools = styled.div`
  display: flex; align-items: center; gap: 4px; padding: 4px 8px 4px 12px; border-block-end: 1px solid ${color.line}; font-size: ${size.small};
  color: ${color.textSoft}; flex-wrap: wrap;
  & > .space { flex: 1; }
  & button[aria-pressed="true"] { background: ${color.hover}; color: ${color.text}; }
  /* On a phone the signs must do; what they say stays for who listens. */
  ${media.phone} { gap: 0; & button[data-look] { padding-inline: 14px; } & button > span { position: absolute; clip-path: inset(50%); } }
`;

/** Everything that output can look like is said here; it can say nothing itself. */
export const Scroller = styled.div`
  overflow: auto; overscroll-behavior: contain; max-block-size: max(280px, calc(100dvh - 450px)); min-block-size: 64px; scrollbar-width: thin;
  font: ${size.tiny}/20px ${font.mono}; padding-block: 6px; position: relative; --number: calc(var(--digits) * 1ch + 24px);
  &:focus-visible { outline-offset: -2px; }
  & pre { margin: 0; font: inherit; content-visibility: auto; inline-size: max-content; min-inline-size: 100%; }
  & pre > span {
    display: block; position: relative; direction: ltr; unicode-bidi: isolate; white-space: pre; padding-inline: var(--number) 12px;
    tab-size: 8; min-block-size: 20px; font-variant-ligatures: none;
  }
  /* Lines that are not drawn as such yet are as high. */
  & pre[data-far] { padding-inline: var(--number) 12px; white-space: pre; direction: ltr; tab-size: 8; font-variant-ligatures: none; }
  & pre > span::before {
    content: attr(data-no); position: absolute; inset-inline-start: 0; inline-size: calc(var(--number) - 12px); text-align: end; color: ${color.textFaint};
    user-select: none; cursor: pointer;
  }
  &[data-times="true"] { --number: calc(var(--digits) * 1ch + 24px + 18ch); }
  &[data-times="true"] pre > span::before { content: attr(data-at) "  " attr(data-no); white-space: pre; }
  &[data-wrap="true"] pre { inline-size: auto; }
  &[data-wrap="true"] pre > span, &[data-wrap="true"] pre[data-far] { white-space: pre-wrap; overflow-wrap: anywhere; }
  & pre > span:hover::before { color: ${color.text}; }
  & pre > span[data-error] { box-shadow: inset 3px 0 0 ${color.failed}; }
  & pre > span[data-marked] { background: ${color.accentSoft}; }
  & b { font-weight: inherit; }
  & i[data-told]::after { content: attr(data-told); margin-inline-start: 1ch; color: ${color.textFaint}; font-style: italic; user-select: none; }
  & p[data-gap] {
    margin-block: 6px; padding: 6px 12px; text-align: center; color: ${color.textFaint}; background: ${color.sunken}; font-family: ${font.sans};
    border-block: 1px dashed ${color.line}; position: sticky; inset-inline-start: 0;
  }
  & .bold { font-weight: 600; } & .italic { font-style: italic; } & .dim { color: ${color.textFaint}; }
  & .underline { text-decoration: underline; } & .strikethrough { text-decoration: line-through; }
  & .is-red { color: ${color.failedText}; } & .is-green { color: ${color.succeededText}; } & .is-yellow { color: ${color.lateText}; }
  & .is-blue { color: ${color.runningText}; } & .is-magenta { color: ${color.accentText}; } & .is-cyan { color: ${CYAN}; }
  & .is-grey { color: ${color.textFaint}; }
  & .on-red { background: ${ground(color.failed)}; } & .on-green { background: ${ground(color.succeeded)}; }
  & .on-yellow { background: ${ground(color.late)}; } & .on-blue { background: ${ground(color.running)}; }
  & .on-magenta { background: ${ground(color.accent)}; } & .on-cyan { background: ${ground(CYAN)}; } & .on-grey { background: ${color.hover}; }
  & [class*="on-"] { color: ${color.text}; }
`;

export const More = styled.div`
  display: flex; justify-content: center; padding: 4px; position: sticky; inset-inline-start: 0; font-family: ${font.sans};
`;

export const Pill = styled.button`
  position: absolute; inset-block-end: 12px; inset-inline: 0; margin-inline: auto; inline-size: max-content; z-index: 2; display: inline-flex;
  align-items: center; gap: 6px; block-size: 32px; padding-inline: 14px; border-radius: 16px; background: ${color.accent}; color: ${color.onAccent};
  font-size: ${size.small}; font-weight: 500; box-shadow: ${color.shadow};
  &:focus-visible { border-radius: 16px; }
  ${media.phone} { block-size: 44px; border-radius: 22px; }
`;

export const Empty = styled.p`padding: 20px 16px; color: ${color.textFaint}; font: ${size.small}/20px ${font.sans};`;
