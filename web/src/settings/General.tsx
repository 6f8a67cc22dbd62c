import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { changeSettings, listZones } from "../api/horarium.ts";
import type { SettingsPatch, SettingsView } from "../api/horarium.schemas.ts";
import { useNow } from "../lib/now.ts";
import { clock, offsetName } from "../lib/time.ts";
import { noteSettings, useMay, usePrefs, useSettings } from "../tasks/TaskContext.tsx";
import { Button } from "../ui/Button.tsx";
import { Checkbox, Input } from "../ui/misc.tsx";
import { Failure } from "../ui/Panel.tsx";
import { useSay } from "../ui/Toast.tsx";
import { Facts, Form, Panel } from "./parts.ts";
import { wordsOf } from "./words.ts";

const ZONES_MAX = 1_000;

export function General() {
  const settings = useSettings();
  if (settings.error && !settings.data) {
    return <Failure what="The settings" error={settings.error} onRetry={() => void settings.refetch()} />;
  }
  return settings.data ? <Shown key={settings.data.timezone} settings={settings.data} /> : null;
}

function Shown({ settings }: { settings: SettingsView }) {
  const admin = useMay("admin");
  const { hours } = usePrefs();
  const now = useNow();
  const say = useSay();
  const client = useQueryClient();
  const [zone, setZone] = useState(settings.timezone);
  const [shell, setShell] = useState(settings.allow_shell);
  const zones = useQuery({
    queryKey: ["zones"],
    queryFn: ({ signal }) => listZones({ limit: ZONES_MAX }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: admin,
  });
  const save = useMutation({
    mutationFn: (change: SettingsPatch) => changeSettings(change),
    onSuccess: (saved) => {
      noteSettings(client, saved);
      say("Saved");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ timezone: zone.trim(), allow_shell: shell });
  };
  const there = `It is ${clock(now, settings.timezone, hours)} there (${offsetName(now, settings.timezone)}).`;
  return (
    <Panel>
      <header>
        <h2>General</h2>
      </header>
      {admin ? (
        <Form onSubmit={submit}>
          <label htmlFor="zone">
            Default time zone
            <Input
              id="zone"
              list="zones"
              value={zone}
              onChange={(event) => setZone(event.target.value)}
              aria-describedby="zone-hint"
              aria-invalid={save.isError}
              autoComplete="off"
              spellCheck={false}
              required
            />
            <span className="hint" id="zone-hint">
              Offered for new tasks. {there}
            </span>
          </label>
          <datalist id="zones">
            {zones.data?.items.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </datalist>
          <label
            htmlFor="shell"
            style={{ gridTemplateColumns: "auto 1fr", alignItems: "center", columnGap: 10, minBlockSize: 24 }}
          >
            <Checkbox id="shell" checked={shell} onChange={(event) => setShell(event.target.checked)} />
            Tasks may be shell lines
          </label>
          {save.isError && <p role="alert">{wordsOf(save.error)}</p>}
          <div className="buttons">
            <Button
              look="primary"
              type="submit"
              disabled={save.isPending || (zone.trim() === settings.timezone && shell === settings.allow_shell)}
            >
              Save
            </Button>
          </div>
        </Form>
      ) : (
        <Facts>
          <dt>Default time zone</dt>
          <dd>
            {settings.timezone}. {there}
          </dd>
          <dt>Shell lines</dt>
          <dd>{settings.allow_shell ? "allowed" : "not allowed"}</dd>
        </Facts>
      )}
    </Panel>
  );
}
