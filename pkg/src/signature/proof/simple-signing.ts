// Cosign's simple signing (sigstore/cosign `specs/SIGNATURE_SPEC.md`), checked as containers/image checks it: exact
// fields, and every one of them.
import type { ImageReference } from "../../image/reference.ts";
import { quoted, refuse } from "../../strict/fault.ts";
import { objectAt, textAt } from "../../strict/fields.ts";
import { parseStrictly } from "../../strict/json.ts";
import { payloadShape } from "../../strict/shapes.ts";

const type = "cosign container image signature";

/** Compares a payload whose signature holds with the image. */
export function checkPayload(payload: Uint8Array, image: ImageReference): void {
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
  if (oneName(signedFor) === oneName(`${image.registry}/${image.repository}`)) return;
  refuse(`The signature was made for another repository, ${quoted(signedFor)}.`);
}

/**
 * One spelling for each repository. Docker Hub has two names, of which cosign writes the longer, and keeps its official
 * images in `library/`: a name of one part. Only ASCII loses its case: a Kelvin sign is no k.
 */
function oneName(name: string): string {
  return name
    .replace(/^[^/]+/, (domain) => domain.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))
    .replace(/^(index\.)?docker\.io\/(library\/(?=[^/]+$))?/, "docker.io/");
}
