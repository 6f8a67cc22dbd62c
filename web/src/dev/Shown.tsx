import type { ReactNode } from "react";
import styled from "styled-components";
import { color, media, radius, size } from "../ui/tokens.ts";

const Line = styled.div`
  display: grid; grid-template-columns: 160px minmax(0, 1fr); gap: 8px 16px; align-items: center;
  & > h3 { font-size: ${size.small}; font-weight: 500; color: ${color.textSoft}; }
  & > div { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; min-inline-size: 0; }
  ${media.phone} { grid-template-columns: minmax(0, 1fr); }
`;

/** What it is called, and what it looks like. */
export function Shown({ as, children }: { as: string; children: ReactNode }) {
  return (
    <Line>
      <h3>{as}</h3>
      <div>{children}</div>
    </Line>
  );
}

export const Grid = styled.div`
  display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); font-size: ${size.tiny}; color: ${color.textSoft};
  & > span { display: flex; align-items: center; gap: 8px; min-inline-size: 0; overflow-wrap: anywhere; }
`;

/** Room for a part that fills what it is given. */
export const Room = styled.div`
  border: 1px solid ${color.line}; border-radius: ${radius}; min-inline-size: 0; inline-size: 100%; overflow: hidden;
`;
