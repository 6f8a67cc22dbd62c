import { type ComponentProps, useState } from "react";
import { Chips, Note, Tabs } from "../tasks/modal/look.ts";
import { Button, ButtonAnchor, ButtonLink, IconButton } from "../ui/Button.tsx";
import { AlertTriangle, Copy, MoreHorizontal, Play, RefreshCw } from "../ui/icons.ts";
import { Hidden, KeyName, Mono, Muted, Tag } from "../ui/misc.tsx";
import { Shown } from "./Shown.tsx";

type Look = NonNullable<ComponentProps<typeof Button>["look"]>;
const LOOKS = Object.keys({ primary: 0, plain: 0, ghost: 0, danger: 0 } satisfies Record<Look, 0>) as Look[];
const LONG = "A label of an unusual length, as a translation or a careless name brings it about";

export function Controls() {
  const [pressed, setPressed] = useState(true);
  const [tab, setTab] = useState("Command");
  return (
    <>
      {LOOKS.map((look) => (
        <Shown key={look} as={`Button, ${look}`}>
          <Button look={look}>Run now</Button>
          <Button look={look}>
            <Play size={14} /> With an icon
          </Button>
          <Button look={look} disabled>
            Disabled
          </Button>
          <Button look={look} aria-disabled="true">
            Busy…
          </Button>
          <ButtonLink look={look} to="/">
            A link
          </ButtonLink>
          <ButtonAnchor look={look} href="#buttons" download="">
            An anchor
          </ButtonAnchor>
        </Shown>
      ))}
      <Shown as="Icon button">
        <IconButton label="Actions for nightly backup">
          <MoreHorizontal size={16} />
        </IconButton>
        <IconButton label="Copy" data-state="open">
          <Copy size={16} />
        </IconButton>
        <IconButton label="Read again" disabled>
          <RefreshCw size={16} />
        </IconButton>
        <Muted>each has its label as its tooltip; the second is open, the third disabled</Muted>
      </Shown>
      <Shown as="Chips">
        <Chips>
          <button type="button" aria-pressed={pressed} onClick={() => setPressed(!pressed)}>
            weekdays
          </button>
          <button type="button" aria-pressed={!pressed} onClick={() => setPressed(!pressed)}>
            monthly
          </button>
        </Chips>
      </Shown>
      <Shown as="Tabs">
        <Tabs role="radiogroup" aria-label="Kind of action">
          {["Command", "HTTP", "Python", "Log"].map((name) => (
            <label key={name}>
              <input type="radio" name="dev-kind" checked={tab === name} onChange={() => setTab(name)} />
              {name}
            </label>
          ))}
        </Tabs>
      </Shown>
      <Shown as="Tag, key, code">
        <Tag>etl</Tag>
        <Tag>warehouse</Tag>
        <KeyName>⌘K</KeyName>
        <KeyName>G then R</KeyName>
        <Mono>0 9 * * 1-5</Mono>
        <Muted>muted words</Muted>
        <Hidden>for readers that do not see</Hidden>
      </Shown>
      <Shown as="Note">
        <Note>A plain note.</Note>
        <Note data-tone="late">
          <AlertTriangle size={14} /> Clocks change before the next due time.
        </Note>
        <Note data-tone="failed">
          <AlertTriangle size={14} /> It never comes due.
        </Note>
      </Shown>
      <Shown as="Long words">
        <Tag>{LONG}</Tag>
        <Note>{LONG.replaceAll(" ", "")}</Note>
      </Shown>
    </>
  );
}
