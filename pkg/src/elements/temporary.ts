// What the package is about to export, made of what it exports today. Once it does, each import of this file becomes an
// import of "ocisign" (and `mayHaveBeenTaken` one of model/errors.ts), and the file goes.
import {
  decodeArtifactUri,
  type ImageReference,
  OcisignError,
  type ProductOperation,
  type PublicKey,
  parseReference,
  publicKey,
  type Signing,
  type SigningClient,
} from "ocisign";
import { shallow } from "./model/depth.ts";
import { codeOf } from "./model/errors.ts";
import { asText } from "./text/as-text.ts";

/** The one image that a signing request names. */
export type RequestedArtifact =
  | { state: "image"; encoded: string; text: string; reference: ImageReference }
  | { state: "none"; encoded: string; text: string }
  | { state: "several"; encoded: string; text: string }
  | { state: "unreadable"; encoded: string; text: string; error: OcisignError };

export function artifactOf(request: Signing): RequestedArtifact {
  const given: unknown = Object(request.payload).optionalParameters;
  const parameters: unknown[] = Array.isArray(given) ? given : [];
  if (parameters.length > 1) return { state: "several", encoded: asText(parameters), text: "" };
  const encoded = asText(Object(parameters[0]).artifactURI);
  if (encoded === "") return { state: "none", encoded, text: "" };
  let text = "";
  try {
    text = decodeArtifactUri(encoded);
    return { state: "image", encoded, text, reference: parseReference(text) };
  } catch (error) {
    if (error instanceof OcisignError) return { state: "unreadable", encoded, text, error };
    throw error;
  }
}

const signsImages = new Set<unknown>(["SignOCI", "SIGN_OCI"]);

export function signingOperations(product: unknown): ProductOperation[] {
  const all: unknown = Object(product).productOperations;
  const operations: ProductOperation[] = Array.isArray(all) ? all : [];
  return operations.filter((operation) => signsImages.has(operation?.operationType));
}

export function registriesOf(product: unknown): unknown[] {
  const items: unknown = Object(product).productConfigItems;
  if (!Array.isArray(items)) return [];
  return items.filter((item) => item?.name === "RegistryURL").map(({ value }) => value);
}

export function readPublicKey(key: string): PublicKey {
  return publicKey({ productOperations: [{ operationType: "SignOCI", token: { publicKey: key } }] });
}

/** A part of a request that is bound to a decision, and is another now. */
export interface RequestChange {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const bound = ["name", "idProductOperation", "description", "payload", "productId", "requester"];

export function changesBetween(before: Signing, after: Signing): RequestChange[] {
  return bound.flatMap((field) => changesAt(field, before[field], after[field]));
}

function changesAt(path: string, before: unknown, after: unknown): RequestChange[] {
  if (Object.is(before, after)) return [];
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, before, after }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const place = Array.isArray(before) ? `${path}[${key}]` : `${path}.${key}`;
    return changesAt(place, own(before, key), own(after, key));
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function own(object: Record<string, unknown>, key: string) {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

interface Bound {
  comment: string | undefined;
  expect: Signing;
  signal: AbortSignal;
}

/** As `client.approve` will do it: an error of its look says that nothing was taken. */
export async function approve(client: SigningClient, id: string, bound: Bound): Promise<Signing> {
  await look(client, id, bound);
  return client.approve(id, bound);
}

/** As `client.reject` with `expect`: one look, and nothing is sent when the request is another. */
export async function reject(client: SigningClient, id: string, bound: Bound): Promise<Signing> {
  await look(client, id, bound);
  return client.reject(id, { comment: bound.comment ?? "", signal: bound.signal });
}

const ofLooks = new WeakSet<object>();

async function look(client: SigningClient, id: string, { expect, signal }: Bound) {
  try {
    const now = shallow(await client.signing(id, { signal }));
    if (changesBetween(expect, now).length > 0) {
      throw new OcisignError(
        "changed",
        "The request changed since it was shown.",
        "Show it again, and decide then.",
      );
    }
    if (now.final) {
      throw new OcisignError(
        "conflict",
        `The request is ${now.state} already.`,
        "There is nothing to decide.",
      );
    }
  } catch (error) {
    ofLooks.add(Object(error));
    throw error;
  }
}

const surelyNotTaken = new Set([
  ...["changed", "conflict", "forbidden", "unauthorized", "not-found", "bad-request", "rate-limited"],
  ...["bad-input", "bad-token", "product-registry", "registry-mismatch", "product-disabled"],
  ...["operation-missing", "operation-ambiguous"],
]);

export function mayHaveBeenTaken(error: unknown) {
  return !ofLooks.has(Object(error)) && !surelyNotTaken.has(String(codeOf(error)));
}
