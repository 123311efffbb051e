// What a registry means by a reply. The rule behind it: that there is no signature is never concluded from
// anything but the registry's own word (own-word.ts).
import { isDigest } from "../core.ts";
import { fail, type OcisignErrorOf, type UnplacedErrorCode } from "../error.ts";
import { fieldOf, isList, isText } from "../foreign.ts";
import { parseLinks } from "../http/link.ts";
import { retryAfterSeconds } from "../http/retry-after.ts";
import { isBrowser } from "../http/runtime.ts";
import type { Digest } from "../image/reference.ts";
import { hasDigest } from "../strict/digest.ts";
import { Fault } from "../strict/fault.ts";
import type { RegistryCall, Reply } from "./call.ts";
import { manifestTypes, ociImage, ociIndex } from "./media-types.ts";
import {
  contentOf,
  errorsIn,
  fixFor,
  isHtml,
  isOwnWord,
  mediaTypeOf,
  missingIn,
  ownErrorsIn,
  type RegistryError,
} from "./own-word.ts";
import { type ListedDescriptor, referrersIn } from "./referrers-index.ts";
import { whyNot } from "./why-not.ts";

/** A page for people is no answer of a registry, whatever its status. */
export function checkNotHtml(call: RegistryCall, reply: Reply): void {
  if (isHtml(reply)) throw notRegistry(call, "a page of HTML");
}

/** A list of tags (§ Listing Tags) names its repository; anything else is no answer of a registry. */
export function checkTags(call: RegistryCall, reply: Reply): void {
  checkNotHtml(call, reply);
  if (!isText(fieldOf(jsonIn(reply.bytes), "name"))) throw notRegistry(call, "no list of tags");
}

/**
 * May the end of a reply be missing? Where no header tells how long a body is, and its end is that of the connection, one
 * that is cut looks the same (RFC 9112 §6.3). Of what was not seen, nothing is known.
 */
function mayBeCut({ header }: Reply): boolean {
  const isEndless = header("content-length") === null && header("transfer-encoding") === null;
  return isEndless && /\bclose\b/i.test(header("connection") ?? "");
}

/** Throws of a manifest that a tag names, if it may be cut: no digest tells whether all of it came. */
export function checkWholeManifest(call: RegistryCall, reply: Reply): void {
  if (mayBeCut(reply) && jsonIn(reply.bytes) === undefined) throw cut(call, reply);
}

/** Throws of a blob if it may be cut. What has as many bytes as may come is not. */
export async function checkWholeBlob(
  call: RegistryCall,
  reply: Reply,
  { digest, maxBytes }: { readonly digest: string; readonly maxBytes: number },
): Promise<void> {
  if (reply.bytes.length >= maxBytes || !mayBeCut(reply)) return;
  const isIt = isDigest(digest) && (await hasDigest(reply.bytes, digest as Digest));
  if (!isIt) throw cut(call, reply);
}

