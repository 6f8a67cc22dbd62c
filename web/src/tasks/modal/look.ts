import styled from "styled-components";
import { color, font, media, radius, size } from "../../ui/tokens.ts";

const field = `
  inline-size: 100%; padding: 7px 10px; border-radius: ${radius}; background-color: ${color.ground}; border: 1px solid ${color.lineStrong};
  font-size: ${size.body}; line-height: 20px;
  &:focus-visible { outline: 2px solid ${color.focus}; outline-offset: -1px; border-color: transparent; }
  &::placeholder { color: ${color.textFaint}; }
  &[aria-invalid="true"] { border-color: ${color.failed}; }
  &[data-mono="true"] { font-family: ${font.mono}; font-size: ${size.small}; }
  /* Where a smaller text is edited, a phone zooms in. */
  ${media.phone} { &, &[data-mono="true"] { min-block-size: 44px; padding-block: 11px; font-size: 16px; } }
`;

export const TextInput = styled.input`${field} min-block-size: 36px;
  /* Their inner parts are taller than a line of text. */
  &:is([type="time"], [type="date"], [type="datetime-local"]) { padding-block: 0; block-size: 36px; ${media.phone} { block-size: 44px; } }`;
export const Area = styled.textarea`${field} display: block; resize: vertical; min-block-size: 36px; field-sizing: content; max-block-size: 320px;`;
export const Choice = styled.select`${field} min-block-size: 36px; padding-inline-end: 28px;`;

export const Block = styled.div`display: grid; gap: 4px; min-inline-size: 0; align-content: start;`;
export const Label = styled.label`
  display: flex; align-items: center; gap: 6px; font-size: ${size.small}; font-weight: 500; color: ${color.textSoft};
  & > .changed { display: inline-flex; align-items: center; gap: 4px; font-weight: 400; font-size: ${size.tiny}; color: ${color.accentText};
    &::before { content: ""; inline-size: 6px; block-size: 6px; border-radius: 3px; background: ${color.accent}; } }
`;
export const Hint = styled.p`font-size: ${size.tiny}; line-height: 16px; color: ${color.textFaint}; overflow-wrap: anywhere;`;
export const Wrong = styled.p`
  display: flex; gap: 6px; font-size: ${size.small}; line-height: 18px; color: ${color.failedText}; overflow-wrap: anywhere;
  & > svg { margin-block-start: 2px; }
`;

export const Pair = styled.div`
  display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(min(160px, 100%), 1fr)); align-items: start;
`;

export const Group = styled.fieldset`
  display: grid; gap: 14px; margin: 0; padding: 0; border: 0; min-inline-size: 0;
  & > legend { padding: 0; margin-block-end: 10px; font-weight: 600; font-size: ${size.body}; }
`;

export const Fold = styled.details`
  border-block-start: 1px solid ${color.line}; padding-block-start: 12px;
  & > summary { display: flex; gap: 8px; align-items: baseline; cursor: pointer; font-weight: 600; list-style: none; min-block-size: 24px; border-radius: ${radius}; }
  & > summary::-webkit-details-marker { display: none; }
  & > summary > svg { align-self: center; transition: rotate 120ms; color: ${color.textFaint}; rotate: -90deg; }
  &[open] > summary > svg { rotate: 0deg; }
  & > summary > span { font-weight: 400; font-size: ${size.small}; color: ${color.textSoft}; min-inline-size: 0; overflow-wrap: anywhere; }
  & > div { display: grid; gap: 14px; padding-block: 12px 4px; }
  & > summary > strong { font-weight: 600; flex: none; }
  ${media.phone} { & > summary { min-block-size: 44px; align-items: center; flex-wrap: wrap; gap: 0 8px; & > span { flex: 1 1 100%; padding-inline-start: 22px; } } }
`;

export const Note = styled.p`
  display: flex; gap: 6px; padding: 8px 10px; border-radius: ${radius}; font-size: ${size.small}; line-height: 18px; background: ${color.sunken}; color: ${color.textSoft};
  overflow-wrap: anywhere;
  border: 1px solid ${color.line};
  & > svg { margin-block-start: 2px; }
  &[data-tone="late"] { background: ${color.lateSoft}; color: ${color.lateText}; }
  &[data-tone="failed"] { background: ${color.failedSoft}; color: ${color.failedText}; }
`;

export const Chips = styled.div`
  display: flex; flex-wrap: wrap; gap: 6px;
  & button, & label {
    position: relative; display: inline-flex; align-items: center; justify-content: center; min-block-size: 28px; padding-inline: 10px; border-radius: 14px; font-size: ${size.small}; cursor: pointer;
    border: 1px solid ${color.line}; color: ${color.textSoft};
    &:hover { background: ${color.hover}; color: ${color.text}; }
    ${media.phone} { min-block-size: 44px; border-radius: 22px; padding-inline: 14px; }
  }
  & button[aria-pressed="true"], & label:has(:checked) { background: ${color.accentSoft}; color: ${color.accentText}; border-color: ${color.accent}; font-weight: 500; }
  & label:has(:focus-visible) { outline: 2px solid ${color.focus}; outline-offset: 1px; }
  & label > input { position: absolute; inset: 0; opacity: 0; margin: 0; cursor: pointer; inline-size: 100%; block-size: 100%; }
`;

export const Tabs = styled.div`
  display: flex; gap: 2px; padding: 2px; border-radius: 8px; background: ${color.sunken}; border: 1px solid ${color.line};
  & > label { position: relative; flex: 1; display: grid; place-items: center; min-block-size: 30px; padding-inline: 8px; border-radius: ${radius}; font-size: ${size.small}; font-weight: 500; color: ${color.textSoft}; cursor: pointer; 
    ${media.phone} { min-block-size: 44px; } }
  & > label:has(:checked) { background: ${color.ground}; color: ${color.text}; box-shadow: 0 0 0 1px ${color.line}; }
  & > label:has(:focus-visible) { outline: 2px solid ${color.focus}; outline-offset: 1px; }
  & > label > input { position: absolute; inset: 0; opacity: 0; margin: 0; cursor: pointer; inline-size: 100%; block-size: 100%; }
`;
