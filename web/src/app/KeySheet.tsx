import styled from "styled-components";
import { useMay, usePrefs } from "../tasks/TaskContext.tsx";
import { Checkbox, KeyName } from "../ui/misc.tsx";
import { Modal } from "../ui/Modal.tsx";
import { color, media, size } from "../ui/tokens.ts";
import { keyGroups } from "./keyHelp.ts";
import { sections } from "./sections.tsx";

const Groups = styled.div`
  display: grid; grid-template-columns: 1fr 1fr; gap: 20px 32px; padding: 16px 20px; overflow-y: auto; min-block-size: 0; font-size: ${size.small};
  & h3 { font-size: ${size.tiny}; font-weight: 500; color: ${color.textFaint}; margin-block-end: 6px; }
  & dl { display: grid; grid-template-columns: 60px minmax(0, 1fr); gap: 6px 12px; }
  & dt { display: flex; gap: 4px; align-items: center; block-size: 20px; }
  ${media.phone} { grid-template-columns: 1fr; }
`;

const Foot = styled.label`
  display: flex; align-items: center; gap: 10px; padding: 12px 20px; border-block-start: 1px solid ${color.line}; font-size: ${size.small};
`;

/** All keys there are, and the switch for the single letters. */
export default function KeySheet({ onClose }: { onClose: () => void }) {
  const { keys, set } = usePrefs();
  const groups = keyGroups(sections, useMay("operator"), useMay("editor"));
  return (
    <Modal title="Keys" onClose={onClose}>
      {/* Where there is more than fits, the arrow keys scroll it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard */}
      <Groups tabIndex={0} role="region" aria-label="All keys">
        {groups.map(({ title, lines }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {lines.map((line) => (
                <Line key={line.does} {...line} />
              ))}
            </dl>
          </section>
        ))}
      </Groups>
      <Foot>
        <Checkbox checked={keys} onChange={(event) => set({ keys: event.target.checked })} />
        Single letters do things
      </Foot>
    </Modal>
  );
}

function Line({ keys, does }: { keys: readonly string[]; does: string }) {
  return (
    <>
      <dt>
        {keys.map((key) => (
          <KeyName key={key}>{key}</KeyName>
        ))}
      </dt>
      <dd>{does}</dd>
    </>
  );
}
