// Which keys count: those of files, a product's, or those for which a certificate vouches.
import type { CertificateOptions, PublicKey } from "ocisign";
import { readKeyFile } from "./key-file.ts";
import { sourceText } from "./key-text.ts";
import { usage } from "./problem.ts";
import { seenProduct } from "./product-seen.ts";
import type { Session } from "./session.ts";
import { givenTrust, type TrustFile } from "./trust-file.ts";

interface Threshold {
  /** How many keys must have signed. */
  readonly threshold: number | undefined;
}

/** The keys that count, or none where any counts for which a certificate vouches. */
export type Trust =
  | (Threshold & { readonly keys: PublicKey[]; readonly certificates: CertificateOptions | undefined })
  | (Threshold & { readonly certificates: CertificateOptions })
  | TrustFile;

/** What else says which keys count. */
interface Trusting {
  /** When the keys of a trust file have to count. */
  readonly trustTime?: string | undefined;
  /** Does the product say what is requested? Then it stands beside what is trusted. */
  readonly requests?: boolean | undefined;
}

export async function trusted(
  session: Session,
  certificates: CertificateOptions | undefined,
  files: readonly string[] | undefined,
  threshold: number | undefined,
  { trustTime, requests = false }: Trusting = {},
): Promise<Trust> {
  const others = { key: files, threshold, isCertified: certificates !== undefined, trustTime, requests };
  const file = await givenTrust(session, others);
  if (file) return file;
  const isProductTrusted = session.settings.product?.isFlag && !requests;
  if (certificates && !files && !isProductTrusted) return { certificates, threshold };
  return { keys: await trustedKeys(session, files, threshold, requests), certificates, threshold };
}

export async function trustedKeys(
  session: Session,
  files: readonly string[] | undefined,
  threshold = 1,
  requests = false,
): Promise<PublicKey[]> {
  const { product, operation } = session.settings;
  if (files && product?.isFlag && !requests) {
    throw usage("--key and --product both say which key is trusted.", "Leave one of them out.");
  }
  const keys = files && (await Promise.all(files.map(readKeyFile))).flat();
  const given = keys?.length ?? 1;
  if (threshold > given) {
    const what = `--threshold needs ${threshold} keys, but there ${given === 1 ? "is 1" : `are ${given}`}.`;
    throw usage(what, `Give ${threshold} different keys with --key.`);
  }
  if (keys) return keys;
  if (!product) {
    throw usage(
      "No key is given to verify with.",
      "Give --key FILE, --trust FILE, or --product to use the product's key.",
    );
  }
  const { keyFor } = await import("../shown/product-key.ts");
  const seen = await seenProduct(session);
  const { profile } = await session.service();
  const found = keyFor({ ...seen, operation: operation?.value, profile });
  if (found.from !== "product" || found.pin) session.output.note(`key: ${sourceText(found)}`);
  return [found.key];
}
