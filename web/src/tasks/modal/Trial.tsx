import { useCallback, useId, useState } from "react";
import styled from "styled-components";
import { cancelRun, tryAction } from "../../api/horarium.ts";
import { refusalOf } from "../../lib/http.ts";
import { Button } from "../../ui/Button.tsx";
import { AlertTriangle, Play, Square } from "../../ui/icons.ts";
import { media } from "../../ui/tokens.ts";
import { RunOutput } from "../RunOutput.tsx";
import type { Form } from "./form.ts";
import { Hint, Wrong } from "./look.ts";
import { trialOf, whyNot } from "./trial.ts";
import type { Stored } from "./useSaving.ts";

const Part = styled.section`
  display: grid; gap: 10px; min-inline-size: 0;
  & > header { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; & > p { flex: 1 1 200px; min-inline-size: 0; } }
  ${media.phone} { & > header > button { flex: 1 1 100%; } }
`;

type Test = { id: string; of: string; going: boolean };

/** Runs the action as it stands in the form, once, with nothing saved; and shows what it writes and how it ends. */
export function Trial({ form, stored }: { form: Form; stored: Stored | null }) {
  const hint = useId();
  const [test, setTest] = useState<Test | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const onEnd = useCallback(() => setTest((now) => now && { ...now, going: false }), []);
  const reason = whyNot(form);
  const going = test?.going ?? false;
  const stale = test !== null && (reason !== null || JSON.stringify(trialOf(form, stored)) !== test.of);

  const press = async () => {
    if (busy) return;
    setBusy(true);
    setWrong(null);
    try {
      if (going && test) await cancelRun(test.id);
      else {
        const body = trialOf(form, stored);
        const run = await tryAction(body);
        setTest({ id: run.id, of: JSON.stringify(body), going: true });
      }
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      const [first] = refusal.errors;
      setWrong(first ? [first.message, first.remedy].filter(Boolean).join(": ") : refusal.message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Part aria-label="Test">
      <header>
        {/* One button, so that the focus stays. */}
        <Button aria-describedby={hint} disabled={!going && reason !== null} onClick={() => void press()}>
          {going ? (
            <>
              <Square size={14} /> Stop
            </>
          ) : (
            <>
              <Play size={14} /> {test ? "Run once more" : "Run once now"}
            </>
          )}
        </Button>
        <Hint id={hint}>
          {going
            ? "It runs for real, as a test."
            : (reason ?? "Runs it for real, without saving anything; for an hour at most.")}
        </Hint>
      </header>
      {wrong && (
        <Wrong role="alert">
          <AlertTriangle size={14} /> {wrong}
        </Wrong>
      )}
      {test && <RunOutput key={test.id} id={test.id} onEnd={onEnd} />}
      {stale && !going && <Hint>Changed since: this is of what stood there before.</Hint>}
    </Part>
  );
}
