import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import styled from "styled-components";
import { signOut } from "../api/horarium.ts";
import { useNow } from "../lib/now.ts";
import { clock, type HourCycle, offsetName, viewerZone, zoneName, type ZoneChoice } from "../lib/time.ts";
import { type Density, forgetAllBut, type Theme, useLive, usePrefs, useSession } from "../tasks/TaskContext.tsx";
import { Button, IconButton } from "../ui/Button.tsx";
import { ChevronDown, ChevronLeft, Globe, LogOut, Monitor, Moon, Search, Sun } from "../ui/icons.ts";
import { Menu, type MenuEntry } from "../ui/Menu.tsx";
import { KeyName } from "../ui/misc.tsx";
import { color, media, size } from "../ui/tokens.ts";
import { beatOf } from "./heartbeat.ts";
import { PALETTE_KEY } from "./keyHelp.ts";

const Bar = styled.header`
  grid-area: top; display: flex; align-items: center; gap: 4px; block-size: 48px; padding-inline: 24px 16px; border-block-end: 1px solid ${color.line};
  & > h1, & > .crumb { font-size: ${size.body}; font-weight: 600; }
  & > .crumb > a { display: flex; align-items: center; gap: 4px; margin-inline-start: -4px; color: ${color.textSoft}; font-weight: 500; }
  & > .crumb > a:hover { color: ${color.text}; }
  & > .space { flex: 1; }
  ${media.phone} { block-size: 52px; padding-inline: 16px 4px; gap: 0; }
`;

const Beat = styled.div`
  display: flex; align-items: center; gap: 8px; padding-inline: 8px; font-size: ${size.small}; color: ${color.textSoft}; white-space: nowrap;
  & > i { inline-size: 8px; block-size: 8px; border-radius: 50%; background: ${color.idle}; }
  &[data-tone="good"] > i { background: ${color.succeeded}; }
  &[data-tone="late"] { color: ${color.lateText}; & > i { background: ${color.late}; border-radius: 2px; rotate: 45deg; } }
  &[data-tone="bad"] { color: ${color.failedText}; & > i { background: ${color.failed}; border-radius: 1px; } }
`;

const Short = styled.span`${media.phone} { display: none; }`;

const THEMES: readonly { value: Theme; label: string; Icon: typeof Sun }[] = [
  { value: "system", label: "As the system", Icon: Monitor },
  { value: "light", label: "Light", Icon: Sun },
  { value: "dark", label: "Dark", Icon: Moon },
];

type Props = { title: string; below?: { title: string; path: string }; onSearch: () => void };

export function TopBar({ title, below, onSearch }: Props) {
  return (
    <Bar>
      {below ? (
        <nav className="crumb" aria-label="Above this">
          <Link to={below.path}>
            <ChevronLeft size={16} /> {below.title}
          </Link>
        </nav>
      ) : (
        <h1>{title}</h1>
      )}
      <span className="space" />
      <Heartbeat />
      <Button
        look="ghost"
        onClick={onSearch}
        aria-label={`Search tasks and commands, ${PALETTE_KEY}`}
        title={`Search tasks and commands (${PALETTE_KEY})`}
        aria-keyshortcuts="Meta+K Control+K"
      >
        <Search size={14} /> <Short as={KeyName}>{PALETTE_KEY}</Short>
      </Button>
      <ZoneMenu />
      <ThemeMenu />
      <Account />
    </Bar>
  );
}

function Heartbeat() {
  const { stats, offline, offsetMs, stream } = useLive();
  const beat = beatOf(stats, offline, offsetMs, stream);
  return (
    <Beat data-tone={beat.tone} data-stream={stream} title={beat.more} role="status">
      <i aria-hidden="true" />
      <span>{beat.text}</span>
    </Beat>
  );
}

function ZoneMenu() {
  const { zone, hours, set } = usePrefs();
  const { serverZone } = useLive();
  const now = useNow();
  const viewer = viewerZone();
  const told = (name: string) => `${clock(now, name, hours)} ${offsetName(now, name)}`;
  const short = zone === "utc" ? "UTC" : zone === "viewer" ? zoneName(now, viewer) : "Task zones";
  const entries = (): MenuEntry[] => [
    {
      kind: "choice",
      title: "Show times in",
      value: zone,
      choose: (value) => set({ zone: value as ZoneChoice }),
      options: [
        { value: "viewer", label: viewer, aside: told(viewer) },
        { value: "task", label: "Each task's own zone" },
        { value: "utc", label: "UTC", aside: told("UTC") },
      ],
    },
    ...(serverZone === viewer
      ? []
      : [{ kind: "title", label: `The server is on ${serverZone}, ${told(serverZone)}` } as const]),
    { kind: "line" },
    {
      kind: "choice",
      title: "Hours",
      value: hours,
      choose: (value) => set({ hours: value as HourCycle }),
      options: [
        { value: "auto", label: "As this browser does" },
        { value: "h23", label: "24 hours", aside: "15:00" },
        { value: "h12", label: "12 hours", aside: "3:00 pm" },
      ],
    },
  ];
  return (
    <Menu
      label="Times"
      entries={entries}
      trigger={
        <Button look="ghost" aria-label={`Times are shown in ${short}`} title={`Times are shown in ${short}`}>
          <Globe size={14} /> <Short>{short}</Short> <Short as={ChevronDown} size={12} />
        </Button>
      }
    />
  );
}

function ThemeMenu() {
  const { theme, density, keys: letters, set } = usePrefs();
  const { Icon } = THEMES.find(({ value }) => value === theme) ?? { Icon: Monitor };
  const entries = (): MenuEntry[] => [
    {
      kind: "choice",
      title: "Colours",
      value: theme,
      choose: (value) => set({ theme: value as Theme }),
      options: THEMES,
    },
    { kind: "line" },
    {
      kind: "choice",
      title: "Rows",
      value: density,
      choose: (value) => set({ density: value as Density }),
      options: [
        { value: "normal", label: "Normal" },
        { value: "compact", label: "Compact" },
      ],
    },
    { kind: "line" },
    {
      kind: "choice",
      title: "Keys",
      value: letters ? "on" : "off",
      choose: (value) => set({ keys: value === "on" }),
      options: [
        { value: "on", label: "Single letters do things" },
        { value: "off", label: "They do nothing" },
      ],
    },
  ];
  return (
    <Menu
      label="Colours, rows and keys"
      entries={entries}
      trigger={
        <IconButton label="Colours, rows and keys">
          <Icon size={16} />
        </IconButton>
      }
    />
  );
}

function Account() {
  const { data } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  if (!data) return null;
  const leave = async () => {
    await signOut();
    forgetAllBut(client, null);
    void navigate("/signin");
  };
  const entries = (): MenuEntry[] => [
    { kind: "title", label: `${data.name} · ${data.role}` },
    { kind: "item", label: "Sign out", icon: <LogOut size={14} />, run: () => void leave() },
  ];
  return (
    <Menu
      label="Account"
      entries={entries}
      trigger={
        <IconButton label={`Signed in as ${data.name}`}>
          <Initial aria-hidden="true">{data.name.slice(0, 1).toUpperCase()}</Initial>
        </IconButton>
      }
    />
  );
}

const Initial = styled.span`
  display: grid; place-items: center; inline-size: 22px; block-size: 22px; border-radius: 50%; background: ${color.accentSoft};
  color: ${color.accentText}; font-size: ${size.tiny}; font-weight: 600;
`;
