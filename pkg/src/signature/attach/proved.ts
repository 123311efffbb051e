// A signature is pushed only when it holds: the judge of verifying says so, of what the registry would hold.
import { toUtf8 } from "../../bytes.ts";
import type { Attachable } from "../../certificates/index.ts";
import { fail } from "../../error.ts";
import type { ImageReference } from "../../image/reference.ts";
import { Judge } from "../judge.ts";
import type { KeySet } from "../keys.ts";
import type { Fingerprint } from "../public-key.ts";
import type { SignatureFormat } from "../verification.ts";
import type { Writer } from "./format.ts";

/** What a caller offers as a signature in a format: what its text or bytes may mean. */
export interface OfferedSignature {
  readonly format: SignatureFormat;
  /** What the caller knows it by. */
  readonly name: string;
  readonly isText: boolean;
  readonly readings: readonly Uint8Array<ArrayBuffer>[];
}

/** A signature that holds. */
export interface ProvedSignature {
  /** RSASSA-PKCS1-v1_5, or ECDSA in DER. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The key under which it holds. */
  readonly key: Fingerprint;
  /** What vouches for the key, if that is to be kept, too. */
  readonly certificates?: Attachable | undefined;
}

/** The first reading that holds. */
export async function proved(
  image: ImageReference,
  { format, readings }: OfferedSignature,
  keySet: KeySet,
  writer: Writer,
): Promise<{ readonly format: SignatureFormat; readonly signature: ProvedSignature }> {
  let why: string | undefined;
  for (const bytes of readings) {
    const { manifest, blob } = await writer.sample(image, bytes);
    const judge = new Judge({ image, requireRepository: false, blob: () => blob, keySet });
    await judge.take({ from: "given", bytes: toUtf8(manifest) });
    const verification = judge.verdict([]);
    if (verification.state === "verified") return { format, signature: { bytes, key: verification.keys[0] } };
    why ??= verification.reason;
  }
  const payload = `signingPayload(reference, "${format}") or \`ocisign payload --format ${format}\``;
  const fix = `Sign what ${payload} gives, with the given key.`;
  throw fail("bad-signature", `The signature is not pushed: ${why}`, fix);
}
