// How long to wait, and moments that a person wrote: a number that somebody can wait for, and a time of the calendar.
import assert from "node:assert/strict";
import { momentOf, retryAfterSeconds } from "../../support/readers.js";

export const longest = 200;
export const words = [
  "2026-02-29T12:00:00Z",
  "+00:00",
  "Wed, 21 Oct 2026 07:28:00 GMT",
  "120",
  "-1",
  "1e3",
  "Infinity",
];

/** @param {Buffer} input */
export function judge(input) {
  const [text = "", date = ""] = input.toString("latin1").split("\n");
  const seconds = retryAfterSeconds((name) => (name === "date" ? date : text));
  if (seconds !== undefined) assert.ok(Number.isSafeInteger(seconds) && seconds >= 0, String(seconds));
  const moment = momentOf(text);
  if (!moment) return;
  assert.match(text, /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/);
  // The same moment as the time zone that it names has it.
  const [, sign = "+", hours = 0, minutes = 0] = /([+-])(\d\d):(\d\d)$/.exec(text) ?? [];
  const shift = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
  const local = new Date(moment.getTime() + shift).toISOString();
  const seconds24 = text.slice(11, 19) === "24:00:00";
  if (!seconds24) assert.equal(local.slice(0, 19), text.slice(0, 19).toUpperCase());
}
