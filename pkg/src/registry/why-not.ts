// Why a registry refuses, in its own words, and what to do about the reasons that are known. Registries have a code for
// few of them, and codes of their own for the rest, so it is their words that tell.
import { fieldOf, isText } from "../foreign.ts";
import type { RegistryCall, Reply } from "./call.ts";
import { errorsIn, isHtml, isPage, jsonOf } from "./own-word.ts";

/** What a registry says of why not. */
export interface WhyNot {
  /** ` It says: …`, harmless and without our secrets; empty when it says nothing that helps. */
  readonly says: string;
  /** What to do, if the reason is known. */
  readonly fix: string | undefined;
  /** Whether it says that the password, or the token, has expired. */
  readonly isExpired: boolean;
}

/** Of its words, in which is looked for a reason that is known. */
const mostRead = 2000;

/** What only repeats the status in words. */
const empty =
  /^(unauthori[sz]ed|forbidden|denied|access denied|not found|authentication required|internal server error|too many requests|unknown error|unknown|error|manifest unknown|bad request)\W*$/i;

/** By the words: immutable tags of ECR, Harbor, Quay, ACR and Artifactory; policies; full quotas. */
const known: readonly (readonly [statuses: readonly number[], words: RegExp, fix: string])[] = [
  [
    [400, 403, 409, 412],
    /immutab|cannot be overwritten|already exists|not allowed to overwrite|\blocked\b/i,
    "Exempt tags that end in .sig from immutability (in ECR: an exclusion filter for *.sig), then do it again.",
  ],
  [
    [400, 403, 412, 413, 429, 507],
    /quota|exceed\w* .*(limit|storage)|(storage|size) limit|insufficient storage|out of space/i,
    "Free space in the registry, or ask its administrator for a larger quota.",
  ],
  [
    [400, 403, 412, 451],
    /polic(y|ies)|not signed|vulnerabilit|quarantin|blocked/i,
    "Ask the registry's administrator: a policy of the registry forbids it, whatever the image's signatures are.",
  ],
];

/**
 * Amazon ECR says so of a password after twelve hours, with 403; others of a token. Where nobody has signed in, it says
 * nothing of a password.
 */
function saysExpired(call: RegistryCall, { status }: Reply, words: string): boolean {
  const isRefusal = call.isSignedIn && [400, 401, 403].includes(status);
  return isRefusal && /expired/i.test(words) && /token|credential|password/i.test(words);
}

/** Of the registries whose passwords expire, ECR is the one that people have every day. */
const expiredFix =
  "Give a new registry.password; for Amazon ECR, `aws ecr get-login-password` prints one for twelve hours.";

export function whyNot(call: RegistryCall, reply: Reply): WhyNot {
  const words = wordsIn(reply).filter((text) => !empty.test(text.trim()));
  const said = call.harmless([...new Set(words)].join("; "));
  // What people read of them: a registry chooses how long they are.
  const all = words.join(" ").slice(0, mostRead);
  const isExpired = saysExpired(call, reply, all);
  const fix = isExpired
    ? expiredFix
    : known.find(([statuses, form]) => statuses.includes(reply.status) && form.test(all))?.[2];
  return { says: said === "" ? "" : ` It says: ${said}`, fix, isExpired };
}

/** Texts for people: of errors, of JSON of another form, or a plain text. A page is not quoted. */
function wordsIn(reply: Reply): string[] {
  if (isPage(reply) || isHtml(reply)) return [];
  const errors = errorsIn(reply);
  if (errors) return errors.map(({ message, detail }) => message || detail).filter(Boolean);
  const json = jsonOf(reply);
  if (json === undefined) return plainText(reply);
  const inner = fieldOf(json, "error");
  return [json, inner]
    .flatMap((it) =>
      ["message", "details", "detail", "error_description", "title"].map((key) => fieldOf(it, key)),
    )
    .concat(inner)
    .filter(isText)
    .slice(0, 1);
}

function plainText(reply: Reply): string[] {
  if (!/^(text\/plain\b|$)/i.test(reply.header("content-type") ?? "")) return [];
  const text = new TextDecoder().decode(reply.bytes.subarray(0, 2048));
  // Not what is no text after all.
  return text.includes("\ufffd") || text.includes("\0")
    ? []
    : [text.replace(/\s+/g, " ").trim()].filter(Boolean);
}
