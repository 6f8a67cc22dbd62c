/** What stands where there is nothing to show: empty, failed, still loading. */

import { Component, type ReactNode, useEffect, useState } from "react";
import styled, { keyframes } from "styled-components";
import { refusalOf } from "../lib/http.ts";
import { Button } from "./Button.tsx";
import { AlertTriangle, WifiOff } from "./icons.ts";
import { color, font, size } from "./tokens.ts";

const Box = styled.section`
  display: grid; justify-items: center; align-content: center; gap: 8px; padding: 64px 24px; text-align: center;
  & > svg { color: ${color.textFaint}; margin-block-end: 4px; }
  & > h2 { font-size: ${size.large}; }
  & > p { color: ${color.textSoft}; max-inline-size: 46ch; text-wrap: pretty; overflow-wrap: anywhere; }
  & > footer { display: flex; flex-wrap: wrap; gap: 8px; justify-content: center; margin-block-start: 12px; }
`;

const Small = styled.code`font: ${size.tiny} ${font.mono}; color: ${color.textFaint};`;

type NoticeProps = { icon?: ReactNode; title: string; children?: ReactNode; actions?: ReactNode };

export function Notice({ icon, title, children, actions }: NoticeProps) {
  return (
    <Box>
      {icon}
      <h2>{title}</h2>
      {children}
      {actions && <footer>{actions}</footer>}
    </Box>
  );
}

/** What went wrong, the number to look it up by, and another try. */
export function Failure({ error, onRetry, what }: { error: unknown; onRetry?: () => void; what: string }) {
  const refusal = refusalOf(error);
  const icon = refusal?.offline ? <WifiOff size={24} /> : <AlertTriangle size={24} />;
  const words = refusal?.message ?? (error instanceof Error ? error.message : String(error));
  return (
    <Notice
      icon={icon}
      title={`${what} could not be loaded`}
      actions={onRetry && <Button onClick={onRetry}>Try again</Button>}
    >
      <p role="alert">{words}</p>
      {refusal?.requestId && <Small>request {refusal.requestId}</Small>}
    </Notice>
  );
}

const AGAIN_MS = 3_000;
const SAID = /dynamically imported module|module script/i;

/** Whether a file that the page is made of did not come: the server is away, or a newer version of the page is there. */
const isLostPart = (error: unknown): error is TypeError => error instanceof TypeError && SAID.test(error.message);

/** Once the file can be had, the page is loaded anew: what has failed to load is not asked for twice. */
function LostPart({ what, error }: { what: string; error: TypeError }) {
  const { message } = error;
  const look = async (enough: (answer: Response) => boolean) => {
    const file = /https?:\S+/.exec(message)?.[0] ?? document.baseURI;
    const answer = await fetch(file, { cache: "no-store" }).catch(() => null);
    if (answer && enough(answer)) location.reload();
  };
  useEffect(() => {
    const timer = setInterval(() => void look(({ ok }) => ok), AGAIN_MS);
    return () => clearInterval(timer);
  });
  return (
    <Notice
      icon={<WifiOff size={24} />}
      title={`${what} could not be loaded`}
      actions={
        <Button look="primary" onClick={() => void look(() => true)}>
          Try again
        </Button>
      }
    >
      <p role="alert">It did not come from the server. It is tried again by itself.</p>
    </Notice>
  );
}

type BoundaryProps = { what: string; children: ReactNode; resetOn?: unknown };

/** A mistake in one panel leaves the others alone. */
export class Boundary extends Component<BoundaryProps, { error: unknown; of: unknown }> {
  override state: { error: unknown; of: unknown } = { error: null, of: this.props.resetOn };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  /** Somewhere else, it is tried again. */
  static getDerivedStateFromProps(props: BoundaryProps, state: { of: unknown }) {
    return props.resetOn === state.of ? null : { error: null, of: props.resetOn };
  }

  override render() {
    const { error } = this.state;
    const { what } = this.props;
    if (error === null) return this.props.children;
    if (isLostPart(error)) return <LostPart what={what} error={error} />;
    return <Failure what={what} error={error} onRetry={() => this.setState({ error: null })} />;
  }
}

const SKELETON_AFTER_MS = 150;

/** True once something has taken long enough to be worth a skeleton. */
export function useSlow(pending: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!pending) return undefined;
    const timer = setTimeout(() => setSlow(true), SKELETON_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [pending]);
  return slow;
}

const breathe = keyframes`50% { opacity: 0.45; }`;

/** A grey stand-in for text that is on its way. */
export const Bar = styled.span`
  display: block; block-size: 10px; border-radius: 5px; background: ${color.line}; animation: ${breathe} 1.6s ease-in-out infinite;
`;
