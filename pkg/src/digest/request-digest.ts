// Requests the signature of a digest: a DigestSigning operation signs it, and the client attaches the signature. The
// service sees no image. So the client says in metadata of which image it is, and whoever decides computes it again.
import { buildSigningRequest, quote, registriesOf, serviceUrl } from "../core.ts";
import { fail, OcisignError } from "../error.ts";
import { isText } from "../foreign.ts";
import { asReference } from "../image/read.ts";
import type { ImageReference } from "../image/reference.ts";
import { checkOptions, isOn, optionalSignal } from "../options.ts";
import type { SigningClient } from "../service/client.ts";
import type { OperationId, ProductId } from "../service/ids.ts";
import { plainCopy } from "../service/json.ts";
import type { NamedValue, Product } from "../service/product.ts";
import { signingReader } from "../service/reply.ts";
import type { SigningRequestBody } from "../service/request.ts";
import { shapes } from "../service/shaped.ts";
import type { Signing } from "../service/signing.ts";
import { waits } from "../service/waits.ts";
import { signingPayload } from "../signature/signing-payload.ts";
import type { SignatureFormat } from "../signature/verification.ts";
import { earlierDigest } from "./earlier.ts";
import {
  type DigestHash,
  digestHashes,
  digestIn,
  formatName,
  imageName,
  parameterOf,
  type RequestedDigest,
} from "./form.ts";
import { asForImages, digestOperation, type NoOperation } from "./operation.ts";

const doing = "Requesting the signature";

/** What {@link requestDigestSigning} makes a request from. */
export interface DigestSigningInput {
  /** The image. */
  reference: string | ImageReference;
  /** In which format its signature will be attached: each has a digest of its own. Default `simple-signing`. */
  format?: SignatureFormat | undefined;
  /** With which hash. Default `sha256`, which all tools verify. */
  hash?: DigestHash | undefined;
  /** The product, as the service shows it. */
  product?: Product | undefined;
  /** Its id, in place of the product: then it is read. */
  productId?: ProductId | undefined;
  /** The `DigestSigning` operation, by its id or its name. Not needed when there is only one. */
  operation?: OperationId | undefined;
  /** Default `Digest signing`. */
  name?: string | undefined;
  /** Why: the approvers read it. Default empty. */
  description?: string | undefined;
  /** Default `Digest sign request`. */
  payloadName?: string | undefined;
  /** What else the approvers should know. */
  metadata?: readonly NamedValue[] | undefined;
}

/** Options of {@link requestDigestSigning}. */
export interface DigestSigningOptions {
  /** Request it once more, also if the service has such a request already. */
  again?: boolean | undefined;
  /** Ends it. */
  signal?: AbortSignal | undefined;
}

/** What {@link requestDigestSigning} did. */
export interface RequestedDigestSigning {
  /** The request. Once it is signed, `signature` has what {@link attachSignature} takes. */
  readonly signing: Signing;
  /** False for an earlier request that is taken up. */
  readonly isNew: boolean;
  /** What is signed, such as `sha256:3fbc…`. */
  readonly digest: string;
}

/**
 * Requests the signature of an image from an operation of type `DigestSigning`: the service signs the digest of
 * {@link signingPayload}, and the caller attaches the signature. If the service has such a request already, signed or
 * not decided, that one is returned, and no second one is made.
 *
 * @throws {OcisignError} `operation-missing`, `operation-ambiguous`; as {@link buildSigningRequest} of the product;
 *   `forbidden` when the product or the list of requests may not be read; `bad-reply` when the service accepted another
 *   digest than was requested.
 * @example
 * ```js
 * import { requestDigestSigning } from "ocisign";
 *
 * const { signing } = await requestDigestSigning(client, { product, reference: image, format: "bundle" });
 * const end = await client.waitForSignature(signing.id);
 * console.log(end.state, end.signature); // what attachSignature(image, { format: "bundle", … }) takes
 * ```
 */
export async function requestDigestSigning(
  client: SigningClient,
  input: DigestSigningInput,
  options: DigestSigningOptions = {},
): Promise<RequestedDigestSigning> {
  const given = checkOptions(options, ["again", "signal"]);
  const again = isOn(given, "again");
  const signal = optionalSignal(given, "signal");
  const {
    reference,
    format,
    hash = "sha256",
    ...rest
  } = checkOptions(input, [
    ...(["reference", "format", "hash", "product", "productId", "operation"] as const),
    ...(["name", "description", "payloadName", "metadata"] as const),
  ]);
  const chosen = digestHashes.find((it) => it === hash);
  if (!chosen)
    throw fail("bad-input", "hash is none that is known.", `Pass one of ${digestHashes.join(", ")}.`);
  const image = asReference(reference);
  // The caller may go on to change it.
  const said = { ...(plainCopy(rest, doing) as DigestSigningInput), reference: image };
  // signingPayload checks it, whatever it is.
  const payload = await signingPayload(image, (format ?? "simple-signing") as SignatureFormat);
  const digest = { hash: chosen, hex: payload[chosen] };
  const body = bodyFor(image, payload.format, said, await productOf(client, said, signal));
  const shown = `${digest.hash}:${digest.hex}`;
  if (!again) {
    const asked = { ...digest, productId: body.productId, operationId: body.idProductOperation };
    const earlier = await earlierDigest(client, asked, signal).catch(unlisted);
    if (earlier) return { signing: earlier, isNew: false, digest: shown };
  }
  const parameter = parameterOf(digest, client.profile.digests);
  const whole = { ...body, payload: { ...body.payload, optionalParameters: [parameter] } };
  return { signing: await post(client, whole, digest, signal), isNew: true, digest: shown };
}

