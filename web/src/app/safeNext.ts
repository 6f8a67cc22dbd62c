/** Only an address of this page is followed after signing in. */
export const safeNext = (next: string | null): string =>
  next !== null && /^\/(?![/\\])/.test(next) && !next.startsWith("/signin") ? next : "/tasks";
