import { Button } from "../../ui/Button.tsx";
import { Copy, Download, ExternalLink, Timer, WrapText } from "../../ui/icons.ts";
import { Muted } from "../../ui/misc.tsx";
import { bytes, type Range } from "./lines.ts";
import { Tools } from "./LogStyle.ts";

type Props = {
  size: number;
  live: boolean;
  follows: boolean;
  wrap: boolean;
  times: boolean;
  zone: string;
  marked: Range | null;
  onWrap: () => void;
  onTimes: () => void;
  onCopy: () => void;
  onCopyMarked: () => void;
  onRaw: () => void;
  onDownload: () => void;
};

export function LogTools(props: Props) {
  const { marked } = props;
  const lines =
    marked && (marked.first === marked.last ? `line ${marked.first}` : `lines ${marked.first}–${marked.last}`);
  return (
    <Tools role="toolbar" aria-label="Log">
      <span>{bytes(props.size)}</span>
      {props.live && <Muted>· {props.follows ? "following" : "still writing"}</Muted>}
      <span className="space" />
      {lines && (
        <Button look="ghost" onClick={props.onCopyMarked}>
          <Copy size={14} /> Copy {lines}
        </Button>
      )}
      <Button look="ghost" aria-pressed={props.wrap} onClick={props.onWrap}>
        <WrapText size={14} /> <span>Wrap</span>
      </Button>
      <Button look="ghost" aria-pressed={props.times} onClick={props.onTimes} title="When each piece of output began">
        <Timer size={14} /> <span>Times {props.times && `(${props.zone})`}</span>
      </Button>
      <Button look="ghost" onClick={props.onCopy}>
        <Copy size={14} /> <span>Copy all</span>
      </Button>
      <Button look="ghost" onClick={props.onRaw}>
        <ExternalLink size={14} /> <span>Raw</span>
      </Button>
      <Button look="ghost" onClick={props.onDownload}>
        <Download size={14} /> <span>Download</span>
      </Button>
    </Tools>
  );
}
