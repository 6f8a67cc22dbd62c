import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Navigate, useNavigate, useSearchParams } from "react-router";
import styled from "styled-components";
import { changeSettings, listZones, signIn } from "../api/horarium.ts";
import type { SignIn as SignInBody } from "../api/horarium.schemas.ts";
import { Refusal } from "../lib/http.ts";
import { clock } from "../lib/time.ts";
import { useNow } from "../lib/now.ts";
import { forgetAllBut, noteSettings, noteSignedIn, useMay, useSession, useSettings } from "../tasks/TaskContext.tsx";
import { Button } from "../ui/Button.tsx";
import { Input, Mono, Muted } from "../ui/misc.tsx";
import { color, size } from "../ui/tokens.ts";
import { safeNext } from "./safeNext.ts";
import { Mark } from "./Shell.tsx";

const Page = styled.main`display: grid; place-items: center; min-block-size: 100dvh; padding: 24px; background: ${color.sunken};`;

const Card = styled.form`
  display: grid; gap: 16px; inline-size: min(380px, 100%); padding: 28px; background: ${color.ground}; border: 1px solid ${color.line}; border-radius: 12px;
  & > header { display: flex; align-items: center; gap: 10px; font-weight: 600; & > svg { color: ${color.accent}; } }
  & h1 { font-size: ${size.title}; line-height: 26px; }
  & p { color: ${color.textSoft}; text-wrap: pretty; & > strong { font-weight: 500; color: ${color.text}; } & > span { display: inline-block; } }
  & label { display: grid; gap: 6px; font-size: ${size.small}; font-weight: 500; & > * { font-weight: 400; } }
  & button { block-size: 36px; }
  & [role="alert"] { color: ${color.failedText}; font-size: ${size.small}; overflow-wrap: anywhere; }
`;

function Frame({
  title,
  children,
  onSubmit,
}: {
  title: string;
  children: ReactNode;
  onSubmit?: (event: FormEvent) => void;
}) {
  return (
    <Page>
      <title>{`${title} · Horarium`}</title>
      <Card onSubmit={onSubmit}>
        <header>
          <Mark /> Horarium
        </header>
        <h1>{title}</h1>
        {children}
      </Card>
    </Page>
  );
}

function useSignIn() {
  const client = useQueryClient();
  return async (body: SignInBody) => {
    const session = await signIn(body, { staysQuietWhenSignedOut: true });
    noteSignedIn();
    forgetAllBut(client, session);
  };
}

export function SignIn() {
  const session = useSession();
  const [search] = useSearchParams();
  const enter = useSignIn();
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  if (session.data) return <Navigate to={safeNext(search.get("next"))} replace />;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await enter({ token: token.trim() });
    } catch (error) {
      setProblem(error instanceof Refusal ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Frame title="Sign in" onSubmit={(event) => void submit(event)}>
      <p>
        Paste a token, or run <Mono>horarium open</Mono> where the server runs: it gives you a link that signs you in.
      </p>
      <label htmlFor="token">
        Token
        <Input
          id="token"
          type="password"
          autoComplete="current-password"
          required
          value={token}
          onChange={(event) => setToken(event.target.value)}
          aria-invalid={problem !== null}
        />
      </label>
      {problem && <p role="alert">{problem}</p>}
      <Button look="primary" type="submit" disabled={busy || token.trim() === ""}>
        Sign in
      </Button>
    </Frame>
  );
}

/** The link with a one-time key: it is taken out of the address at once, used once, and the zone is shown. */
export function Setup() {
  const enter = useSignIn();
  const session = useSession();
  const navigate = useNavigate();
  const begun = useRef(false);
  const [key] = useState(() => new URLSearchParams(location.hash.slice(1)).get("k"));
  const [problem, setProblem] = useState(key === null ? "This link carries no key." : null);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    history.replaceState(history.state, "", location.pathname + location.search);
    if (key === null) return;
    enter({ key }).catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  }, [enter, key]);
  if (problem && !session.data) {
    return (
      <Frame title="This link does not work any more">
        <p role="alert">{problem}</p>
        <p>
          A link signs in once, within half an hour. Run <Mono>horarium open</Mono> for a fresh one.
        </p>
        <Button onClick={() => void navigate("/signin")}>Sign in with a token</Button>
      </Frame>
    );
  }
  return session.data ? <Welcome /> : <Frame title="Signing in…">{null}</Frame>;
}

/** For whoever may say so, the zone that new tasks are meant for. */
function useZones(on: boolean) {
  return useQuery({
    queryKey: ["zones"],
    queryFn: async ({ signal }) => (await listZones({ limit: 1_000 }, { signal })).items,
    enabled: on,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function Welcome() {
  const admin = useMay("admin");
  const zones = useZones(admin);
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const settings = useSettings();
  const navigate = useNavigate();
  const zone = chosen ?? settings.data?.timezone;
  const now = useNow();
  const start = async () => {
    try {
      if (zone !== undefined && zone !== settings.data?.timezone) {
        noteSettings(client, await changeSettings({ timezone: zone }));
      }
      void navigate("/tasks", { replace: true });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Frame
      title="You are signed in"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      {!zone && <p>…</p>}
      {zone && !admin && (
        <p>
          Your tasks default to <strong>{zone}</strong>. <span>It is {clock(now, zone)} there.</span>
        </p>
      )}
      {admin && zone && (
        <label>
          Your tasks default to the time zone
          <Input
            as="select"
            value={zone}
            onChange={(event: { target: { value: string } }) => setChosen(event.target.value)}
          >
            {(zones.data?.includes(zone) ? zones.data : [zone, ...(zones.data ?? [])]).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Input>
          <Muted>It is {clock(now, zone)} there.</Muted>
        </label>
      )}
      {problem && <p role="alert">{problem}</p>}
      <Button look="primary" type="submit">
        Start
      </Button>
    </Frame>
  );
}
