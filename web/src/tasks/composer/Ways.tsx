import { lazy, Suspense, useId, useState } from "react";
import styled from "styled-components";
import { Button } from "../../ui/Button.tsx";
import { Muted } from "../../ui/misc.tsx";
import { color, media } from "../../ui/tokens.ts";
import { readCurl } from "../modal/curl.ts";
import { Area, Hint, Label } from "../modal/look.ts";

const CrontabImport = lazy(() => import("./CrontabImport.tsx").then((module) => ({ default: module.CrontabImport })));

const Part = styled.div`
  display: grid; gap: 10px; padding-block-start: 16px; border-block-start: 1px solid ${color.line};
  & > .ways { display: flex; flex-wrap: wrap; gap: 8px; ${media.phone} { & > button { flex: 1 1 100%; } } }
  & > .curl { display: grid; gap: 6px; justify-items: start; }
`;

type Props = {
  busy: boolean;
  onCurl: (text: string) => void;
  onExamples: () => void;
  onImported: () => void;
};

/** Where tasks may come from besides the line above. */
export function Ways({ busy, onCurl, onExamples, onImported }: Props) {
  const id = useId();
  const [importing, setImporting] = useState(false);
  const [curl, setCurl] = useState<string | null>(null);
  const readable = curl !== null && readCurl(curl) !== null;
  return (
    <Part>
      <div className="ways">
        <Button disabled={busy} onClick={() => setImporting(true)}>
          Import crontab
        </Button>
        <Button
          disabled={busy}
          aria-expanded={curl !== null}
          aria-controls={`${id}-curl`}
          onClick={() => setCurl((now) => (now === null ? "" : null))}
        >
          From curl
        </Button>
        <Button disabled={busy} aria-describedby={`${id}-examples`} onClick={onExamples}>
          Add three examples
        </Button>
      </div>
      <Muted id={`${id}-examples`}>
        The examples: one each minute, a call on weekdays, and one that fails on purpose.
      </Muted>
      {curl !== null && (
        <div className="curl" id={`${id}-curl`}>
          <Label htmlFor={`${id}-text`}>A curl command</Label>
          <Area
            id={`${id}-text`}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- it has just been asked for
            autoFocus
            data-mono="true"
            rows={3}
            spellCheck={false}
            autoCapitalize="off"
            placeholder="curl -X POST https://example.com/hook -d a=1"
            aria-describedby={`${id}-told`}
            value={curl}
            onChange={(event) => setCurl(event.target.value)}
          />
          <Hint id={`${id}-told`} aria-live="polite">
            {curl.trim() === "" || readable
              ? "Its method, address, headers and body fill the form; you choose when."
              : "This is not one whole curl command yet. It begins with curl and has an address."}
          </Hint>
          <Button disabled={!readable} onClick={() => onCurl(curl)}>
            Fill in the form
          </Button>
        </div>
      )}
      {importing && (
        <Suspense fallback={null}>
          <CrontabImport onClose={() => setImporting(false)} onImported={onImported} />
        </Suspense>
      )}
    </Part>
  );
}
