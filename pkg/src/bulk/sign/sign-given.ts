// What a caller passes to `signAll`, read and copied once, at the door.
import { fail } from "../../error.ts";
import { copyOfList, isList, isRecord, isText } from "../../foreign.ts";
import {
  checkOptions,
  count,
  isOn,
  optionalFunction,
  optionalSignal,
  optionalText,
  positive,
} from "../../options.ts";
import { copyOfChoice, openRegistry, type RegistryChoice } from "../../registry/open.ts";
import { plainCopy } from "../../service/json.ts";
import type { NamedValue, Product } from "../../service/product.ts";
import type { VerificationKey } from "../../signature/keys.ts";
import { batchEntry, checkBatchId, requestEntry } from "../batch-id.ts";
import type { BulkProgress } from "../outcome.ts";
import type { SkipReason } from "./sign-options.ts";

const known = [
  ...(["product", "productId", "operation", "operationId", "name", "description", "metadata"] as const),
  ...(["concurrency", "journal", "signal", "onProgress", "skip", "registry", "keys", "wait"] as const),
  ...(["timeoutMs", "settleMs", "patienceMs", "batch", "mark", "keepGoing"] as const),
];

const skips = ["verified", "pending"] as const satisfies readonly SkipReason[];
const mostKeys = 100;
/** No service answers so many calls at a time. */
const mostAtOnce = 1000;

/** The options of a run. */
export type SignGiven = ReturnType<typeof readGiven>;

/** @throws {OcisignError} `bad-input`, `bad-url` */
export function readGiven(options: unknown) {
  const given = checkOptions(options, known);
  const product = given.product === undefined ? undefined : copyOfProduct(given.product);
  const productId = optionalText(given, "productId") ?? product?.id;
  if (!isText(productId) || productId === "") {
    throw fail("bad-input", "Neither product nor productId names the product.", "Pass one of the two.");
  }
  const concurrency = count(given, "concurrency") ?? 16;
  if (concurrency > mostAtOnce) {
    throw fail("bad-input", `concurrency is more than ${mostAtOnce}.`, "Pass a smaller number.");
  }
  const registry = copyOfChoice(given.registry as RegistryChoice | undefined);
  // What is wrong with it is said before anything is sent, whatever image comes first.
  if (typeof registry !== "function") {
    openRegistry({ registry: "registry.invalid", repository: "any" }, { registry });
  }
  const isSkipGiven = given.skip !== undefined;
  const mark = given.mark === undefined || isOn(given, "mark");
  if (!mark && given.batch !== undefined) {
    throw fail("bad-input", "batch needs marks, and mark is false.", "Leave one of the two out.");
  }
  return {
    product,
    productId,
    operation:
      given.operation === undefined ? undefined : plainCopy(given.operation, "Reading the operation"),
    operationId: optionalText(given, "operationId"),
    name: optionalText(given, "name"),
    description: optionalText(given, "description"),
    metadata: readMetadata(given.metadata),
    concurrency,
    journal: given.journal,
    signal: optionalSignal(given, "signal"),
    onProgress: optionalFunction<(progress: BulkProgress) => unknown>(given, "onProgress"),
    skip: readSkip(given.skip),
    /** The caller's own wish, and not the default: what cannot be done is then an error. */
    isSkipGiven,
    registry,
    keys: readKeyList(given.keys),
    wait: isOn(given, "wait"),
    timeoutMs: positive(given, "timeoutMs") ?? Number.POSITIVE_INFINITY,
    settleMs: given.settleMs === 0 ? 0 : positive(given, "settleMs"),
    patienceMs: given.patienceMs === 0 ? 0 : (positive(given, "patienceMs") ?? 900_000),
    batch: given.batch === undefined ? undefined : checkBatchId(given.batch),
    mark,
    keepGoing: isOn(given, "keepGoing"),
  };
}

function copyOfProduct(given: unknown): Product & { readonly id?: string } {
  const product = plainCopy(given, "Reading the product");
  if (isRecord(product)) return product;
  throw fail("bad-input", "product is not an object.", "Pass the product as the service shows it.");
}

/** The module reads them once more, one by one. */
function readMetadata(given: unknown): readonly NamedValue[] {
  const metadata = given === undefined ? [] : plainCopy(given, "Reading the metadata");
  if (!isList(metadata))
    throw fail("bad-input", "metadata is not a list.", "Pass a list of { name, value }.");
  const own: readonly unknown[] = [batchEntry, requestEntry];
  if (metadata.some((one) => isRecord(one) && own.includes(one.name))) {
    const fix = "Leave it out; `batch` sets the batch id.";
    throw fail("bad-input", `metadata names ${batchEntry} or ${requestEntry}, which the run sets.`, fix);
  }
  return metadata as readonly NamedValue[];
}

function readSkip(given: unknown): readonly SkipReason[] {
  if (given === undefined) return skips;
  const list = copyOfList(given, skips.length * 2);
  const names: readonly unknown[] = skips;
  if (list?.every((one) => names.includes(one))) return list as SkipReason[];
  throw fail(
    "bad-input",
    "skip is not a list of `verified` and `pending`.",
    "Pass one of them, both, or [].",
  );
}

function readKeyList(given: unknown): readonly VerificationKey[] | undefined {
  if (given === undefined) return undefined;
  const list = copyOfList(given, mostKeys);
  // What each of them is, the verification checks.
  if (list && list.length > 0) return list as VerificationKey[];
  throw fail("bad-input", `keys is not a list of one to ${mostKeys} keys.`, "Pass a list, or leave it out.");
}
