// Is an image that is not signed itself covered by the signature of an index? Only a caller who names the index is told
// so: whoever signs an index signs what it lists, but not everybody wants that to count.
import { fail } from "../error.ts";
import { asReference } from "../image/read.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import { type Given, isOn } from "../options.ts";
import { calledManifest } from "../registry/content.ts";
import { beside, membersOf } from "../registry/members.ts";
import type { ContentSource } from "../registry/source.ts";
import { problemOf } from "./find.ts";
import { asRevoked } from "./image-rule.ts";
import type { Verification, Verified } from "./verification.ts";

/** The index that a caller names. */
export function coveringIndex(
  { registry, repository }: ImageReference,
  given: Given<"coveredBy" | "recursive">,
): ImageReference | undefined {
  if (given.coveredBy === undefined) return undefined;
  const index = asReference(given.coveredBy);
  if (isOn(given, "recursive")) {
    const fix =
      "Leave one of them out: recursive wants a signature of everything, coveredBy one of the index.";
    throw fail("bad-input", "coveredBy and recursive exclude each other.", fix);
  }
  if (index.registry === registry && index.repository === repository) return index;
  const message = "coveredBy names an index of another repository: it says nothing of what is in this one.";
  throw fail("bad-input", message, "Name the index by the image's own repository, with the index's digest.");
}

/** What is asked. */
interface Question {
  /** Why a trust file revokes an image, if it does. */
  readonly revocationOf: (image: ImageReference) => string | undefined;
  readonly source: ContentSource;
  readonly image: ImageReference;
  readonly index: ImageReference;
  verify(index: ImageReference): Promise<Verification>;
}

/** The outcome for an image, of whose own signatures it is known what came of them. */
export async function covered(own: Verification, question: Question): Promise<Verification> {
  // Its own signature says more.
  if (own.state === "verified") return own;
  const { index, verify } = question;
  const whole = await verify(index);
  const { digest } = index;
  if (whole.state !== "verified") {
    const problems = [...own.problems, ...whole.problems];
    const state = severity(whole) > severity(own) ? whole.state : own.state;
    const reason = `${own.reason} The index ${digest} does not cover it: ${whole.reason}`;
    return { ...own, state, problems, reason } as Verification;
  }
  try {
    const through = await wayTo(question);
    if (through) return notRevoked(own, question, through) ?? coveredOf(own, whole, through);
    return { ...own, reason: `${own.reason} The index ${digest} is signed, but does not list this image.` };
  } catch (error) {
    const problem = problemOf(error);
    const reason = `${own.reason} Whether the index ${digest} lists this image could not be found out: ${problem.message}`;
    return { ...own, state: "unreachable", problems: [...own.problems, problem], reason } as Verification;
  }
}

/** Whoever signs an index signs what it lists, so that a revoked image in it, or on the way to it, is signed. */
function notRevoked(
  own: Verification,
  { image, revocationOf }: Question,
  through: readonly Digest[],
): Verification | undefined {
  const all = [image, ...through.map((digest) => beside(image, digest))];
  const revocation = all.map(revocationOf).find((it) => it !== undefined);
  return revocation === undefined ? undefined : asRevoked(own, revocation);
}

function coveredOf(own: Verification, whole: Verified, through: readonly Digest[]): Verified {
  const { reference, digest, signatures, keys } = whole;
  const within = through.length > 0 ? `, through ${through.join(" and ")}` : "";
  const reason = `Covered by the signed index ${digest}, which lists this image${within}. The index: ${whole.reason}`;
  const coveredBy = { reference, digest, through, signatures };
  return { ...own, state: "verified", keys, reason, coveredBy } as Verified;
}

/** The indexes that lead to an image; undefined if none does. The image is there, and is what the index calls it. */
async function wayTo({ source, image, index }: Question): Promise<readonly Digest[] | undefined> {
  for await (const { image: at, entries, through } of membersOf(source, index, "indexes")) {
    const listed = entries.find(({ digest }) => digest === image.digest);
    if (!listed) continue;
    await calledManifest(source, image, listed.mediaType);
    return at.digest === index.digest ? through : [...through, at.digest];
  }
  return undefined;
}

/** How bad an outcome is. What is verified is not in the list, and so stands before all of it. */
export function severity({ state }: Verification): number {
  return ["unsigned", "invalid", "unreachable"].indexOf(state);
}
