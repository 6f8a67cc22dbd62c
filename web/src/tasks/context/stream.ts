/**
 * One stream of events for the whole page: open while somebody looks, closed after half a minute in the background (a browser
 * allows six connections to one server), and given up for polling when it fails twice in a row.
 */

import type { OutputEvent, RunPatch, RunsEvent, TaskPatch, TasksEvent } from "../../api/horarium.schemas.ts";

/** `polling`: the stream does not hold, so the page asks every few seconds; the stream is tried again now and then. */
export type StreamState = "connecting" | "live" | "asleep" | "polling";

/** What is used of EventSource. */
export type Source = {
  readonly readyState: number;
  addEventListener: (name: string, listener: (event: MessageEvent<string>) => void) => void;
  close: () => void;
};

export type Heard = {
  open: (topics: string) => Source;
  /** Something was missed: what is shown is to be read anew. */
  missed: () => void;
  tasks: (patches: readonly TaskPatch[]) => void;
  runs: (patches: readonly RunPatch[]) => void;
  output: (event: OutputEvent) => void;
  state: (state: StreamState) => void;
};

export const HIDDEN_MS = 30_000;
const FAILURES_MAX = 2;
const AGAIN_MS = 2_000;
export const RETRY_POLLING_MS = 15_000;
/** So many runs' output one stream may tell of. */
const OUTPUTS_MAX = 10;
/** `EventSource.CLOSED`: it will not connect again by itself. */
const CLOSED = 2;

export class LiveStream {
  private readonly heard: Heard;
  private source: Source | null = null;
  /** With other topics: takes over once it is there, so that nothing is missed in between. */
  private next: Source | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private hiding: ReturnType<typeof setTimeout> | undefined;
  private readonly outputs = new Map<string, number>();
  private begun = false;
  state: StreamState = "connecting";

  constructor(heard: Heard) {
    this.heard = heard;
  }

  get topics(): string {
    const outputs = [...this.outputs.keys()].slice(-OUTPUTS_MAX).map((run) => `output:${run}`);
    return ["tasks", "runs", ...outputs].join(",");
  }

  start(): void {
    this.begun = true;
    this.failures = 0;
    this.become("connecting");
    this.connect();
  }

  stop(): void {
    this.begun = false;
    clearTimeout(this.hiding);
    this.hang();
  }

  /** Somebody looks again, or no longer. */
  hidden(now: boolean): void {
    clearTimeout(this.hiding);
    if (!this.begun) return;
    if (now) this.hiding = setTimeout(() => this.sleep(), HIDDEN_MS);
    else if (this.state === "asleep") this.start();
    else this.nudge();
  }

  /** The server answers: a stream that was given up is tried at once. */
  nudge(): void {
    if (this.begun && this.state === "polling" && this.source === null) this.connect();
  }

  /** Tells of a run's output until the answer is called. */
  watch(run: string): () => void {
    const before = this.topics;
    this.outputs.set(run, (this.outputs.get(run) ?? 0) + 1);
    this.renew(before);
    return () => {
      const topics = this.topics;
      const left = (this.outputs.get(run) ?? 1) - 1;
      if (left > 0) this.outputs.set(run, left);
      else this.outputs.delete(run);
      this.renew(topics);
    };
  }

  private sleep(): void {
    this.hang();
    this.become("asleep");
  }

  private hang(): void {
    clearTimeout(this.timer);
    for (const source of [this.source, this.next]) source?.close();
    this.source = null;
    this.next = null;
  }

  private renew(before: string): void {
    if (!this.begun || this.topics === before || this.state === "asleep" || this.source === null) return;
    this.next?.close();
    this.next = this.listen(this.topics, true);
  }

  private connect(): void {
    this.hang();
    this.source = this.listen(this.topics, false);
  }

  private listen(topics: string, overlaps: boolean): Source {
    const source = this.heard.open(topics);
    let first = true;
    const opened = (missed: boolean) => {
      if (source === this.next) {
        this.source?.close();
        this.source = source;
        this.next = null;
      }
      if (source !== this.source) return;
      this.failures = 0;
      this.become("live");
      if (missed) this.heard.missed();
      first = false;
    };
    // A browser that connects again by itself names the last event: `hello` then says that nothing was missed.
    source.addEventListener("hello", () => opened(first && !overlaps));
    source.addEventListener("reset", () => opened(true));
    const on = <T>(name: string, work: (data: T) => void) =>
      source.addEventListener(name, (event) => source === this.source && work(JSON.parse(event.data) as T));
    on<TasksEvent>("tasks", ({ items, many }) => (many === null ? this.heard.tasks(items) : this.heard.missed()));
    on<RunsEvent>("runs", ({ items, many }) => (many === null ? this.heard.runs(items) : this.heard.missed()));
    on<OutputEvent>("output", (event) => this.heard.output(event));
    source.addEventListener("error", () => {
      if (source === this.next) {
        source.close();
        this.next = null;
      } else if (source === this.source) this.failed(source);
    });
    return source;
  }

  private failed(source: Source): void {
    this.failures += 1;
    if (this.failures >= FAILURES_MAX) {
      this.hang();
      this.timer = setTimeout(() => this.connect(), RETRY_POLLING_MS);
      this.become("polling");
      return;
    }
    this.become("connecting");
    if (source.readyState === CLOSED) {
      this.hang();
      this.timer = setTimeout(() => this.connect(), AGAIN_MS);
    }
  }

  private become(state: StreamState): void {
    if (state === this.state) return;
    this.state = state;
    this.heard.state(state);
  }
}
