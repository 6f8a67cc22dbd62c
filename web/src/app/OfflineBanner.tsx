import styled from "styled-components";
import { relative } from "../lib/time.ts";
import { useNow } from "../lib/now.ts";
import { useLive } from "../tasks/TaskContext.tsx";
import { WifiOff } from "../ui/icons.ts";
import { color, media, size } from "../ui/tokens.ts";

const Bar = styled.div`
  display: flex; align-items: center; gap: 8px; padding: 8px 24px; ${media.phone} { padding-inline: 16px; } font-size: ${size.small}; background: ${color.lateSoft}; color: ${color.lateText};
`;

/** What is shown stays, with its age, until the server answers again. */
export function OfflineBanner() {
  const { offline, lastHeardAt } = useLive();
  return offline ? <Shown since={lastHeardAt} /> : null;
}

function Shown({ since }: { since: number | undefined }) {
  const now = useNow(1_000);
  const age = since === undefined ? "" : ` What you see is from ${relative(new Date(since), now)}.`;
  return (
    <Bar role="status">
      <WifiOff size={16} /> The server does not answer; trying again every few seconds.{age}
    </Bar>
  );
}
