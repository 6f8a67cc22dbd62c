import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { deleteCalendar, listCalendars } from "../api/horarium.ts";
import { plural } from "../lib/plural.ts";
import { Moment, useLive, useMay } from "../tasks/TaskContext.tsx";
import { Button } from "../ui/Button.tsx";
import { Confirm } from "../ui/Confirm.tsx";
import { CalendarDays, Plus } from "../ui/icons.ts";
import { Muted } from "../ui/misc.tsx";
import { Failure, Notice } from "../ui/Panel.tsx";
import { useSay } from "../ui/Toast.tsx";
import { CalendarForm } from "./CalendarForm.tsx";
import { List, Panel } from "./parts.ts";
import { wordsOf } from "./words.ts";

const LIMIT = 1_000;

/** Named lists of days that schedules leave out. `?calendar=` opens one. */
export function Calendars() {
  const { serverZone } = useLive();
  const mayEdit = useMay("editor");
  const client = useQueryClient();
  const say = useSay();
  const [search, setSearch] = useSearchParams();
  const [asking, setAsking] = useState<string | null>(null);
  const opened = search.get("calendar");
  const making = search.has("new");
  const open = (name: string | null) => setSearch(name === null ? {} : { calendar: name }, { replace: true });
  const calendars = useQuery({
    queryKey: ["calendars"],
    queryFn: ({ signal }) => listCalendars({ limit: LIMIT }, { signal }),
  });
  const remove = useMutation({
    mutationFn: (name: string) => deleteCalendar(encodeURIComponent(name)),
    onSuccess: (_nothing, name) => {
      void client.invalidateQueries({ queryKey: ["calendars"] });
      open(null);
      say(`Deleted ${name}`);
    },
    onError: (error) => say(wordsOf(error), { failed: true }),
  });
  if (opened !== null || making) {
    return <CalendarForm key={opened ?? ""} name={opened} mayEdit={mayEdit} onClose={() => open(null)} />;
  }
  return (
    <Panel>
      <header>
        <h2>Calendars</h2>
        {mayEdit && (
          <Button look="primary" onClick={() => setSearch({ new: "1" }, { replace: true })}>
            <Plus size={14} /> New calendar
          </Button>
        )}
      </header>
      {calendars.error && !calendars.data && (
        <Failure what="The calendars" error={calendars.error} onRetry={() => void calendars.refetch()} />
      )}
      {calendars.data?.items.length === 0 && (
        <Notice icon={<CalendarDays size={24} strokeWidth={1.5} />} title="No calendars yet">
          <p>A calendar names days on which tasks are not to run: company holidays, a freeze, a stocktaking.</p>
        </Notice>
      )}
      {(calendars.data?.items.length ?? 0) > 0 && (
        <List aria-label="Calendars">
          {calendars.data?.items.map((calendar) => (
            <li key={calendar.name}>
              <span className="name">{calendar.name}</span>
              <span className="soft">{plural(calendar.entries, "line")}</span>
              <Muted>
                version {calendar.version}, <Moment at={calendar.updated_at} taskZone={serverZone} named />, by{" "}
                {calendar.updated_by}
              </Muted>
              <span className="end">
                <Button
                  look="ghost"
                  aria-label={`${mayEdit ? "Edit" : "Open"} ${calendar.name}`}
                  onClick={() => open(calendar.name)}
                >
                  {mayEdit ? "Edit" : "Open"}
                </Button>
                {mayEdit && (
                  <Button look="ghost" aria-label={`Delete ${calendar.name}`} onClick={() => setAsking(calendar.name)}>
                    Delete
                  </Button>
                )}
              </span>
            </li>
          ))}
        </List>
      )}
      <Confirm
        open={asking !== null}
        onClose={() => setAsking(null)}
        tone="danger"
        title={`Delete ${asking ?? ""}?`}
        action="Delete"
        onConfirm={() => asking !== null && remove.mutate(asking)}
      >
        <span>A calendar that a task still uses stays. Its versions can still be read.</span>
      </Confirm>
    </Panel>
  );
}
