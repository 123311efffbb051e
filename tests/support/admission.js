// The programs by which Kyverno, policy-controller and Ratify decide about images without a cluster: with any policy, and
// with those of examples/kubernetes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { goProgram, programOf } from "../../tools/machine/go.js";
import { kyvernoIn, pinnedKyverno } from "../../tools/machine/kyverno.js";
import { policyWithKey } from "./policies.js";

/** Which Kyverno judges: the pinned one, unless `npm run test:kyverno` tries another. */
export const kyvernoVersion = process.env.OCISIGN_KYVERNO ?? pinnedKyverno;
const kyvernoProgram = programOf(kyvernoIn(kyvernoVersion));

/** A change of a policy's text, which has to find something. @param {string} from @param {string} to */
export const replacing = (from, to) => (/** @type {string} */ text) => {
  assert.ok(text.includes(from));
  return text.replace(from, to);
};

/** The ClusterPolicy of examples/kubernetes, for bundles. */
export const inBundles = replacing("type: Cosign", "type: SigstoreBundle");

/** @param {string} policy a file @param {string} image */
export function byPolicyController(policy, image) {
  return judged(goProgram("policy-tester"), ["--policy", policy, "--image", image, "--log-level", "error"]);
}

/** @param {string} policy a file; the pod is written beside it @param {string[]} images of a container, and of another */
export function byKyverno(policy, images) {
  const [containers, initContainers] = images.map((image) => [{ name: "app", image }]);
  const spec = { containers, initContainers };
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "app", namespace: "default" }, spec };
  const resource = join(dirname(policy), "pod.json");
  writeFileSync(resource, JSON.stringify(pod));
  return judged(kyvernoProgram, ["apply", policy, "--resource", resource, "--registry"]);
}

/** Ratify reads its files from the folder that it runs in. @param {string} folder @param {string} image */
export function byRatify(folder, image) {
  const args = ["verify", "--config", "config.json", "--subject", image];
  const env = { ...process.env, HOME: folder };
  return judged(goProgram("ratify"), args, { cwd: folder, env });
}

/** @param {string} program @param {string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options] */
function judged(program, args, options) {
  const { status, stdout, error } = spawnSync(program, args, { ...options, encoding: "utf8" });
  if (error) throw error;
  return { status, stdout };
}

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

  return {
    /** @param {string} key @param {string} image @param {(text: string) => string} [change] of the policy */
    policyController(key, image, change) {
      return byPolicyController(policyFile("policy-controller.yaml", key, change), image);
    },
    /** @param {string} name the policy's @param {string} key @param {string[]} images of a container, and of another */
    kyverno(name, key, images, change = (/** @type {string} */ text) => text) {
      return byKyverno(policyFile(name, key, change), images);
    },
    /** @param {string} name the policy's @param {string} key @param {string} image */
    kyvernoLibrary(name, key, image, change = (/** @type {string} */ text) => text) {
      return judged(goProgram("kyverno-verifier"), [policyFile(name, key, change), image]);
    },
  };
}
