// `ocisign key`: a product's public key, from the product or from its secrets document.

import type { PublicKey } from "ocisign";
import type { FoundKey } from "../../signature/key-rule.ts";
import { command } from "../command.ts";
import { readStdin, readText } from "../input.ts";
import { sourceText } from "../key-text.ts";
import { text } from "../options.ts";
import { usage } from "../problem.ts";
import { operationIn, type ProductSeen, seenProduct } from "../product-seen.ts";
import type { Session } from "../session.ts";
import * as settings from "../settings.ts";

const options = {
  fromSecrets: text("--from-secrets <file>", "read it from this secrets document; - is standard input"),
  clientKey: text(
    "--client-key <@file>",
    "key of your registered client: fetches the secrets document, or decrypts that of --from-secrets",
  ),
  keyName: text("--key-name <name>", "name of the key, if the document holds several"),
};

interface KeyOptions {
  readonly fromSecrets: string | undefined;
  readonly clientKey: string | undefined;
  readonly keyName: string | undefined;
}

/** The key, and what is known of it. */
interface Outcome {
  readonly key: PublicKey;
  readonly productId: string | undefined;
  /** The key's name in the secrets document. */
  readonly name: string | undefined;
  /** Undefined for a document alone: nothing was there to compare it with. */
  readonly found: FoundKey | undefined;
}

export const key = command({
  name: "key",
  summary: "Print a product's public key, in PEM.",
  options,
  settings: settings.product,
  examples: [["Give it to cosign, Kyverno or openssl.", 'ocisign key --product "OCI SIGN" > ocisign.pem']],
  notes: `Some services show the key only in the product's secrets document. Only names,
types and public keys of it are kept. If the product, its secrets and a pinned
key differ, both fingerprints are printed instead of a key.`,
  async run(session, given): Promise<Outcome> {
    const { fromSecrets, clientKey, keyName } = given;
    if (fromSecrets !== undefined || clientKey !== undefined) return fromSecretsDocument(session, given);
    if (keyName !== undefined) throw usage("--key-name names a key of a secrets document.", "Leave it out.");
    const seen = await seenProduct(session);
    const found = await foundKey(session, seen, undefined);
    return { key: found.key, productId: seen.productId, name: undefined, found };
  },
  text: ({ key: { pem } }) => pem.trimEnd(),
  json({ key: { spki: _, ...key }, productId, name, found }) {
    const from = name === undefined ? found?.from : "secrets";
    return { productId, name, ...key, from, pinned: found?.pin !== undefined };
  },
  beside({ key: { keyType, fingerprint, warning }, name, found }, { output }) {
    if (output.isJson) return;
    output.note(`${keyType} ${fingerprint}`);
    output.note(found ? sourceText(found, name !== undefined) : "from a secrets document; not compared");
    if (warning) output.note(`warning: ${warning}`);
    output.hint("Next: keep it in a file, and verify with `ocisign verify IMAGE --key FILE`.");
  },
});

async function foundKey(
  session: Session,
  seen: ProductSeen,
  secrets: PublicKey | undefined,
): Promise<FoundKey> {
  const { keyFor } = await import("../../shown/product-key.ts");
  const { profile } = await session.service();
  return keyFor({ ...seen, profile, operation: session.settings.operation?.value, secrets });
}

async function fromSecretsDocument(
  session: Session,
  { fromSecrets, clientKey, keyName }: KeyOptions,
): Promise<Outcome> {
  const { claimForClientKey, readClientKey } = await import("../secrets-document/client-key.ts");
  const { keyIn, publicKeyOf, readSecrets, tokenNameOf } = await import("../secrets-document/read.ts");
  claimForClientKey(clientKey);
  const privateKey = clientKey === undefined ? undefined : await readClientKey(clientKey);
  const ofFile = fromSecrets === undefined ? undefined : await readDocument(fromSecrets);
  const seen = ofFile === undefined || comparesWithProduct(session) ? await seenProduct(session) : undefined;
  const { decrypt, looksEncrypted } = await import("../secrets-document/decrypt.ts");
  const given = ofFile ?? (await fetched(session, seen));
  if (!privateKey && looksEncrypted(given)) {
    throw usage("The secrets document is still encrypted.", "Give --client-key @FILE, too.");
  }
  const document = readSecrets(privateKey ? await decrypt(given, privateKey) : given);
  const { operation } = session.settings;
  const tokenName = seen?.product && tokenNameOf(await operationIn(seen.product, operation?.value));
  const chosen = keyIn(document, { productId: seen?.productId, tokenName, keyName });
  const profile = seen && (await session.service()).profile;
  const secret = await publicKeyOf(chosen, profile?.keyTypes);
  const found = seen && (await foundKey(session, seen, secret));
  return { key: secret, productId: seen?.productId ?? document.productId, name: chosen.name, found };
}

/** A document alone needs no service. One that is given beside a product has to be that product's. */
function comparesWithProduct({ settings: { product, url } }: Session): boolean {
  return product !== undefined && (product.isFlag || url !== undefined);
}

async function readDocument(file: string): Promise<string> {
  const { checkSize } = await import("../secrets-document/decrypt.ts");
  const given = file === "-" ? await readStdin("--from-secrets -") : readText(file, "--from-secrets");
  checkSize(given, "--from-secrets");
  return given;
}

async function fetched(session: Session, seen: ProductSeen | undefined): Promise<string> {
  const { fetchSecrets } = await import("../secrets-document/fetch.ts");
  return fetchSecrets(session, seen?.productId ?? "");
}
