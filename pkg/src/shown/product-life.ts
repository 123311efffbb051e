// Where a product stands in its life, for showing: the service's own words, and what they mean here.
import { OcisignError, type StoredProduct } from "ocisign";
import { asText } from "./as-text.ts";

/** The vendor's states of a product in which it signs nothing, in small letters and without what stands between words. */
const notReady = new Set(["new", "inprocess", "rejected", "failed", "tobedeleted", "deleted"]);

/** What a product's `state` says. */
export interface Life {
  /** As the service writes it. */
  readonly text: string;
  /** Why the product signs nothing in this state; undefined when it may. A state that nobody described says nothing. */
  readonly problem: OcisignError | undefined;
}

/** Undefined where the product does not say it. */
export function lifeOf({ state }: StoredProduct): Life | undefined {
  const text = asText(state);
  if (text === "") return undefined;
  if (!notReady.has(text.toLowerCase().replaceAll(/[ _-]/g, ""))) return { text, problem: undefined };
  const fix = "Choose another product, or ask the product's owner.";
  return { text, problem: new OcisignError("product-disabled", "The product is not ready.", fix) };
}
