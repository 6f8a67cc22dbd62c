import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import styled from "styled-components";
import { listZones } from "../../api/horarium.ts";
import { useNow } from "../../lib/now.ts";
import { offsetName, viewerZone } from "../../lib/time.ts";
import { color, media, radius, size } from "../../ui/tokens.ts";
import { useForm } from "../modal/Field.tsx";
import { Block, Hint, Label, TextInput, Wrong } from "../modal/look.ts";
import { findZones } from "./zones.ts";

const SHOWN_MAX = 50;
const PAGE = 1_000;

const Around = styled.div`position: relative;`;
const Popup = styled.div`
  position: absolute; inset-inline: 0; inset-block-start: calc(100% + 4px); z-index: 5; max-block-size: 240px; overflow: auto; padding: 4px;
  background: ${color.raised}; border: 1px solid ${color.line}; border-radius: 8px; box-shadow: ${color.shadow}; font-size: ${size.small};
  & > div { display: flex; justify-content: space-between; gap: 12px; align-items: center; min-block-size: 32px; padding-inline: 8px; border-radius: ${radius}; cursor: pointer;
    ${media.phone} { min-block-size: 44px; } }
  & > div[aria-selected="true"] { background: ${color.menuHover}; }
  & span { color: ${color.textSoft}; white-space: nowrap; }
`;

type Props = { serverZone: string };

/** A zone by its name or by a city in it; what is typed only searches until one is chosen. */
export function ZonePicker({ serverZone }: Props) {
  const { form, set, errors, changed } = useForm();
  const id = useId();
  const now = useNow();
  const [typed, setTyped] = useState<string | null>(null);
  const [cursor, setCursor] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const zones = useQuery({
    queryKey: ["zones"],
    queryFn: async ({ signal }) => (await listZones({ limit: PAGE }, { signal })).items,
    staleTime: Number.POSITIVE_INFINITY,
    enabled: typed !== null,
  });
  const open = typed !== null;
  const found = open
    ? findZones(zones.data ?? [], typed, [form.zone, viewerZone(), serverZone, "UTC"]).slice(0, SHOWN_MAX)
    : [];
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  });
  const choose = (zone: string | undefined) => {
    if (zone) set({ zone });
    setTyped(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return setTyped("");
      const step = event.key === "ArrowDown" ? 1 : -1;
      return setCursor((at) => Math.max(0, Math.min(found.length - 1, at + step)));
    }
    if (event.key === "Enter" && open) {
      event.preventDefault();
      choose(found[cursor]);
    }
    if (event.key === "Escape" && open) {
      event.preventDefault();
      setTyped(null);
    }
  };
  const offset = knows(form.zone) ? offsetName(now, form.zone) : "";
  return (
    <Block>
      <Label htmlFor={id}>Time zone {changed.has("zone") && <span className="changed">changed</span>}</Label>
      <Around>
        <TextInput
          id={id}
          data-field="zone"
          role="combobox"
          aria-expanded={open && found.length > 0}
          aria-controls={`${id}-zones`}
          aria-autocomplete="list"
          aria-activedescendant={open && found[cursor] ? `${id}-${cursor}` : undefined}
          aria-invalid={errors.zone ? true : undefined}
          aria-describedby={`${id}-told`}
          autoComplete="off"
          spellCheck={false}
          value={typed ?? form.zone}
          placeholder={form.zone}
          onFocus={(event) => event.target.select()}
          onClick={() => setTyped((before) => before ?? "")}
          onChange={(event) => {
            setTyped(event.target.value);
            setCursor(0);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setTyped(null)}
        />
        {open && found.length > 0 && (
          <Popup role="listbox" tabIndex={-1} id={`${id}-zones`} aria-label="Time zones" ref={list}>
            {found.map((zone, at) => (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the box above takes the keys
              <div
                key={zone}
                id={`${id}-${at}`}
                role="option"
                tabIndex={-1}
                aria-selected={at === cursor}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => choose(zone)}
              >
                {zone} <span>{knows(zone) ? offsetName(now, zone) : ""}</span>
              </div>
            ))}
          </Popup>
        )}
      </Around>
      <div id={`${id}-told`}>
        {errors.zone ? (
          <Wrong>{errors.zone}</Wrong>
        ) : (
          <Hint>
            {offset && `Now ${offset}. `}
            {placesWords(form.zone, serverZone)}
          </Hint>
        )}
      </div>
    </Block>
  );
}

/** Where else one might think that the times are meant: the zone that new tasks are offered, or that of the browser. */
function placesWords(zone: string, serverZone: string): string {
  if (zone !== serverZone) return `The server is on ${serverZone}.`;
  return zone === viewerZone() ? "The server is in the same zone." : `This browser is on ${viewerZone()}.`;
}

/** A browser may know fewer zones than the service. */
function knows(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}
