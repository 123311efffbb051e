// The payload of simple signing: one that is accepted names exactly this image, to a lenient reader, too.
import assert from "node:assert/strict";
import { checkPayload, Fault, parseReference } from "../../support/readers.js";
import { refusedBy } from "../refused.js";
import { digest, reference } from "../seal.js";

const image = parseReference(reference);
export const words = [digest, "registry.example/team/app", reference, "cosign container image signature"];

/** @param {Buffer} input */
export function judge(input) {
  const accepted = refusedBy(Fault, () => ({ signedAs: checkPayload(input, image) }));
  if (!accepted) return;
  const { critical, optional } = JSON.parse(input.toString());
  assert.equal(critical.image["docker-manifest-digest"], digest);
  assert.equal(critical.type, "cosign container image signature");
  assert.ok(optional === null || typeof optional === "object");
  const name = critical.identity["docker-reference"];
  assert.equal(accepted.signedAs ?? "registry.example/team/app", name);
  const named = parseReference(name.includes("@") ? name : `${name}@${digest}`);
  assert.deepEqual(
    [named.registry, named.repository, named.digest],
    ["registry.example", "team/app", digest],
  );
}
