import { css } from "styled-components";
import { media } from "../ui/tokens.ts";

/** The widths that the head and every row share; a task's own list has no column for the task. */
export const columns = css`
  display: grid; align-items: center; column-gap: 12px; padding-inline: 24px 16px;
  grid-template-columns: 16px minmax(120px, 1.2fr) 210px 120px 32px minmax(120px, 1.6fr) 84px minmax(72px, 0.6fr);
  &[data-alone="true"] { grid-template-columns: 16px 210px 120px 32px minmax(120px, 1.6fr) 84px minmax(72px, 0.6fr); }
  ${media.belowWide} {
    column-gap: 10px; grid-template-columns: 16px minmax(90px, 1fr) 196px 118px 34px minmax(80px, 1.4fr) 76px;
    &[data-alone="true"] { grid-template-columns: 16px 196px 118px 34px minmax(80px, 1.4fr) 76px; }
    & > .wide { display: none; }
  }
`;

export const ROW = { normal: 40, compact: 32, card: 80, skip: 28, skipCard: 44 } as const;
