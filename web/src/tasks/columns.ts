import { css } from "styled-components";
import { media } from "../ui/tokens.ts";

/** The widths that the head and every row share. */
export const columns = css`
  display: grid; align-items: center; column-gap: 12px; padding-inline: 24px 16px;
  grid-template-columns: 16px 16px minmax(160px, 1fr) minmax(120px, 1.2fr) var(--next, 246px) 118px 112px 28px;
  ${media.belowWide} {
    grid-template-columns: 16px 16px minmax(92px, 1.5fr) minmax(66px, 1.1fr) var(--next, 246px) 58px 82px 28px;
    column-gap: 8px; padding-inline-end: 8px;
  }
`;

/** What the column of next runs needs for a time with seconds and the longest distance; am and pm, and the zone's name, take room. */
export const nextWidth = (halfDays: boolean, named: boolean): string =>
  `${246 + (halfDays ? 20 : 0) + (named ? 40 : 0)}px`;

export const STRIP_SLOTS = { wide: 20, narrow: 10 } as const;
export const ROW = { normal: 40, compact: 32, card: 88 } as const;
