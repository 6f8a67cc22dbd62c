import { lazy, Suspense, useState } from "react";
import { Button, IconButton } from "../ui/Button.tsx";
import { Confirm } from "../ui/Confirm.tsx";
import { ConfirmSheet } from "../ui/ConfirmSheet.tsx";
import { FormSheet } from "../ui/FormSheet.tsx";
import { MoreHorizontal, Play, Search, Trash2 } from "../ui/icons.ts";
import { Menu, type MenuEntry } from "../ui/Menu.tsx";
import { Input, Muted } from "../ui/misc.tsx";
import { Modal } from "../ui/Modal.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useSay } from "../ui/Toast.tsx";
import { Shown } from "./Shown.tsx";

const CommandBox = lazy(() => import("../ui/CommandBox.tsx"));

const LAYERS = {
  confirm: "Confirm",
  danger: "Confirm, danger",
  busy: "Confirm, busy",
  told: "Confirm, only told",
  modal: "Modal",
  bare: "Modal, no head",
  sheet: "Sheet",
  form: "Form sheet",
  palette: "Command box",
  nothing: "Command box, empty",
} as const;
type Layer = keyof typeof LAYERS;

export function Layers() {
  const say = useSay();
  const [open, setOpen] = useState<Layer | null>(null);
  const [choice, setChoice] = useState("viewer");
  const close = () => setOpen(null);
  const entries = (): MenuEntry[] => [
    { kind: "title", label: "nightly backup" },
    { kind: "item", label: "Run now", keys: "R", icon: <Play size={14} />, run: () => say("Started nightly backup") },
    { kind: "link", label: "Open", to: "/" },
    { kind: "line" },
    {
      kind: "choice",
      title: "Times are shown in",
      value: choice,
      choose: setChoice,
      options: [
        { value: "viewer", label: "Your zone", aside: "Europe/Berlin" },
        { value: "utc", label: "UTC" },
      ],
    },
    { kind: "line" },
    {
      kind: "item",
      label: "Delete",
      tone: "danger",
      icon: <Trash2 size={14} />,
      run: () => say("Deleted nightly backup"),
    },
  ];
  return (
    <>
      <Shown as="Menu">
        <Menu label="Actions" entries={entries} trigger={<Button>Actions</Button>} />
        <Menu
          label="More actions"
          entries={entries}
          trigger={
            <IconButton label="More actions">
              <MoreHorizontal size={16} />
            </IconButton>
          }
        />
      </Shown>
      <Shown as="Dialogs">
        {(Object.keys(LAYERS) as Layer[]).map((layer) => (
          <Button key={layer} onClick={() => setOpen(layer)}>
            {LAYERS[layer]}
          </Button>
        ))}
      </Shown>
      <Shown as="Toasts">
        <Button onClick={() => say("Paused nightly backup")}>Done</Button>
        <Button onClick={() => say("Deleted 12 tasks", { action: { label: "Undo", run: () => say("Brought back") } })}>
          With an action
        </Button>
        <Button onClick={() => say("The task has changed meanwhile. Read it again.", { failed: true })}>Failed</Button>
        <Button
          onClick={() =>
            say("A run of nightly backup is still going on.", {
              failed: true,
              action: [
                { label: "Open it", to: "/" },
                { label: "Run beside it", run: () => say("Started nightly backup") },
              ],
            })
          }
        >
          Failed, with two ways on
        </Button>
      </Shown>
      <Confirm
        open={open === "confirm"}
        onClose={close}
        onConfirm={close}
        title="Run nightly backup now?"
        action="Run now"
      >
        It usually takes 4 s.
      </Confirm>
      <Confirm
        open={open === "danger"}
        onClose={close}
        onConfirm={close}
        tone="danger"
        title="Delete nightly backup?"
        action="Delete"
      >
        Its runs are kept.
      </Confirm>
      {open === "busy" && (
        <ConfirmSheet onClose={close} onConfirm={close} staysOpen busy title="Delete 8,412 tasks?" action="Deleting…">
          1,200 are deleted already.
        </ConfirmSheet>
      )}
      {open === "told" && (
        <ConfirmSheet onClose={close} onConfirm={close} onlyAction title="3 tasks were left out" action="Close">
          Somebody changed them meanwhile.
        </ConfirmSheet>
      )}
      {(open === "modal" || open === "bare") && (
        <Modal title="Keys" titled={open === "modal"} onClose={close}>
          <p style={{ padding: 20 }}>Whatever floats over everything.</p>
        </Modal>
      )}
      {open === "sheet" && (
        <Sheet title="Edit nightly backup" aside={<Muted>revision 3</Muted>} onClose={close}>
          <p style={{ padding: 20 }}>A form on the left, its proof on the right.</p>
        </Sheet>
      )}
      {open === "form" && (
        <FormSheet title="Move nightly backup" onClose={close}>
          <Input aria-label="Date and time" type="datetime-local" />
        </FormSheet>
      )}
      {(open === "palette" || open === "nothing") && (
        <Suspense fallback={null}>
          <Palette found={open === "palette"} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

const item = (title: string, more: object = {}) => ({ id: title, title, run: () => undefined, ...more });

function Palette({ found, onClose }: { found: boolean; onClose: () => void }) {
  const [text, setText] = useState("");
  const groups = [
    { title: "Tasks", items: [item("nightly backup", { aside: "every day at 02:30" }), item("month end")] },
    { title: "Go to", items: [item("Runs", { keys: "G R", icon: <Search size={14} /> })] },
  ];
  return (
    <CommandBox
      label="Search"
      placeholder="A task, a run's id, something to do"
      text={text}
      onText={setText}
      onClose={onClose}
      groups={found ? groups : []}
      empty="Nothing is called that."
    />
  );
}
