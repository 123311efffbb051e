// Cosign's simple signing (sigstore/cosign `specs/SIGNATURE_SPEC.md`), checked as containers/image checks it: exact
// fields, and every one of them.
import { OcisignError } from "../../error.ts";
import { parseReference } from "../../image/read.ts";
import type { ImageReference } from "../../image/reference.ts";
import { quoted, refuse } from "../../strict/fault.ts";
import { objectAt, textAt } from "../../strict/fields.ts";
import { parseStrictly } from "../../strict/json.ts";
import { payloadShape } from "../../strict/shapes.ts";
import { madeElsewhere } from "./made-elsewhere.ts";

const type = "cosign container image signature";

/**
 * Compares a payload whose signature holds with the image.
 *
 * @returns the reference that was signed, where it says more than the image's name: podman, skopeo, buildah and
 *   `cosign sign --sign-container-identity` write a tag or a digest
 */
export function checkPayload(payload: Uint8Array, image: ImageReference): string | undefined {
  const whole = objectAt(parseStrictly(payload, "The payload", payloadShape), "payload", [
    "critical",
    "optional",
  ]);
  const critical = objectAt(whole.critical, "payload.critical", ["identity", "image", "type"]);
  const identity = objectAt(critical.identity, "payload.critical.identity", ["docker-reference"]);
  const about = objectAt(critical.image, "payload.critical.image", ["docker-manifest-digest"]);
  // No reader relies on `optional`, but it has to be what it should be.
  if (whole.optional !== null) objectAt(whole.optional, "payload.optional");

  const kind = textAt(critical.type, "payload.critical.type");
  if (kind !== type) refuse(`The payload is of type ${quoted(kind)}, not \`${type}\`.`);
  const digest = textAt(about["docker-manifest-digest"], "payload.critical.image.docker-manifest-digest");
  if (digest !== image.digest) refuse(`The signature is of another image, ${quoted(digest)}.`);
  const signedFor = textAt(identity["docker-reference"], "payload.critical.identity.docker-reference");
  // The image's own name, as it was read, means what it says.
  if (signedFor === `${image.registry}/${image.repository}`) return undefined;
  checkName(signedFor, image);
  return signedFor;
}

/**
 * A name is a reference, and compared as one: its repository must be the image's, and its digest, if it has one, the
 * image's. Its tag may have moved since, and proves nothing. The module's one rule reads it, so that case, ports and
 * Docker Hub's spellings mean here what they mean everywhere.
 */
export function checkName(signedFor: string, { registry, repository, digest }: ImageReference): void {
  const other = `${madeElsewhere}, ${quoted(signedFor)}`;
  const named = referenceIn(signedFor.includes("@") ? signedFor : `${signedFor}@${digest}`, other);
  if (named.registry !== registry || named.repository !== repository) refuse(`${other}.`);
  if (named.digest !== digest) refuse(`The signature names another image, ${quoted(signedFor)}.`);
}

function referenceIn(text: string, refusal: string): ImageReference {
  try {
    return parseReference(text);
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    return refuse(`${refusal}: ${error.message}`);
  }
}
