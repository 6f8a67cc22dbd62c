import { expect, test } from "vitest";
import { readCrontab } from "./crontab.ts";
import { readCurl } from "./curl.ts";
import { shellWords } from "./shellWords.ts";
import { suggestedName } from "./suggest.ts";

// What the shells themselves make of them: printf '%s\n' … in bash.
test.each([
  ["a  b\tc", ["a", "b", "c"]],
  ["a 'b c' \"d e\"", ["a", "b c", "d e"]],
  ["a\\ b \\\n c", ["a b", "c"]],
  [`'it'\\''s' ""`, ["it's", ""]],
  [String.raw`"a\"b\$c\d"`, [String.raw`a"b$c\d`]],
  [String.raw`$'a\n\u00e9\x41\''`, ["a\néA'"]],
])("words of %j", (text, words) => expect(shellWords(text)).toEqual(words));

test("an open quote makes no words", () => {
  expect([shellWords("a 'b"), shellWords('a "b'), shellWords("$'b")]).toEqual([null, null, null]);
});

test("a request as a browser copies it", () => {
  const text = `curl 'https://api.example.com/v1/items?page=2' \\
  -X 'PUT' \\
  -H 'accept: application/json' \\
  -H 'authorization: Bearer abc:def' \\
  --data-raw $'{"note":"it\\'s"}' \\
  --compressed`;
  expect(readCurl(text)).toEqual({
    method: "PUT",
    url: "https://api.example.com/v1/items?page=2",
    headers: [
      ["accept", "application/json"],
      ["authorization", "Bearer abc:def"],
      ["Content-Type", "application/x-www-form-urlencoded"],
    ],
    body: `{"note":"it's"}`,
    timeoutSeconds: null,
    attempts: null,
    left: [],
  });
});

test("what curl itself would send", () => {
  const short = readCurl("curl -fsS -XDELETE -u ada:secret -m 30 --retry 2 example.com/x");
  expect(short).toMatchObject({
    method: "DELETE",
    url: "http://example.com/x",
    timeoutSeconds: 30,
    attempts: 3,
    left: [],
  });
  expect(short?.headers).toEqual([["Authorization", "Basic YWRhOnNlY3JldA=="]]); // base64 of ada:secret
  expect(readCurl("curl -G -d q=1 --data-urlencode 'w=a b' https://x.org/s")).toMatchObject({
    method: "GET",
    url: "https://x.org/s?q=1&w=a%20b",
    body: "",
  });
  expect(readCurl("curl --json '{\"a\":1}' https://x.org")).toMatchObject({
    method: "POST",
    body: '{"a":1}',
    headers: [
      ["Content-Type", "application/json"],
      ["Accept", "application/json"],
    ],
  });
  expect(readCurl("curl -I https://x.org")?.method).toBe("HEAD");
});

test("what a task has no place for is named", () => {
  expect(readCurl("curl -k -L -o out.html -d @file https://x.org")?.left).toEqual(["-k", "-L", "--output", "--data"]);
});

test.each([
  "wget https://x.org",
  "curl",
  "curl https://a.org https://b.org",
  "curl -H",
  "curly https://x.org",
  "curl 'https://x",
])("no request: %s", (text) => expect(readCurl(text)).toBeNull());

test("a line of a crontab", () => {
  expect(readCrontab("*/5  9-17 * * mon-fri   /usr/bin/backup --all >/dev/null 2>&1")).toEqual({
    expression: "*/5 9-17 * * mon-fri",
    command: "/usr/bin/backup --all >/dev/null 2>&1",
    zone: null,
    env: [],
    left: [],
  });
  expect(readCrontab("@daily run-it")).toMatchObject({ expression: "@daily", command: "run-it" });
});

test("settings above it, and the per cent sign", () => {
  const text = '# nightly\nCRON_TZ=Asia/Tokyo\nMAILTO=root\nLEVEL="full"\n30 2 * * * date +\\%F%line one%line two\n';
  expect(readCrontab(text)).toEqual({
    expression: "30 2 * * *",
    command: "date +%F",
    zone: "Asia/Tokyo",
    env: [["LEVEL", "full"]],
    left: ["MAILTO", "input after %"],
  });
});

test.each([
  "echo hello world how are you",
  "0 9 * * 1-5",
  "every day at 9",
  "1 2 3 4 5 a\n1 2 3 4 5 b",
  "",
  "sed -e s/a/b/ x y z",
])("no crontab line: %j", (text) => expect(readCrontab(text)).toBeNull());

const NOTHING = { kind: "command", shell: "", url: "", fn: "", message: "" } as const;
test.each([
  ["/usr/local/bin/backup --all", "backup"],
  ["LEVEL=full sudo -n nice /opt/tidy.sh now", "tidy"],
  ["python3 -u jobs/report.py --day", "report"],
  ['echo "hello from horarium"', "hello from horarium"],
  ["date; sleep 2", "date"],
  ["echo up; exit 3", "up"],
  ["echo late >&2", "late"],
  ["echo late 2>/dev/null", "late"],
  ["cd /srv/shop && ./report.sh --day", "report"],
  ["cd /srv/shop", "cd"],
  ["", ""],
])("a name for %s", (shell, name) => expect(suggestedName({ ...NOTHING, shell })).toBe(name));

test("a name for the other kinds", () => {
  expect(suggestedName({ ...NOTHING, kind: "http", url: "https://example.com/v1/health?x=1" })).toBe(
    "example.com health",
  );
  expect(suggestedName({ ...NOTHING, kind: "http", url: "not yet" })).toBe("");
  expect(suggestedName({ ...NOTHING, kind: "python", fn: "jobs.nightly:tidy" })).toBe("tidy");
  expect(suggestedName({ ...NOTHING, kind: "log", message: "still\there\nmore" })).toBe("still here");
});
