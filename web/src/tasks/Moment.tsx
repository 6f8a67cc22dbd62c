import styled from "styled-components";
import { useNowFor } from "../lib/now.ts";
import { absolute, inFull, relative, zoneName, zoneOf } from "../lib/time.ts";
import { color } from "../ui/tokens.ts";
import { usePrefs } from "./context/prefs.tsx";

const Whole = styled.span`white-space: nowrap;`;
const Aside = styled(Whole)`color: ${color.textFaint};`;

type Props = {
  at: string;
  taskZone: string;
  named?: boolean;
  brief?: boolean;
  relativeToo?: boolean;
  skipped?: boolean;
};

/** An instant in the zone that the person reads, and how far away it is; all zones in the tooltip. `named`: with its zone; `brief`: without
 * the day of the week; `skipped`: nothing will run then. */
export function Moment({ at, taskZone, named = false, brief = false, relativeToo = true, skipped = false }: Props) {
  const { zone: choice, hours } = usePrefs();
  const date = new Date(at);
  const now = useNowFor(date);
  const zone = zoneOf(choice, taskZone);
  return (
    <time dateTime={at} title={inFull(date, taskZone, now, hours)}>
      <Whole as={skipped ? "s" : undefined}>
        {absolute(date, zone, now, hours, brief)}
        {named && ` ${zoneName(date, zone)}`}
      </Whole>
      {relativeToo && (
        <>
          <Aside>{"\u00a0·"}</Aside> <Aside>{skipped ? "skipped" : relative(date, now)}</Aside>
        </>
      )}
    </time>
  );
}
