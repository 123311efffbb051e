// A reply that is nested too deeply overflows the stack when the page walks it, compares it or writes it as JSON.
import { OcisignError } from "ocisign";
import { strings } from "../strings/index.ts";

/** No honest reply comes near this. */
const deepest = 100;

/** A copy of a reply: a portal's client may keep the reply, and go on to change it. */
export function taken<T>(reply: T): T {
  return JSON.parse(JSON.stringify(shallow(reply)));
}

/** Gives back a reply that can be shown. */
function shallow<T>(reply: T): T {
  let level: object[] = isObject(reply) ? [reply] : [];
  for (let depth = 0; depth < deepest && level.length > 0; depth += 1) {
    level = level.flatMap((object) => Object.values(object).filter(isObject));
  }
  if (level.length === 0) return reply;
  const { tooDeep, tooDeepFix } = strings.common;
  throw new OcisignError("bad-reply", tooDeep, tooDeepFix);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
