/** The first word of every address of the page; src/horarium/api/page_routes.py serves the same list. */
export const FIRST_WORDS = ["tasks", "runs", "upcoming", "settings", "setup", "signin"] as const;
