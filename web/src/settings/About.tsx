import { useQuery } from "@tanstack/react-query";
import styled from "styled-components";
import { listPools, listWorkers } from "../api/horarium.ts";
import { http, refusalOf } from "../lib/http.ts";
import { plural } from "../lib/plural.ts";
import { Moment, useLive } from "../tasks/TaskContext.tsx";
import { AlertTriangle, Check } from "../ui/icons.ts";
import { Muted } from "../ui/misc.tsx";
import { Failure } from "../ui/Panel.tsx";
import { color } from "../ui/tokens.ts";
import { Facts, List, Panel } from "./parts.ts";

/** As /health/ready answers it; it is not among the routes that the client is generated from. */
type Ready = { status: "ready" | "not_ready"; troubles: string[]; scheduler: string; versions: Record<string, string> };

const POLL_MS = 10_000;
const LIMIT = 1_000;
const NAMES: Record<string, string> = {
  horarium: "Horarium",
  python: "Python",
  sqlite: "SQLite",
  tzdata: "Time-zone data",
  holidays: "Holidays",
};

const State = styled.p`
  display: flex; align-items: center; gap: 8px;
  & > svg { color: ${color.succeeded}; } &[data-bad="true"] > svg { color: ${color.failed}; }
`;

async function readReady(signal: AbortSignal): Promise<Ready> {
  try {
    return await http<Ready>({ url: "/health/ready", method: "GET", signal });
  } catch (error) {
    const facts = refusalOf(error)?.facts;
    // Not being ready is an answer too.
    if (facts && Array.isArray(facts.troubles)) return facts as unknown as Ready;
    throw error;
  }
}

/** What is installed here, and how it does. */
export function About() {
  const ready = useQuery({ queryKey: ["ready"], queryFn: ({ signal }) => readReady(signal), refetchInterval: POLL_MS });
  if (ready.error && !ready.data) {
    return <Failure what="Its health" error={ready.error} onRetry={() => void ready.refetch()} />;
  }
  if (!ready.data) return null;
  const { status, troubles, versions, scheduler } = ready.data;
  // What was so is no longer known once it is not answered.
  const isReady = status === "ready" && !ready.error;
  return (
    <>
      <Panel>
        <header>
          <h2>Health</h2>
        </header>
        <State data-bad={!isReady}>
          {isReady ? <Check size={16} /> : <AlertTriangle size={16} />}
          <span>
            {isReady ? "Ready" : ready.error ? "Not known" : "Not ready"}{" "}
            <Muted>
              {ready.error
                ? `· ${refusalOf(ready.error)?.message ?? ""}`
                : `· scheduler ${scheduler.replaceAll("_", " ")}`}
            </Muted>
          </span>
        </State>
        {troubles.map((trouble) => (
          <p key={trouble}>{trouble}</p>
        ))}
        <Workers />
      </Panel>
      <Panel>
        <header>
          <h2>Versions</h2>
        </header>
        <Facts>
          {Object.entries(versions).map(([name, version]) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{NAMES[name] ?? name}</dt>
              <dd>{version}</dd>
            </div>
          ))}
        </Facts>
      </Panel>
    </>
  );
}

function Workers() {
  const { serverZone } = useLive();
  const workers = useQuery({
    queryKey: ["workers"],
    queryFn: ({ signal }) => listWorkers({ limit: LIMIT }, { signal }),
    refetchInterval: POLL_MS,
  });
  const pools = useQuery({
    queryKey: ["pools"],
    queryFn: ({ signal }) => listPools({ limit: LIMIT }, { signal }),
    refetchInterval: POLL_MS,
  });
  return (
    <>
      {(workers.data?.items.length ?? 0) > 0 && (
        <>
          <h3>Workers</h3>
          <List aria-label="Workers">
            {workers.data?.items.map((worker) => (
              <li key={worker.id}>
                <span className="name">{worker.name}</span>
                <span className="soft">{plural(worker.slots, "slot")}</span>
                <Muted>
                  {worker.pools.length > 0 ? `pools ${worker.pools.join(", ")}` : "all pools"} · since{" "}
                  <Moment at={worker.started_at} taskZone={serverZone} named />
                </Muted>
              </li>
            ))}
          </List>
        </>
      )}
      {(pools.data?.items.length ?? 0) > 0 && (
        <>
          <h3>Pools</h3>
          <List aria-label="Pools">
            {pools.data?.items.map((pool) => (
              <li key={pool.name}>
                <span className="name">{pool.name}</span>
                <span className="soft">
                  {pool.running.toLocaleString("en")} running, {pool.waiting.toLocaleString("en")} waiting
                </span>
                <Muted>
                  {plural(pool.slots, "slot")} on {plural(pool.workers, "worker")}
                </Muted>
              </li>
            ))}
          </List>
        </>
      )}
    </>
  );
}
