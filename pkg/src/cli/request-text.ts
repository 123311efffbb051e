// A signing request in words.

import type { RequestedArtifact, Signing, SigningState } from "ocisign";
import type { Output, Tone } from "./output.ts";
import { exitCode } from "./problem.ts";
import { aligned, fieldOf, listOf, type Row, wordsOf } from "./shown.ts";

const words: Readonly<Record<SigningState, string>> = {
  new: "new",
  waiting: "waiting for approval",
  approved: "approved, not signed yet",
  signing: "being signed",
  signed: "signed",
  rejected: "rejected",
  failed: "failed",
  unknown: "unknown",
};

const tones: Readonly<Partial<Record<SigningState, Tone>>> = {
  signed: "good",
  rejected: "bad",
  failed: "bad",
  unknown: "unsure",
};

export function stateText({ state, code }: Pick<Signing, "state" | "code">): string {
  return `${words[state]} (status ${code})`;
}

/** The same, in the colour of the state. */
export function paintedState(signing: Signing, output: Output): string {
  return output.paint(tones[signing.state] ?? "strong", stateText(signing));
}

/** The exit code of a command that tells how a request stands. */
export function exitFor({ state }: Signing): number {
  if (state === "signed") return exitCode.done;
  return state === "rejected" || state === "failed" ? exitCode.refused : exitCode.waiting;
}

/** Everything that matters about a request, a line each. `more` stands below the product. */
export async function requestText(
  signing: Signing,
  output: Output,
  more: readonly Row[] = [],
): Promise<string> {
  const { artifactOf } = await import("ocisign");
  const artifact = artifactOf(signing);
  const image = artifact.state === "image" ? artifact.reference : undefined;
  return aligned([
    ["request", signing.id],
    ["state", paintedState(signing, output), true],
    ["image", artifactText(artifact)],
    ["tag", image?.tag && `${image.tag} (for information: the signature binds the digest)`],
    ["problem", artifactProblem(artifact)],
    ["product", signing.productId],
    ...more,
    ["operation", signing.idProductOperation],
    ["name", signing.name],
    ["description", signing.description],
    ["metadata", listOf(signing.payload?.metadata).map(metadataText).join(", ")],
    ["requester", signing.requester],
    ["approvals", listOf(signing.approvals).map(wordsOf).join(", ")],
    ["groups missing", listOf(signing.missingGroups).map(wordsOf).join(", ")],
    ["reason", signing.reason],
  ]);
}

function metadataText(item: unknown): string {
  if (fieldOf(item, "name") === undefined) return wordsOf(item);
  return `${wordsOf(fieldOf(item, "name"))}=${wordsOf(fieldOf(item, "value") ?? "")}`;
}

/** The image that a request names, or what stands in its place. */
export function artifactText(artifact: RequestedArtifact): string {
  switch (artifact.state) {
    case "image":
      return artifact.reference.canonical;
    case "none":
      return "(none)";
    case "several":
      return "(several)";
    case "unreadable":
      return artifact.text || artifact.encoded;
  }
}

/** Why it cannot be told which one image a request names. */
export function artifactProblem(artifact: RequestedArtifact): string | undefined {
  switch (artifact.state) {
    case "image":
      return undefined;
    case "none":
      return "The service does not say which image the request is for.";
    case "several":
      return "The request names more than one image.";
    case "unreadable":
      return artifact.error.message;
  }
}
