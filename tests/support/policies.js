// The policies of examples/kubernetes, with a key in them as their own script puts it there.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readExample, root } from "./examples.js";

/** Each policy, and where in it the key stands. */
export const policies = {
  "kyverno.yaml": ({ spec }) => spec.attestors[0].cosign.key.data,
  "kyverno-clusterpolicy.yaml": ({ spec }) =>
    spec.rules[0].verifyImages[0].attestors[0].entries[0].keys.publicKeys,
  "policy-controller.yaml": ({ spec }) => spec.authorities[0].key.data,
};

/** @param {string} name @param {string} keyFile @returns {string} its text */
export function policyWithKey(name, keyFile) {
  const script = join(root, "examples", "kubernetes", "with-key.sh");
  const input = readExample(`kubernetes/${name}`);
  return execFileSync("sh", [script, keyFile], { input, encoding: "utf8" });
}

/** @param {string} folder @param {string} name @param {string} pem */
export function parsedPolicy(folder, name, pem) {
  const keyFile = join(folder, "a key's file.pub");
  writeFileSync(keyFile, pem);
  return parse(policyWithKey(name, keyFile));
}
