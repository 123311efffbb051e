// What a signing request is made from, and its body (src/signing_request.rs, src/wire.rs).
import type { ImageReference } from "../image/reference.ts";
import type { OperationId, ProductId } from "./ids.ts";
import type { NamedValue, Product, ProductOperation } from "./product.ts";

/** What a signing request says beside its product. */
export interface SigningRequestDetails {
  /** The image to sign. */
  artifact: string | ImageReference;
  /** Default `OCI signing`. */
  name?: string | undefined;
  /** Why: the approvers read it. Default empty. */
  description?: string | undefined;
  /** Default `OCI sign request`, as in the reference. */
  payloadName?: string | undefined;
  /** What else the approvers should know. */
  metadata?: readonly NamedValue[] | undefined;
}

/** A request by a product that was read: its domain, `enabled` and operation are checked. */
export interface RequestByProduct extends SigningRequestDetails {
  /** The product, as the service shows it. */
  product: Product;
  /** The product's id, if it is not in the product. */
  productId?: ProductId | undefined;
  /** One of the product's operations, its id or its name. Not needed when there is only one that signs images. */
  operation?: OperationId | ProductOperation | undefined;
  /** The operation's id. */
  operationId?: OperationId | undefined;
}

/** A request by the product's id: {@link SigningClient.requestSigning} reads the product, and checks it. */
export interface RequestByProductId extends SigningRequestDetails {
  /** Read by its id instead. */
  product?: undefined;
  /** The product's id. */
  productId: ProductId;
  /** One of the product's operations, its id or its name. Not needed when there is only one that signs images. */
  operation?: OperationId | ProductOperation | undefined;
  /** The operation's id. */
  operationId?: OperationId | undefined;
}

/** A request by the ids alone: only the reference itself is checked. */
export interface RequestByIds extends SigningRequestDetails {
  /** Named by its id instead. */
  product?: undefined;
  /** The product's id. */
  productId: ProductId;
  /** Named by its id instead. */
  operation?: undefined;
  /** The operation's id. */
  operationId: OperationId;
}

/** What {@link SigningClient.requestSigning} makes a request from: a product, or its id. */
export type SigningRequestInput = RequestByProduct | RequestByProductId;

/** The body of `POST imagesignings`, key for key as the reference's `curl` posts it ("OCI Signing"). */
export interface SigningRequestBody {
  /** The request's name. */
  name: string;
  /** The operation's id. */
  idProductOperation: OperationId;
  /** Why, for the approvers. */
  description: string;
  /** What is to be signed. */
  payload: SigningPayload;
  /** The product's id. */
  productId: ProductId;
}

/** The payload of a {@link SigningRequestBody}. */
export interface SigningPayload {
  /** `OCI sign request` in the reference. */
  name: string;
  /** What else the approvers should know. */
  metadata: NamedValue[];
  /** The image. */
  optionalParameters: [ArtifactParameter];
}

/** Where the image stands in a {@link SigningPayload}. */
export interface ArtifactParameter {
  /** Base64 of `registry/repository@digest`; read it with {@link decodeArtifactUri}. */
  artifactURI: string;
}
