// `ocisign products`: what can sign.

import type { StoredProduct } from "ocisign";
import { fieldOf } from "../../foreign.ts";
import { visible } from "../../shown/visible.ts";
import { command, optional } from "../command.ts";
import { findProduct } from "../find-product.ts";
import { aligned, listOf, type Row, wordsOf } from "../shown.ts";
import type { Column } from "../table.ts";
import { listDocument, tellUnreadable, unreadableOf } from "../unreadable.ts";

export const products = command({
  name: "products",
  summary: "List the products that can sign, or show one.",
  argument: optional("product", "its id or name"),
  examples: [
    ["List all products that you may see.", "ocisign products"],
    ["Show one, with its operations.", 'ocisign products "OCI SIGN"'],
  ],
  async run(session, _, wanted): Promise<StoredProduct | StoredProduct[]> {
    if (wanted !== undefined) return findProduct(session, wanted);
    const client = await session.service();
    return client.products({ signal: session.signal });
  },
  async text(result, output) {
    if (!Array.isArray(result)) return describe(result);
    if (result.length === 0) return undefined;
    const { table } = await import("../table.ts");
    return table(columns, await Promise.all(result.map(entryOf)), output);
  },
  json: (result) => (Array.isArray(result) ? listDocument("products", result, unreadableOf(result)) : result),
  async beside(result, { output }) {
    if (!Array.isArray(result)) return;
    if (result.length === 0) output.note("There are no products that you may see.");
    tellUnreadable(unreadableOf(result), output);
    const { lifeOf } = await import("../../shown/product-life.ts");
    const usable = result.find((product) => product.enabled !== false && !lifeOf(product)?.problem);
    if (usable)
      output.hint(`Next: request a signature with \`ocisign sign IMAGE --product ${visible(usable.id)}\`.`);
  },
});

interface Entry {
  readonly product: StoredProduct;
  readonly registry: string | undefined;
  readonly usable: string;
}

async function entryOf(product: StoredProduct): Promise<Entry> {
  return { product, registry: await registryOf(product), usable: await usableText(product) };
}

const columns: readonly Column<Entry>[] = [
  { head: "ID", kind: "exact", least: 8, whole: ({ product }) => product.id },
  { head: "NAME", least: 10, whole: ({ product }) => product.name },
  { head: "REGISTRY", kind: "exact", least: 10, cut: "start", whole: ({ registry }) => registry },
  {
    head: "KEYS",
    least: 7,
    whole: ({ product }) => listOf(product.productOperations).map(keyTypeOf).join(", "),
  },
  { head: "ENABLED", whole: ({ usable }) => usable },
];

async function describe(product: StoredProduct): Promise<string> {
  const operations = listOf(product.productOperations).map((operation, at): Row => {
    const [id, type, name] = ["id", "operationType", "name"].map((field) => fieldOf(operation, field));
    const words = [id ?? "-", type ?? "?", keyTypeOf(operation), name ?? ""].map(wordsOf).join("  ");
    return [`operation ${at + 1}`, words];
  });
  return aligned([
    ["product", product.id],
    ["name", product.name],
    ["description", product.description],
    ["registry", await registryOf(product)],
    ["enabled", product.enabled === false ? "no" : "yes"],
    ["state", await stateText(product)],
    ...operations,
  ]);
}

/** The registry that the product signs for; several, if it says so, which no request will accept. */
async function registryOf(product: StoredProduct): Promise<string | undefined> {
  const { registriesOf } = await import("ocisign");
  const registries = registriesOf(product);
  return registries.length > 0 ? registries.map(wordsOf).join(", ") : undefined;
}

/** One that does not say is enabled. A state in which it signs nothing, or that is not known, stands beside. */
async function usableText(product: StoredProduct): Promise<string> {
  const { lifeOf } = await import("../../shown/product-life.ts");
  const { text = "", problem, isUnknown } = lifeOf(product) ?? {};
  const usable = product.enabled === false || problem ? "no" : "yes";
  return problem || isUnknown ? `${usable} (${text})` : usable;
}

async function stateText(product: StoredProduct): Promise<string | undefined> {
  const { lifeOf } = await import("../../shown/product-life.ts");
  const { text, problem, isUnknown } = lifeOf(product) ?? {};
  if (problem) return `${text} (it signs nothing in this state)`;
  return isUnknown ? `${text} (not known here; the service decides)` : text;
}

function keyTypeOf(operation: unknown): string {
  return wordsOf(fieldOf(fieldOf(operation, "token"), "keyType"));
}
