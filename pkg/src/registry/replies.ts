// What a registry means by a reply. The rule behind it: that there is no signature is never concluded from
// anything but the registry's own word. Proxies, sign-in pages and misrouted paths answer 404 and 200 as well.
import type { OcisignErrorOf } from "../error.ts";
import { type Fields, fieldOf, isRecord, isText } from "../foreign.ts";
import { retryAfterSeconds } from "../http/retry-after.ts";
import { looksLikeDigest } from "./address.ts";
import type { RegistryCall, Reply } from "./call.ts";

/** A descriptor as the registry shows it; fields that are not named here are kept. */
export interface ListedDescriptor extends Fields {
  readonly mediaType: string;
  readonly digest: string;
  readonly artifactType?: string;
}

/** The spec's codes (§ Error Codes), and Harbor's own. Messages repeat no others: anything may stand there. */
const knownCodes = new Set([
  "BLOB_UNKNOWN",
  "BLOB_UPLOAD_INVALID",
  "BLOB_UPLOAD_UNKNOWN",
  "DIGEST_INVALID",
  "MANIFEST_BLOB_UNKNOWN",
  "MANIFEST_INVALID",
  "MANIFEST_UNKNOWN",
  "NAME_INVALID",
  "NAME_UNKNOWN",
  "NOT_FOUND",
  "SIZE_INVALID",
  "UNAUTHORIZED",
  "DENIED",
  "UNSUPPORTED",
  "TOOMANYREQUESTS",
]);

/** The media type without parameters, which § Pulling manifests says to ignore; empty if there is none. */
export function mediaTypeOf(reply: Reply): string {
  const [type = ""] = (reply.header("content-type") ?? "").split(";");
  return type.trim().toLowerCase();
}

/** A page for people is no answer of a registry, whatever its status. */
export function checkNotHtml(call: RegistryCall, reply: Reply): void {
  if (/^(text\/html|application\/xhtml\+xml)$/.test(mediaTypeOf(reply)))
    throw notRegistry(call, "a page of HTML");
}

/**
 * Does the registry say that it has no such manifest? Only a 404 can mean that (§ Pulling manifests), and of these:
 *
 * - the error `MANIFEST_UNKNOWN`, and no other beside it. `TAG_INVALID` is not its like: it belongs to pushing
 *   docker's schema 1, and meant that a manifest's own tag is not that of the URL.
 * - Harbor's `NOT_FOUND`, if it is an artifact that was not found (goharbor/harbor#20764). It uses the same code
 *   for a missing repository or project, and in its proxy cache for whatever was wrong upstream.
 * - no body at all, which the spec allows, but only in a repository that a manifest was read from before. Of
 *   registries that answer a GET so none is known to us, but Envoy does for a route that it does not have.
 *
 * A missing repository (`NAME_UNKNOWN`) is not a missing manifest, a page or another body may be a proxy's: both
 * are errors.
 *
 * @param isKnown whether the repository has shown itself
 */
export function isUnknownManifest(call: RegistryCall, reply: Reply, isKnown: boolean): boolean {
  if (reply.status !== 404) return false;
  const errors = errorsIn(reply);
  if (errors?.every(saysNoManifest)) return true;
  if (reply.bytes.length > 0) return false;
  if (isKnown) return true;
  const fix =
    "Check registry and repository. It may be a proxy's answer: nothing was read from there before.";
  throw call.error("not-found", "HTTP 404 without a word.", fix);
}

/** An error of a registry, as far as it is read (§ Error Codes). */
interface RegistryError {
  readonly code: string;
  readonly message: string;
}

function saysNoManifest({ code, message }: RegistryError): boolean {
  return code === "MANIFEST_UNKNOWN" || (code === "NOT_FOUND" && /^artifact \S+ not found$/.test(message));
}

/**
 * Has the registry no referrers API? It says so by a 404 (§ Listing Referrers: "MUST NOT return a 404" if it has
 * one), with whatever body its router gives; older ones by 405 or by the error `UNSUPPORTED`, Artifactory by 406
 * (google/go-containerregistry#1962). This alone concludes nothing: the fallback tag's reply has to be a proper
 * one then. A missing repository is something else, and so is a 200 that is no index.
 */
export function lacksReferrers(reply: Reply): boolean {
  const errors = errorsIn(reply) ?? [];
  if (reply.status === 404) return !errors.some(({ code }) => code === "NAME_UNKNOWN");
  if (reply.status === 405 || reply.status === 406) return true;
  return reply.status >= 400 && reply.status < 500 && errors.some(({ code }) => code === "UNSUPPORTED");
}

/**
 * The descriptors of an image index. Some registries label it `application/json`: what is found there is checked
 * anyway, so that does not matter; what is no index is an error.
 */
