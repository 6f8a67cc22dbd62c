import { Command } from "cmdk";
import type { ReactNode } from "react";
import styled from "styled-components";
import { Search } from "./icons.ts";
import { KeyName, Muted } from "./misc.tsx";
import { Modal } from "./Modal.tsx";
import { color, media, radius, size } from "./tokens.ts";

const Root = styled(Command)`display: flex; flex-direction: column; min-block-size: 0;`;

const Line = styled.div`
  display: flex; align-items: center; gap: 10px; padding-inline: 16px; border-block-end: 1px solid ${color.line};
  & > svg { color: ${color.textFaint}; }
`;

const Field = styled(Command.Input)`
  flex: 1; min-inline-size: 0; block-size: 48px; border: 0; background: none; font-size: ${size.large};
  &:focus-visible { outline: none; }
  &::placeholder { color: ${color.textFaint}; }
`;

const List = styled(Command.List)`
  overflow-y: auto; min-block-size: 0; padding: 6px 6px 16px; scroll-padding-block: 6px 20px; max-block-size: 60vh;
  /* That there is more is seen: it fades out. */
  mask-image: linear-gradient(${color.text} calc(100% - 20px), transparent);
  & [cmdk-group-heading] { padding: 8px 10px 4px; font-size: ${size.tiny}; color: ${color.textFaint}; }
`;

const Row = styled(Command.Item)`
  display: flex; align-items: center; gap: 10px; min-block-size: 36px; padding-inline: 10px; border-radius: ${radius}; cursor: pointer;
  &[data-selected="true"] { background: ${color.menuHover}; }
  & > svg { color: ${color.textFaint}; }
  & > .title { flex: 0 1 auto; min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  & > .aside { flex: 1; min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: ${size.small}; }
  ${media.phone} { min-block-size: 44px; & > kbd { display: none; } }
`;

const Nothing = styled(
  Command.Empty,
)`padding: 24px; text-align: center; color: ${color.textSoft}; font-size: ${size.small};`;

export type Choice = { id: string; title: string; aside?: string; icon?: ReactNode; keys?: string; run: () => void };
export type Choices = { title: string; items: readonly Choice[] };

type Props = {
  label: string;
  placeholder: string;
  text: string;
  onText: (text: string) => void;
  onClose: () => void;
  groups: readonly Choices[];
  empty: string;
};

/** One field, and below it what its text means; what is shown is for the caller to find and to order. */
export default function CommandBox({ label, placeholder, text, onText, onClose, groups, empty }: Props) {
  return (
    <Modal title={label} titled={false} onClose={onClose}>
      <Root label={label} shouldFilter={false} loop>
        <Line>
          <Search size={16} />
          <Field
            value={text}
            onValueChange={onText}
            placeholder={placeholder}
            aria-label={label}
            maxLength={200}
            data-autofocus
            // What was typed before the field was there goes on, and is not typed over.
            onFocus={({ target }) => target.setSelectionRange(target.value.length, target.value.length)}
          />
        </Line>
        <List label="What it can be">
          {groups.map((group) => (
            <Command.Group key={group.title} heading={group.title}>
              {group.items.map((item) => (
                <Row
                  key={item.id}
                  value={item.id}
                  onSelect={() => {
                    onClose();
                    item.run();
                  }}
                >
                  {item.icon}
                  <span className="title">{item.title}</span>
                  <Muted className="aside">{item.aside}</Muted>
                  {item.keys && <KeyName>{item.keys}</KeyName>}
                </Row>
              ))}
            </Command.Group>
          ))}
        </List>
        <Nothing>{empty}</Nothing>
      </Root>
    </Modal>
  );
}
