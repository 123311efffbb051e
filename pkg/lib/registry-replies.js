// What a registry means by a reply. The rule behind it: that there is no signature is never concluded from
// anything but the registry's own word. Proxies, sign-in pages and misrouted paths answer 404 and 200 as well.
import { digestForm } from "./registry-address.js";

/**
 * @typedef {import("./registry-http.js").Call} Call
 * @typedef {import("./registry-http.js").Reply} Reply
 *
 * A descriptor as the registry shows it; fields that are not named here are kept.
 *
 * @typedef {{ mediaType: string, digest: string, size?: number, artifactType?: string,
 *   annotations?: Record<string, string>, [field: string]: unknown }} Descriptor
 */

/** The spec's codes (§ Error Codes), and Harbor's own. Others are not repeated in messages: anything may stand there. */
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
export function mediaTypeOf(/** @type {Reply} */ reply) {
  return (reply.header("content-type") ?? "").split(";")[0].trim().toLowerCase();
}

/** A page for people is no answer of a registry, whatever its status. */
export function checkNotHtml(/** @type {Call} */ call, /** @type {Reply} */ reply) {
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
 * @param {Call} call @param {Reply} reply @param {boolean} isKnown whether the repository has shown itself
 */
export function isUnknownManifest(call, reply, isKnown) {
  if (reply.status !== 404) return false;
  const errors = errorsIn(reply);
  if (errors?.every(saysNoManifest)) return true;
  if (reply.bytes.length > 0) return false;
  if (isKnown) return true;
  const fix =
    "Check registry and repository. It may be a proxy's answer: nothing was read from there before.";
  throw call.error("not-found", "HTTP 404 without a word.", fix);
}

function saysNoManifest(/** @type {{ code: string, message: string }} */ { code, message }) {
  return code === "MANIFEST_UNKNOWN" || (code === "NOT_FOUND" && /^artifact \S+ not found$/.test(message));
}

/**
 * Has the registry no referrers API? It says so by a 404 (§ Listing Referrers: "MUST NOT return a 404" if it has
 * one), with whatever body its router gives; older ones by 405 or by the error `UNSUPPORTED`, Artifactory by 406
 * (google/go-containerregistry#1962). This alone concludes nothing: the fallback tag's reply has to be a proper
 * one then. A missing repository is something else, and so is a 200 that is no index.
 */
export function lacksReferrers(/** @type {Reply} */ reply) {
  const errors = errorsIn(reply) ?? [];
  if (reply.status === 404) return !errors.some(({ code }) => code === "NAME_UNKNOWN");
  if (reply.status === 405 || reply.status === 406) return true;
  return reply.status >= 400 && reply.status < 500 && errors.some(({ code }) => code === "UNSUPPORTED");
}

/**
 * The descriptors of an image index. Some registries label it `application/json`: what is found there is checked
 * anyway, so that does not matter; what is no index is an error.
 *
 * @param {Call} call @param {Reply} reply @returns {Descriptor[]}
 */
export function descriptorsIn(call, reply) {
  const index = jsonIn(reply);
  const isJson = /^application\/(json|.*\+json)$/.test(mediaTypeOf(reply));
  const list = isJson && index?.schemaVersion === 2 ? index.manifests : undefined;
  if (Array.isArray(list) && list.every(isDescriptor)) return list;
  throw notRegistry(call, "something that is no image index");
}

function isDescriptor(/** @type {any} */ it) {
  if (typeof it?.mediaType !== "string") return false;
  if (typeof it.digest !== "string" || !digestForm.test(it.digest)) return false;
  return it.artifactType === undefined || typeof it.artifactType === "string";
}

const linkParameter = /\s*;\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g;
const link = new RegExp(`<([^>]*)>((?:${linkParameter.source})*)`, "g");

/**
 * The next page, from the header `Link` (RFC 8288): `<url>; rel="next"`. It stays with the registry.
 *
 * @param {Call} call @param {Reply} reply @param {(location: string, from: URL) => URL} locate
 * @returns {URL | undefined}
 */
export function nextPage(call, reply, locate) {
  for (const [, target, parameters] of (reply.header("link") ?? "").matchAll(link)) {
    if (!relationsIn(parameters).includes("next")) continue;
    let next;
    try {
      next = locate(target, reply.url);
    } catch {}
    if (next && next.origin === reply.url.origin && !next.username && !next.password) return next;
    const what = `the next page lies at ${next ? `another host, ${next.host}` : "no URL"}.`;
    throw call.error("redirected", what, "Correct the registry's configuration of its own address.");
  }
  return undefined;
}

/** @param {string} parameters @returns {string[]} what `rel` holds: one relation, or several */
function relationsIn(parameters) {
  for (const [, name, quoted, plain] of parameters.matchAll(linkParameter)) {
    if (name.toLowerCase() === "rel") return (quoted ?? plain ?? "").toLowerCase().split(/\s+/);
  }
  return [];
}

/**
 * The error for a reply that is not what was asked for. Of the registry's own words only known codes are repeated.
 *
 * @param {Call} call @param {Reply} reply
 */
export function refusal(call, reply) {
  const { status } = reply;
  const errors = errorsIn(reply);
  const codes = errors?.map(({ code }) => code).filter((code) => knownCodes.has(code)) ?? [];
  const who = reply.elsewhere ? `${reply.url.host}, where the registry redirects to, answered ` : "";
  const what = `${who}HTTP ${status}${codes.length > 0 ? ` (${[...new Set(codes)].join(", ")})` : ""}`;
  if (status === 401) {
    const fix = "Give `username` and `password` for this registry; if they are given, check them.";
    return call.error("unauthorized", `${what}: the registry wants to know who asks.`, fix);
  }
  if (status === 403)
    return call.error("forbidden", `${what}.`, "Check whether this user may do this there.");
  if (status === 404) {
    if (codes.includes("NAME_UNKNOWN")) {
      const fix = "Check its name; what one may not see can also look like this.";
      return call.error("not-found", `${what}: there is no such repository.`, fix);
    }
    if (errors || reply.bytes.length === 0) {
      return call.error(
        "not-found",
        `${what}.`,
        "Check the name; what one may not see can also look like this.",
      );
    }
    return notRegistry(call, `${what} and something that is no registry's error`);
  }
  if (status === 429) {
    const seconds = /^\s*(\d{1,9})\s*$/.exec(reply.header("retry-after") ?? "")?.[1];
    const fix = `Wait ${seconds ? `${seconds} seconds` : "a while"}, then try again.`;
    return call.error("rate-limited", `${what}: too many requests.`, fix);
  }
  if (status >= 500) return call.error("server-error", `${what}: the registry failed.`, "Try again later.");
  if (status >= 400)
    return call.error("bad-request", `${what}.`, "Look at the registry's log for the reason.");
  return notRegistry(call, what);
}

/** @param {Call} call @param {string} what */
function notRegistry(call, what) {
  const fix = "Check the registry's name and url; a sign-in page or a proxy may stand in between.";
  return call.error("bad-reply", `the answer is ${what}.`, fix);
}

/**
 * The errors in a body (§ Error Codes); undefined when it is no registry's.
 *
 * @param {Reply} reply @returns {{ code: string, message: string }[] | undefined}
 */
function errorsIn(reply) {
  const list = jsonIn(reply)?.errors;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  if (!list.every((error) => typeof error?.code === "string")) return undefined;
  return list.map(({ code, message }) => ({ code, message: String(message ?? "") }));
}

/** @param {Reply} reply */
function jsonIn(reply) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(reply.bytes));
  } catch {
    return undefined;
  }
}
