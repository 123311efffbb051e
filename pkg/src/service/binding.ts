// What a decision is bound to: the request as it was shown. What differs now was not seen by the person who decides.
import { boundParts } from "../core.ts";
import { fail } from "../error.ts";
import { type Fields, isRecord } from "../foreign.ts";
import { isSameId } from "./reply.ts";
import type { Signing } from "./signing.ts";

/** A place in a request that differs. */
export interface RequestChange {
  /** Where, such as `payload.metadata[0].value`. */
  readonly path: string;
  /** What stood there; `undefined` when nothing did. */
  readonly before: unknown;
  /** What stands there. */
  readonly after: unknown;
}

/**
 * What differs between two readings of a signing request, as far as a decision depends on it: name, operation,
 * description, payload, product and requester. The order of an object's fields does not count.
 *
 * @example
 * ```js
 * import { changesBetween } from "ocisign";
 *
 * const shown = await client.signing(request.id);
 * const now = await client.signing(request.id);
 * for (const { path, before, after } of changesBetween(shown, now)) console.log(path, before, after);
 * ```
 */
export function changesBetween(before: Signing, after: Signing): RequestChange[] {
  checkDepth(after);
  // The service is not told of the requester, but a person must not read one and decide about another's request.
  return [...boundParts(), "requester"].flatMap((part) => changesAt(part, before[part], after[part]));
}

function changesAt(path: string, before: unknown, after: unknown): RequestChange[] {
  if (Object.is(before, after)) return [];
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, before, after }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const place = Array.isArray(before) ? `${path}[${key}]` : `${path}.${key}`;
    return changesAt(place, own(before, key), own(after, key));
  });
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function own(object: Fields, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** No honest request is nested so deeply; to walk a deeper one would overflow the stack. */
const deepest = 100;

function checkDepth(request: Signing): void {
  let level: Fields[] = [request];
  for (let depth = 0; depth < deepest && level.length > 0; depth += 1) {
    level = level.flatMap((object) => Object.values(object).filter(isObject));
  }
  if (level.length === 0) return;
  const message = "The request is nested too deeply to be compared.";
  throw fail("bad-reply", message, "Report it to those who run the service.");
}

/** A request as it was shown, of which at least id and payload have to be known. */
export function shownRequest(id: string, shown: unknown): Fields {
  const fix = "Pass the signing request as it was read and shown.";
  if (!isRecord(shown) || typeof shown.id !== "string" || !isSameId(shown.id, id)) {
    throw fail("bad-input", "expect is not the request that is decided about.", fix);
  }
  if (shown.payload !== undefined) return shown;
  throw fail("bad-input", "expect has no payload: what would be signed was not shown.", fix);
}

/** Its bound parts, which the service compares once more when it takes the decision. */
export function boundPartsOf(shown: Fields): Fields {
  const known = boundParts().filter((part) => shown[part] !== undefined);
  return Object.fromEntries(known.map((part) => [part, shown[part]]));
}

/** Compares what was shown with what the service holds now. @param notDone what did not happen, for the fix */
export function checkUnchanged(shown: Fields, now: Signing, notDone: string): void {
  checkDepth(now);
  // A requester who was not shown was not decided about.
  const parts = shown.requester === undefined ? boundParts() : [...boundParts(), "requester"];
  const changed = parts.filter((part) => changesAt(part, shown[part], now[part]).length > 0);
  if (changed.length === 0) return;
  const message = `The request changed since it was shown: ${changed.join(", ")}.`;
  throw fail("changed", message, `${notDone} Read the request again, show it, and decide again.`);
}
