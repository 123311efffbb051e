// The index of a layout: its entries have digests, and those that a tag leads to are among them.
import assert from "node:assert/strict";
import { Fault, layoutEntries, parseReference } from "../../support/readers.js";
import { refusedBy } from "../refused.js";
import { digest, reference } from "../seal.js";

const image = parseReference(reference);
export const words = [
  ...[
    "org.opencontainers.image.ref.name",
    "io.containerd.image.name",
    "kind",
    "dev.cosignproject.cosign/sigs",
  ],
  ...["registry.example/team/app:v1", "v1", digest, `${digest.replace(":", "-")}.sig`],
];

/** @param {Buffer} input */
export function judge(input) {
  const entries = refusedBy(Fault, () => layoutEntries.entriesIn(input));
  if (!entries) return;
  for (const entry of entries) {
    assert.equal(parseReference(`registry.example/a@${entry.digest}`).digest, entry.digest);
  }
  const tag = `${digest.replace(":", "-")}.sig`;
  const found = [
    ...layoutEntries.taggedEntries(entries, image, "v1"),
    ...layoutEntries.derivedEntries(entries, tag),
    ...layoutEntries.savedBeside(entries, digest),
  ];
  for (const entry of found) assert.ok(entries.includes(entry));
}
