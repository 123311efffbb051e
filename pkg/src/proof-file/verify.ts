// Verifies a proof file, without a network.
import { bytesOf, toUtf8 } from "../bytes.ts";
import { fail } from "../error.ts";
import { isText } from "../foreign.ts";
import { asReference, parseReference } from "../image/read.ts";
import type { ImageReference } from "../image/reference.ts";
import { checkOptions } from "../options.ts";
import { keyOptions, readKeyChoice, type VerificationKeys } from "../signature/keys.ts";
import { attestationOptions, readAttestationDemand } from "../signature/required.ts";
import type { Verification } from "../signature/verification.ts";
import { demandOptions, readDemand, verifyIn } from "../signature/verify.ts";
import type { SignatureDemands } from "../signature/verify-options.ts";
import { mostProofBytes } from "./limit.ts";
import { readProof } from "./read.ts";
import { ProofSource } from "./source.ts";

/** Options of {@link verifyProof} beside the keys. */
export interface ProofDemands extends SignatureDemands {
  /** The image that it has to be a proof of. Without it, look at the result's `reference`. */
  reference?: string | ImageReference | undefined;
  /** Every manifest in an index has to be proved, too. */
  recursive?: boolean | undefined;
  /** As of {@link verifyImage}. A proof file holds signatures only, so that none of these is met. */
  require?: readonly string[] | undefined;
}

/** Options of {@link verifyProof}. */
export type VerifyProofOptions = VerificationKeys & ProofDemands;

/**
 * Verifies a proof file, as {@link createProof} and `ocisign bundle` write it, without a network: each digest, each
 * signature, and what they say. It proves that the image was signed when the proof was made; whether the registry still
 * holds image and signatures, it cannot say.
 *
 * @param proof the file's text or bytes
 * @throws {OcisignError} `bad-input` for what is no proof file, or of an unknown version; `bad-signature` for one that is
 *   damaged, that was changed, or that is of another image; as {@link verifySignatures} for wrong options.
 * @example
 * ```js
 * import { createProof, verifyProof } from "ocisign";
 *
 * const { proof = "" } = await createProof(image, { publicKey: pem });
 * const { state, reference } = await verifyProof(proof, { publicKey: pem });
 * console.log(`${reference} is ${state}`);
 * ```
 */
export async function verifyProof(
  proof: string | Uint8Array,
  options: VerifyProofOptions,
): Promise<Verification> {
  const given = checkOptions(options, [...keyOptions, ...demandOptions, ...attestationOptions, "reference"]);
  const bytes = isText(proof) ? toUtf8(proof) : bytesOf(proof, mostProofBytes);
  if (!bytes) {
    const message = `The proof is neither text nor at most ${mostProofBytes} bytes.`;
    throw fail("bad-input", message, "Pass what createProof() or `ocisign bundle` made.");
  }
  const wanted = given.reference === undefined ? undefined : asReference(given.reference);
  const demand = { ...readDemand(given), attested: readAttestationDemand(given) };
  const keys = await readKeyChoice(given);
  const read = await readProof(bytes);
  if (wanted && wanted.canonical !== read.reference) {
    const message = `The proof file is of another image, ${read.reference}.`;
    throw fail("bad-signature", message, "Get the proof of the image that you mean.");
  }
  const image = parseReference(read.reference);
  const source = new ProofSource(read);
  const place = { image: source, client: source, repository: image.repository };
  return verifyIn(place, image, { ...demand, keys });
}
