// A verification in words.
import { exitCode } from "./exit-codes.js";
import { visible } from "./visible.js";

/** @typedef {import("../../index.js").Verification} Verification */

/** An error is never "unsigned": where nothing could be read, nothing is concluded. @param {Verification} verification */
export function exitForVerification({ state }) {
  if (state === "verified") return exitCode.done;
  return state === "unreachable" ? exitCode.error : exitCode.notVerified;
}

/** @param {Verification} verification @param {import("./output.js").Output} output @returns {string} */
export function verificationText({ state, reference, reason, signatures, problems, manifests }, output) {
  const tone = state === "verified" ? "good" : "bad";
  const lines = [`${output.paint(tone, state)}  ${reference}`, `  ${visible(reason)}`];
  for (const signature of signatures) lines.push(`  ${signatureText(signature)}`);
  for (const { from, message, fix } of problems) {
    const what = message === reason ? "as said above" : visible(message);
    lines.push(`  not readable${from ? ` (${from})` : ""}: ${what}`, `    ${visible(fix)}`);
  }
  for (const manifest of manifests ?? []) {
    lines.push(...verificationText(manifest, output).replace(/^/gm, "  ").split("\n"));
  }
  return lines.join("\n");
}

/** @param {Verification["signatures"][number]} signature */
function signatureText({ verified, format, from, key, hash, repositoryBound, reason }) {
  const found = `${format ?? "unreadable"}, found by ${from.join(" and ")}`;
  if (!verified) return `does not count: ${found}: ${visible(reason ?? "no reason is given")}`;
  const bound = repositoryBound ? "names the repository" : "names no repository, only the digest";
  return `holds: ${found}, ${hash}, ${bound}, key ${key}`;
}
