// The programs by which Kyverno and policy-controller decide about images without a cluster, with the policies of
// examples/kubernetes.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { goProgram } from "../../tools/machine/go.js";
import { policyWithKey } from "./policies.js";

/**
 * Judges in a folder, for the registry of a world.
 *
 * @param {string} folder @param {(text: string) => string} adapt makes an example's registry ours
 */
export function admission(folder, adapt) {
  /** @param {string} name @param {string} text */
  function inFile(name, text) {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** The policy with a key, for our registry, in a file. @param {string} name @param {string} key */
  function policyFile(name, key, change = (/** @type {string} */ text) => text) {
    return inFile("policy.yaml", change(adapt(policyWithKey(name, inFile("release.pub", key)))));
  }

  /** @param {string} program @param {string[]} args */
  function judged(program, args) {
    const { status, stdout, error } = spawnSync(goProgram(program), args, { encoding: "utf8" });
    if (error) throw error;
    return { status, stdout };
  }

  return {
    /** @param {string} key @param {string} image @param {(text: string) => string} [change] of the policy */
    policyController(key, image, change) {
      const args = ["--policy", policyFile("policy-controller.yaml", key, change), "--image", image];
      return judged("policy-tester", [...args, "--log-level", "error"]);
    },
    /** @param {string} name the policy's @param {string} key @param {string[]} images of a container, and of another */
    kyverno(name, key, images, change = (/** @type {string} */ text) => text) {
      const [containers, initContainers] = images.map((image) => [{ name: "app", image }]);
      const spec = { containers, initContainers };
      const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "app", namespace: "default" }, spec };
      const resource = inFile("pod.json", JSON.stringify(pod));
      return judged("kyverno", [
        "apply",
        policyFile(name, key, change),
        "--resource",
        resource,
        "--registry",
      ]);
    },
  };
}
