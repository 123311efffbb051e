// Until the package has these itself: what the command line takes from "ocisign", with the parts that are still missing
// there. To end it, delete this file and write "ocisign" for "./temporary.ts" in the imports.
import * as published from "ocisign";
import {
  type ApproveOptions,
  type CallOptions,
  decodeArtifactUri,
  type ImageReference,
  OcisignError,
  type Product,
  type PublicKey,
  parseReference,
  publicKey,
  type RegistryOptions,
  type Signing,
  type SigningId,
  type SigningRequestInput,
  type Verification,
  verifyImage,
} from "ocisign";

export type * from "ocisign";
export { checkRegistry, scanReferences } from "ocisign";
export { decodeArtifactUri, OcisignError, parseReference, publicKey, verifyImage };

/** Which one image a request names. */
export type RequestedArtifact =
  | { state: "image"; encoded: string; text: string; reference: ImageReference }
  | { state: "none"; encoded: string; text: string }
  | { state: "several"; encoded: string; text: string }
  | { state: "unreadable"; encoded: string; text: string; error: OcisignError };

export function artifactOf(request: unknown): RequestedArtifact {
  const parameters = fieldOf(fieldOf(request, "payload"), "optionalParameters");
  const list: unknown[] = Array.isArray(parameters) ? parameters : [];
  if (list.length > 1) return { state: "several", encoded: JSON.stringify(list), text: "" };
  const encoded = fieldOf(list[0], "artifactURI");
  if (typeof encoded !== "string") return { state: "none", encoded: "", text: "" };
  let text = "";
  try {
    text = decodeArtifactUri(encoded);
    return { state: "image", encoded, text, reference: parseReference(text) };
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    return { state: "unreadable", encoded, text, error };
  }
}

export function registriesOf(product: unknown): unknown[] {
  const items = fieldOf(product, "productConfigItems");
  const list: unknown[] = Array.isArray(items) ? items : [];
  return list.filter((item) => fieldOf(item, "name") === "RegistryURL").map((item) => fieldOf(item, "value"));
}

export function readPublicKey(key: string | Uint8Array): PublicKey {
  const armoured = typeof key === "string" ? key : Buffer.from(key).toString("base64");
  const base64 = armoured.replace(/-----[A-Z ]+-----/g, "");
  return publicKey({
    productOperations: [{ operationType: "SignOCI", token: { publicKey: base64 } }],
  });
}

export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return name === "[::1]" || /^(.*\.)?localhost$/i.test(name) || /^127(\.\d{1,3}){3}$/.test(name);
}

export function checkUrl(text: string, what: string): string {
  try {
    new published.SigningClient({ baseUrl: text, token: "none" });
    return text;
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    const message = error.message.replace("The base URL's", `${what}'s`).replace("The base URL", what);
    throw new OcisignError("bad-url", message, error.fix, error.offset);
  }
}

export interface RejectOptions extends CallOptions {
  comment: string;
  expect?: Signing | undefined;
}

/** Its errors have `taken`, and its rejections are bound. */
export class SigningClient extends published.SigningClient {
  override requestSigning(input: SigningRequestInput, options?: CallOptions): Promise<Signing> {
    return withTaken(super.requestSigning(input, options));
  }

  override approve(id: SigningId, options?: ApproveOptions): Promise<Signing> {
    return withTaken(super.approve(id, options));
  }

  override reject(id: SigningId, { expect: _, ...options }: RejectOptions): Promise<Signing> {
    return withTaken(super.reject(id, options));
  }
}

async function withTaken(call: Promise<Signing>): Promise<Signing> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    const acts = /^(Requesting the signature|Approving|Rejecting|The service took another)/.test(
      error.message,
    );
    const doubtful = [
      ...["network", "timeout", "server-error", "not-json", "bad-reply", "bad-status", "redirected"],
    ];
    const taken = error.code === "aborted" || (acts && doubtful.includes(error.code)) ? "maybe" : "no";
    throw Object.assign(error, { taken });
  }
}

export interface VerifySigningOptions extends CallOptions {
  reference?: ImageReference | undefined;
  product?: Product | undefined;
  registry?: RegistryOptions | undefined;
}

export interface VerifiedSigning {
  readonly signing: Signing;
  readonly publicKey?: PublicKey;
  readonly verification?: Verification;
}

/** Only what the command line asks of it: a request that is signed, with its product at hand. */
export async function verifySigning(
  client: SigningClient,
  signing: Signing,
  { reference, product, registry, signal }: VerifySigningOptions,
): Promise<VerifiedSigning> {
  if (signing.state !== "signed") return { signing };
  const artifact = artifactOf(signing);
  const signed = artifact.state === "image" ? artifact.reference : reference;
  if (!signed || !product || (reference && signed.canonical !== reference.canonical)) {
    const message = `The service signed another image, ${signed?.canonical}.`;
    throw new OcisignError("bad-reply", message, "Report it to those who run the service.");
  }
  const key = publicKey(product, signing.idProductOperation, client.profile);
  const verification = await verifyImage(signed, { publicKey: key, registry, signal });
  return { signing, publicKey: key, verification };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
