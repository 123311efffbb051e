// What a service, a requester or a registry may send to deceive whoever reads it. `seen` is what has to be on the page,
// so that the reader notices.
import { sized } from "./large.js";

const set = "document.documentElement.dataset.ran = 1";

/** @type {readonly { name: string, text: string, seen: readonly string[] }[]} */
export const hostileTexts = [
  { name: "an image with a handler", text: `<img src=x onerror="${set}">`, seen: ["<img src=x"] },
  { name: "a script", text: `</p><script>${set}</script>`, seen: ["<script>"] },
  { name: "svg", text: `<svg/onload="${set}">`, seen: ["<svg/onload"] },
  { name: "a frame", text: `<iframe srcdoc="<script>parent.${set}</script>">`, seen: ["<iframe"] },
  { name: "a link", text: "javascript:alert(1)//https://a.example", seen: ["javascript:alert(1)"] },
  { name: "a template", text: `\${${set}}{{${set}}}<!--?lit$1$-->`, seen: ["${document", "<!--?lit$1$-->"] },
  { name: "style", text: "<style>*{display:none!important}</style>", seen: ["<style>"] },
  { name: "a comment", text: "<!-- <b>hidden</b> -->", seen: ["<!-- <b>"] },
  { name: "bidi override", text: "app\u202egnp.exe\u202c", seen: ["U+202E", "U+202C"] },
  {
    name: "bidi isolates",
    text: "\u2066registry\u2067\u2069.example\u200f",
    seen: ["U+2066", "U+2067", "U+2069", "U+200F"],
  },
  {
    name: "zero width",
    text: "reg\u200bis\u200ctry\u2060\ufeff",
    seen: ["U+200B", "U+200C", "U+2060", "U+FEFF"],
  },
  { name: "tag characters", text: "ok\u{e0041}\u{e0042}", seen: ["U+E0041", "U+E0042"] },
  {
    name: "control characters",
    text: "a\u0000b\u0008c\u001b[2Jd\u0085",
    seen: ["U+0000", "U+0008", "U+001B", "U+0085"],
  },
  { name: "look-alikes", text: "pаypal.example/аpp", seen: ["U+0430"] },
  { name: "full width", text: "ｒegistry.example／app", seen: ["U+FF52", "U+FF0F"] },
  {
    name: "odd spaces",
    text: "a\u00a0b\u2003c\u3000d\u2800",
    seen: ["U+00A0", "U+2003", "U+3000", "U+2800"],
  },
  { name: "a pile of marks", text: `a${"\u0301".repeat(200)}b`, seen: ["U+0301"] },
  { name: "half a pair", text: "a\ud800b", seen: ["U+D800"] },
  { name: "names of objects", text: "__proto__", seen: ["__proto__"] },
];

/** What may stand where a text is expected. */
export const hostileValues = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  "",
  " ",
  [],
  {},
  [null],
  [[[]]],
  { name: null, value: [] },
  { name: { name: {} }, objectId: 7, groups: "all", at: {}, comment: [] },
  { toString: 1, valueOf: null, constructor: "x", length: 5 },
  JSON.parse('{"__proto__": {"name": "x"}}'),
];

/** Where it is large, a text of a megabyte; elsewhere one that is folded (at 2,000 characters) and cut (at 20,000). */
export const megabyte = "0123456789abcdef".repeat(sized(2048, 65_536));

/** The same of characters that are seen only when each is written out, of which 200 are shown at once. */
export const hiddenMegabyte = "\u200b\u202e".repeat(sized(1050, 500_000));

/** The same of marks on one letter. */
export const markedMegabyte = `a${"\u0301".repeat(sized(3000, 1_000_000))}`;
