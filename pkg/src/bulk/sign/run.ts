// One run of `signAll`: from the list to the outcomes. It posts, and never posts again what may be there already.
import { quote, serviceUrl, waitAfter } from "../../core.ts";
import { fail, OcisignError } from "../../error.ts";
import { follow } from "../../http/deadline.ts";
import { Pace } from "../../http/pace.ts";
import { artifactOf } from "../../service/artifact.ts";
import { checkSignal, stoppable } from "../../service/call.ts";
import { SigningClient } from "../../service/client.ts";
import type { ClientOptions } from "../../service/client-options.ts";
import { shapes } from "../../service/shaped.ts";
import type { Signing } from "../../service/signing.ts";
import { givenText } from "../../shown/given-text.ts";
import { withoutTrailing } from "../../trailing.ts";
import { again } from "../again.ts";
import { AllRequests } from "../all-requests.ts";
import type { WrongItem } from "../artifacts.ts";
import { newBatchId } from "../batch-id.ts";
import { Calls, isOfAll, TooLong } from "../calls.ts";
import { Ending, graceMs } from "../ending.ts";
import { Outbox } from "../outbox.ts";
import type { BulkItem, RequestedItem, SignOutcome } from "../outcome.ts";
import { isOfAnother } from "../subject.ts";
import { type Doubt, Doubts, doubtError } from "./doubts.ts";
import type { Earlier } from "./earlier.ts";
import { isUnrequested } from "./journal-record.ts";
import { type Item, List } from "./list.ts";
import { MadeBefore } from "./made-before.ts";
import { Proven } from "./proven.ts";
import { Resumed } from "./resume.ts";
import { Search } from "./search.ts";
import type { SignGiven } from "./sign-given.ts";
import type { Artifacts } from "./sign-options.ts";
import { provingKeys, Task } from "./task.ts";
import { Telling } from "./telling.ts";
import { There } from "./there.ts";
import { WaitingAlready } from "./waiting-already.ts";
import { Watch, type WatchEnd } from "./watch.ts";

/** So many images are in one intent: a restart looks for those of them that have no outcome. */
const intentBlock = 256;
/** So many refusals in a row, before anything was accepted, are of all images. */
const mostForbidden = 16;
/** How long an image rests that fails alone, again and again. */
const [firstRestMs, longestRestMs] = [500, 30_000];

/** A run. */
export class Run {
  readonly #given: SignGiven;
  readonly #settings: ClientOptions;
  readonly #artifacts: Artifacts;
  readonly #client: SigningClient;
  readonly #calls: Calls;
  readonly #requests: AllRequests;
  readonly #outbox: Outbox<SignOutcome>;
  readonly #began = performance.now();
  readonly #settleMs: number;
  readonly #ending: Ending;
  readonly #telling: Telling;
  #journal: Resumed | undefined;
  /** When the intent of each block of images is safe, by the first of the block: images are posted in any order. */
  readonly #intents = new Map<number, Promise<void>>();
  #search: Search | undefined;
  #hasAccepted = false;
  #forbidden = 0;
  #watch: Watch;

