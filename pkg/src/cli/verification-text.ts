// A verification in words.

import type { SignatureCertificate, SignatureReport, Verification } from "ocisign";
import { visible } from "../shown/visible.ts";
import { inWordsOfHere } from "./here.ts";
import type { Output } from "./output.ts";
import { exitCode } from "./problem.ts";

/** An error is never "unsigned": where something could not be read, nothing is concluded. */
export function exitForVerification({ state }: Verification): number {
  if (state === "verified") return exitCode.done;
  return state === "unreachable" ? exitCode.error : exitCode.notVerified;
}

export function verificationText(verification: Verification, output: Output): string {
  const { state, reference, reason, signatures, problems, manifests } = verification;
  const tone = state === "verified" ? "good" : "bad";
  const lines = [`${output.paint(tone, state)}  ${reference}`, `  ${visible(reason)}`];
  for (const warning of verification.warnings ?? []) lines.push(`  warning: ${visible(warning)}`);
  for (const signature of signatures) lines.push(`  ${signatureText(signature)}`);
  if (verification.coveredBy) {
    const { reference: index, signatures: ofIndex } = verification.coveredBy;
    lines.push(`  covered by the index ${index}`);
    for (const signature of ofIndex) lines.push(`    ${signatureText(signature)}`);
  }
  for (const { predicateType, from } of verification.attestations) {
    const what = predicateType === null ? "of no named type" : visible(predicateType);
    lines.push(`  attestation, no signature: ${what}, found by ${from.join(" and ")}`);
  }
  for (const { from, message, fix } of problems) {
    const what = message === reason ? "as said above" : visible(message);
    lines.push(
      `  could not be read${from ? ` (${from})` : ""}: ${what}`,
      `    ${visible(inWordsOfHere(fix))}`,
    );
  }
  for (const manifest of manifests ?? []) {
    lines.push(...verificationText(manifest, output).replace(/^/gm, "  ").split("\n"));
  }
  return lines.join("\n");
}

function signatureText(signature: SignatureReport): string {
  const found = `${signature.format ?? "unreadable"}, found by ${signature.from.join(" and ")}`;
  if (!signature.verified) return `not accepted: ${found}: ${visible(signature.reason)}`;
  const { hash, key, repositoryBound, signedAs, certificate } = signature;
  const bound = repositoryBound ? "names the repository" : "names no repository, only the digest";
  const note = signedAs === undefined ? "" : `, signed as ${visible(signedAs)}`;
  const vouched = certificate ? `, ${certificateText(certificate)}` : "";
  return `valid: ${found}, ${hash}, ${bound}${note}, key ${key}${vouched}`;
}

function certificateText({ subject, identities, root, notAfter }: SignatureCertificate): string {
  const names = identities.length > 0 ? ` for ${identities.map((name) => visible(name)).join(", ")}` : "";
  return `certificate ${visible(subject)}${names} below ${visible(root.subject)}, valid until ${notAfter}`;
}
