import styled from "styled-components";
import type { LocalDate } from "../lib/days.ts";
import { shifted } from "../lib/days.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { ChevronLeft, ChevronRight } from "../ui/icons.ts";
import { color, media, radius, size } from "../ui/tokens.ts";
import { DAYS, type Span } from "./queries.ts";

const Bar = styled.div`
  display: flex; align-items: center; flex-wrap: wrap; gap: 8px;
  & > .days { display: flex; align-items: center; gap: 4px; margin-inline-start: -8px; }
  & > .told { color: ${color.textSoft}; font-size: ${size.small}; margin-inline-start: auto; }
  ${media.phone} { & > .days { max-inline-size: 100%; margin-inline-start: -14px; } & > .told { flex: 1 1 0; text-align: end; line-height: 18px; } }
`;
const Spans = styled.div`
  display: inline-flex; padding: 2px; border-radius: ${radius}; background: ${color.sunken}; border: 1px solid ${color.line};
  & > button { block-size: 26px; padding-inline: 12px; border-radius: 4px; font-size: ${size.small}; color: ${color.textSoft}; }
  & > button[aria-pressed="true"] { background: ${color.ground}; color: ${color.text}; font-weight: 500; box-shadow: 0 0 0 1px ${color.line}; }
  & > button:focus-visible { outline: 2px solid ${color.focus}; }
  ${media.phone} { & > button { block-size: 38px; padding-inline: 10px; } }
`;
const DateField = styled.input`
  block-size: 32px; padding-inline: 8px; border-radius: ${radius}; border: 1px solid ${color.line}; background: ${color.ground};
  &:hover { border-color: ${color.lineStrong}; }
  font-size: ${size.small}; color: ${color.text}; color-scheme: inherit;
  ${media.phone} { block-size: 44px; font-size: ${size.large}; flex: 0 1 150px; min-inline-size: 0; }
`;

type Props = {
  date: LocalDate | null;
  today: LocalDate;
  span: Span;
  told: string;
  onDate: (date: LocalDate | null) => void;
  onSpan: (span: Span) => void;
};

/** Which days are shown, and how much is due in them. */
export function Head({ date, today, span, told, onDate, onSpan }: Props) {
  const begin = date ?? today;
  const go = (days: number) => {
    const next = shifted(begin, days);
    onDate(next <= today ? null : next);
  };
  return (
    <Bar>
      <div className="days">
        <IconButton
          label={`The ${span} before`}
          aria-disabled={begin <= today}
          onClick={() => begin > today && go(-DAYS[span])}
        >
          <ChevronLeft size={16} />
        </IconButton>
        <Button aria-pressed={date === null} onClick={() => onDate(null)}>
          Now
        </Button>
        <IconButton label={`The ${span} after`} onClick={() => go(DAYS[span])}>
          <ChevronRight size={16} />
        </IconButton>
        <DateField
          type="date"
          aria-label="First day"
          min={today}
          value={begin}
          onChange={(event) => {
            const { value } = event.target;
            if (value) onDate(value <= today ? null : value);
          }}
        />
      </div>
      <Spans role="group" aria-label="How much at once">
        <button type="button" aria-pressed={span === "day"} onClick={() => onSpan("day")}>
          Day
        </button>
        <button type="button" aria-pressed={span === "week"} onClick={() => onSpan("week")}>
          Week
        </button>
      </Spans>
      <span className="told" role="status">
        {told}
      </span>
    </Bar>
  );
}