export function descriptorsIn(call: RegistryCall, reply: Reply): ListedDescriptor[] {
  const index = jsonIn(reply);
  const isJson = /^application\/(json|.*\+json)$/.test(mediaTypeOf(reply));
  const list = isJson && fieldOf(index, "schemaVersion") === 2 ? fieldOf(index, "manifests") : undefined;
  if (Array.isArray(list) && list.every(isDescriptor)) return list;
  throw notRegistry(call, "something that is no image index");
}

function isDescriptor(it: unknown): it is ListedDescriptor {
  if (!isRecord(it) || !isText(it.mediaType)) return false;
  if (!isText(it.digest) || !looksLikeDigest(it.digest)) return false;
  return it.artifactType === undefined || isText(it.artifactType);
}

const linkParameter = /\s*;\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g;
const link = new RegExp(`<([^>]*)>((?:${linkParameter.source})*)`, "g");

/** The next page, from the header `Link` (RFC 8288): `<url>; rel="next"`. It stays with the registry. */
export function nextPage(
  call: RegistryCall,
  reply: Reply,
  locate: (location: string, from: URL) => URL | undefined,
): URL | undefined {
  for (const [, target = "", parameters = ""] of (reply.header("link") ?? "").matchAll(link)) {
    if (!relationsIn(parameters).includes("next")) continue;
    const next = locate(target, reply.url);
    if (next && next.origin === reply.url.origin && !next.username && !next.password) return next;
    const what = `the next page lies at ${next ? `another host, ${next.host}` : "no URL"}.`;
    throw call.error("redirected", what, "Correct the registry's configuration of its own address.");
  }
  return undefined;
}

/** What `rel` holds: one relation, or several. */
function relationsIn(parameters: string): string[] {
  for (const [, name, quoted, plain] of parameters.matchAll(linkParameter)) {
    if (name?.toLowerCase() === "rel") return (quoted ?? plain ?? "").toLowerCase().split(/\s+/);
  }
  return [];
}

/** The error for a reply that is not what was asked for. Of the registry's own words only known codes are repeated. */
export function refusal(call: RegistryCall, reply: Reply): OcisignErrorOf {
  const { status } = reply;
  const codes = knownCodesIn(reply);
  const who = reply.elsewhere ? `${reply.url.host}, where the registry redirects to, answered ` : "";
  const what = `${who}HTTP ${status}${codes.length > 0 ? ` (${codes.join(", ")})` : ""}`;
  if (status === 401) {
    const fix = "Give `username` and `password` for this registry; if they are given, check them.";
    return call.error("unauthorized", `${what}: the registry requires a login.`, fix);
  }
  if (status === 403) {
    return call.error("forbidden", `${what}.`, "Check whether this user may do this there.");
  }
  if (status === 404) return notFound(call, reply, what, codes);
  if (status === 429) {
    const seconds = retryAfterSeconds(reply.header("retry-after"));
    const fix = `Wait ${seconds ? `${seconds} seconds` : "a while"}, then try again.`;
    return call.error("rate-limited", `${what}: too many requests.`, fix);
  }
  if (status >= 500) return call.error("server-error", `${what}: the registry failed.`, "Try again later.");
  if (status >= 400)
    return call.error("bad-request", `${what}.`, "Look at the registry's log for the reason.");
  return notRegistry(call, what);
}

function notFound(call: RegistryCall, reply: Reply, what: string, codes: readonly string[]): OcisignErrorOf {
  if (codes.includes("NAME_UNKNOWN")) {
    const fix = "Check its name. Either it does not exist, or you have no access.";
    return call.error("not-found", `${what}: there is no such repository.`, fix);
  }
  if (errorsIn(reply) || reply.bytes.length === 0) {
    const fix = "Check the name. Either it does not exist, or you have no access.";
    return call.error("not-found", `${what}.`, fix);
  }
  return notRegistry(call, `${what} and something that is no registry's error`);
}

function notRegistry(call: RegistryCall, what: string): OcisignErrorOf {
  const fix = "Check the registry's name and url; a sign-in page or a proxy may stand in between.";
  return call.error("bad-reply", `the answer is ${what}.`, fix);
}

function knownCodesIn(reply: Reply): string[] {
  const codes = errorsIn(reply)?.map(({ code }) => code) ?? [];
  return [...new Set(codes.filter((code) => knownCodes.has(code)))];
}

/** The errors in a body (§ Error Codes); undefined when it is no registry's. */
function errorsIn(reply: Reply): RegistryError[] | undefined {
  const list = fieldOf(jsonIn(reply), "errors");
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const errors = list.flatMap(errorAt);
  return errors.length === list.length ? errors : undefined;
}

function errorAt(value: unknown): RegistryError[] {
  const [code, message] = [fieldOf(value, "code"), fieldOf(value, "message")];
  return isText(code) ? [{ code, message: String(message ?? "") }] : [];
}

function jsonIn(reply: Reply): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(reply.bytes));
  } catch {
    return undefined;
  }
}
