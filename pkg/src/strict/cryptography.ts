// The platform's cryptography, which browsers keep from pages that are not secure.
import { fail } from "../error.ts";

export function subtleCrypto(): SubtleCrypto {
  // The type says that it is always there; a page without HTTPS knows better.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle) return subtle;
  throw fail(
    "no-crypto",
    "There is no crypto.subtle here, so neither digests nor signatures can be checked.",
    "In a browser, open the page over HTTPS or on localhost; elsewhere use Node 20 or newer.",
  );
}
