// Decides about requests that were shown together: exactly these, one by one, each bound to what was shown.
import { quote } from "../../core.ts";
import { fail, OcisignError } from "../../error.ts";
import { fieldOf, isA, isList, isRecord, isText, isTooDeep } from "../../foreign.ts";
import {
  checkOptions,
  count,
  optionalFunction,
  optionalSignal,
  optionalText,
  positive,
} from "../../options.ts";
import type { SigningClient } from "../../service/client.ts";
import { exactly } from "../../service/exactly.ts";
import { plainCopy } from "../../service/json.ts";
import type { StoredProduct } from "../../service/product.ts";
import { foldedId } from "../../service/same-id.ts";
import type { Signing } from "../../service/signing.ts";
import { stillAsShown } from "../../service/still-as-shown.ts";
import { waits } from "../../service/waits.ts";
import { isDenied } from "../../shown/denied.ts";
import type { BulkProgress } from "../outcome.ts";
import type {
  ApproveBatchOptions,
  BatchRequest,
  DecisionOutcome,
  RejectBatchOptions,
  ShownBatch,
} from "./batch.ts";
import { Deciding } from "./deciding.ts";
import { checkClient } from "./read-batch.ts";
import { type ProductReading, showBatch } from "./show-batch.ts";
import { approvedBy, isRejectedBy } from "./whose.ts";

/**
 * Approves the requests that {@link readBatch} read and a person saw: exactly these, and each only as it was shown. It
 * begins only if `confirm` is {@link ShownBatch.words}.
 *
 * Before each approval the client reads the request and its product again. One that changed is told, and the others go
 * on. An approval is never sent twice: where the answer is lost, the request is read until it shows the approval of
 * `by`, or `settleMs` is over. In an outage it pauses. Each request has one outcome; they come in the order in which
 * they end, also after an abort. A request that is final already, or that shows the approval of `by`, is not sent.
 *
 * @throws {OcisignError} `bad-input`; `changed` when `confirm` is not what was shown. Both at the first step.
 * @example
 * ```js
 * import { approveBatch, readBatch } from "ocisign";
 *
 * const shown = await readBatch(client, { ids: [request.id] });
 * // What the approver looks at, and then types:
 * console.log(shown.requests, shown.products, shown.words);
 * for await (const { id, state, error } of approveBatch(client, shown, { confirm: shown.words })) {
 *   console.log(id, state, error?.message);
 * }
 * ```
 */
export async function* approveBatch(
  client: SigningClient,
  shown: ShownBatch,
  options: ApproveBatchOptions,
): AsyncGenerator<DecisionOutcome<"approved">, void, undefined> {
  const { comment, ...how } = readOptions(client, options);
  const seen = await checkShown(client, shown, how.confirm);
  const isOwn = (signing: Signing) => approvedBy(signing, how.by);
  yield* new Deciding<"approved">(seen.requests, how, {
    done: "approved",
    canTell: how.by?.objectId !== undefined,
    client: (isOut) => deciderOf(client, isOut),
    check: (signing, looks) =>
      stillAsShown(signing.id, signing, seen.productOf(signing), "Nothing was approved.", looks),
    send: (own, { id }, bound, signal) =>
      waits.decide(own, "Approving", "approve", id, { comment, expect: bound }, signal),
    isDone: (signing) => isOwn(signing) === true,
    isDenied: (answer) => isDenied("approve", answer),
    // A service that shows no approvals may have taken it, whatever the state is.
    isAnothers: (signing) => signing.final && isOwn(signing) === false,
    refusal: ({ refusals: [first] }) => first?.error,
  }).outcomes();
}

/**
 * Rejects the requests that {@link readBatch} read and a person saw, with one comment for all. Like
 * {@link approveBatch}, but for what a request cannot be approved for: rejecting is what is left then.
 *
 * @throws {OcisignError} as {@link approveBatch}; `bad-input` without a comment.
 * @example
 * ```js
 * import { readBatch, rejectBatch } from "ocisign";
 *
 * const shown = await readBatch(client, { ids: [request.id] });
 * console.log(shown.requests, shown.words);
 * const options = { confirm: shown.words, comment: "another build replaces these" };
 * for await (const { id, state, error } of rejectBatch(client, shown, options)) console.log(id, state, error?.message);
 * ```
 */
export async function* rejectBatch(
  client: SigningClient,
  shown: ShownBatch,
  options: RejectBatchOptions,
): AsyncGenerator<DecisionOutcome<"rejected">, void, undefined> {
  const { comment, ...how } = readOptions(client, options);
  if (!comment?.trim()) {
    throw fail(
      "bad-input",
      "A rejection needs a comment.",
      "Say why in `comment`: the requesters have to know.",
    );
  }
  const seen = await checkShown(client, shown, how.confirm);
  const isOwn = (signing: Signing) => isRejectedBy(signing, how.by, comment.trim());
  yield* new Deciding<"rejected">(seen.requests, how, {
    done: "rejected",
    canTell: true,
    client: (isOut) => deciderOf(client, isOut),
    check: (signing, looks) => stillAsShown(signing.id, signing, undefined, "Nothing was rejected.", looks),
    send: (own, { id }, bound, signal) =>
      waits.decide(own, "Rejecting", "reject", id, { comment, expect: bound }, signal),
    isDone: (signing) => signing.state === "rejected" && isOwn(signing),
    isDenied: (answer) => isDenied("reject", answer),
    isAnothers: (signing) => signing.final && !(signing.state === "rejected" && isOwn(signing)),
    refusal: () => undefined,
  }).outcomes();
}

