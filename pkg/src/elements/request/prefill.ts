// What a form begins with, such as what another request said.
import type { OperationId, ProductId, Signing } from "ocisign";
import { batchEntry, requestEntry } from "../../bulk/batch-mark.ts";
import { asText } from "../../shown/as-text.ts";
import { viewOf } from "../../shown/request-view.ts";

/** What the fields of `<ocisign-request>` begin with. What is left out stays as it is. */
export interface RequestPrefill {
  /** A reference, or several, one a line. */
  readonly artifact?: string;
  /** The product's id. */
  readonly productId?: ProductId;
  /** The operation's id. */
  readonly operationId?: OperationId;
  /** The request's name. */
  readonly name?: string;
  /** Why, for the approvers. */
  readonly description?: string;
  /** More for the approvers. */
  readonly metadata?: readonly {
    /** What it is. */
    readonly name: string;
    /** What it says. */
    readonly value: string;
  }[];
}

/**
 * What another request said, to be requested again: a failed one, or a rejected one. The entries of the batch that it
 * belonged to stay behind.
 */
export function prefillOf(signing: Signing): RequestPrefill {
  const { image, artifact, name, description, metadata } = viewOf(signing);
  const text = image?.canonical ?? ("text" in artifact ? asText(artifact.text) : "");
  const { productId, idProductOperation } = signing;
  return {
    artifact: text,
    ...(typeof productId === "string" && { productId }),
    ...(typeof idProductOperation === "string" && { operationId: idProductOperation }),
    name: image && name === image.repository ? "" : name,
    description,
    metadata: metadata.filter((entry) => entry.name !== batchEntry && entry.name !== requestEntry),
  };
}
