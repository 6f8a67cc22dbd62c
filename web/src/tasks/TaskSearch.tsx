import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import styled from "styled-components";
import { useKeys } from "../lib/keys.ts";
import { Search, X } from "../ui/icons.ts";
import { KeyName } from "../ui/misc.tsx";
import { color, media, radius, size } from "../ui/tokens.ts";
import { useTaskFilters } from "./context/filters.tsx";
import { usePrefs } from "./context/prefs.tsx";
import { isId, type Pill, pillsOf, withoutPill, withTyped } from "./filters.ts";

const Box = styled.div`
  display: flex; align-items: center; flex-wrap: wrap; gap: 4px; min-block-size: 32px; padding: 3px 8px;
  flex: 1 1 220px; max-inline-size: 420px; border: 1px solid ${color.line}; border-radius: ${radius}; background: ${color.ground}; cursor: text;
  &:hover { border-color: ${color.lineStrong}; }
  &:focus-within { border-color: ${color.focus}; box-shadow: 0 0 0 1px ${color.focus}; }
  & > svg { color: ${color.textFaint}; margin-inline-end: 4px; }
  ${media.phone} { min-block-size: 44px; max-inline-size: none; }
`;

const Field = styled.input`
  flex: 1 1 90px; min-inline-size: 0; block-size: 24px; padding: 0; border: 0; background: none; font-size: ${size.small};
  &:focus-visible { outline: none; }
  &::placeholder { color: ${color.textFaint}; }
  &::-webkit-search-cancel-button { display: none; }
  ${media.phone} { font-size: ${size.large}; }
`;

const PillButton = styled.button`
  display: inline-flex; align-items: center; gap: 4px; block-size: 24px; padding-inline: 8px 6px; border-radius: 4px;
  background: ${color.accentSoft}; color: ${color.text}; font-size: ${size.tiny};
  & > svg { color: ${color.textSoft}; }
`;

const Hint = styled(KeyName)`
  ${Box}:focus-within & { display: none; }
  ${media.phone} { display: none; }
`;

const DEBOUNCE_MS = 120;

/** Words and pills; the address follows what is typed. An id leads straight to its task. */
export function TaskSearch() {
  const { filters, change } = useTaskFilters();
  const { keys } = usePrefs();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(filters.words);
  // The address changed without us (Back, a chip that clears all): the field follows, but not while it is typed into.
  useEffect(() => {
    if (document.activeElement !== field.current) setText(filters.words);
  }, [filters.words]);

  useEffect(() => {
    const words = text.trim();
    if (words === filters.words) return undefined;
    const timer = setTimeout(() => change({ words }), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text, filters.words, change]);

  useKeys({ "/": (event) => (event.preventDefault(), field.current?.focus()) }, keys);

  /** Complete pills leave the text at once; the rest follows when the typing pauses. */
  const take = (value: string) => {
    const { words } = withTyped(filters, value);
    if (words !== value.trimStart()) change((now) => ({ ...withTyped(now, value).filters, words: words.trim() }));
    return words;
  };
  const typed = (value: string) => {
    if (isId(value)) void navigate(`/tasks/${value.trim().toUpperCase()}`);
    else setText(value.endsWith(" ") ? take(value) : value);
  };
  const finish = () => {
    const words = take(text).trim();
    setText(words);
    change({ words });
  };
  const drop = (pill: Pill) => {
    change((now) => withoutPill(now, pill));
    field.current?.focus();
  };
  const pills = pillsOf(filters);

  return (
    <Box role="search" onClick={() => field.current?.focus()}>
      <Search size={14} />
      {pills.map((pill) => (
        <PillButton
          key={`${pill.name}:${pill.value}`}
          type="button"
          aria-label={`Remove ${pill.name}:${pill.value}`}
          onClick={() => drop(pill)}
        >
          {pill.name}:{pill.value} <X size={12} />
        </PillButton>
      ))}
      <Field
        ref={field}
        type="search"
        aria-label="Search tasks"
        placeholder={pills.length > 0 ? "" : "Search, or tag:etl state:failing"}
        value={text}
        maxLength={200}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => typed(event.target.value)}
        onKeyDown={(event) => {
          const last = pills.at(-1);
          if (event.key === "Enter") finish();
          else if (event.key === "Backspace" && text === "" && last) drop(last);
          else if (event.key === "Escape") {
            if (text === "") field.current?.blur();
            else typed("");
          }
        }}
      />
      {text === "" && pills.length === 0 && <Hint>/</Hint>}
    </Box>
  );
}
