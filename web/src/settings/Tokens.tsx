import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { createToken, listTokens, revokeToken } from "../api/horarium.ts";
import type { NewTokenView, TokenDraft, TokenView } from "../api/horarium.schemas.ts";
import { copy } from "../lib/clipboard.ts";
import { serverNow } from "../lib/now.ts";
import { Moment, useLive } from "../tasks/TaskContext.tsx";
import { Button } from "../ui/Button.tsx";
import { Confirm } from "../ui/Confirm.tsx";
import { Copy, KeyRound, Plus } from "../ui/icons.ts";
import { Input, Mono, Muted } from "../ui/misc.tsx";
import { Failure, Notice } from "../ui/Panel.tsx";
import { useSay } from "../ui/Toast.tsx";
import { Form, List, Once, Panel } from "./parts.ts";
import { wordsOf } from "./words.ts";

const KEY = ["tokens"];
const LIMIT = 1_000;
const ROLES: readonly { value: TokenDraft["role"]; label: string }[] = [
  { value: "viewer", label: "Viewer: sees everything" },
  { value: "operator", label: "Operator: runs, cancels, pauses too" },
  { value: "editor", label: "Editor: changes tasks too" },
  { value: "admin", label: "Admin: tokens and settings too" },
];
const DAY_MS = 86_400_000;
const LIVES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "", label: "Until it is revoked" },
];

/** Secrets for programs and people: shown once, revoked at once. */
export function Tokens() {
  const { serverZone } = useLive();
  const client = useQueryClient();
  const say = useSay();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<NewTokenView | null>(null);
  const [asking, setAsking] = useState<TokenView | null>(null);
  const tokens = useQuery({ queryKey: KEY, queryFn: ({ signal }) => listTokens({ limit: LIMIT }, { signal }) });
  const revoke = useMutation({
    mutationFn: (token: TokenView) => revokeToken(token.id),
    onSuccess: (_nothing, token) => {
      void client.invalidateQueries({ queryKey: KEY });
      if (made?.id === token.id) setMade(null);
      say(`Revoked ${token.name}`);
    },
    onError: (error) => say(wordsOf(error), { failed: true }),
  });
  const done = (token: NewTokenView) => {
    setMade(token);
    setMaking(false);
    void client.invalidateQueries({ queryKey: KEY });
  };
  return (
    <Panel>
      <header>
        <h2>Tokens</h2>
        {!making && (
          <Button look="primary" onClick={() => setMaking(true)}>
            <Plus size={14} /> New token
          </Button>
        )}
      </header>
      {made && <Secret token={made} onDone={() => setMade(null)} />}
      {making && <Making onMade={done} onClose={() => setMaking(false)} />}
      {tokens.error && !tokens.data && (
        <Failure what="The tokens" error={tokens.error} onRetry={() => void tokens.refetch()} />
      )}
      {!making && tokens.data?.items.length === 0 && (
        <Notice icon={<KeyRound size={24} strokeWidth={1.5} />} title="No tokens yet">
          <p>A token lets a program or another person use this service, with the role that you give it.</p>
        </Notice>
      )}
      {(tokens.data?.items.length ?? 0) > 0 && (
        <List aria-label="Tokens">
          {tokens.data?.items.map((token) => (
            <li key={token.id}>
              <span className="name">{token.name}</span>
              <Mono>{token.prefix}…</Mono>
              <span className="soft">{token.role}</span>
              <Muted>
                {token.last_used_at === null ? (
                  "never used"
                ) : (
                  <>
                    used <Moment at={token.last_used_at} taskZone={serverZone} named />
                  </>
                )}
                {token.expires_at !== null && (
                  <>
                    {" · "}ends <Moment at={token.expires_at} taskZone={serverZone} named />
                  </>
                )}
              </Muted>
              <span className="end">
                <Button look="ghost" aria-label={`Revoke ${token.name}`} onClick={() => setAsking(token)}>
                  Revoke
                </Button>
              </span>
            </li>
          ))}
        </List>
      )}
      <Confirm
        open={asking !== null}
        onClose={() => setAsking(null)}
        tone="danger"
        title={`Revoke ${asking?.name ?? ""}?`}
        action="Revoke"
        onConfirm={() => asking && revoke.mutate(asking)}
      >
        <span>Whoever uses it is shut out at once. This cannot be undone.</span>
      </Confirm>
    </Panel>
  );
}

function Secret({ token, onDone }: { token: NewTokenView; onDone: () => void }) {
  const say = useSay();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const take = async () => {
    const worked = await copy(token.token);
    say(worked ? "Copied the token" : "Select it and copy it yourself", { failed: !worked });
  };
  return (
    <Once ref={box} role="region" aria-label="The new token" tabIndex={-1}>
      <strong>Copy {token.name} now: it is not shown again.</strong>
      <code>{token.token}</code>
      <div className="buttons">
        <Button onClick={() => void take()}>
          <Copy size={14} /> Copy
        </Button>
        <Button look="ghost" onClick={onDone}>
          Done
        </Button>
      </div>
    </Once>
  );
}

function Making({ onMade, onClose }: { onMade: (token: NewTokenView) => void; onClose: () => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<TokenDraft["role"]>("viewer");
  const [days, setDays] = useState("90");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const make = useMutation({ mutationFn: (draft: TokenDraft) => createToken(draft), onSuccess: onMade });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const ends = days === "" ? {} : { expires_at: new Date(serverNow() + Number(days) * DAY_MS).toISOString() };
    make.mutate({ name: name.trim(), role, ...ends });
  };
  return (
    <Form onSubmit={submit} aria-label="New token">
      <label htmlFor="token-name">
        What it is for
        <Input
          id="token-name"
          ref={field}
          value={name}
          maxLength={100}
          required
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label htmlFor="token-role">
        What it may do
        <select id="token-role" value={role} onChange={(event) => setRole(event.target.value as TokenDraft["role"])}>
          {ROLES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label htmlFor="token-ends">
        How long it holds
        <select id="token-ends" value={days} onChange={(event) => setDays(event.target.value)}>
          {LIVES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {make.isError && <p role="alert">{wordsOf(make.error)}</p>}
      <div className="buttons">
        <Button look="primary" type="submit" disabled={make.isPending || name.trim() === ""}>
          Create token
        </Button>
        <Button look="ghost" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