function cut(call: RegistryCall, { bytes }: Reply): OcisignErrorOf {
  const what = `the reply ended after ${bytes.length} bytes, had no length announced, and is not what was asked for.`;
  return call.error("bad-reply", what, "Check what stands between you and the registry.");
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Labels that say nothing of what is in it, as storage behind a registry puts them on everything. */
const vague = ["application/json", "application/octet-stream", "binary/octet-stream", "text/plain"];

/**
 * The media type of a manifest, in lower case: as the registry labels it, or where the label says nothing, as the manifest
 * itself says. Without its own word, its lists tell an image from an index.
 *
 * @param isByDigest what fits its digest is what it says, whatever the label
 */
export function manifestTypeOf(reply: Reply, isByDigest: boolean): string {
  const label = mediaTypeOf(reply);
  if (manifestTypes.includes(label) || !(isByDigest || vague.includes(label))) return label;
  return typeByContent(reply.bytes, label);
}

/** The media type of a manifest by what it says itself, and by its lists. @param otherwise where it says neither */
export function typeByContent(bytes: Uint8Array, otherwise: string): string {
  const manifest = jsonIn(bytes);
  const own = fieldOf(manifest, "mediaType");
  if (isText(own)) return manifestTypes.includes(own.toLowerCase()) ? own.toLowerCase() : otherwise;
  const [isImage, isIndex] = [fieldOf(manifest, "layers"), fieldOf(manifest, "manifests")].map(isList);
  if (isImage === isIndex) return otherwise;
  return isImage ? ociImage : ociIndex;
}

/**
 * Does the registry say that it has no such manifest? Only a 404 can mean that (§ Pulling manifests), and of these:
 *
 * - the error `MANIFEST_UNKNOWN`, and no other beside it; or Quay's `TAG_EXPIRED`, for a tag that was deleted. `TAG_INVALID` is not its like: it belongs to pushing
 *   docker's schema 1, and meant that a manifest's own tag is not that of the URL.
 * - Harbor's `NOT_FOUND`, if it is an artifact that was not found (goharbor/harbor#20764). It uses the same code
 *   for a missing repository or project, and in its proxy cache for whatever was wrong upstream.
 * - no body at all, which the spec allows, but only with the registry's header, and in a repository that a manifest
 *   was read from before. Of registries that answer a GET so none is known to us, but Envoy does, without the header,
 *   for a route that it does not have.
 *
 * A missing repository (`NAME_UNKNOWN`) is not a missing manifest, a router's text speaks of the path: both are errors.
 *
 * @param isKnown whether the repository has shown itself
 */
export function isUnknownManifest(call: RegistryCall, reply: Reply, isKnown: boolean): boolean {
  if (reply.status !== 404) return false;
  const errors = ownErrorsIn(reply);
  if (errors?.every(saysNoManifest)) return true;
  if (reply.bytes.length > 0 || !isOwnWord(reply)) return false;
  if (isKnown) return true;
  const fix =
    "Check registry and repository. It may be a proxy's answer: nothing was read from there before.";
  throw call.error("not-found", "HTTP 404 without a word.", fix);
}

function saysNoManifest({ code, message }: RegistryError): boolean {
  return (
    code === "MANIFEST_UNKNOWN" ||
    code === "TAG_EXPIRED" ||
    (code === "NOT_FOUND" && /^artifact \S+ not found$/.test(message))
  );
}

/** Statuses by which registries say that they have no such thing: Artifactory's is 406. */
const lacking = [404, 405, 406];

/** Errors by which a registry speaks of the repository. */
const aboutRepository = ["NAME_UNKNOWN", "NAME_INVALID"];
/** Errors by which a registry speaks of the one who asks. */
const aboutCaller = ["UNAUTHORIZED", "DENIED", "TOOMANYREQUESTS"];

/**
 * Has the registry no referrers API? It says so by a 404 (§ Listing Referrers: "MUST NOT return a 404" if it has
 * one), with whatever body its router gives; older ones by 405 or by the error `UNSUPPORTED`, Artifactory by 406
 * (google/go-containerregistry#1962). It must be the registry's own word. This alone concludes nothing: the
 * fallback tag's reply has to be a proper one then. A missing repository is something else, and so is a 200 that is
 * no index.
 *
 * Where a manifest was read from the repository before, with the same rights, more can only be about the path: a 400, an
 * error about the name, and a 401 without the challenge that whoever may log in has to get (RFC 9110 §15.5.2). A browser
 * may hide a challenge.
 *
 * @param isKnown whether the repository has shown itself
 */
export function lacksReferrers(reply: Reply, isKnown: boolean): boolean {
  const { status } = reply;
  if (status < 400 || !isOwnWord(reply)) return false;
  const codes = ownErrorsIn(reply)?.map(({ code }) => code) ?? [];
  if (status === 401 && isKnown && isWithoutChallenge(reply)) return !codes.includes("TOOMANYREQUESTS");
  const others = isKnown ? aboutCaller : [...aboutRepository, ...aboutCaller];
  if (codes.some((code) => others.includes(code))) return false;
  if (lacking.includes(status) || (status === 400 && isKnown)) return true;
  return status >= 400 && status < 500 && codes.includes("UNSUPPORTED");
}

function isWithoutChallenge(reply: Reply): boolean {
  return !isBrowser() && reply.header("www-authenticate") === null;
}

/**
 * The descriptors of an index of referrers. Some registries label it `application/json`: what is found there is
 * checked anyway, so that does not matter; what is no index is an error, and so is a list that was filtered by a rule
 * for which nobody asked (§ Listing Referrers).
 */
export function descriptorsIn(
  call: RegistryCall,
  reply: Reply,
  isFiltered: boolean,
): readonly ListedDescriptor[] {
  if (!isFiltered && reply.header("oci-filters-applied")) {
    throw notRegistry(call, "a list of referrers that was filtered unasked");
  }
  const type = mediaTypeOf(reply);
  try {
    if (type === ociIndex || type === "application/json") return referrersIn(reply.bytes);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw notRegistry(call, `something that is no image index. ${error.message.replace(/\.$/, "")}`);
  }
  throw notRegistry(call, "something that is no image index");
}

/**
 * The next page, from the header `Link` (RFC 8288): `<url>; rel="next"`. It stays with the registry. A header that
 * cannot be read may name one, so that it is never taken for the end of the list.
 */
export function nextPage(
  call: RegistryCall,
  reply: Reply,
  locate: (location: string, from: URL) => URL | undefined,
): URL | undefined {
  const header = reply.header("link");
  if (header === null) return undefined;
  const following = parseLinks(header)?.filter(({ relations }) => relations.includes("next"));
  const targets = new Set(following?.map(({ target }) => target));
  if (!following || targets.size > 1 || following.some(({ hasAnchor }) => hasAnchor)) {
    const fix =
      'Correct what writes the header, as in </v2/…?last=…>; rel="next"; a proxy may have changed it.';
    const what = "the header Link cannot be read, so there may be further pages.";
    throw call.error("bad-reply", what, fix);
  }
  const [target] = targets;
  if (target === undefined) return undefined;
  const next = locate(target, reply.url);
  if (next && next.origin === reply.url.origin && !next.username && !next.password) return next;
  const what = `the next page lies at ${next ? `another host, ${next.host}` : "no URL"}.`;
  throw call.error("redirected", what, "Correct the registry's configuration of its own address.");
}

/** The error for a reply that is not what was asked for, with what the registry says of why not. */
export function refusal(call: RegistryCall, reply: Reply): OcisignErrorOf {
  const { status } = reply;
  const codes = knownCodesIn(reply);
  const who = reply.elsewhere ? `${reply.url.host}, where the registry redirects to, answered ` : "";
  const what = `${who}HTTP ${status}${codes.length > 0 ? ` (${codes.join(", ")})` : ""}`;
  if (lacking.includes(status) && !isOwnWord(reply)) return notOwn(call, reply, what);
  const { says, fix, isExpired } = whyNot(call, reply);
  const error = (code: UnplacedErrorCode, meaning: string, usualFix: string) =>
    call.error(code, `${what}${meaning}.${says}`, fix ?? usualFix);
  if (isExpired) return error("unauthorized", ": the password or token has expired", call.signInFix);
  if (status === 401) return error("unauthorized", ": the registry requires a login", call.signInFix);
  if (status === 403) return error("forbidden", "", forbiddenFix(call, says));
  if (status === 404) return error("not-found", ...notFound(codes));
  if (status === 429) {
    const seconds = retryAfterSeconds(reply.header);
    const pause = `Wait ${seconds ? `${seconds} seconds` : "a while"}, then try again.`;
    return error("rate-limited", ": too many requests", pause);
  }
  if (status >= 500) return error("server-error", ": the registry failed", "Try again later.");
  if (status >= 400) {
    const usual = says ? "Do what the registry says, or ask its administrator." : lookAtLog;
    return error("bad-request", "", usual);
  }
  return notRegistry(call, what);
}

/**
 * The same for a blob. That there is no such repository, or that the caller may not have it, is not the registry's word
 * that it has no such blob.
 */
export function refusalOfBlob(call: RegistryCall, reply: Reply): OcisignErrorOf {
  const error = refusal(call, reply);
  const others = [...aboutRepository, ...aboutCaller];
  if (error.code !== "not-found" || !knownCodesIn(reply).some((code) => others.includes(code))) return error;
  return fail("forbidden", error.message, error.fix);
}

const lookAtLog = "Look at the registry's log for the reason.";

/** Registries answer so to strangers, too: that a login is missing is the likeliest then. */
function forbiddenFix(call: RegistryCall, says: string): string {
  const usual = "Check whether this user may do this there.";
  if (call.isSignedIn) return usual;
  return `${call.signInFix}${says ? " Or do what the registry says." : ""}`;
}

function notFound(codes: readonly string[]): [meaning: string, fix: string] {
  const isRepository = codes.includes("NAME_UNKNOWN");
  const fix = `Check ${isRepository ? "its" : "the"} name. Either it does not exist, or you have no access.`;
  return [isRepository ? ": there is no such repository" : "", fix];
}

/** Whoever answered, it proves nothing. */
function notOwn(call: RegistryCall, reply: Reply, what: string): OcisignErrorOf {
  const why = reply.elsewhere ? "" : `, and ${missingIn(reply)}`;
  const said = `${what} with ${contentOf(reply)}${why}. Something else than the registry may have answered.`;
  return call.error("bad-reply", said, fixFor(reply));
}

function notRegistry(call: RegistryCall, what: string): OcisignErrorOf {
  const fix = "Check the registry's name and registry.url; a sign-in page or a proxy may stand in between.";
  return call.error("bad-reply", `the answer is ${what}.`, fix);
}

function knownCodesIn(reply: Reply): string[] {
  const known = errorsIn(reply)?.filter(({ isKnown }) => isKnown) ?? [];
  return [...new Set(known.map(({ code }) => code))];
}
