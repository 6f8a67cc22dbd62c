import { describe, expect, test } from "vitest";
import { carriedOver, hueOfRgb, isCalm, overwritten, spansOf, tamed } from "./ansi.ts";

const ESC = "\u001b";
const words = (text: string, carry = "") => spansOf(carry, text).map((span) => [span.text, span.className]);

test("what is calm is shown as it is, and nothing else is", () => {
  for (let code = 0; code < 0x2100; code++) {
    const text = `a${String.fromCharCode(code)}b`;
    expect([code, isCalm(text)]).toEqual([code, tamed(overwritten(text).text) === text]);
  }
});

describe("colours become classes", () => {
  test.each([
    [
      `${ESC}[31mred${ESC}[0m plain`,
      [
        ["red", "is-red"],
        [" plain", ""],
      ],
    ],
    [`${ESC}[1;94mbold blue`, [["bold blue", "is-blue bold"]]],
    [`${ESC}[42mground`, [["ground", "on-green"]]],
    [`${ESC}[31;42mboth`, [["both", "on-green"]]],
    [`${ESC}[38;5;196mpalette`, [["palette", "is-red"]]],
    [`${ESC}[38;2;10;200;220mtrue`, [["true", "is-cyan"]]],
    [`${ESC}[7mreversed`, [["reversed", "on-grey"]]],
    [`${ESC}[8mhidden is shown`, [["hidden is shown", ""]]],
  ])("%j", (text, told) => {
    expect(words(text)).toEqual(told);
  });
  test("what began in the line before goes on", () => {
    expect(words("still red", `${ESC}[31m`)).toEqual([["still red", "is-red"]]);
  });
});

test("colours are carried over until they are put back", () => {
  expect(carriedOver("", `a ${ESC}[31mb`)).toBe(`${ESC}[31m`);
  expect(carriedOver(`${ESC}[31m`, `${ESC}[1mb`)).toBe(`${ESC}[31m${ESC}[1m`);
  expect(carriedOver(`${ESC}[31m`, `b${ESC}[0m`)).toBe("");
  expect(carriedOver(`${ESC}[31m`, `b${ESC}[m`)).toBe("");
  expect(carriedOver("", `${ESC}[31m`.repeat(1_000))).toBe("");
});

describe("nothing else steers anything", () => {
  test.each([
    ["a link keeps its words only", `${ESC}]8;;http://evil.example/\u0007click${ESC}]8;;\u0007`, "click"],
    ["ended by ST", `${ESC}]8;;http://evil.example/${ESC}\\click${ESC}]8;;${ESC}\\`, "click"],
    ["a title", `${ESC}]0;new title\u0007x`, "x"],
    ["a title that never ends hides nothing", `${ESC}]0;new title`, "0;new title"],
    ["cursor and screen", `${ESC}[2J${ESC}[H${ESC}[999Dx${ESC}[?25l`, "x"],
    ["eight-bit controls", "\u009b31mx\u009d0;t\u009cy", `${ESC}[31mxy`],
    ["sixels", `${ESC}Pq#0;2;0;0;0${ESC}\\x`, "x"],
    ["a lone escape", `x${ESC}`, "x"],
    ["null and bell are shown", "a\u0000b\u0007c", "a\u2400b\u2407c"],
    ["what reorders text is named", "a\u202egpj.exe\u2069", "a<U+202E>gpj.exe<U+2069>"],
    ["a tab stays", "a\tb", "a\tb"],
  ])("%s", (_what, text, told) => {
    expect(tamed(text)).toBe(told);
  });
  test("markup is text", () => {
    expect(words("<script>alert(1)</script> &amp;")).toEqual([["<script>alert(1)</script> &amp;", ""]]);
    expect(words(`${ESC}[31m<b onclick=x>`)).toEqual([["<b onclick=x>", "is-red"]]);
  });
});

test("what is written over is counted", () => {
  expect(overwritten("10%\r20%\r100% done\r")).toEqual({ text: "100% done", times: 2 });
  expect(overwritten("plain")).toEqual({ text: "plain", times: 0 });
  expect(overwritten("windows\r")).toEqual({ text: "windows", times: 0 });
});

test.each([
  [[255, 0, 0], "red"],
  [[0, 255, 0], "green"],
  [[0, 0, 255], "blue"],
  [[255, 255, 0], "yellow"],
  [[0, 255, 255], "cyan"],
  [[255, 0, 255], "magenta"],
  [[90, 90, 90], "grey"],
  [[240, 240, 240], null],
] as const)("%j is near %s", (rgb, hue) => {
  expect(hueOfRgb([...rgb])).toBe(hue);
});
