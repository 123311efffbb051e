// Can a product be asked for signatures, as far as it says so itself?
import type { StoredProduct } from "ocisign";
import { asText } from "../../shown/as-text.ts";

/** The vendor's states of a product in which it signs nothing, in small letters and without what stands between words. */
const notReady = new Set(["new", "inprocess", "rejected", "failed", "tobedeleted", "deleted"]);

/** A state that nobody described says nothing. */
export function whyUnusable(product: StoredProduct): "disabled" | "notReady" | undefined {
  if (product.enabled === false) return "disabled";
  return notReady.has(stateOf(product).toLowerCase().replaceAll(/[ _-]/g, "")) ? "notReady" : undefined;
}

/** Where it stands in its life, in the service's words; empty where it does not say so. */
export function stateOf({ state }: StoredProduct) {
  return asText(state);
}
