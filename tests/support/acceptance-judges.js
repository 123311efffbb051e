// The programs that say whether they accept an image, by the ids of pkg/src/accepts/consumers.ts.
import { spawnSync } from "node:child_process";
import { goProgram } from "../../tools/machine/go.js";
import { admission } from "./admission.js";
import { containersImage, sigstoreGo } from "./go-witnesses.js";

/** @typedef {{ accepts: boolean, said: string }} Answer */
/** @typedef {{ traits: readonly string[], keyType: string, place: string }} Recipe */
/**
 * Gives nothing where it cannot be asked.
 *
 * @typedef {(pem: string, image: string, options?: readonly string[], recipe?: Recipe)
 *   => Answer | undefined | Promise<Answer | undefined>} Judge
 */

/** They saw the image, and refuse it for what is beside it. */
const refusals = [/no signatures found/, /no matching signatures/, /no matching attestations/, /signature/i];

/** @type {Recipe} */
const allUnknown = { traits: [], keyType: "", place: "" };

/** What did not work, which says nothing. */
const failures = /connection refused|UNAUTHORIZED|no such host|unknown flag|unknown command|panic:|timeout/i;

/** @param {string} program @param {{ status: number | null, stdout: string, stderr: string, error?: Error }} ended @returns {Answer} */
function answerOf(program, { status, stdout, stderr, error }) {
  if (error) throw error;
  const said = `${stdout}${stderr}`;
  if (status === 0) return { accepts: true, said };
  if (failures.test(said) || !refusals.some((refusal) => refusal.test(said))) {
    throw new Error(`${program} ended with ${status}:\n${said}`);
  }
  return { accepts: false, said };
}

/**
 * cosign, the libraries of podman and skopeo, and sigstore-go.
 *
 * @param {import("./cosign.js").Tools} tools @param {import("../../demo/registry.js").RegistryAccess} access
 * @returns {Record<string, Judge>}
 */
export function interopJudges(tools, access) {
  /** @param {"cosign-v2" | "cosign-v3"} cosign @returns {Judge} */
  const cosign =
    (cosign) =>
    (pem, image, options = []) => {
      const args = ["verify", "--key", tools.file("key.pub", pem), "--insecure-ignore-tlog=true"];
      // Cut off from the network, it finds no roots of Sigstore's, which a key does not need.
      if (cosign === "cosign-v2") args.push("--trusted-root", tools.trustedRoot);
      const { env, folder: cwd } = tools;
      return answerOf(
        cosign,
        spawnSync(goProgram(cosign), [...args, ...options, image], { env, cwd, encoding: "utf8" }),
      );
    };
  /** @param {"own" | "sha256"} hash @returns {Judge} */
  const library =
    (hash) =>
    async (pem, image, _, { traits } = allUnknown) => {
      // It is given one bundle.
      const bundles = traits.filter((trait) => /bundle|^attestation$/.test(trait));
      if (bundles.length !== 1 || traits.includes("attestation")) return undefined;
      const said = (await sigstoreGo(tools, access, pem, image))[hash];
      return { accepts: said.startsWith("accepts"), said };
    };
  return {
    "cosign-3": cosign("cosign-v3"),
    "cosign-2": cosign("cosign-v2"),
    "containers-image": (pem, image, _, { traits } = allUnknown) => {
      // Of an index, podman judges the image of one platform, which this library alone does not choose.
      if (traits.includes("index")) return undefined;
      const { isAccepted, said } = containersImage(tools, pem, image);
      return { accepts: isAccepted, said };
    },
    "sigstore-go": library("sha256"),
    "sigstore-go-own-hash": library("own"),
  };
}

/**
 * What decides for a cluster, with the policies of examples/kubernetes.
 *
 * @param {string} folder @param {(text: string) => string} adapt @returns {Record<string, Judge>}
 */
export function admissionJudges(folder, adapt) {
  const judge = admission(folder, adapt);
  const kyverno = (/** @type {{ status: number | null, stdout: string }} */ { status, stdout }) => {
    if (status === 0 && !/pass: [1-9]\d*, fail: 0, warn: 0, error: 0, skip: 0/.test(stdout)) {
      throw new Error(`Kyverno judged nothing:\n${stdout}`);
    }
    if (status !== 0 && (failures.test(stdout) || !/fail: [1-9]/.test(stdout))) {
      throw new Error(`Kyverno ended with ${status}:\n${stdout}`);
    }
    return { accepts: status === 0, said: stdout };
  };
  const controller = (/** @type {{ status: number | null, stdout: string }} */ { status, stdout }) =>
    answerOf("policy-controller", { status, stdout, stderr: "" });
  /** It takes seconds for each, so that it is asked about the usual ones. @param {string} policy @returns {Judge} */
  const byKyverno =
    (policy) =>
    (pem, image, _, { traits, keyType, place } = allUnknown) => {
      const isUsual = traits.every((trait) => /^(other:)?(simple|bundle)$/.test(trait));
      const isPure = new Set(traits.map((trait) => trait.startsWith("other:"))).size < 2;
      const isKeyTried = ["secp256r1", "RSA2048", "RSA4096"].includes(keyType);
      if (!isUsual || !isPure || !isKeyTried || place !== "referrers") return undefined;
      return kyverno(judge.kyverno(policy, pem, [image]));
    };
  return {
    "policy-controller": (pem, image) => controller(judge.policyController(pem, image)),
    "kyverno-image-validating-policy": byKyverno("kyverno.yaml"),
    "kyverno-cluster-policy": byKyverno("kyverno-clusterpolicy.yaml"),
  };
}
