// A signing request in words.

import type { RequestedArtifact, Signing, SigningState } from "ocisign";
import type { Extra } from "../shown/extras.ts";
import type { Agreement, Person, RequestView, Step } from "../shown/request-view.ts";
import type { Output, Tone } from "./output.ts";
import { exitCode } from "./problem.ts";
import type { Session } from "./session.ts";
import { aligned, type Row, wordsOf } from "./shown.ts";

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
export async function requestText(signing: Signing, session: Session): Promise<string> {
  return aligned(await requestRows(signing, session), session.output.width);
}

/** The same of the answer to a call that acts: a service need not repeat there which image the request is for. */
export async function answerText(signing: Signing, session: Session): Promise<string> {
  const rows = await requestRows(signing, session);
  const { artifact, digest } = await viewed(signing);
  return aligned(
    artifact.state === "none" && !digest ? rows.filter(([title]) => !/^(image|problem)$/.test(title)) : rows,
    session.output.width,
  );
}

async function requestRows(signing: Signing, session: Session): Promise<Row[]> {
  await seeRequest(signing, session);
  const request = await viewed(signing);
  const calling = await callingOf(session);
  const state = paintedState(signing, session.output);
  return [...boundRows(request, calling, state), ...liveRows(request, calling)];
}

/**
 * The same for an approver: what the decision is bound to, and the product among it, apart from what moves by itself.
 */
export async function decisionText(
  request: RequestView,
  product: readonly Row[],
  session: Session,
): Promise<string> {
  const calling = await callingOf(session);
  const { noteWidth } = session.output;
  const bound = aligned(boundRows(request, calling, undefined, product), noteWidth);
  const state = paintedState(request.signing, session.output);
  const live = aligned([["state", state, "own"], ...liveRows(request, calling)], noteWidth);
  return `${bound}\n\nNot part of your decision, as it is now:\n${live}`;
}

/** What a decision about a request is bound to, a row each. */
export async function decidedRows(
  request: RequestView,
  product: readonly Row[],
  session: Session,
): Promise<Row[]> {
  return boundRows(request, await callingOf(session), undefined, product);
}

/** Computes what a digest is of, if the request is for one: before it is viewed. */
export async function seeRequest(signing: Signing, session: Session): Promise<void> {
  const { seeDigest } = await import("../shown/see-digest.ts");
  await seeDigest(signing, (await session.service()).profile);
}

/** A request as both shells show it. */
export async function viewed(signing: Signing): Promise<RequestView> {
  const { viewOf } = await import("../shown/request-view.ts");
  return viewOf(signing);
}

/** How groups and people are called, with the ids that the service decides by. */
interface Calling {
  /** One of several in a row. */
  group(id: string): string;
  groupRow(title: string, id: string): Row;
  person(person: Person): string;
}

/** By the names of the profile. */
async function callingOf(session: Session): Promise<Calling> {
  const { nameOf } = await import("../shown/names.ts");
  const { personName } = await import("../shown/person.ts");
  const { names } = (await session.service()).profile;
  const named = (id: string) => {
    const name = nameOf(names, "groups", id);
    return name === undefined ? undefined : `${part(name)} (${part(id)})`;
  };
  return {
    group: (id) => named(id) ?? part(id),
    groupRow(title, id) {
      const text = named(id);
      return text === undefined ? [title, id, "exact"] : [title, text];
    },
    person: (person) => personText({ ...person, name: personName(person, [names]) }, person),
  };
}

/** @param product in place of its id alone */
function boundRows(
  request: RequestView,
  calling: Calling,
  state: string | undefined,
  product: readonly Row[] = [],
): Row[] {
  const { signing, artifact, digest, image, requester } = request;
  return [
    ["request", signing.id, "exact"],
    ["state", state, "own"],
    ["image", image?.canonical ?? artifactText(artifact), "exact"],
    ["digest", digest?.asked && `${digest.asked.hash}:${digest.asked.hex}`, "exact"],
    [
      "digest is",
      digest?.image && `that of the image's signature, in ${digest.format}: it was computed here`,
    ],
    ["tag", image?.tag && `${image.tag} (for information: the signature binds the digest)`],
    ["problem", problemOf(request)],
    ["product", signing.productId, "exact"],
    ...product,
    ["operation", signing.idProductOperation, "exact"],
    ["name", request.name],
    ["description", request.description],
    ["payload", request.payloadName],
    ...request.metadata.map(({ name, value }): Row => ["metadata", `${named(name)}=${value}`]),
    ["requester", requester && calling.person(requester)],
    ["requested", signing.createdAt],
    ...(request.required ?? []).map((group) => calling.groupRow("group required", group)),
    ...request.extras.map(extraRow),
  ];
}

function liveRows(request: RequestView, calling: Calling): Row[] {
  const { approvals, missing, history, signing } = request;
  return [
    ...approvals.map((one): Row => ["approval", approvalText(one, calling)]),
    ...(missing ?? []).map((group) => calling.groupRow("group missing", group)),
    ["reason", request.reason],
    ...history.map((step): Row => ["history", stepText(step, calling)]),
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

/**
 * An id stands behind the name, which must not look as if it held one.
 *
 * @param shown as the service shows the person
 */
function personText({ name, objectId }: Person, shown: Person): string {
  const id = objectId ?? (name === shown.name ? undefined : shown.name);
  if (id === undefined || id === name) return name === "" ? "?" : part(name);
  return `${part(name)} (${part(id)})`;
}

/** One of several that stand in a row: what could be taken for two of them stands in quotes. */
export function part(text: string): string {
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

function approvalText({ person, groups, at, comment }: Agreement, calling: Calling): string {
  const said = comment && JSON.stringify(comment);
  return [calling.person(person), at?.toISOString(), ...groups.map(calling.group), said]
    .filter(Boolean)
    .join(", ");
}

function stepText({ status, at, by, comment }: Step, calling: Calling): string {
  return [
    `status ${part(wordsOf(status))}`,
    at?.toISOString(),
    by && calling.person(by),
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

/** Why it cannot be told what a request asks to sign. */
export function problemOf({ artifact, digest }: RequestView): string | undefined {
  if (!digest) return artifactProblem(artifact);
  if (digest.image) return undefined;
  if (!digest.asked) return "The request is for a digest that cannot be read.";
  return digest.claimed === ""
    ? "The request is for a digest, and does not say of which image."
    : "The digest is not that of the image which the requester names.";
}

/** Why it cannot be told which one image a request names. */
function artifactProblem(artifact: RequestedArtifact): string | undefined {
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
