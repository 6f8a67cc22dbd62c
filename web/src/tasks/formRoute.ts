/** Which form an address asks for, and where one is once it is closed. */

export type Asked = { mode: "new" } | { mode: "copy"; id: string } | { mode: "edit"; id: string };
type Place = { pathname: string; search: string };

/** `/tasks/new`, `/tasks/new?from=ID` and `?edit=ID` on any page; on a task's own page `?edit=1` means that task. */
export function askedBy({ pathname, search }: Place): Asked | null {
  const params = new URLSearchParams(search);
  if (/^\/tasks\/new\/?$/.test(pathname)) {
    const from = params.get("from") ?? params.get("duplicate");
    return from ? { mode: "copy", id: from } : { mode: "new" };
  }
  const copy = params.get("duplicate");
  if (copy) return { mode: "copy", id: copy };
  const edit = params.get("edit");
  if (!edit) return null;
  const own = /^\/tasks\/([^/]+)\/?$/.exec(pathname)?.[1];
  return { mode: "edit", id: edit === "1" && own ? own : edit };
}

export function withoutForm({ pathname, search }: Place): string {
  if (/^\/tasks\/new\/?$/.test(pathname)) return "/tasks";
  const params = new URLSearchParams(search);
  params.delete("edit");
  params.delete("duplicate");
  params.delete("show");
  return `${pathname}${params.size > 0 ? `?${params}` : ""}`;
}

/** `show=history`: the revisions of the task instead of its fields. */
export function withShown(search: URLSearchParams, part: "form" | "history"): URLSearchParams {
  const next = new URLSearchParams(search);
  if (part === "form") next.delete("show");
  else next.set("show", part);
  return next;
}

export const sameForm = (a: Asked | null, b: Asked | null): boolean => JSON.stringify(a) === JSON.stringify(b);
