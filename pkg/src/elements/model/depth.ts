// A reply that is nested too deeply overflows the stack when the page walks it, compares it or writes it as JSON.
import { OcisignError } from "ocisign";
import { isTooDeep } from "../../foreign.ts";
import { strings } from "../strings/index.ts";

/** A copy of a reply: a portal's client may keep the reply, and go on to change it. */
export function taken<T>(reply: T): T {
  if (!isTooDeep(reply)) return JSON.parse(JSON.stringify(reply));
  const { tooDeep, tooDeepFix } = strings.common;
  throw new OcisignError("bad-reply", tooDeep, tooDeepFix);
}
