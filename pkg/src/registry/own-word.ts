// Whether an answer is the registry's own. That something is not there, or that there is no such API, is concluded from
// nothing else: whatever stands in between, such as a proxy, a gateway or a sign-in page, answers 404, 405 and 406, too.
import { fieldOf, isText } from "../foreign.ts";
import { isBrowser } from "../http/runtime.ts";
import { parseStrictly } from "../strict/json.ts";
import { errorsShape } from "../strict/shapes.ts";
import type { Reply } from "./call.ts";

/** An error of a registry, as far as it is read (OCI distribution spec, § Error Codes). */
export interface RegistryError {
  readonly code: string;
  readonly message: string;
  /** If it is a text; registries put much else there. */
  readonly detail: string;
  /** Whether a registry writes such an error. */
  readonly isKnown: boolean;
}

const apiVersion = "Docker-Distribution-Api-Version";
/**
 * The codes of the spec (§ Error Codes), two that docker had before, and one of Quay's. Gateways write JSON with
 * `errors`, too, and codes of the same form, such as `ROUTE_NOT_FOUND`. Another code is not the registry's word.
 */
const specCodes = new Set([
  "BLOB_UNKNOWN",
  "BLOB_UPLOAD_INVALID",
  "BLOB_UPLOAD_UNKNOWN",
  "DIGEST_INVALID",
  "MANIFEST_BLOB_UNKNOWN",
  "MANIFEST_INVALID",
  "MANIFEST_UNKNOWN",
  "MANIFEST_UNVERIFIED",
  "NAME_INVALID",
  "NAME_UNKNOWN",
  "SIZE_INVALID",
  "TAG_INVALID",
  "UNAUTHORIZED",
  "DENIED",
  "UNSUPPORTED",
  "TOOMANYREQUESTS",
  // Quay's, for a tag that was deleted or is over (quay/quay, `endpoints/v2/errors.py`).
  "TAG_EXPIRED",
]);
/** Harbor's own code. Others write it as well, beside fields that Harbor does not have: JSON:API's `status`. */
const harborsCode = "NOT_FOUND";
const harborsFields = ["code", "message", "detail"];
/** What `apiVersion` holds, perhaps more than once. */
const versionForm = /^registry\/2\.\d+$/i;

/**
 * Is this the registry's own word? Its error says so, or its header on this same answer: Debian's docker-registry
 * has no more than the header on the text of a router. A page for people is never a registry's word, since docker's
 * recipe for nginx puts the header on all that nginx answers. Nor is what another host says.
 */
export function isOwnWord(reply: Reply): boolean {
  return ownErrorsIn(reply) !== undefined || (isSpokenFor(reply) && !reply.elsewhere && !isPage(reply));
}

function isSpokenFor(reply: Reply): boolean {
  const words = (reply.header(apiVersion) ?? "").split(/[\s,]/);
  return words.some((word) => versionForm.test(word));
}

/** The registry's own errors in a body (§ Error Codes); undefined when it holds none, or something else beside them. */
export function ownErrorsIn(reply: Reply): readonly RegistryError[] | undefined {
  const errors = reply.elsewhere ? undefined : errorsIn(reply);
  return errors?.every(({ isKnown }) => isKnown) ? errors : undefined;
}

/** The errors in a body, whoever wrote them; none in a page. */
export function errorsIn(reply: Reply): readonly RegistryError[] | undefined {
  if (isHtml(reply)) return undefined;
  const list = fieldOf(jsonIn(reply), "errors");
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const errors = list.flatMap(errorAt);
  return errors.length === list.length ? errors : undefined;
}

function errorAt(value: unknown): RegistryError[] {
  const [code, message, detail] = ["code", "message", "detail"].map((key) => fieldOf(value, key));
  if (!isText(code)) return [];
  const text = (it: unknown) => (isText(it) ? it : "");
  return [{ code, message: text(message), detail: text(detail), isKnown: isKnown(code, value) }];
}

function isKnown(code: string, error: unknown): boolean {
  const isHarbors =
    code === harborsCode && Object.keys(Object(error)).every((it) => harborsFields.includes(it));
  return isHarbors || specCodes.has(code);
}

/** Any JSON in a body, for words only. */
export function jsonOf(reply: Reply): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(reply.bytes));
  } catch {
    return undefined;
  }
}

function jsonIn(reply: Reply): unknown {
  try {
    return parseStrictly(reply.bytes, "The answer", errorsShape);
  } catch {
    return undefined;
  }
}

/** The media type without parameters, which § Pulling manifests says to ignore; empty if there is none. */
export function mediaTypeOf(reply: Reply): string {
  const [type = ""] = (reply.header("content-type") ?? "").split(";");
  return type.trim().toLowerCase();
}

/** Does it say that it is a page for people? */
export function isHtml(reply: Reply): boolean {
  return /\b(text\/html|application\/xhtml\+xml)\b/i.test(reply.header("content-type") ?? "");
}

/** Is it one, whatever it says? A mark of its encoding may stand in front. */
export function isPage(reply: Reply): boolean {
  return isHtml(reply) || /^[^!-~]*</.test(startOf(reply));
}

/** What an answer holds that is not the registry's own, in words. */
export function contentOf(reply: Reply): string {
  if (reply.bytes.length === 0) return "an empty body";
  if (isPage(reply)) return "a page of HTML";
  return /^[[{]/.test(startOf(reply))
    ? "JSON that is no registry's error"
    : "a text that is no registry's error";
}

function startOf(reply: Reply): string {
  return new TextDecoder().decode(reply.bytes.subarray(0, 256)).trimStart();
}

/** What the reader of an answer that is not the registry's own can do about it. */
export function fixFor(reply: Reply): string {
  const fix = "Check the registry's name and registry.url; a proxy or a sign-in page may stand in between.";
  if (!isBrowser() || isPage(reply) || reply.header(apiVersion) !== null) return fix;
  return `If the registry itself answered, let it expose its header: Access-Control-Expose-Headers: ${apiVersion}. ${fix}`;
}

/** What the answer lacks, in words. */
export function missingIn(reply: Reply): string {
  const isHidden = isBrowser() && reply.header(apiVersion) === null;
  return isHidden
    ? `the header ${apiVersion} is missing, or this page may not read it (CORS)`
    : `the header ${apiVersion} is missing`;
}