/**
 * What decides: the run itself sends again what may be sent again, so that one patience is kept. What was shown had
 * nothing that gets lost in reading; what has such a thing now is another.
 */
function deciderOf(client: SigningClient, isOut?: () => void): SigningClient {
  return exactly(client, "changed", { retry: { attempts: 1 }, isOut });
}

const known = [
  ...(["confirm", "comment", "by", "signal", "onProgress", "concurrency", "settleMs", "patienceMs"] as const),
];

function readOptions(client: unknown, options: unknown) {
  checkClient(client);
  const given = checkOptions(options, known);
  return {
    confirm: given.confirm,
    comment: optionalText(given, "comment"),
    by: given.by === undefined ? undefined : checkOptions(given.by, ["objectId", "name", "groups"], "by"),
    signal: optionalSignal(given, "signal"),
    onProgress: optionalFunction<(progress: BulkProgress) => void>(given, "onProgress"),
    concurrency: count(given, "concurrency") ?? 4,
    settleMs: positive(given, "settleMs") ?? waits.givenOf(client).timeoutMs ?? 30_000,
    patienceMs: positive(given, "patienceMs") ?? 15 * 60_000,
  };
}

/** What was shown, once it is certain that it is what the act names. */
interface Seen {
  readonly requests: readonly BatchRequest[];
  productOf(signing: Signing): StoredProduct | undefined;
}

/**
 * A copy of what was shown, put together anew from the readings: the caller may have kept it for long, or changed it. The
 * act has to name it as it is.
 */
async function checkShown(client: SigningClient, shown: unknown, confirm: unknown): Promise<Seen> {
  const { signings, products } = copyOf(shown);
  const again = await showBatch({ batch: undefined, signings, products, unread: [] }, client.profile);
  if (fieldOf(shown, "hash") !== again.hash) {
    const message = "The requests or their products are not those that the hash was made of.";
    throw fail("changed", message, "Read the batch again, show it, and decide again. Nothing was decided.");
  }
  if (confirm !== again.words) {
    const isAct = isText(confirm) && /^\d+ [0-9a-f]{8}$/.test(confirm);
    const message = isAct
      ? `The requests that were shown are ${quote(again.words)}, and confirm is ${quote(confirm)}.`
      : "confirm is not the number of requests and the last 8 characters of the hash.";
    const fix = "Look at the requests that were shown, and pass their `words`. Nothing was decided.";
    throw fail(isAct ? "changed" : "bad-input", message, fix);
  }
  const productOf = ({ productId }: Signing) =>
    isText(productId) ? products.get(foldedId(productId))?.product : undefined;
  return { requests: again.requests, productOf };
}

function copyOf(shown: unknown): { signings: Signing[]; products: Map<string, ProductReading> } {
  const wrong = (what: string) => fail("bad-input", what, "Pass what readBatch gave, as it gave it.");
  const [requests, products] = [fieldOf(shown, "requests"), fieldOf(shown, "products")];
  if (!isList(requests) || requests.length === 0 || !isList(products))
    throw wrong("shown is no batch that was read.");
  const signings = requests.map((request) => plainCopy(fieldOf(request, "signing"), "Copying the requests"));
  const isRequest = (it: unknown): it is Signing =>
    isRecord(it) && isText(it.id) && it.id !== "" && !isTooDeep(it);
  if (!signings.every(isRequest)) throw wrong("shown has a request that is none.");
  if (new Set(signings.map(({ id }) => foldedId(id))).size < signings.length) {
    throw wrong("shown has a request twice.");
  }
  return { signings, products: new Map(products.map((product) => readingOf(product, wrong))) };
}

function readingOf(given: unknown, wrong: (what: string) => Error): [string, ProductReading] {
  const [id, error] = [fieldOf(given, "id"), fieldOf(given, "error")];
  const product = plainCopy(fieldOf(given, "product") ?? null, "Copying the products") ?? undefined;
  if (!isText(id) || (product !== undefined && (!isRecord(product) || isTooDeep(product)))) {
    throw wrong("shown has a product that is none.");
  }
  if (product === undefined && !isA(error, OcisignError))
    throw wrong("shown has a product without a reading.");
  // Of a product, every field but the id may be missing, or of another type, as in a reply.
  return [
    foldedId(id),
    {
      id,
      product: product as StoredProduct | undefined,
      error: product ? undefined : (error as OcisignError),
    },
  ];
}
