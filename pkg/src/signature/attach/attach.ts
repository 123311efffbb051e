// Pushes a signature that was made elsewhere, such as by a DigestSigning operation of the same service.
import { fail } from "../../error.ts";
import { isText } from "../../foreign.ts";
import { asReference } from "../../image/read.ts";
import type { ImageReference } from "../../image/reference.ts";
import { checkOptions, type Given } from "../../options.ts";
import { openRegistry, reachOptions } from "../../registry/open.ts";
import { carriedBy, readAttachable } from "../certificates.ts";
import { readings } from "../given-signature.ts";
import { readKeys } from "../keys.ts";
import { checkFormat, formats } from "../signing-payload.ts";
import type { SignatureFormat } from "../verification.ts";
import { bundle } from "./bundle.ts";
import type { Writer } from "./format.ts";
import type { AttachedFormat, AttachedSignature, AttachOptions } from "./options.ts";
import { type OfferedSignature, proved } from "./proved.ts";
import { simpleSigning } from "./simple-signing.ts";

const writers: Readonly<Record<SignatureFormat, Writer>> = { "simple-signing": simpleSigning, bundle };

/**
 * Pushes a signature that was made elsewhere over the bytes of {@link signingPayload}, and keeps those that are there.
 * It is verified first; what does not verify is not pushed. With both formats, nothing is pushed unless both verify.
 *
 * @throws {OcisignError} `bad-signature`; `conflict`; `bad-input`; those of the registry, such as `unauthorized`.
 * @example
 * ```js
 * import { generateKeyPairSync, sign } from "node:crypto";
 * import { attachSignature, signingPayload } from "ocisign";
 *
 * const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
 * const sign256 = async (format) => sign("sha256", (await signingPayload(image, format)).bytes, privateKey);
 * const { formats } = await attachSignature(image, {
 *   format: "both", // or one of the two, with its one signature
 *   signature: { "simple-signing": await sign256("simple-signing"), bundle: await sign256("bundle") },
 *   publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
 *   registry: { username: process.env.REGISTRY_USERNAME, password: process.env.REGISTRY_PASSWORD },
 * });
 * for (const { format, place, tag } of formats) console.log(format, place, tag ?? "no tag");
 * ```
 */
export async function attachSignature(
  reference: string | ImageReference,
  options: AttachOptions,
): Promise<AttachedSignature> {
  const given = checkOptions(options, [
    "signature",
    "publicKey",
    "certificate",
    "chain",
    "format",
    ...reachOptions,
  ]);
  const image = asReference(reference);
  // Copied and opened before anything is awaited: meanwhile, the caller may go on to change what was passed.
  const offered = offeredBy(given);
  const place = openRegistry(image, given);
  // A key that cannot be used is said first.
  const carried = carriedBy(given);
  const keySet = await readKeys({ publicKey: given.publicKey });
  for (const one of offered) checkOffer(one);
  const all = await Promise.all(offered.map((one) => proved(image, one, keySet, writers[one.format])));
  const attached: AttachedFormat[] = [];
  const keys = all.map(({ signature }) => signature.key);
  const certificates = carried && (await readAttachable(carried, keys));
  for (const { format, signature } of all) {
    attached.push(await writers[format].keep(place, image, { ...signature, certificates }));
  }
  const [first] = attached as [AttachedFormat];
  const { tag, signatures } = first;
  return { ...(tag !== undefined && { tag }), signatures, formats: attached };
}

/** The signature of each format that is wanted. */
function offeredBy({ signature, format }: Given<"signature" | "format">): OfferedSignature[] {
  if (format !== "both") {
    const only = format === undefined ? "simple-signing" : checkFormat(format, ["both"]);
    return [offer(only, signature, "signature")];
  }
  const each = checkOptions(signature, formats, "signature");
  return formats.map((one) => offer(one, each[one], `signature["${one}"]`));
}

function offer(format: SignatureFormat, signature: unknown, name: string): OfferedSignature {
  return { format, name, isText: isText(signature), readings: readings(signature) };
}

function checkOffer({ format, name, isText, readings }: OfferedSignature): void {
  if (readings.length > 0) return;
  if (isText) {
    const fix = "Pass what the signing operation returned.";
    throw fail("bad-signature", `${name} is neither base64, base64url nor hexadecimal.`, fix);
  }
  const fix = `Pass what the signing operation returned for signingPayload(reference, "${format}").bytes.`;
  throw fail("bad-input", `${name} is neither text nor bytes.`, fix);
}
