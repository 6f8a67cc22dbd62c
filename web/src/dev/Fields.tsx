import { useId } from "react";
import { Area, Block, Choice, Fold, Hint, Label, Pair, TextInput, Wrong } from "../tasks/modal/look.ts";
import { AlertTriangle, ChevronDown } from "../ui/icons.ts";
import { Checkbox, Input, TickBox } from "../ui/misc.tsx";
import { Shown } from "./Shown.tsx";

export function Fields() {
  const id = useId();
  return (
    <>
      <Shown as="Input">
        <Input aria-label="Empty" placeholder="Nothing yet" />
        <Input aria-label="Filled" defaultValue="nightly backup" />
      </Shown>
      <Shown as="TickBox">
        <TickBox>
          <Checkbox aria-label="With room around it" />
        </TickBox>
      </Shown>
      <Shown as="Checkbox">
        <Checkbox aria-label="On" defaultChecked />
        <Checkbox aria-label="Off" />
        <Checkbox aria-label="Disabled" disabled />
      </Shown>
      <Pair>
        <Block>
          <Label htmlFor={`${id}-a`}>With a hint</Label>
          <TextInput id={`${id}-a`} aria-describedby={`${id}-ah`} defaultValue="every weekday at 9" />
          <Hint id={`${id}-ah`}>A phrase, cron text, a date or a rule.</Hint>
        </Block>
        <Block>
          <Label htmlFor={`${id}-b`}>With an error</Label>
          <TextInput id={`${id}-b`} aria-invalid aria-describedby={`${id}-bw`} defaultValue="every weekday at 25" />
          <Wrong id={`${id}-bw`}>
            <AlertTriangle size={14} /> A day has 24 hours.
          </Wrong>
        </Block>
        <Block>
          <Label htmlFor={`${id}-c`}>
            Changed <span className="changed">changed</span>
          </Label>
          <Choice id={`${id}-c`} defaultValue="skip">
            <option value="skip">Skip</option>
            <option value="queue">Wait</option>
          </Choice>
        </Block>
        <Block>
          <Label htmlFor={`${id}-d`}>Mono</Label>
          <Area id={`${id}-d`} data-mono="true" rows={2} defaultValue={"pg_dump app |\n  gzip > app.sql.gz"} />
        </Block>
      </Pair>
      <Fold>
        <summary>
          <ChevronDown size={14} /> <strong>If things go wrong</strong> <span>no retries, no time limit</span>
        </summary>
        <div>What was folded away.</div>
      </Fold>
    </>
  );
}
