// `ocisign sign --from-file`: the list is checked as a whole, then all of it is requested, and what came of it is told.
import type { SignAllOptions } from "ocisign";
import type { RequestDetails } from "../acting.ts";
import { libraryError } from "../library-error.ts";
import { productToRequest } from "../product-seen.ts";
import { registryOptions } from "../registry-options.ts";
import { openReports, type Reports, reported } from "../report/open.ts";
import type { Session } from "../session.ts";
import { explainEnds } from "../unexplained.ts";
import { ImageList } from "./image-list.ts";
import { ListRun } from "./list-run.ts";
import type { Skip } from "./options.ts";
import { otherShard } from "./other-shard.ts";
import { patiently } from "./patiently.ts";
import { resumeList } from "./resume-list.ts";
import { openFile, RunJournal } from "./run-journal.ts";
import type { Shard } from "./shard.ts";
import { type ListFile, openList } from "./spool.ts";
import { checkList, checkRegistries, tellRepetitions } from "./wrong-lines.ts";

export interface SignListOptions {
  /** As the command names what is signed: `--from-file` and a path or `-`, or an image and `--recursive`. */
  readonly named: readonly string[];
  readonly details: RequestDetails;
  readonly wait: boolean;
  readonly timeout: number | undefined;
  /** Request although the product may not be read. */
  readonly mayBeUnread: boolean;
  readonly journal: string | undefined;
  readonly keepGoing: boolean;
  readonly shard: Shard | undefined;
  readonly skip: Skip | undefined;
  readonly concurrency: number | undefined;
  readonly settle: number | undefined;
  readonly patience: number | undefined;
  readonly batch: string | undefined;
  /** Do requests carry the batch id and a key? */
  readonly mark: boolean;
  readonly report: readonly string[] | undefined;
}

/** What came of a list: all else was told while it went on. */
export interface SignedList {
  readonly exit: number;
}

/** @param path of the list, or `-` */
export async function signList(
  session: Session,
  path: string,
  options: Omit<SignListOptions, "named">,
): Promise<SignedList> {
  const file = await openList(path, "--from-file", session.signal);
  return signOpened(session, file, { ...options, named: ["--from-file", path] }, [path]);
}

/** @param inputs the files that no report may replace */
export async function signOpened(
  session: Session,
  file: ListFile,
  options: SignListOptions,
  inputs: readonly string[] = [],
): Promise<SignedList> {
  try {
    const list = await ImageList.read(file, options);
    await checkList(list, options.keepGoing);
    tellRepetitions(list, session.output, "requested");
    const reports = openReports(options.report ?? [], [...inputs, options.journal]);
    return await reported(reports, () => request(session, list, options, reports));
  } finally {
    await file.close();
  }
}

async function request(
  session: Session,
  list: ImageList,
  options: SignListOptions,
  reports: Reports,
): Promise<SignedList> {
  const { details, keepGoing, mayBeUnread, wait } = options;
  const wanted = session.settings.product?.value;
  const read = () => productToRequest(session, wanted, details.operation, mayBeUnread);
  const { product, productId } = await patiently(session, read, options.patience);
  if (product && !keepGoing) await checkRegistries(list, product);
  const client = await session.service();
  if (wait) explainEnds(session, client.profile);
  const journalFile = options.journal === undefined ? undefined : await openFile(options.journal);
  const run = new ListRun(session, list, { wait });
  const journal = new RunJournal(journalFile, list, (outcome) => run.kept(outcome));
  let failure: unknown;
  const batch = () => (options.mark ? journal.head?.batch : undefined);
  // Without marks, only a journal knows what was requested.
  if (options.mark || journalFile) session.resume = resumeList(session, options, batch);
  try {
    const { operation, ...more } = details;
    const which = product ? { product, operation } : { productId, operationId: operation };
    const all: SignAllOptions = {
      ...which,
      ...more,
      ...callOptions(options),
      journal,
      registry: await registryOf(session, list),
      signal: session.signal,
      onProgress: (progress) => run.progress(progress),
    };
    for await (const outcome of client.signAll(() => list.references(), all)) {
      reports.add(run.add(outcome));
    }
    session.resume = undefined;
  } catch (error) {
    failure = await otherShard(error, journalFile, options);
    // With another run's journal, the same command would only stop again.
    if (libraryError(error)?.code === "bad-journal") session.resume = undefined;
    throw failure;
  } finally {
    await journal.close();
    await run.end(batch(), failure);
  }
  return { exit: run.exit };
}

/** What was not given has the default of the library. */
function callOptions(options: SignListOptions) {
  const { wait, keepGoing, timeout, skip, concurrency, settle, patience, batch, mark } = options;
  const given = { timeoutMs: timeout, skip, concurrency, settleMs: settle, patienceMs: patience, batch };
  return { wait, keepGoing, mark, ...given };
}

/** Where the registry is reached: all images of a product are in one. */
async function registryOf(session: Session, list: ImageList) {
  const registry = list.registries.first;
  return registry === undefined ? undefined : registryOptions(session, { registry });
}
