import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { PreviewView } from "../../api/horarium.schemas.ts";
import { previewQuery, type Schedule } from "./useSchedule.ts";

const NOON = { kind: "cron", expression: "0 12 * * *" } as Schedule;
const NIGHT = { kind: "cron", expression: "0 0 * * *" } as Schedule;
const answer = (sentence: string) => ({ sentence }) as PreviewView;

test("a comparison is with the revision that is saved, and does not outlive it", () => {
  const client = new QueryClient();
  const first = previewQuery(NOON, { id: "T", revision: 1 });
  client.setQueryData(first.queryKey, answer("at noon, against revision 1"));
  const shown = new QueryObserver(client, { ...first, enabled: false });
  const stop = shown.subscribe(() => undefined);
  expect(shown.getCurrentResult().data?.sentence).toBe("at noon, against revision 1");

  shown.setOptions({ ...previewQuery(NIGHT, { id: "T", revision: 1 }), enabled: false });
  expect(shown.getCurrentResult()).toMatchObject({ data: { sentence: "at noon, against revision 1" } });
  expect(shown.getCurrentResult().isPlaceholderData).toBe(true); // another text was typed

  shown.setOptions({ ...previewQuery(NOON, { id: "T", revision: 2 }), enabled: false });
  expect(shown.getCurrentResult().data).toBeUndefined();
  stop();
});
