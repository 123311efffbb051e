// The programs that say whether they accept an image, by the ids of pkg/src/accepts/consumers.ts.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { goProgram } from "../../tools/machine/go.js";
import { admission, byRatify, inBundles } from "./admission.js";
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
  return {
    "policy-controller": (pem, image) => controller(judge.policyController(pem, image)),
    ...kyvernoJudges((policy, pem, image, change) => kyverno(judge.kyverno(policy, pem, [image], change))),
    ...ratifyJudges(folder),
  };
}

/**
 * What Kyverno verifies signatures with, without the program around it.
 *
 * @param {string} folder @param {(text: string) => string} adapt @returns {Record<string, Judge>}
 */
export function kyvernoLibraryJudges(folder, adapt) {
  const judge = admission(folder, adapt);
  return kyvernoJudges((policy, pem, image, change) => {
    const { status, stdout } = judge.kyvernoLibrary(policy, pem, image, change);
    return answerOf("kyverno-verifier", { status, stdout, stderr: "" });
  });
}

/** By each kind of policy. @param {(policy: string, pem: string, image: string, change?: (text: string) => string) => Answer} ask */
function kyvernoJudges(ask) {
  /** @param {string} policy @param {(text: string) => string} [change] @returns {Judge} */
  const by =
    (policy, change) =>
    (pem, image, _, recipe = allUnknown) =>
      isTriedByKyverno(recipe) ? ask(policy, pem, image, change) : undefined;
  return {
    "kyverno-image-validating-policy": by("kyverno.yaml"),
    "kyverno-cluster-policy": by("kyverno-clusterpolicy.yaml"),
    "kyverno-cluster-policy-bundle": by("kyverno-clusterpolicy.yaml", inBundles),
  };
}

/** Its program takes seconds for each, so that it is asked about the usual ones. @param {Recipe} recipe */
export function isTriedByKyverno({ traits, keyType, place }) {
  const isUsual = traits.every((trait) => /^(other:)?(simple|bundle)$/.test(trait));
  const isPure = new Set(traits.map((trait) => trait.startsWith("other:"))).size < 2;
  const isKeyTried = ["secp256r1", "RSA2048", "RSA4096"].includes(keyType);
  return isUsual && isPure && isKeyTried && place === "referrers";
}

/** Each of its verifiers, and how it is told of a key. */
const ratifyVerifiers = {
  ratify: { key: "key.pub" },
  "ratify-trust-policies": {
    trustPolicies: [{ name: "all", scopes: ["*"], keys: [{ file: "key.pub" }], tLogVerify: false }],
  },
};

/** Says yes if any verifier does: which one, its report tells. */
const anyVerifier = `package ratify.policy

import rego.v1

default valid := false

valid if input.verifierReports[_].verifierReports[_].isSuccess
`;

/**
 * Ratify, in one process for all its verifiers.
 *
 * @param {string} within a folder @returns {Record<string, Judge>}
 */
function ratifyJudges(within) {
  const folder = join(within, "ratify");
  mkdirSync(folder);
  const artifactTypes = "application/vnd.dev.cosign.artifact.sig.v1+json";
  const plugins = Object.entries(ratifyVerifiers).map(([name, how]) => ({
    ...{ name, type: "cosign", artifactTypes },
    ...how,
  }));
  const version = "1.0.0";
  const config = {
    store: { version, plugins: [{ name: "oras", cosignEnabled: true, useHttp: true }] },
    policy: { version, plugin: { name: "regoPolicy", policyPath: "policy.rego" } },
    verifier: { version, plugins },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeFileSync(join(folder, "policy.rego"), anyVerifier);

  const known = { about: "", said: "" };
  /** @param {string} pem @param {string} image what it said of these last holds for each of its verifiers */
  const saidOf = (pem, image) => {
    const about = `${pem} ${image}`;
    if (known.about !== about) {
      writeFileSync(join(folder, "key.pub"), pem);
      const { status, stdout } = byRatify(folder, image);
      if (status !== 0) throw new Error(`Ratify ended with ${status}:\n${stdout}`);
      Object.assign(known, { about, said: stdout });
    }
    return known.said;
  };
  /** @param {string} verifier @returns {Judge} */
  const by = (verifier) => (pem, image) => {
    const said = saidOf(pem, image);
    return { accepts: isAcceptedBy(verifier, said), said };
  };
  return Object.fromEntries(Object.keys(ratifyVerifiers).map((verifier) => [verifier, by(verifier)]));
}

/** @param {string} verifier @param {string} said Ratify's report, which leaves out what is false */
function isAcceptedBy(verifier, said) {
  /** @type {{ verifierReports?: { message?: string, verifierReports?: { verifierName: string, isSuccess?: boolean }[] }[] }} */
  const { verifierReports = [] } = JSON.parse(said);
  const reports = verifierReports.flatMap((one) => one.verifierReports ?? []);
  return reports.some(({ verifierName, isSuccess }) => verifierName === verifier && isSuccess === true);
}
