// Reads several requests to be shown and decided together: those of a batch, or some by their ids.
import { quote } from "../../core.ts";
import { fail, OcisignError } from "../../error.ts";
import { copyOfList, isA, isText } from "../../foreign.ts";
import { checkOptions, optionalFunction, optionalSignal, positive } from "../../options.ts";
import { checkSignal } from "../../service/call.ts";
import { SigningClient } from "../../service/client.ts";
import { exactly } from "../../service/exactly.ts";
import type { SigningId } from "../../service/ids.ts";
import { foldedId } from "../../service/same-id.ts";
import type { Signing } from "../../service/signing.ts";
import { inOrder } from "../../signature/in-order.ts";
import { AllRequests } from "../all-requests.ts";
import { batchOf, checkBatchId } from "../batch-id.ts";
import type { BatchWanted, ReadBatchOptions, ShownBatch, UnreadRequest } from "./batch.ts";
import { Calm } from "./calm.ts";
import { Candidates } from "./candidates.ts";
import { type ProductReading, showBatch } from "./show-batch.ts";

/** Nobody looks at more of them. */
const mostIds = 100_000;

/** What reading asks with. */
interface Reader {
  readonly client: SigningClient;
  /** What it reads is all that the service said. */
  readonly exact: SigningClient;
  readonly signal: AbortSignal | undefined;
  /** One for all that is read: an outage is one of all. */
  readonly calm: Calm;
}

/** Requests that were read, and those that could not be. */
interface Found {
  readonly signings: Signing[];
  readonly unread: UnreadRequest[];
}

/**
 * Reads several requests and their products, to show them together and to decide about exactly these: the requests of a
 * batch, or some by their ids. A batch is looked for in the complete list of requests. Each of its requests is then read by
 * itself: a list may show less of it. Each product is read once. What the service said and JavaScript does not keep,
 * such as the end of a number with too many digits, makes a request unread.
 *
 * Two readings of the same requests give the same `hash`, in whichever order the service lists them. It changes with
 * any part that a decision is bound to, of a request or of its product.
 *
 * Through an outage the reading waits, as long as `patienceMs` allows. What fails while others are answered is tried a few
 * times; then it is told as unread.
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
  const given = checkOptions(options, ["signal", "patienceMs", "onOutage"]);
  const signal = optionalSignal(given, "signal");
  const patienceMs = positive(given, "patienceMs");
  const onOutage = optionalFunction<(error: OcisignError) => void>(given, "onOutage");
  const calm = new Calm({ signal, patienceMs, onOutage });
  const reader = { client, exact: exactly(client, "bad-reply"), signal, calm };
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
  return { batch: undefined, ids: [...byId(list).values()] };
}

/** Those of a batch: the complete list tells which ones may be, and each of these is read by itself. */
async function readOf(reader: Reader, batch: string): Promise<Found> {
  const listed = await candidates(reader, batch);
  const { named, nameless } = listed;
  const isNamed = ({ id }: { readonly id: SigningId }) => named.has(foldedId(id));
  const isOwn = (signing: Signing) =>
    batchOf(signing) === batch || (isNamed(signing) && signing.payload?.metadata === undefined);
  const { signings, unread } = await readAll(reader, [...named.values(), ...listed.unclear()], isOwn);
  const all = [
    // One that only may be of this batch may as well be of another.
    ...unread.map((one) => ({ ...one, isWanted: one.id !== undefined && isNamed({ id: one.id }) })),
    ...nameless.map((error) => ({ id: undefined, isWanted: false, error })),
  ];
  if (signings.length === 0 && !all.some(({ isWanted }) => isWanted)) throw noneOf(batch, all.length);
  return { signings, unread: all };
}

/** Walks along the complete list, of which no more is kept than ids. */
async function candidates({ client, calm }: Reader, batch: string): Promise<Candidates> {
  try {
    const { visitor } = await new AllRequests(client).walk(
      (work) => calm.read(work),
      () => new Candidates(batch),
    );
    return visitor;
  } catch (error) {
    if (!(error instanceof OcisignError) || error.code !== "forbidden") throw error;
    throw fail("forbidden", error.message, "Name the requests by their ids instead of the batch.", error);
  }
}

/** Each id once, in its first spelling and at its first place. */
function byId(ids: readonly SigningId[]): Map<string, SigningId> {
  const found = new Map<string, SigningId>();
  for (const id of ids) if (!found.has(foldedId(id))) found.set(foldedId(id), id);
  return found;
}

/**
 * Each by itself, a few at a time: a decision is bound to what is read so, and a list may show less. What the person's
 * signal ends is thrown; all else is told.
 */
async function readAll(
  { exact, signal, calm }: Reader,
  ids: readonly SigningId[],
  isKept: (signing: Signing) => boolean = () => true,
): Promise<Found> {
  const found: Found = { signings: [], unread: [] };
  await inOrder(
    ids,
    (id) => tried(signal, () => calm.read(() => exact.signing(id, { signal }))),
    ({ value, error }, id) => {
      if (!value) found.unread.push({ id, isWanted: true, error });
      else if (isKept(value)) found.signings.push(value);
      return true;
    },
  );
  return found;
}

/** Each product that the requests name, once. */
async function productsOf(
  { exact, signal, calm }: Reader,
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
    ([, id]) => tried(signal, () => calm.read(() => exact.product(id, { signal }))),
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
