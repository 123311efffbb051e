// Reads several requests to be shown and decided together: those of a batch, or some by their ids.
import { quote } from "../../core.ts";
import { fail, OcisignError } from "../../error.ts";
import { copyOfList, isA, isText } from "../../foreign.ts";
import { checkOptions, optionalSignal } from "../../options.ts";
import { changesBetween } from "../../service/binding.ts";
import { checkSignal } from "../../service/call.ts";
import { SigningClient } from "../../service/client.ts";
import type { SigningId } from "../../service/ids.ts";
import { foldedId } from "../../service/same-id.ts";
import type { Signing } from "../../service/signing.ts";
import { inOrder } from "../../signature/in-order.ts";
import { batchOf, checkBatchId } from "../batch-id.ts";
import type { BatchWanted, ReadBatchOptions, ShownBatch, UnreadRequest } from "./batch.ts";
import { type ProductReading, showBatch } from "./show-batch.ts";

/** Nobody looks at more of them. */
const mostIds = 100_000;

/** What reading asks with. */
interface Reader {
  readonly client: SigningClient;
  readonly signal: AbortSignal | undefined;
}

/** Requests that were read, and those that could not be. */
interface Found {
  readonly signings: Signing[];
  readonly unread: UnreadRequest[];
}

/**
 * Reads several requests and their products, to show them together and to decide about exactly these: the requests of a
 * batch, or some by their ids. A batch is looked for in the complete list of requests. What the list shows in part only
 * is read by itself. Each product is read once.
 *
 * Two readings of the same requests give the same `hash`, in whichever order the service lists them. It changes with
 * any part that a decision is bound to, of a request or of its product.
 *
 * @param wanted `{ batch }`, the batch id of a run, or `{ ids }`; an id that comes twice counts once.
 * @throws {OcisignError} `bad-input`; `not-found` when no request bears the batch id; `forbidden` when the person may
 *   not list requests; as {@link SigningClient.signing} when none of the ids could be read.
 * @example
 * ```js
 * import { readBatch } from "ocisign";
 *
 * const shown = await readBatch(client, { ids: [request.id] });
 * for (const { path, value } of shown.same) console.log(path, value);
 * for (const { signing, differs, refusals } of shown.requests) {
 *   console.log(signing.id, differs, refusals.map(({ error }) => error.message));
 * }
 * console.log(`To approve them, type: ${shown.words}`);
 * ```
 */
export async function readBatch(
  client: SigningClient,
  wanted: BatchWanted,
  options: ReadBatchOptions = {},
): Promise<ShownBatch> {
  checkClient(client);
  const { batch, ids } = checkWanted(wanted);
  const reader = { client, signal: optionalSignal(checkOptions(options, ["signal"]), "signal") };
  const found = ids ? await readAll(reader, ids) : await readOf(reader, batch);
  const [first] = found.unread;
  // With nothing to show, the reason of the first one is all there is to say.
  if (found.signings.length === 0 && first) throw first.error;
  const products = await productsOf(reader, found.signings);
  return showBatch({ ...found, batch: ids ? undefined : batch, products }, client.profile);
}

export function checkClient(client: unknown): asserts client is SigningClient {
  if (isA(client, SigningClient)) return;
  throw fail("bad-input", "client is not a SigningClient.", "Pass the client of the person who decides.");
}

function checkWanted(
  wanted: unknown,
): { batch: string; ids?: undefined } | { batch: undefined; ids: string[] } {
  const { batch, ids } = checkOptions(wanted, ["batch", "ids"], "wanted");
  if ((batch === undefined) === (ids === undefined)) {
    const what = batch === undefined ? "Neither batch nor ids is given." : "Both batch and ids are given.";
    throw fail("bad-input", what, "Pass one of them.");
  }
  if (ids === undefined) return { batch: checkBatchId(batch) };
  const list = copyOfList(ids, mostIds);
  if (!list || list.length === 0 || !list.every(isText)) {
    const fix = "Pass a list of the requests' ids; split one of more than 100,000.";
    throw fail("bad-input", "ids is not a list of texts, or is empty or too long.", fix);
  }
  // Each once, in its first spelling.
  return {
    batch: undefined,
    ids: [...new Map(list.toReversed().map((id) => [foldedId(id), id])).values()].reverse(),
  };
}

