import type { Signing } from "ocisign";

/**
 * Where a request can be opened, by the portal's own function. What that takes from a request must not become a
 * script, and without an address there is still a button.
 */
export function addressBy(
  hrefOf: ((signing: Signing) => string) | undefined,
): (row: { signing: Signing }) => string | undefined {
  if (typeof hrefOf !== "function") return () => undefined;
  return ({ signing }) => {
    try {
      const href = String(hrefOf(signing));
      return /^https?:$/.test(new URL(href, document.baseURI).protocol) ? href : undefined;
    } catch (error) {
      // It is the portal's mistake, for the portal's console.
      reportError(error);
      return undefined;
    }
  };
}
