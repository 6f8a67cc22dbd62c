import { type ReactNode, useId, useState } from "react";
import styled from "styled-components";
import { TextInput } from "../modal/look.ts";
import type { Build } from "./build.ts";

type TimeProps = { build: Build; put: (next: Build) => void };

export function Time({ build, put }: TimeProps) {
  const id = useId();
  return (
    <Beside>
      <label htmlFor={id}>at</label>
      <TextInput
        id={id}
        type="time"
        value={build.time}
        onChange={(event) => event.target.value && put({ ...build, time: event.target.value })}
      />
    </Beside>
  );
}

export function DateInput({
  value,
  label,
  onChange,
}: {
  value: string;
  label: string;
  onChange: (date: string) => void;
}) {
  return (
    <TextInput
      type="date"
      aria-label={label}
      value={value}
      onChange={(event) => /^[1-9]\d{3}-\d\d-\d\d$/.test(event.target.value) && onChange(event.target.value)}
    />
  );
}

export function Count({
  value,
  label,
  max = 10_000,
  onChange,
}: {
  value: number;
  label: string;
  max?: number;
  onChange: (count: number) => void;
}) {
  // While it is being typed it may be no number yet.
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextInput
      type="number"
      aria-label={label}
      min={1}
      max={max}
      value={typed ?? value}
      onBlur={() => setTyped(null)}
      onChange={(event) => {
        setTyped(event.target.value);
        const count = Math.floor(event.target.valueAsNumber);
        if (count >= 1 && count <= max) onChange(count);
      }}
    />
  );
}

const Row = styled.span`display: inline-flex; align-items: center; gap: 8px;`;
const Beside = ({ children }: { children: ReactNode }) => <Row>{children}</Row>;
