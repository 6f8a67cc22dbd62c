import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { OutputEvent, RunPatch, TaskPatch } from "../../api/horarium.schemas.ts";
import { HIDDEN_MS, LiveStream, RETRY_POLLING_MS, type Source, type StreamState } from "./stream.ts";

class FakeSource implements Source {
  readyState = 0;
  closed = false;
  readonly topics: string;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(topics: string) {
    this.topics = topics;
  }

  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(name, listener);
  }

  close(): void {
    this.closed = true;
  }

  tell(name: string, data: unknown = { now: "2026-11-24T12:00:00.000Z" }): void {
    if (!this.closed) this.listeners.get(name)?.({ data: JSON.stringify(data) } as MessageEvent<string>);
  }

  fail(readyState: 0 | 2 = 0): void {
    this.readyState = readyState;
    this.tell("error");
  }
}

let sources: FakeSource[];
let told: { missed: number; tasks: TaskPatch[]; runs: RunPatch[]; output: OutputEvent[]; states: StreamState[] };
let stream: LiveStream;

beforeEach(() => {
  vi.useFakeTimers();
  sources = [];
  told = { missed: 0, tasks: [], runs: [], output: [], states: [] };
  stream = new LiveStream({
    open: (topics) => {
      const source = new FakeSource(topics);
      sources.push(source);
      return source;
    },
    missed: () => {
      told.missed += 1;
    },
    tasks: (patches) => void told.tasks.push(...patches),
    runs: (patches) => void told.runs.push(...patches),
    output: (event) => void told.output.push(event),
    state: (state) => void told.states.push(state),
  });
  stream.start();
});

afterEach(() => vi.useRealTimers());

const now = () => sources.at(-1) as FakeSource;
const open = () => sources.filter((source) => !source.closed);

test("with hello it is live, and what was read before is read again once", () => {
  expect(now().topics).toBe("tasks,runs");
  now().tell("hello");
  expect(stream.state).toBe("live");
  expect(told.missed).toBe(1);
});

test("what the stream names is handed on; where it only counts, all is read again", () => {
  now().tell("hello");
  now().tell("tasks", { items: [{ id: "A" }], many: null });
  now().tell("runs", { items: [{ id: "R" }], many: null });
  expect([told.tasks, told.runs, told.missed]).toEqual([[{ id: "A" }], [{ id: "R" }], 1]);
  now().tell("tasks", { items: [], many: 501 });
  expect(told.missed).toBe(2);
  now().tell("reset");
  expect(told.missed).toBe(3);
});

test("a browser that connected again by itself has missed nothing when hello says so", () => {
  now().tell("hello");
  now().fail();
  expect(stream.state).toBe("connecting");
  now().tell("hello");
  expect([stream.state, told.missed, sources.length]).toEqual(["live", 1, 1]);
});

test("two failures in a row make it poll; the stream is tried again now and then", () => {
  now().tell("hello");
  now().fail();
  now().fail();
  expect(stream.state).toBe("polling");
  expect(open()).toEqual([]);
  vi.advanceTimersByTime(RETRY_POLLING_MS);
  expect(open().length).toBe(1);
  expect(stream.state).toBe("polling");
  now().fail();
  expect(open()).toEqual([]);
  vi.advanceTimersByTime(RETRY_POLLING_MS);
  now().tell("hello");
  expect([stream.state, told.missed]).toEqual(["live", 2]);
});

test("one failure and a success are not the first of two", () => {
  now().tell("hello");
  now().fail();
  now().tell("hello");
  now().fail();
  expect(stream.state).toBe("connecting");
});

test("a refusal ends the browser's own tries, so another connection is made", () => {
  now().fail(2);
  expect(open()).toEqual([]);
  vi.advanceTimersByTime(2_000);
  expect(open().length).toBe(1);
});

test("an answer of the server is reason enough to try at once", () => {
  now().fail();
  now().fail();
  stream.nudge();
  expect(open().length).toBe(1);
  stream.nudge();
  expect(open().length).toBe(1);
});

test("half a minute unseen closes it, and the return opens it and catches up", () => {
  now().tell("hello");
  stream.hidden(true);
  vi.advanceTimersByTime(HIDDEN_MS - 1);
  expect(stream.state).toBe("live");
  vi.advanceTimersByTime(1);
  expect([stream.state, open().length]).toEqual(["asleep", 0]);
  vi.advanceTimersByTime(10 * RETRY_POLLING_MS);
  expect(open()).toEqual([]);
  stream.hidden(false);
  now().tell("hello");
  expect([stream.state, told.missed]).toEqual(["live", 2]);
});

test("whoever is back soon has lost nothing", () => {
  now().tell("hello");
  stream.hidden(true);
  vi.advanceTimersByTime(HIDDEN_MS / 2);
  stream.hidden(false);
  vi.advanceTimersByTime(HIDDEN_MS);
  expect([stream.state, sources.length]).toEqual(["live", 1]);
});

test("a run's output is asked for by a stream that takes over without a gap", () => {
  now().tell("hello");
  const first = now();
  const end = stream.watch("R1");
  const endToo = stream.watch("R1");
  expect(now().topics).toBe("tasks,runs,output:R1");
  expect([first.closed, sources.length]).toEqual([false, 2]);
  first.tell("tasks", { items: [{ id: "A" }], many: null });
  now().tell("hello");
  expect(first.closed).toBe(true);
  expect([told.tasks.length, told.missed]).toEqual([1, 1]);
  now().tell("output", { run_id: "R1", attempt: 1, size: 12 });
  expect(told.output).toEqual([{ run_id: "R1", attempt: 1, size: 12 }]);
  end();
  expect(sources.length).toBe(2);
  endToo();
  expect(now().topics).toBe("tasks,runs");
});

test("where the one that takes over fails, the old one goes on", () => {
  now().tell("hello");
  const first = now();
  stream.watch("R1");
  now().fail();
  expect([first.closed, stream.state]).toEqual([false, "live"]);
});

test("stopped, it leaves nothing open and nothing to come", () => {
  now().tell("hello");
  stream.stop();
  vi.advanceTimersByTime(10 * HIDDEN_MS);
  stream.nudge();
  expect(open()).toEqual([]);
});
