// Ids of the service: each of its own kind.
import type { kind } from "../image/reference.ts";

/**
 * A signing request's id. A plain string will do, such as one from a command line or a URL; the id of a product
 * or of an operation will not.
 *
 * @example
 * ```ts
 * await client.signing(process.argv[2] ?? request.id);
 * // @ts-expect-error this is the product's id
 * const wrong = () => client.signing(product.id);
 * ```
 */
export type SigningId = string & {
  /** For the compiler only; no string has it. */
  readonly [kind]?: "signing request";
};

/** A product's id. A plain string will do; the id of something else will not. */
export type ProductId = string & {
  /** For the compiler only; no string has it. */
  readonly [kind]?: "product";
};

/** The id of a product's operation. A plain string will do; the id of something else will not. */
export type OperationId = string & {
  /** For the compiler only; no string has it. */
  readonly [kind]?: "operation";
};
