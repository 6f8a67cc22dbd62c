import { type FormEvent, useState } from "react";
import styled from "styled-components";
import { previewSchedule } from "../api/horarium.ts";
import { daily, shifted } from "../lib/days.ts";
import { refusalOf } from "../lib/http.ts";
import { Button } from "../ui/Button.tsx";
import { FormSheet } from "../ui/FormSheet.tsx";
import { Input } from "../ui/misc.tsx";
import { color, media, size } from "../ui/tokens.ts";

const Form = styled.form`
  display: grid; gap: 14px;
  & > label { display: grid; gap: 4px; font-size: ${size.small}; color: ${color.textSoft}; }
  & > p { font-size: ${size.small}; color: ${color.failedText}; &:empty { display: none; } }
  & > footer { display: flex; justify-content: flex-end; gap: 8px; }
  & input { color-scheme: inherit; }
  ${media.phone} { & input { block-size: 44px; font-size: ${size.large}; } }
`;

type Stretch = { from: string | null; to: string | null };
type Props = { zone: string; onClose: () => void; onChoose: (stretch: Stretch) => void };

/** From one day to another, both with all their hours; when they begin and end in that zone, the server says. */
export function DaysSheet({ zone, onClose, onChoose }: Props) {
  const [first, setFirst] = useState("");
  const [last, setLast] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const beginOf = async (date: string) => (await previewSchedule(daily(`${date}T00:00:00`, zone, 1))).due[0] ?? null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (first && last && last < first) return setWrong("The last day lies before the first.");
    setBusy(true);
    try {
      const [from, to] = await Promise.all([first ? beginOf(first) : null, last ? beginOf(shifted(last, 1)) : null]);
      onChoose({ from, to });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      setWrong(refusal.words);
      setBusy(false);
    }
    return undefined;
  };
  return (
    <FormSheet title="Runs due between two days" onClose={onClose}>
      <Form onSubmit={(event) => void submit(event)}>
        <label htmlFor="first-day">
          First day ({zone})
          <Input id="first-day" type="date" value={first} onChange={(event) => setFirst(event.target.value)} />
        </label>
        <label htmlFor="last-day">
          Last day
          <Input id="last-day" type="date" value={last} onChange={(event) => setLast(event.target.value)} />
        </label>
        <p role="alert">{wrong}</p>
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" aria-disabled={busy || (!first && !last)}>
            Show
          </Button>
        </footer>
      </Form>
    </FormSheet>
  );
}