  constructor(settings: ClientOptions, artifacts: Artifacts, given: SignGiven) {
    this.#given = given;
    this.#settings = settings;
    this.#artifacts = artifacts;
    // The run itself sends again what may be sent again.
    this.#client = new SigningClient({ ...settings, retry: { attempts: 1 } });
    this.#requests = new AllRequests(this.#client);
    this.#settleMs = given.settleMs ?? settings.timeoutMs ?? 30_000;
    const { concurrency: atOnce, patienceMs } = given;
    this.#outbox = new Outbox(atOnce * 8);
    this.#ending = new Ending(() => this.#outbox.release());
    const signal = this.#ending.stop;
    const failed = (error: unknown) => this.#ending.fail(error);
    this.#telling = new Telling({
      outbox: this.#outbox,
      journal: () => this.#journal,
      onProgress: given.onProgress,
      failed,
    });
    const probe = (signal: AbortSignal) => this.#client.product(given.productId, { signal });
    this.#calls = new Calls({ pace: new Pace(atOnce), patienceMs, probe, signal });
    const ended = (end: WatchEnd) => this.#watched(end);
    this.#watch = new Watch({
      ...{ client: this.#client, calls: this.#calls, requests: this.#requests },
      ...{ atOnce, signal, ended, failed },
      room: () => (this.#outbox.isFull ? this.#outbox.room(signal) : undefined),
    });
  }

  /** Does it, and tells what comes of each image. */
  async *outcomes(): AsyncGenerator<SignOutcome, void, undefined> {
    const end = this.#go();
    try {
      for (let next = await this.#outbox.next(); next !== undefined; next = await this.#outbox.next()) {
        yield next;
      }
    } finally {
      this.#ending.begin(graceMs);
      await end;
    }
  }

  async #go(): Promise<void> {
    const { signal, timeoutMs } = this.#given;
    const unfollow = follow(signal, () => this.#ending.abort(signal));
    try {
      await this.#work();
      await this.#watch.idle(timeoutMs);
    } catch (error) {
      this.#ending.fail(error);
    }
    if (this.#ending.failure) await this.#watch.idle(0);
    await this.#telling.quiet();
    unfollow();
    this.#journal?.release();
    this.#ending.end();
    this.#outbox.close(this.#ending.failure);
  }

  async #work(): Promise<void> {
    const { given, task, list } = await this.#prepare();
    const { doubts, search } = this.#settling(task, () => means);
    const there = await this.#there(task, list, search);
    const proven = await this.#proven(task);
    const items = list.items(given.keepGoing);
    const means: Means = { task, doubts, search, there, proven };
    const worker = () => this.#worker(items, (item) => this.#item(item, means));
    await Promise.all(Array.from({ length: given.concurrency }, worker));
    // A list that nobody reads to its end may hold something open.
    items.return().catch(() => {});
    do {
      await this.#telling.quiet();
      await doubts.idle();
    } while (!this.#telling.isQuiet);
  }

  /** Takes one item after the other. When the run ends, it does not wait for one that may never come. */
  async #worker<T>(
    items: AsyncGenerator<T, void, undefined>,
    work: (item: T) => Promise<void>,
  ): Promise<void> {
    const stop = this.#ending.stop;
    let isReading = false;
    const loop = async () => {
      while (!stop.aborted) {
        if (this.#outbox.isFull) await this.#outbox.room(stop);
        isReading = true;
        const next = await items.next();
        isReading = false;
        if (next.done || stop.aborted) return;
        await work(next.value);
      }
    };
    await new Promise<void>((resolve) => {
      const unfollow = follow(stop, () => isReading && resolve());
      loop()
        .catch((error: unknown) => this.#ending.fail(error))
        .finally(() => {
          unfollow();
          resolve();
        });
    });
  }

  /** Reads and checks everything before anything is posted. */
  async #prepare() {
    const given = this.#given;
    const stop = this.#ending.stop;
    checkSignal(given.signal);
    const earlier = given.journal === undefined ? undefined : await Resumed.read(given.journal);
    this.#journal = earlier;
    const batch = given.batch ?? earlier?.head?.batch ?? newBatchId();
    const task = await Task.read(this.#client, this.#calls, given, batch);
    const list = new List(this.#artifacts, (image) => task.check(image));
    if (earlier && !list.isReplayable) {
      const fix = "Pass an array, or a function that gives the list.";
      throw fail("bad-input", "A journal needs a list that can be read twice.", fix);
    }
    if (list.isReplayable) {
      const survey = await stoppable(stop, () => list.survey(given.keepGoing, stop));
      this.#telling.total = survey.count;
      const { productId, operationId } = task;
      const service = withoutTrailing(serviceUrl(this.#settings.baseUrl, "", ""), "/");
      const unmarked = !given.mark && { unmarked: true as const };
      const about = {
        ...unmarked,
        batch,
        service,
        productId,
        operationId,
        list: survey.hash,
        count: survey.count,
      };
      await earlier?.begin({ kind: "run", version: 1, ...about });
    }
    return { given, task, list };
  }

  /** @param means is called once there are doubts */
  #settling(task: Task, means: () => Means) {
    const { productId, operationId } = task;
    const stop = this.#ending.stop;
    const atOnce = this.#given.concurrency;
    const search = new Search({
      ...{ client: this.#client, calls: this.#calls, requests: this.#requests },
      ...{ productId, operationId, atOnce },
    });
    for (const id of this.#journal?.ids() ?? []) search.wasThere(id);
    this.#search = search;
    const doubts: Doubts = new Doubts(
      (sought) => search.look(sought),
      {
        found: (doubt, signing) => this.#found(doubt, signing, search, task),
        absent: (doubt) => this.#absent(doubt, means()),
        unsettled: (item, error) => this.#telling.tell({ ...of(item), state: "doubtful", error }),
        failed: (error) => this.#ending.fail(error),
      },
      stop,
    );
    return { doubts, search };
  }

  /** What is there already: which requests wait, and which an earlier run of this batch id has made. */
  async #there(task: Task, list: List, search: Search): Promise<There> {
    const { skip, isSkipGiven, mark, concurrency: atOnce } = this.#given;
    const journal = this.#journal;
    const isFresh = !journal?.hasBegun;
    // A batch id that nobody has given is new. A journal may be an older copy, which does not tell of all.
    const isStrict = isFresh && this.#given.batch !== undefined;
    const { batch, productId } = task;
    const before = new MadeBefore({
      ...{ batch, productId, isStrict },
      placeOf: (canonical) => list.placeOf(canonical),
      isBegun: (index) => journal?.isBegun(index) ?? false,
      isDone: (index) => journal?.isDone(index) ?? false,
    });
    const waitsAlready = skip.includes("pending");
    const there = new There({
      ...{ client: this.#client, calls: this.#calls, requests: this.#requests, atOnce, batch, isStrict },
      before: mark && (isStrict || !isFresh) ? before : undefined,
      waiting: waitsAlready ? new WaitingAlready(task, (canonical) => list.mayHave(canonical)) : undefined,
      needsList: waitsAlready && isSkipGiven,
      // What is there now is none that this run posts, unless an earlier run may have posted it.
      know: isFresh ? (id) => search.know(id) : () => {},
      signal: this.#ending.stop,
      settledAt: this.#began + this.#settleMs,
    });
    await there.look();
    return there;
  }

  async #proven(task: Task): Promise<Proven | undefined> {
    const { skip, isSkipGiven, keys: expected, registry } = this.#given;
    if (!skip.includes("verified")) return undefined;
    const keySet = await provingKeys(task, this.#client.profile, expected, isSkipGiven);
    const timeoutMs = this.#settings.timeoutMs ?? 30_000;
    return keySet && new Proven({ keySet, registry, timeoutMs, atOnce: this.#given.concurrency });
  }

  async #item(item: Item | WrongItem, means: Means): Promise<void> {
    if (item.wrong) {
      const { index, given, wrong: error } = item;
      const outcome = { index, reference: given, state: "failed", error } as const;
      // It could be anything, and nobody but the caller needs to see it.
      return this.#telling.tell(outcome, { ...outcome, reference: givenText(given) });
    }
    if (item.repeats !== undefined)
      return this.#telling.tell({ ...of(item), state: "skipped", why: "repeated" });
    const earlier = this.#journal?.outcome(item.index);
    if (earlier && this.#journal?.isDone(item.index)) return this.#earlier(item, earlier);
    if (this.#journal?.isBegun(item.index) && !(earlier && isUnrequested(earlier))) {
      if (this.#takeUp(item, means)) return;
      return this.#doubt(this.#doubtOf(item, means, { from: this.#began }), means);
    }
    await this.#new(item, means, false);
  }

  /**
   * An image that the run itself has no request of: unless there is another one, or a proof, it is posted.
   *
   * @param wasInDoubt an earlier run may have posted it; a search has shown that there is none
   */
  async #new(item: Item, means: Means, wasInDoubt: boolean): Promise<void> {
    const { there, task, proven } = means;
    if (this.#takeUp(item, means)) return;
    const waiting = there.waiting(item.reference.canonical);
    if (waiting) return this.#request(item, waiting, true, task);
    const verification = await proven?.of(item.reference, this.#ending.stop);
    if (verification)
      return this.#telling.tell({ ...of(item), state: "skipped", why: "verified", verification });
    const settled = there.settled();
    if (settled) {
      await settled;
      if (this.#takeUp(item, means)) return;
    }
    if (this.#journal) await this.#intend(item.index, this.#journal);
    await this.#post(item, means, { wasInDoubt: wasInDoubt || there.isAhead, tries: 0 });
  }

  /** Takes up what an earlier run of the same batch id has made. @returns is there something? */
  #takeUp(item: Item, { there, task }: Means): boolean {
    const signing = there.before(task.keyOf(item));
    if (!signing) return false;
    this.#madeBefore(item, signing, task);
    return true;
  }

  #madeBefore(item: Item, signing: Signing, task: Task): void {
    const image = artifactOf(signing);
    const isItsImage =
      image.state === "none" ||
      (image.state === "image" && image.reference.canonical === item.reference.canonical);
    if (!isItsImage) {
      const why = `The service accepted another image than was requested, as ${signing.id}.`;
      this.#telling.tell({
        ...of(item),
        state: "doubtful",
        error: doubtError({ item, error: undefined }, why),
      });
    } else if (signing.final) {
      const request = requested(item, signing, true);
      const known = { why: "done", was: request.state, id: signing.id } as const;
      // A journal holds what the service says of the request.
      this.#telling.tell({ ...of(item), state: "skipped", ...known }, request);
    } else {
      this.#request(item, signing, true, task);
    }
  }

  /** A search has found it. What this run has not posted, an earlier one has. */
  #found({ item, error }: Doubt, signing: Signing, search: Search, task: Task): void {
    search.wasThere(signing.id);
    if (error) this.#accepted(item, signing, search, task);
    else this.#madeBefore(item, signing, task);
  }

  /** What an earlier run has finished is not posted again; what it left waiting may be waited for. */
  #earlier(item: Item, { state, id, why }: Earlier): void {
    const isOpen = state === "waiting" || state === "unexplained";
    if (this.#given.wait && id !== undefined && isOpen) {
      this.#watch.add({ item: of(item), id, signing: undefined, takenUp: false });
    } else if (state === "skipped") {
      this.#telling.tell({ ...of(item), state, why: why ?? "done" }, false);
    } else if (state !== "doubtful") {
      const known = { was: state, ...(id !== undefined && { id }) };
      this.#telling.tell({ ...of(item), state: "skipped", why: "done", ...known }, false);
    }
  }

  /** Writes down, before it is posted, that it will be: with those behind it, so that this is rare. */
  async #intend(index: number, journal: Resumed): Promise<void> {
    const from = index - (index % intentBlock);
    const to = Math.min(from + intentBlock, this.#telling.total ?? Number.POSITIVE_INFINITY);
    const safe = this.#intents.get(from) ?? journal.write({ kind: "intent", from, to });
    this.#intents.set(from, safe);
    await safe;
  }

  async #post(item: Item, means: Settlers, tried: Tried): Promise<void> {
    const { task, search } = means;
    const { since, wasInDoubt, tries } = tried;
    let isSent = false;
    try {
      const body = task.bodyFor(item);
      const signing = await this.#calls.act((cut) => {
        isSent = true;
        return shapes.post(this.#client, body, cut);
      }, this.#ending.cut);
      if (isOfAnother(signing, task)) return this.#misunderstood(item, signing, search);
      this.#accepted(item, signing, search, task);
    } catch (thrown) {
      const error = thrown instanceof TooLong ? thrown.failure : thrown;
      if (!(error instanceof OcisignError)) throw error;
      if (thrown instanceof TooLong) this.#ending.fail(thrown);
      const from = performance.now();
      // It may be the very request that was in doubt, which the service has already.
      const isThere = error.code === "conflict" && (wasInDoubt || since !== undefined);
      if (isSent && (error.taken === "maybe" || isThere)) {
        const doubt = { from, error, since: since ?? from, tries: tries + 1 };
        return this.#doubt(this.#doubtOf(item, means, doubt), means);
      }
      // It was not sent, because the run is ending.
      const isUntried = !isSent || error.code === "aborted";
      if (isUntried && since === undefined) return;
      this.#telling.tell({ ...of(item), state: "failed", error });
      if (!isUntried) this.#refused(error);
    }
  }

  /** The service has accepted something else. */
  #misunderstood(item: Item, { id }: Signing, search: Search): void {
    search.know(id);
    const message = `The service accepted another product or operation than was requested, as ${quote(id)}.`;
    const fix = "Reject that request, and report it to the service's operators.";
    const error = new OcisignError("bad-reply", message, fix, undefined, undefined, "maybe");
    this.#telling.tell({ ...of(item), state: "doubtful", error });
  }

  /** Does a refusal say something of all images? */
  #refused(error: OcisignError): void {
    this.#forbidden = error.code === "forbidden" ? this.#forbidden + 1 : 0;
    if (isOfAll(error) || (!this.#hasAccepted && this.#forbidden >= mostForbidden)) this.#ending.fail(error);
  }

  /** A search settles it, if something tells which request is this run's. */
  #doubt(doubt: Doubt, { doubts }: Settlers): void {
    if (this.#given.mark) {
      doubts.add(doubt);
    } else {
      const why = "Requests of this run carry no key, so no search can settle it.";
      this.#telling.tell({ ...of(doubt.item), state: "doubtful", error: doubtError(doubt, why) });
    }
  }

  /** @param how from when on, and after which failure, a search may settle it */
  #doubtOf(
    item: Item,
    { task, search }: Settlers,
    { from, error, since, tries = 0 }: Partial<Doubt> & { readonly from: number },
  ): Doubt {
    const { canonical } = item.reference;
    // Where nothing need settle, an image that always fails waits longer from time to time.
    const rest = tries < 2 ? 0 : waitAfter(firstRestMs, longestRestMs, tries - 2, Math.random());
    return {
      ...{ key: task.keyOf(item), canonical, item, error, since, tries, after: search.next },
      triedMs: from - (since ?? from),
      until: from + Math.max(this.#settleMs, rest),
    };
  }

  /** The service has no request of it: it may be posted again, unless that was tried for long. */
  #absent(doubt: Doubt, means: Means): void {
    const { item, error, since, triedMs, tries } = doubt;
    if (!error) {
      // An earlier run has not come to it, after all.
      this.#telling.beside(this.#new(item, means, true));
    } else if (error.code === "conflict") {
      const why = "The service refuses one more of it, and no search shows the first.";
      this.#telling.tell({ ...of(item), state: "doubtful", error: doubtError(doubt, why) });
    } else if (triedMs > this.#given.patienceMs) {
      this.#telling.tell({ ...of(item), state: "failed", error: notTaken(error) });
    } else {
      this.#telling.beside(this.#post(item, means, { since, wasInDoubt: true, tries }));
    }
  }

  #accepted(item: Item, signing: Signing, search: Search, task: Task): void {
    this.#hasAccepted = true;
    this.#forbidden = 0;
    search.made(signing.id);
    this.#request(item, signing, false, task);
  }

  /** There is a request of it. */
  #request(item: Item, signing: Signing, takenUp: boolean, task: Task): void {
    task.mark(signing);
    if (!this.#given.wait || signing.final) {
      this.#telling.tell(requested(item, signing, takenUp));
    } else {
      // Its id is safe from now on.
      this.#telling.beside(this.#telling.keep(requested(item, signing, takenUp)));
      this.#watch.add({ item: of(item), id: signing.id, signing, takenUp });
    }
  }

  #watched({ item, id, signing, takenUp, error }: WatchEnd): void {
    const isGone = error?.code === "not-found";
    if (isGone) this.#search?.gone(id);
    if (signing) {
      // Deleted, or hidden from this person: nobody here knows what became of it.
      const known = {
        ...requested(item, signing, takenUp),
        ...(isGone && { state: "unexplained" as const }),
      };
      this.#telling.tell({ ...known, ...(error && { error }) });
    } else if (isGone) {
      const message = `The service does not show the request ${quote(id)} any more. ${error.message}`;
      const fix = "Ask those who run the service what became of it before you request the image again.";
      this.#telling.tell(
        { ...of(item), state: "doubtful", error: again(error, message, fix, "maybe") },
        false,
      );
    } else {
      // An earlier run has made it, and it could not be seen since.
      this.#telling.tell({ ...of(item), state: "skipped", why: "done", was: "waiting", id }, false);
    }
  }
}

/** With which a doubt is settled. */
interface Settlers {
  readonly task: Task;
  readonly doubts: Doubts;
  readonly search: Search;
}

interface Means extends Settlers {
  readonly there: There;
  readonly proven: Proven | undefined;
}

/** What was tried for an image before it is posted. */
interface Tried {
  /** When its first POST failed, if one of this run has. */
  readonly since?: number | undefined;
  /** The service may have had a request of it, before a search has shown that there is none. */
  readonly wasInDoubt: boolean;
  /** How many POSTs have brought no answer. */
  readonly tries: number;
}

function of({ index, reference }: Item | BulkItem) {
  return { index, reference: typeof reference === "string" ? reference : reference.canonical };
}

function requested(item: Item | BulkItem, signing: Signing, takenUp: boolean): RequestedItem {
  const state = signing.final ? signing.state : signing.state === "unknown" ? "unexplained" : "waiting";
  return { ...of(item), state, signing, ...(takenUp && { takenUp }) };
}

/** The same error of a call that surely did nothing. */
function notTaken(error: OcisignError): OcisignError {
  const fix = "Start again when the service answers; patienceMs gives more time.";
  const message = `${error.message} A search shows that the service has no request of it.`;
  return again(error, message, fix);
}
