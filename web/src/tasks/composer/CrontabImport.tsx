import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import styled from "styled-components";
import { importCrontab } from "../../api/horarium.ts";
import type { CrontabBody } from "../../api/horarium.schemas.ts";
import { type Refusal, refusalOf } from "../../lib/http.ts";
import { plural } from "../../lib/plural.ts";
import { Button } from "../../ui/Button.tsx";
import { AlertTriangle } from "../../ui/icons.ts";
import { Checkbox } from "../../ui/misc.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useSay } from "../../ui/Toast.tsx";
import { color, media, size } from "../../ui/tokens.ts";
import { useLive } from "../context/live.tsx";
import { Area, Block, Hint, Label, Wrong } from "../modal/look.ts";
import { useDebounced } from "../schedule/useSchedule.ts";
import { CrontabTable } from "./CrontabTable.tsx";

const Body = styled.div`
  flex: 1; min-block-size: 0; overflow: auto; overscroll-behavior: contain; display: grid; gap: 16px; align-content: start; padding: 20px;
  ${media.phone} { padding: 16px; }
`;
const Foot = styled.footer`
  display: flex; align-items: center; gap: 12px; padding: 10px 20px; border-block-start: 1px solid ${color.line};
  & > p { flex: 1; font-size: ${size.small}; color: ${color.textSoft}; }
  ${media.phone} { flex-wrap: wrap; padding: 8px 16px calc(8px + env(safe-area-inset-bottom)); & > p { flex: 1 1 100%; } & > button { flex: 1; } }
`;

const saidOf = ({ errors: [first], message }: Refusal) =>
  first ? [first.message, first.remedy].filter(Boolean).join(": ") : message;

type Props = { onClose: () => void; onImported: () => void };

/** A crontab, pasted: which tasks it makes is shown at once, and nothing is written until that is confirmed. */
export function CrontabImport({ onClose, onImported }: Props) {
  const id = useId();
  const say = useSay();
  const { serverZone } = useLive();
  const [text, setText] = useState("");
  const [system, setSystem] = useState<boolean | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const settled = useDebounced(text);
  const asked: CrontabBody = { text: settled, system, apply: false };
  const read = useQuery({
    queryKey: ["crontab", asked],
    queryFn: ({ signal }) => importCrontab(asked, { signal }),
    enabled: settled.trim() !== "",
    retry: false,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  });
  const empty = text.trim() === "";
  const pending = settled !== text || read.isFetching;
  const refusal = empty || pending ? null : refusalOf(read.error);
  const found = empty || refusal ? undefined : read.data;
  const made = found?.items.filter((item) => item.task !== null).length ?? 0;
  const refused = (found?.items.length ?? 0) - made;

  const apply = async () => {
    setBusy(true);
    setWrong(null);
    try {
      const { created } = await importCrontab({ ...asked, apply: true, skip_refused: refused > 0 });
      say(`Made ${plural(created.length, "task")} of the crontab`);
      onClose();
      onImported();
    } catch (error) {
      const no = refusalOf(error);
      if (!no) throw error;
      setWrong(saidOf(no));
      setBusy(false);
    }
  };

  return (
    <Sheet title="Import crontab" onClose={onClose}>
      <Body>
        <Block>
          <Label htmlFor={`${id}-text`}>Crontab</Label>
          <Area
            id={`${id}-text`}
            data-autofocus
            data-mono="true"
            rows={6}
            spellCheck={false}
            autoCapitalize="off"
            placeholder={"# m h dom mon dow command\n30 2 * * * /usr/local/bin/backup"}
            aria-describedby={`${id}-hint`}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setWrong(null);
            }}
          />
          <Hint id={`${id}-hint`}>
            What <code>crontab -l</code> prints. Its times are read in {serverZone}, the server’s zone, unless it says
            CRON_TZ.
          </Hint>
        </Block>
        <Label style={{ fontWeight: 400 }}>
          <Checkbox checked={system === true} onChange={(event) => setSystem(event.target.checked ? true : null)} />
          Each line names a user before the command, as in /etc/crontab
        </Label>
        {refusal && (
          <Wrong role="alert">
            <AlertTriangle size={14} />
            <span>{saidOf(refusal)}</span>
          </Wrong>
        )}
        {refusal?.errors.some((error) => error.pointer === "/system") && (
          <div>
            <Button onClick={() => setSystem(false)}>The first word belongs to the command</Button>
          </div>
        )}
        {found && <CrontabTable found={found} old={pending} />}
      </Body>
      <Foot>
        <p role={wrong ? "alert" : "status"}>
          {wrong ??
            (empty
              ? "Paste a crontab to see what it makes."
              : pending
                ? "Reading…"
                : found
                  ? `${plural(made, "task")}${refused > 0 ? `, ${plural(refused, "line")} left out` : ""}. Nothing is written yet.`
                  : "")}
        </p>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" disabled={busy || pending || made === 0} onClick={() => void apply()}>
          {made > 0 ? `Make ${plural(made, "task")}` : "Make tasks"}
        </Button>
      </Foot>
    </Sheet>
  );
}
