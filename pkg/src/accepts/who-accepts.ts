// Says of each tool whether it accepts an image: the row of consumers.ts for what stands beside the image. What no row
// says is unknown.
import type { Fingerprint, KeyType, PublicKey, Verification } from "ocisign";
import { type Consumer, nameOf } from "./consumer.ts";
import { consumers } from "./consumers.ts";
import { inWords } from "./in-words.ts";
import { type Mend, mendsOf } from "./mend.ts";
import { type Situation, situationsOf } from "./situation.ts";

/** What somebody else makes of an image. */
export interface Acceptance {
  /** The same for the same tool asked in the same way: `cosign-3`. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** Which programs decide by it, if it is a library. */
  readonly usedBy?: string;
  /** How it is asked: a command, or a kind of policy. */
  readonly how: string;
  /** The versions that the row is about. */
  readonly versions: readonly string[];
  /** The key that it has; undefined if none of the given keys signed, and several were given. */
  readonly key?: Fingerprint;
  /** Whether it accepts the image with that key. */
  readonly verdict: "accepts" | "refuses" | "unknown";
  /** Why, in a sentence. */
  readonly why: string;
  /** What the verdict rests on: a test of ocisign's that measures it. None of what is unknown. */
  readonly basis?: { readonly measured: string };
  /** What makes it accept, if that is known: the simplest first. */
  readonly mends: readonly Mend[];
}

/** Which keys were given to the verification. */
export interface WhoAcceptsOptions {
  readonly keys: readonly PublicKey[];
}

/**
 * Who else accepts an image that was verified in its registry: cosign, Kyverno, policy-controller, podman and others,
 * each with one of the keys that signed. It asks nobody: it compares what the verification found with what was measured.
 *
 * With several keys that signed, it tells of each tool once for each of them.
 *
 * @example
 * ```js
 * import { readPublicKey, verifyImage } from "ocisign";
 * import { whoAccepts } from "ocisign/accepts";
 *
 * const keys = [readPublicKey(pem)];
 * const verification = await verifyImage(image, { keys });
 * for (const { name, how, verdict, why, mends } of whoAccepts(verification, { keys })) {
 *   console.log(`${name}, ${how}: ${verdict}. ${why}`);
 *   if (mends[0]) console.log(mends[0].command);
 * }
 * ```
 */
export function whoAccepts(verification: Verification, { keys }: WhoAcceptsOptions): Acceptance[] {
  return situationsOf(verification, keys).flatMap((situation) =>
    idsOf(consumers).map((id) => acceptance(entriesOf(id), situation, verification.reference)),
  );
}

function idsOf(all: readonly Consumer[]): string[] {
  return [...new Set(all.map(({ id }) => id))];
}

/** A tool may have several entries, each for other types of keys. */
type Entries = readonly [Consumer, ...Consumer[]];

function entriesOf(id: string): Entries {
  const [first, ...others] = consumers.filter((one) => one.id === id);
  if (!first) throw new Error(`there is no consumer ${id}`);
  return [first, ...others];
}

function acceptance(entries: Entries, situation: Situation, reference: string): Acceptance {
  const { key, keyType } = situation;
  const consumer = entries.find(({ keyTypes }) => keyType !== undefined && keyTypes.includes(keyType));
  const { id, name, usedBy, how, versions } = consumer ?? entries[0];
  const about = { id, name, ...(usedBy !== undefined && { usedBy }), how, versions, ...(key && { key }) };
  const unclear = situation.unclear ?? (consumer ? notTried(consumer, situation) : noSuchKey(keyType));
  if (!consumer || unclear !== undefined) {
    return { ...about, verdict: "unknown", why: unclear ?? noSuchKey(keyType), mends: [] };
  }
  return { ...about, ...judged(consumer, situation, reference) };
}

function judged(
  consumer: Consumer,
  situation: Situation,
  reference: string,
): Pick<Acceptance, "verdict" | "why" | "basis" | "mends"> {
  const name = nameOf(situation.traits);
  if (consumer.accepts.includes(name)) {
    const why = `It accepts ${inWords(situation)}.`;
    return { verdict: "accepts", why, basis: consumer.basis, mends: [] };
  }
  const refusal = consumer.refuses.find(({ when }) => when.includes(name));
  if (refusal) {
    const why = refusal.why.replace("{hash}", situation.ownHash ?? "");
    const mends = mendsOf(consumer, refusal, situation, reference);
    return { verdict: "refuses", why, basis: consumer.basis, mends };
  }
  const open = consumer.depends?.find(({ when }) => when.includes(name));
  const why = open?.why ?? `Nobody tried it with ${inWords(situation)}.`;
  return { verdict: "unknown", why, mends: [] };
}

/** Why a row says nothing of where things are listed, if so. */
function notTried({ places }: Consumer, { place }: Situation): string | undefined {
  if (place === undefined || places.includes(place)) return undefined;
  return place === "referrers"
    ? "It was not tried with a registry that lists referrers."
    : "It was not tried with a registry that lists no referrers.";
}

function noSuchKey(keyType: KeyType | undefined): string {
  return keyType === undefined
    ? "It is not known which key it would have."
    : `It was not tried with a key of type ${keyType}.`;
}
