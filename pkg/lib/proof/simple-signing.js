// Cosign's simple signing (sigstore/cosign `specs/SIGNATURE_SPEC.md`), checked as containers/image checks it: exact
// fields, and every one of them.
import { quoted, refuse } from "./fault.js";
import { objectAt, textAt } from "./fields.js";
import { parseStrictly } from "./strict-json.js";

const type = "cosign container image signature";

/** Compares a payload whose signature holds with the image. @param {Uint8Array} payload @param {import("../../index.js").ImageReference} image */
export function checkPayload(payload, image) {
  const { critical, optional } = objectAt(parseStrictly(payload, "The payload"), "payload", [
    "critical",
    "optional",
  ]);
  objectAt(critical, "payload.critical", ["identity", "image", "type"]);
  objectAt(critical.identity, "payload.critical.identity", ["docker-reference"]);
  objectAt(critical.image, "payload.critical.image", ["docker-manifest-digest"]);
  // `optional` is not what anybody relies on, but it has to be what it should be.
  if (optional !== null) objectAt(optional, "payload.optional");

  const kind = textAt(critical.type, "payload.critical.type");
  if (kind !== type) refuse(`The payload is of type ${quoted(kind)}, not \`${type}\`.`);
  const digest = textAt(
    critical.image["docker-manifest-digest"],
    "payload.critical.image.docker-manifest-digest",
  );
  if (digest !== image.digest) refuse(`The signature is of another image, ${quoted(digest)}.`);
  const signedFor = textAt(
    critical.identity["docker-reference"],
    "payload.critical.identity.docker-reference",
  );
  if (oneName(signedFor) === oneName(`${image.registry}/${image.repository}`)) return;
  refuse(`The signature was made for another repository, ${quoted(signedFor)}.`);
}

/**
 * One spelling for each repository. Docker Hub has two names, of which cosign writes the longer, and keeps its official
 * images in `library/`. Only ASCII loses its case: a Kelvin sign is no k.
 *
 * @param {string} name
 */
function oneName(name) {
  return name
    .replace(/^[^/]+/, (domain) => domain.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))
    .replace(/^(index\.)?docker\.io\/(library\/)?/, "docker.io/");
}
