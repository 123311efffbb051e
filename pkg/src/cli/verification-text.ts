// A verification in words.

import type { AttestationReport, SignatureCertificate, SignatureReport, Verification } from "ocisign";
import { visible } from "../shown/visible.ts";
import { attestationTitle } from "../signature/attestation-types.ts";
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
  for (const attestation of verification.attestations) lines.push(`  ${attestationText(attestation)}`);
  for (const { type, met, reason: why } of verification.required ?? []) {
    lines.push(
      `  ${met ? "attested as required" : "required, and not attested"}: ${visible(type)}${why ? `: ${visible(why)}` : ""}`,
    );
  }
  for (const { from, message, fix } of problems) {
    const what = message === reason ? "as said above" : visible(message);
    lines.push(
      `  could not be read${from ? ` (${from})` : ""}: ${what}`,
      `    ${visible(inWordsOfHere(fix, message))}`,
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

/** Nothing here is a signature, and no line of it begins like one. */
function attestationText(attestation: AttestationReport): string {
  const { predicateType, from } = attestation;
  const title = predicateType === null ? undefined : attestationTitle(predicateType);
  const type = predicateType === null ? "of no named type" : visible(predicateType);
  const found = `${title ? `${title} (${type})` : type}, found by ${from.join(" and ")}`;
  if (attestation.verified === undefined)
    return `attestation, no signature: ${type}, found by ${from.join(" and ")}`;
  if (!attestation.verified) return `attestation, not accepted: ${found}: ${visible(attestation.reason)}`;
  const { hash, key, certificate } = attestation;
  const vouched = certificate ? `, ${certificateText(certificate)}` : "";
  return `attestation, valid: ${found}, ${hash}, key ${key}${vouched}`;
}

function certificateText({ subject, identities, root, notAfter }: SignatureCertificate): string {
  const names = identities.length > 0 ? ` for ${identities.map((name) => visible(name)).join(", ")}` : "";
  return `certificate ${visible(subject)}${names} below ${visible(root.subject)}, valid until ${notAfter}`;
}