/** Those of a batch, from the complete list. */
async function readOf(reader: Reader, batch: string): Promise<Found> {
  const listed = await list(reader);
  // One that shows no metadata may be of this batch, too, unless it has none where others of the list show theirs.
  const isShown = listed.some(({ payload }) => payload?.metadata !== undefined);
  const isPartial = ({ payload }: Signing) => (isShown ? payload : payload?.metadata) === undefined;
  const unclear = [
    ...listed.filter(isPartial).map(({ id }) => id),
    ...listed.unreadable.flatMap(({ id }) => id ?? []),
  ];
  const own = await wholeOf(
    reader,
    listed.filter((signing) => batchOf(signing) === batch),
  );
  const others = await readAll(reader, unclear);
  const signings = [...own.signings, ...others.signings.filter((signing) => batchOf(signing) === batch)];
  const nameless = listed.unreadable.filter(({ id }) => id === undefined);
  const unread = [
    ...own.unread,
    // Perhaps they are of another batch.
    ...others.unread.map((one) => ({ ...one, isWanted: false })),
    ...nameless.map(({ error }) => ({ id: undefined, isWanted: false, error })),
  ];
  // What could not be read may as well be of another batch.
  if (signings.length === 0 && own.unread.length === 0) throw noneOf(batch, unread.length);
  return { signings, unread };
}

async function list({ client, signal }: Reader) {
  try {
    return await client.signings({}, { signal });
  } catch (error) {
    if (!(error instanceof OcisignError) || error.code !== "forbidden") throw error;
    throw fail("forbidden", error.message, "Name the requests by their ids instead of the batch.", error);
  }
}

/**
 * Requests of a list, each with all its fields: a service may show fewer of them in its list. The first one tells; only
 * if it lacks something, the others are read, too.
 */
async function wholeOf(reader: Reader, listed: readonly Signing[]): Promise<Found> {
  const [first, ...others] = listed;
  if (!first) return { signings: [], unread: [] };
  const looked = await readAll(reader, [first.id]);
  const [whole] = looked.signings;
  if (whole && changesBetween(first, whole).length === 0) return { signings: [whole, ...others], unread: [] };
  const rest = await readAll(
    reader,
    others.map(({ id }) => id),
  );
  return { signings: [...looked.signings, ...rest.signings], unread: [...looked.unread, ...rest.unread] };
}

/** Each by itself, a few at a time. What the person's signal ends is thrown; all else is told. */
async function readAll({ client, signal }: Reader, ids: readonly SigningId[]): Promise<Found> {
  const found: Found = { signings: [], unread: [] };
  await inOrder(
    ids,
    (id) => tried(signal, () => client.signing(id, { signal })),
    ({ value, error }, id) => {
      if (value) found.signings.push(value);
      else found.unread.push({ id, isWanted: true, error });
      return true;
    },
  );
  return found;
}

/** Each product that the requests name, once. */
async function productsOf(
  { client, signal }: Reader,
  signings: readonly Signing[],
): Promise<Map<string, ProductReading>> {
  const ids = new Map(
    signings.flatMap(({ productId }) =>
      isText(productId) && productId ? [[foldedId(productId), productId]] : [],
    ),
  );
  const products = new Map<string, ProductReading>();
  await inOrder(
    [...ids],
    ([, id]) => tried(signal, () => client.product(id, { signal })),
    ({ value, error }, [folded, id]) => {
      products.set(folded, { id, product: value, error });
      return true;
    },
  );
  return products;
}

/** What came of a read; an abort ends all of them. */
async function tried<T>(
  signal: AbortSignal | undefined,
  read: () => Promise<T>,
): Promise<{ value: T; error?: undefined } | { value?: undefined; error: OcisignError }> {
  try {
    return { value: await read() };
  } catch (error) {
    checkSignal(signal);
    if (error instanceof OcisignError) return { error };
    throw error;
  }
}

function noneOf(batch: string, unread: number): OcisignError {
  const unreadable = unread === 0 ? "" : ` ${unread} could not be read.`;
  const message = `No request that you may see is of the batch ${quote(batch)}.${unreadable}`;
  return fail("not-found", message, "Check the batch id; who began the run knows it.") as OcisignError;
}
