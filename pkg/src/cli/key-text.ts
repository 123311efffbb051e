// Where a product's key was found, in words.

import { visible } from "../shown/visible.ts";
import type { FoundKey } from "../signature/key-rule.ts";
import { libraryError } from "./library-error.ts";

/**
 * One line, such as `from the product; the same key is pinned in profile.keys.products`.
 *
 * @param isOfSecrets the key that is shown is that of the secrets document
 */
export function sourceText({ from, place, pin, unread }: FoundKey, isOfSecrets = false): string {
  const words = {
    product: "from the product",
    secrets: ofSecrets,
    pinned: `pinned in ${place}`,
    given: `given as ${place}`,
  };
  const parts = [isOfSecrets ? ofSecrets : words[from]];
  if (isOfSecrets && from === "product") parts.push("the product shows the same key");
  if (pin && pin.from !== from) parts.push(`the same key is ${pinText(pin)}`);
  if (unread) parts.push(`the product could not be read: ${libraryError(unread)?.message}`);
  return visible(parts.join("; "));
}

const ofSecrets = "from the product's secrets document";

function pinText({ from, place }: NonNullable<FoundKey["pin"]>): string {
  return from === "given" ? `given as ${place}` : `pinned in ${place}`;
}
