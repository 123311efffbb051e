// What stands beside an image, in words.
import type { Situation, Trait } from "./situation.ts";

const words: Readonly<Record<Trait, string>> = {
  simple: "simple signing by this key",
  "simple:own-hash": "simple signing by this key over {hash}",
  "simple:tagged": "simple signing by this key that names a tag",
  "simple:elsewhere": "simple signing by this key that names another repository",
  bundle: "a bundle by this key",
  "bundle:own-hash": "a bundle by this key over {hash}",
  "other:simple": "simple signing by another key",
  "other:bundle": "a bundle by another key",
  attestation: "an attestation",
  "attestation-tag": "an attestation under the tag of cosign 2",
  index: "an index",
};

/** As the object of a sentence: "an index with a bundle by this key and an attestation". */
export function inWords({ traits, ownHash }: Situation): string {
  const beside = traits
    .filter((trait) => trait !== "index")
    .map((trait) => words[trait].replace("{hash}", ownHash ?? ""));
  const [last = "no signature", ...others] = beside.reverse();
  const list = others.length > 0 ? `${others.reverse().join(", ")} and ${last}` : last;
  return traits.includes("index") ? `${words.index} with ${list}` : list;
}
