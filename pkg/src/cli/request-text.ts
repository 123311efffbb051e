// A signing request in words.

import type { RequestedArtifact, Signing, SigningState } from "ocisign";
import type { Extra } from "../shown/extras.ts";
import type { Agreement, Person, RequestView, Step } from "../shown/request-view.ts";
import type { Output, Tone } from "./output.ts";
import { exitCode } from "./problem.ts";
import { aligned, listOf, type Row, wordsOf } from "./shown.ts";

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
  return output.paint(toneOf(signing), stateText(signing));
}

/** The colour of a state. */
export function toneOf({ state }: Pick<Signing, "state">): Tone {
  return tones[state] ?? "strong";
}

/** The exit code of a command that tells how a request stands. */
export function exitFor({ state }: Signing): number {
  if (state === "signed") return exitCode.done;
  return state === "rejected" || state === "failed" ? exitCode.refused : exitCode.waiting;
}

/** Every field of a request, a line each. */
export async function requestText(signing: Signing, output: Output): Promise<string> {
  const request = await viewed(signing);
  return aligned([...boundRows(request, paintedState(signing, output)), ...liveRows(request)]);
}

/**
 * The same for an approver: what the decision is bound to, and the product among it, apart from what moves by itself.
 */
export async function decisionText(
  request: RequestView,
  product: readonly Row[],
  output: Output,
): Promise<string> {
  const bound = aligned(boundRows(request, undefined, product));
  const live = aligned([["state", paintedState(request.signing, output), "own"], ...liveRows(request)]);
  return `${bound}\n\nNot part of your decision, as it is now:\n${live}`;
}

/** A request as both shells show it. */
export async function viewed(signing: Signing): Promise<RequestView> {
  const { viewOf } = await import("../shown/request-view.ts");
  return viewOf(signing);
}

/** @param product in place of its id alone */
function boundRows(request: RequestView, state: string | undefined, product: readonly Row[] = []): Row[] {
  const { signing, artifact, image, requester } = request;
  return [
    ["request", signing.id, "exact"],
    ["state", state, "own"],
    ["image", artifactText(artifact), "exact"],
    ["tag", image?.tag && `${image.tag} (for information: the signature binds the digest)`],
    ["problem", artifactProblem(artifact)],
    ["product", signing.productId, "exact"],
    ...product,
    ["operation", signing.idProductOperation, "exact"],
    ["name", request.name],
    ["description", request.description],
    ["payload", request.payloadName],
    ...request.metadata.map(({ name, value }): Row => ["metadata", `${named(name)}=${value}`]),
    ["requester", requester && personText(requester)],
    ["requested", signing.createdAt],
    ...listOf(request.required).map((group): Row => ["group required", group, "exact"]),
    ...request.extras.map(extraRow),
  ];
}

function liveRows(request: RequestView): Row[] {
  const { approvals, missing, history, signing } = request;
  return [
    ...approvals.map((one): Row => ["approval", approvalText(one)]),
    ...listOf(missing).map((group): Row => ["group missing", group, "exact"]),
    ["reason", request.reason],
    ...history.map((step): Row => ["history", stepText(step)]),
    ["updated", signing.updatedAt],
    ...request.liveExtras.map(extraRow),
  ];
}

/** A field that this program does not know: its path is the service's own text, too. */
function extraRow({ path, text }: Extra): Row {
  return ["other field", `${path}: ${text}`];
}

/** A name that could be taken for a name and a value stands in quotes. */
function named(name: string): string {
  return /^[\p{L}\p{N} ._/()-]+$/u.test(name) ? name : JSON.stringify(name);
}

/** An id stands behind the name, which must not look as if it held one. */
function personText({ name, objectId }: Person): string {
  if (objectId === undefined || objectId === name) return name === "" ? "?" : part(name);
  return `${part(name)} (${part(objectId)})`;
}

/** One of several that stand in a row: what could be taken for two of them stands in quotes. */
function part(text: string): string {
  return /^[\p{L}\p{M}\p{N} .'@:|_-]+$/u.test(text) || isJson(text) ? text : JSON.stringify(text);
}

/** An object or a list, in whose place a name was expected: its end is plain to see. */
function isJson(text: string): boolean {
  try {
    return /^[{[]/.test(text) && JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

function approvalText({ person, groups, at, comment }: Agreement): string {
  return [personText(person), at?.toISOString(), ...groups.map(part), comment && JSON.stringify(comment)]
    .filter(Boolean)
    .join(", ");
}

function stepText({ status, at, by, comment }: Step): string {
  return [
    `status ${part(wordsOf(status))}`,
    at?.toISOString(),
    by && personText(by),
    comment && JSON.stringify(comment),
  ]
    .filter(Boolean)
    .join(", ");
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
