/** The one way to the API: its base address, the problems it answers with, and what happens when a session is over. */

import axios, { AxiosError, type AxiosRequestConfig, type AxiosResponse } from "axios";

export type FieldError = { pointer: string; message: string; remedy?: string };

type Told = { type?: string; title?: string; detail?: string; errors?: FieldError[] } & Record<string, unknown>;

/** What the API refused, in its own words. `status` 0: no answer came at all. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  /** The last part of the problem's type, e.g. `stale-revision`. */
  readonly kind: string;
  readonly errors: readonly FieldError[];
  readonly requestId: string | null;
  /** Facts beside the words: holder, nearest, revision, changed_by, changed_at. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(status: number, told: Told, requestId: string | null) {
    super(
      told.detail ?? told.title ?? (status === 0 ? "The server does not answer." : `The server answered ${status}.`),
    );
    this.status = status;
    this.kind = told.type?.split(":").at(-1) ?? (status === 0 ? "offline" : "unknown");
    this.errors = told.errors ?? [];
    this.requestId = requestId;
    this.facts = told;
  }

  /** All that was said, with what would help. */
  get words(): string {
    return [this.message, ...this.errors.map((one) => one.remedy ?? one.message)].join(" ");
  }

  get offline(): boolean {
    return this.status === 0;
  }
}

/** Where the service lives, with any prefix and without a slash at the end: `<base href>` says it. */
export const base = (): string => new URL(".", document.baseURI).href.replace(/\/$/, "");

/** An absolute address of the service, e.g. for EventSource or a link to raw output. */
export const address = (path: string): string => base() + path;

export const client = axios.create({
  // The cookie goes along by itself; Origin is the browser's; a plain page needs no other proof.
  withCredentials: false,
  timeout: 30_000,
  headers: { Accept: "application/json" },
  paramsSerializer: { indexes: null },
});

type Listener = () => void;
const signedOut = new Set<Listener>();

/** Called whenever an answer says that nobody is signed in. */
export function onSignedOut(listener: Listener): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

export type Options = AxiosRequestConfig & {
  /** The revision that a change is based upon: sent as If-Match. */
  revision?: number | "*";
  /** The sign-in page asks for itself. */
  staysQuietWhenSignedOut?: boolean;
};

/** The mutator of the generated client. Raises Refusal. */
export async function http<T>(request: AxiosRequestConfig, options: Options = {}): Promise<T> {
  const { revision, staysQuietWhenSignedOut, ...more } = options;
  const match = revision === undefined ? {} : { "If-Match": revision === "*" ? "*" : `"${revision}"` };
  try {
    const answer = await client.request<T>({
      ...request,
      ...more,
      url: address(request.url ?? ""),
      headers: { ...(request.headers as object), ...(more.headers as object), ...match },
    });
    return answer.data;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.status === 401 && !staysQuietWhenSignedOut) for (const listener of signedOut) listener();
    throw refusal ?? error;
  }
}

/** The refusal inside what axios raises; null for what is none, such as a request that was called off. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (!(error instanceof AxiosError) || error.code === AxiosError.ERR_CANCELED) return null;
  const answer = error.response as AxiosResponse<unknown> | undefined;
  if (!answer) return new Refusal(0, {}, null);
  const told = typeof answer.data === "object" && answer.data !== null ? (answer.data as Told) : {};
  const id: unknown = answer.headers["x-request-id"];
  return new Refusal(answer.status, told, typeof id === "string" ? id : null);
}
