// Reads the service's replies: leniently, keeping every field, but never without what is needed.
import { harmless, lookFirst, quote } from "../core.ts";
import { OcisignError, type OcisignErrorOf, type Taken, type UnplacedErrorCode } from "../error.ts";
import { type Fields, isList, isRecord, isTooDeep } from "../foreign.ts";
import { decodeStatus } from "./decode-status.ts";
import type { Listed, Unreadable } from "./listed.ts";
import type { StoredProduct } from "./product.ts";
import type { Profile, WholeProfile } from "./profile.ts";
import { saidIn } from "./said.ts";
import { foldedId, isSameId } from "./same-id.ts";
import type { Signing } from "./signing.ts";
import type { SigningStatus } from "./status.ts";
import { withoutToken } from "./without-token.ts";

/** A reply that was parsed, and what an error about it has to know. */
export interface Reply {
  readonly value: unknown;
  /** What messages say was attempted. */
  readonly doing: string;
  /** Whether the service may have done what was asked, should the reply make no sense. */
  readonly taken: Taken;
  /** The header `Link`. */
  readonly link?: string | undefined;
}

/** No honest service has more codes. */
const mostCodes = 1000;
/** More than this are no mistake of a few elements. What is told of each takes hundreds of times its own bytes. */
const mostUnreadable = 10_000;

/** What has an id: a product, or a signing request. */
type Identified = Fields & { readonly id: string };

/** Parses JSON. The text itself is not repeated: an HTML page or a secret says nothing useful. */
export function parseReply(text: string, doing: string, taken: Taken): Reply {
  try {
    const reply = { value: JSON.parse(text), doing, taken };
    if (!isTooDeep(reply.value)) return reply;
  } catch {
    const what = text.trimStart().startsWith("<") ? "a page of HTML" : "something else";
    const message = `${doing}: the service answered with ${what} where JSON was expected.`;
    throw unreadable(taken, "not-json", message, checkAddress);
  }
  const what = `${doing}: the service's reply is nested too deeply.`;
  throw unreadable(taken, "bad-reply", what, report);
}

/** A product of the service. */
export function readProduct(reply: Reply, id?: string): StoredProduct {
  // Every field but the id may be missing, or of another type: the types say so as far as they can.
  return identified(reply, id) as StoredProduct;
}

/**
 * Reads signing requests: the reply itself, with `code`, `state` and `final` beside its `status`. A list of thousands
 * has a handful of codes, and each is decoded once.
 */
export function signingReader(profile: WholeProfile): (reply: Reply, id?: string) => Signing {
  const decoded = new Map<unknown, SigningStatus>();
  return (reply, id) => {
    const request = identified(reply, id);
    const { status } = request;
    const known = decoded.get(status) ?? decodeIn(reply, request.id, status, profile);
    if (decoded.size < mostCodes) decoded.set(status, known);
    // As with products, the fields are the service's own.
    return Object.assign(request, known) as Signing;
  };
}

function decodeIn(reply: Reply, id: string, status: unknown, profile: WholeProfile): SigningStatus {
  const { statuses } = profile;
  // The module refuses whatever is no safe integer, and reads at each call all that it is given.
  const code = status as number;
  try {
    return decodeStatus(code, { statuses: { [code]: statuses[code] } } as Profile);
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    // The request is there all the same: its id must not be lost.
    const message = `${reply.doing}: ${error.message} The request is ${quote(id)}.`;
    throw unreadable(reply.taken, "bad-status", message, checkAddress);
  }
}

/** A list, each element read by itself. What cannot be read, or comes again, stands beside the others. */
export function readList<T extends { readonly id: string }>(
  reply: Reply,
  read: (element: Reply) => T,
): Listed<T> {
  const { value, doing, taken } = reply;
  if (!isList(value)) throw badReply(reply, `${doing}: the reply is not a list.`, checkAddress);
  const list: T[] = [];
  const unreadable: Unreadable[] = [];
  const ids = new Set<string>();
  value.forEach((element, index) => {
    const one = { value: element, doing: `${doing}: element ${index}`, taken };
    try {
      const made = read(one);
      const id = foldedId(made.id);
      if (ids.has(id)) throw badReply(one, `${one.doing} has the id of another one.`, checkAddress);
      ids.add(id);
      list.push(made);
    } catch (error) {
      if (!(error instanceof OcisignError)) throw error;
      if (unreadable.length === mostUnreadable)
        throw badReply(reply, `${doing}: more than ${mostUnreadable} elements cannot be read.`, checkAddress);
      unreadable.push({ index, ...(isRecord(element) && hasId(element) && { id: element.id }), error });
    }
  });
  // Not among the fields that JSON and comparisons see.
  return Object.defineProperty(list, "unreadable", { value: unreadable }) as Listed<T>;
}

/** What has to have an id, and perhaps a certain one. */
function identified(reply: Reply, id?: string): Identified {
  const { value, doing } = reply;
  if (!isRecord(value)) throw badReply(reply, `${doing}: the reply is not an object.`, checkAddress);
  if (!hasId(value)) throw badReply(reply, `${doing}: the reply has no id.`, checkAddress);
  if (id === undefined || isSameId(value.id, id)) return value;
  throw badReply(reply, `${doing}: the reply is about another id.`, report);
}

function hasId(value: Fields): value is Identified {
  return typeof value.id === "string" && value.id !== "";
}

const checkAddress = "Check the service's address; a sign-in page or a proxy may answer in its place.";
const report = "Report it to the service's operators.";

/** A reply that makes no sense. */
export function badReply({ taken }: Pick<Reply, "taken">, message: string, fix: string): OcisignErrorOf {
  return unreadable(taken, "bad-reply", message, fix);
}

/** A success of a call that acts may have been one, though it cannot be read: its fix says to look. */
function unreadable(taken: Taken, code: UnplacedErrorCode, message: string, fix: string): OcisignErrorOf {
  const advice = taken === "maybe" ? `${fix} ${lookFirst()}` : fix;
  return new OcisignError(code, message, advice, undefined, undefined, taken);
}

/** The service's own words in a failed reply, made harmless, and without the token, should they quote it. */
export function wordsIn(text: string, token: string): string | undefined {
  const said = saidIn(parsed(text));
  return said === undefined ? undefined : harmless(withoutToken(said, token));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