/** The product with the one operation, or undefined where only ids are known of them. */
interface Chosen {
  readonly product: Product | undefined;
  readonly productId: string;
  readonly operationId: string;
}

async function productOf(
  client: SigningClient,
  { product, productId, operation }: DigestSigningInput,
  signal: AbortSignal | undefined,
): Promise<Chosen> {
  if (product) return chosenIn(product, operation);
  if (!isText(productId)) throw fail("bad-input", "product is missing.", "Pass a product, or productId.");
  try {
    return chosenIn(await client.product(productId, { signal }), operation);
  } catch (error) {
    // Reading products is a right of its own: with both ids, the service checks.
    const isWithheld = error instanceof OcisignError && error.code === "forbidden";
    if (!isWithheld || operation === undefined) throw error;
    return { product: undefined, productId, operationId: operation };
  }
}

function chosenIn(product: Product, wanted: OperationId | undefined): Chosen {
  const operation = digestOperation(product, wanted);
  if (typeof operation === "string") throw noOperation(product, operation);
  const alone = asForImages(product, operation);
  return { product: alone, productId: product.id ?? "", operationId: operation.id ?? "" };
}

function noOperation({ name }: Product, code: NoOperation): Error {
  const which = isText(name) ? `The product ${quote(name)}` : "The product";
  return code === "operation-missing"
    ? fail(
        code,
        `${which} has no such DigestSigning operation.`,
        "Choose one of its operations of that type.",
      )
    : fail(code, `${which} has several DigestSigning operations.`, "Pass the id of one as operation.");
}

/** The body of a request for an image, which the module checks and writes; its parameter is replaced later. */
function bodyFor(
  image: ImageReference,
  format: SignatureFormat,
  said: DigestSigningInput,
  { product, productId, operationId }: Chosen,
): SigningRequestBody {
  const { name = "Digest signing", payloadName = "Digest sign request", description, metadata = [] } = said;
  const ofImage = [
    { name: imageName, value: image.canonical },
    { name: formatName, value: format },
  ];
  const details = { artifact: image, name, payloadName, description, metadata: [...ofImage, ...metadata] };
  return product
    ? buildSigningRequest({ ...details, product: withRegistry(product, image) })
    : buildSigningRequest({ ...details, productId, operationId });
}

/** A product that signs digests need not name a registry. If it names one, it is that of the image. */
function withRegistry(product: Product, { registry }: ImageReference): Product {
  if (registriesOf(product).length > 0) return product;
  const others = product.productConfigItems ?? [];
  return { ...product, productConfigItems: [...others, { name: "RegistryURL", value: registry }] };
}

/** Who may request need not be allowed to list. Then nothing tells whether the same was requested before. */
function unlisted(error: unknown): never {
  if (!(error instanceof OcisignError) || error.code !== "forbidden") throw error;
  const fix = "Pass again: true to request it without a look at what is requested already.";
  throw new OcisignError("forbidden", error.message, fix, undefined, error);
}

/** Posts it in the service's words, and checks what the service made of it. */
async function post(
  client: SigningClient,
  body: object,
  digest: RequestedDigest,
  signal: AbortSignal | undefined,
): Promise<Signing> {
  const { profile } = client;
  const { baseUrl } = waits.givenOf(client);
  const { route = profile.routes.requestSigning } = profile.digests ?? {};
  const url = serviceUrl(baseUrl, typeof route === "string" ? route : String(route.path), "");
  const shape = await shapes.of(client, signal);
  const reply = await shape.requestDigest({ doing, url, signal, method: "POST", body: JSON.stringify(body) });
  const signing = signingReader(profile)(reply);
  const echoed = digestIn(signing, profile.digests);
  // A service need not repeat it.
  if (!echoed || (echoed.hash === digest.hash && echoed.hex === digest.hex)) return signing;
  const message = `The service accepted another digest than was requested, as ${quote(signing.id)}.`;
  const fix = "Reject that request, and report it to the service's operators.";
  throw new OcisignError("bad-reply", message, fix, undefined, undefined, reply.taken);
}
