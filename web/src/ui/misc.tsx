import styled from "styled-components";
import { color, font, radius, size } from "./tokens.ts";

export const Muted = styled.span`color: ${color.textFaint};`;

export const Tag = styled.span`
  display: inline-block; padding-inline: 6px; border-radius: 4px; font-size: ${size.tiny}; line-height: 18px;
  background: ${color.sunken}; color: ${color.textSoft}; border: 1px solid ${color.line}; white-space: nowrap;
  max-inline-size: 100%; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom;
`;

export const Mono = styled.code`font-family: ${font.mono}; font-size: ${size.tiny};`;

export const Input = styled.input`
  inline-size: 100%; block-size: 36px; padding-inline: 10px; border-radius: ${radius};
  background-color: ${color.ground}; border: 1px solid ${color.lineStrong}; font-size: ${size.body};
  &:focus-visible { outline: 2px solid ${color.focus}; outline-offset: -1px; border-color: transparent; }
  &::placeholder { color: ${color.textFaint}; }
  &:is(select) { padding-inline-end: 28px; }
`;

export const Checkbox = styled.input.attrs({ type: "checkbox" })`
  appearance: none; display: grid; place-items: center; inline-size: 16px; block-size: 16px; margin: 0; border-radius: 4px; cursor: pointer;
  background: ${color.ground}; border: 1px solid ${color.lineStrong};
  &:checked, &:indeterminate { background: ${color.accent}; border-color: ${color.accent}; }
  &:disabled { opacity: 0.5; cursor: default; }
  &::before { inline-size: 4px; block-size: 8px; margin-block-end: 2px; rotate: 45deg; border: solid ${color.onAccent}; border-width: 0 2px 2px 0; }
  &:checked::before { content: ""; }
  &:indeterminate::before { content: ""; inline-size: 8px; block-size: 0; margin: 0; rotate: none; }
`;

/** Room around a box, so that it need not be hit exactly. */
export const TickBox = styled.label`position: relative; z-index: 1; display: grid; place-items: center; margin: -8px; padding: 8px;`;

export const Hidden = styled.span`
  position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
`;

export const KeyName = styled.kbd`
  font-size: 11px; color: ${color.textFaint}; border: 1px solid ${color.line}; border-radius: 4px; padding-inline: 5px; line-height: 16px;
  white-space: nowrap;
`;
