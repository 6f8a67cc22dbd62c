import styled from "styled-components";
import { color, media, radius, size } from "../ui/tokens.ts";

export const Panel = styled.section`
  display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr);
  & > header { display: flex; align-items: center; gap: 12px; flex-wrap: wrap; min-block-size: 32px; }
  & > header > h2 { font-size: ${size.large}; }
  & > h3 { font-size: ${size.small}; font-weight: 500; color: ${color.textSoft}; margin-block: 8px -4px; }
  & > header > button, & > header > a { margin-inline-start: auto; }
  & > p, & p.said { color: ${color.textSoft}; max-inline-size: 68ch; text-wrap: pretty; }
`;

export const Form = styled.form`
  display: grid; gap: 14px; padding: 16px; border: 1px solid ${color.line}; border-radius: ${radius}; max-inline-size: 560px;
  & label { display: grid; gap: 6px; font-size: ${size.small}; font-weight: 500; }
  & select, & textarea {
    inline-size: 100%; padding-inline: 10px; border-radius: ${radius}; background-color: ${color.ground}; border: 1px solid ${color.lineStrong};
    font-weight: 400;
  }
  & select { block-size: 36px; padding-inline-end: 28px; }
  & textarea { padding-block: 8px; min-block-size: 200px; resize: vertical; font-family: ui-monospace, monospace; line-height: 20px; }
  & textarea:focus-visible, & select:focus-visible { outline-offset: -1px; }
  & .hint { color: ${color.textFaint}; font-weight: 400; }
  & [role="alert"] { color: ${color.failedText}; font-size: ${size.small}; overflow-wrap: anywhere; }
  & .buttons { display: flex; gap: 8px; flex-wrap: wrap; }
  ${media.phone} { & input:not([type="checkbox"]), & select { block-size: 44px; } }
`;

export const List = styled.ul`
  border: 1px solid ${color.line}; border-radius: ${radius}; font-size: ${size.small};
  & > li { display: flex; align-items: center; gap: 4px 12px; padding: 8px 12px; min-block-size: 44px; flex-wrap: wrap; }
  & > li + li { border-block-start: 1px solid ${color.line}; }
  & .name { font-weight: 500; font-size: ${size.body}; overflow-wrap: anywhere; }
  & .end { margin-inline-start: auto; display: flex; gap: 4px; align-items: center; }
  & .soft { color: ${color.textSoft}; }
`;

export const Once = styled.div`
  display: grid; gap: 10px; padding: 14px 16px; border-radius: ${radius}; background: ${color.lateSoft};
  & code { overflow-wrap: anywhere; padding: 8px 10px; border-radius: 4px; background: ${color.ground}; border: 1px solid ${color.line}; user-select: all; }
  & .buttons { display: flex; gap: 8px; }
`;

export const Facts = styled.dl`
  display: grid; grid-template-columns: minmax(120px, auto) minmax(0, 1fr); gap: 8px 20px; font-size: ${size.small};
  & dt { color: ${color.textFaint}; }
  & > dd { overflow-wrap: anywhere; }
`;
