import { DropdownMenu } from "radix-ui";
import { Link } from "react-router";
import styled, { css } from "styled-components";
import { Check } from "./icons.ts";
import type { MenuEntry } from "./Menu.tsx";
import { color, media, radius, size } from "./tokens.ts";

const Floating = styled(DropdownMenu.Content)`
  min-inline-size: 180px; max-inline-size: min(360px, calc(100vw - 16px)); padding: 4px; z-index: 30;
  max-block-size: var(--radix-dropdown-menu-content-available-height); overflow-y: auto;
  background: ${color.raised}; border: 1px solid ${color.line}; border-radius: 8px; box-shadow: ${color.shadow};
  font-size: ${size.small};
`;

const item = css`
  display: flex; align-items: center; gap: 8px; min-block-size: 32px; padding-inline: 8px; border-radius: ${radius};
  color: ${color.text}; cursor: pointer; user-select: none;
  &[data-highlighted] { background: ${color.menuHover}; outline: none; }
  &[data-tone="danger"] { color: ${color.failedText}; }
  & > svg { color: ${color.textFaint}; }
  &[data-tone="danger"] > svg { color: inherit; }
  ${media.phone} { min-block-size: 44px; }
`;

const Item = styled(DropdownMenu.Item)`${item}`;
const RadioItem = styled(DropdownMenu.RadioItem)`${item}`;
const Line = styled(DropdownMenu.Separator)`block-size: 1px; margin: 4px -4px; background: ${color.line};`;
const Title = styled(DropdownMenu.Label)`padding: 6px 8px 4px; font-size: ${size.tiny}; color: ${color.textFaint};`;
const Grow = styled.span`flex: 1; min-inline-size: 0; overflow-wrap: anywhere;`;
const Tick = styled.span`inline-size: 14px; flex: none;`;
const Aside = styled.span`color: ${color.textFaint};`;
/** Where the menu hangs: the whole of the button beside it. */
const Place = styled.span`position: absolute; inset: 0; pointer-events: none;`;

const KeyName = styled.kbd`
  font-size: 11px; color: ${color.textFaint}; border: 1px solid ${color.line}; border-radius: 4px; padding-inline: 5px; line-height: 16px;
  ${media.phone} { display: none; }
`;

type Props = { label: string; entries: readonly MenuEntry[]; onClose: () => void; onClosed: () => void };

export function MenuPanel({ label, entries, onClose, onClosed }: Props) {
  return (
    <DropdownMenu.Root open onOpenChange={(open) => !open && onClose()} modal={false}>
      <DropdownMenu.Trigger asChild>
        <Place aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <Floating
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          aria-labelledby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // A press beside the menu closes it too, and has taken the focus to where it was meant.
            if (document.activeElement === document.body) onClosed();
          }}
        >
          {entries.map((entry, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- a menu does not change while it is open
            <Entry key={at} entry={entry} />
          ))}
        </Floating>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  switch (entry.kind) {
    case "line":
      return <Line />;
    case "title":
      return <Title>{entry.label}</Title>;
    case "item":
      return (
        <Item onSelect={entry.run} data-tone={entry.tone}>
          {entry.icon}
          <Grow>{entry.label}</Grow>
          {entry.keys && <KeyName>{entry.keys}</KeyName>}
        </Item>
      );
    case "link":
      return (
        <Item asChild>
          <Link to={entry.to}>
            {entry.icon}
            <Grow>{entry.label}</Grow>
            {entry.keys && <KeyName>{entry.keys}</KeyName>}
          </Link>
        </Item>
      );
    case "choice":
      return (
        <DropdownMenu.RadioGroup value={entry.value} onValueChange={entry.choose} aria-label={entry.title}>
          <Title>{entry.title}</Title>
          {entry.options.map((option) => (
            <RadioItem key={option.value} value={option.value}>
              <Tick>
                <DropdownMenu.ItemIndicator>
                  <Check size={14} />
                </DropdownMenu.ItemIndicator>
              </Tick>
              <Grow>{option.label}</Grow>
              {option.aside && <Aside>{option.aside}</Aside>}
            </RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
      );
  }
}
