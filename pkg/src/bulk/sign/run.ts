// One run of `signAll`: from the list to the outcomes. It posts, and never posts again what may be there already.
import { serviceUrl } from "../../core.ts";
import { fail, OcisignError } from "../../error.ts";
import { follow, pause } from "../../http/deadline.ts";
import { Pace } from "../../http/pace.ts";
import { artifactOf } from "../../service/artifact.ts";
import { checkSignal, stoppable } from "../../service/call.ts";
import { SigningClient } from "../../service/client.ts";
import type { ClientOptions } from "../../service/client-options.ts";
import type { Listed } from "../../service/listed.ts";
import type { Signing } from "../../service/signing.ts";
import { isWithheld } from "../../service/withheld.ts";
import { again } from "../again.ts";
import type { WrongItem } from "../artifacts.ts";
import { newBatchId } from "../batch-id.ts";
import { Calls, isOfAll, TooLong } from "../calls.ts";
import { Outbox } from "../outbox.ts";
import type { RequestedItem, SignOutcome } from "../outcome.ts";
import { type Doubt, Doubts, doubtError } from "./doubts.ts";
import type { JournalOutcome } from "./journal.ts";
import { type Item, List } from "./list.ts";
import { inDoubt, MadeBefore } from "./made-before.ts";
import { Proven } from "./proven.ts";
import { type Earlier, Resumed } from "./resume.ts";
import { Search } from "./search.ts";
import type { SignGiven } from "./sign-given.ts";
import type { Artifacts } from "./sign-options.ts";
import { provingKeys, Task } from "./task.ts";
import { waitingAlready } from "./waiting-already.ts";
import { Watch, type WatchEnd } from "./watch.ts";

/** So many images are in one intent: a restart looks for those of them that have no outcome. */
const intentBlock = 256;
/** How long a caller who has enough waits for what is under way. */
const graceMs = 3000;
/** So many refusals in a row, before anything was accepted, are of all images. */
const mostForbidden = 16;

/** A run. */
export class Run {
  readonly #given: SignGiven;
  readonly #settings: ClientOptions;
  readonly #artifacts: Artifacts;
  readonly #client: SigningClient;
  readonly #calls: Calls;
  readonly #outbox: Outbox<SignOutcome>;
  readonly #began = performance.now();
  readonly #settleMs: number;
  /** Nothing begins after it. */
  readonly #stopping = new AbortController();
  /** Ends what is under way. */
  readonly #cutting = new AbortController();
  readonly #ended = new AbortController();
  #failure: { readonly error: unknown } | undefined;
  /** What goes on beside the workers. */
  readonly #beside = new Set<Promise<void>>();
  readonly #counts: Record<string, number> = {};
  #done = 0;
  #total: number | undefined;
  #journal: Resumed | undefined;
  /** When the intent of each block of images is safe, by the first of the block: images are posted in any order. */
  readonly #intents = new Map<number, Promise<void>>();
  #hasAccepted = false;
  #forbidden = 0;
  #watch: Watch;

  constructor(settings: ClientOptions, artifacts: Artifacts, given: SignGiven) {
    this.#given = given;
    this.#settings = settings;
    this.#artifacts = artifacts;
    // The run itself sends again what may be sent again.
    this.#client = new SigningClient({ ...settings, retry: { attempts: 1 } });
    this.#settleMs = given.settleMs ?? settings.timeoutMs ?? 30_000;
    const { concurrency: atOnce, patienceMs } = given;
    const signal = this.#stopping.signal;
    const probe = (signal: AbortSignal) => this.#client.product(given.productId, { signal });
    this.#calls = new Calls({ pace: new Pace(atOnce), patienceMs, probe, signal });
    this.#outbox = new Outbox(atOnce * 8);
    const ended = (end: WatchEnd) => this.#watched(end);
    const failed = (error: unknown) => this.#fail(error);
    this.#watch = new Watch({ client: this.#client, calls: this.#calls, atOnce, signal, ended, failed });
  }

  /** Does it, and tells what comes of each image. */
  async *outcomes(): AsyncGenerator<SignOutcome, void, undefined> {
    const end = this.#go();
    try {
      yield* this.#outbox.read();
    } finally {
      this.#stop(graceMs);
      await end;
    }
  }

  async #go(): Promise<void> {
    const { signal, timeoutMs } = this.#given;
    const unfollow = follow(signal, () => this.#abort(signal));
    try {
      await this.#work();
      await this.#watch.idle(timeoutMs);
    } catch (error) {
      this.#fail(error);
    }
    if (this.#failure) await this.#watch.idle(0);
    await this.#quiet();
    unfollow();
    this.#ended.abort();
    this.#outbox.close(this.#failure);
  }

  async #work(): Promise<void> {
    const { given, task, list } = await this.#prepare();
    const { doubts, search } = this.#settling(task, () => means);
    const there = await this.#there(task, list, search);
    const proven = await this.#proven(task);
    const items = list.items(given.keepGoing);
    const means: Means = { task, doubts, search, ...there, proven };
    const worker = () => this.#worker(items, (item) => this.#item(item, means));
    await Promise.all(Array.from({ length: given.concurrency }, worker));
    // A list that nobody reads to its end may hold something open.
    items.return().catch(() => {});
    do {
      await this.#quiet();
      await doubts.idle();
    } while (this.#beside.size > 0);
  }

  /** Takes one item after the other. When the run ends, it does not wait for one that may never come. */
  async #worker<T>(
    items: AsyncGenerator<T, void, undefined>,
    work: (item: T) => Promise<void>,
  ): Promise<void> {
    const stop = this.#stopping.signal;
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
        .catch((error: unknown) => this.#fail(error))
        .finally(() => {
          unfollow();
          resolve();
        });
    });
  }

  /** Reads and checks everything before anything is posted. */
  async #prepare() {
    const given = this.#given;
    const stop = this.#stopping.signal;
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
      this.#total = survey.count;
      const { productId, operationId } = task;
      const service = serviceUrl(this.#settings.baseUrl, "", "").replace(/\/+$/, "");
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
    const { batch, productId, operationId } = task;
    const stop = this.#stopping.signal;
    const atOnce = this.#given.concurrency;
    const search = new Search({
      ...{ client: this.#client, calls: this.#calls, batch, productId, operationId, atOnce },
    });
    const doubts: Doubts = new Doubts(
      (sought) => search.look(sought),
      {
        found: (item, signing) => this.#accepted(item, signing, search, task),
        absent: (doubt) => this.#absent(doubt, means()),
        unsettled: (item, error) => this.#tell({ ...of(item), state: "doubtful", error }),
        failed: (error) => this.#fail(error),
      },
      stop,
    );
    return { doubts, search };
  }

  /** One list at the start: which requests wait already, and which an earlier run of this batch id has made. */
  async #there(task: Task, list: List, search: Search): Promise<There> {
    const { skip, batch, concurrency: atOnce } = this.#given;
    const [client, calls] = [this.#client, this.#calls];
    const isWanted = (canonical: string) => list.has(canonical);
    const isFresh = !this.#journal?.hasBegun;
    // A batch id that nobody has given is new, or its journal tells what was made.
    const before =
      batch === undefined
        ? undefined
        : new MadeBefore({ client, calls, atOnce, batch, productId: task.productId, isWanted });
    if (!before && !skip.includes("pending")) return nothingThere;
    const listed = await this.#listed(before && isFresh ? batch : undefined);
    if (!listed) return nothingThere;
    // What is there now is none that this run posts, unless a journal says that an earlier run may have posted it.
    if (isFresh) for (const signing of listed) search.know(signing);
    const seen = before ? await before.look(listed) : listed;
    const how = { client, calls, atOnce, subject: task, isWanted };
    const waiting = skip.includes("pending") ? await waitingAlready(seen, how) : nothingThere.waiting;
    return { waiting, before, settled: before && isFresh ? this.#settled(before) : undefined };
  }

  /** @param resumed the batch id of a run that only the list tells of: without the list, nobody knows what is there */
  async #listed(resumed: string | undefined): Promise<Listed<Signing> | undefined> {
    const { skip, isSkipGiven } = this.#given;
    try {
      return await this.#calls.read((signal) => this.#client.signings(undefined, { signal }));
    } catch (error) {
      if (!(error instanceof OcisignError) || !isWithheld(error)) throw error;
      if (resumed !== undefined)
        throw inDoubt(resumed, `The list of requests could not be read. ${error.message}`, error);
      // Who may request need not be allowed to list.
      if (!(isSkipGiven && skip.includes("pending"))) return undefined;
      throw error;
    }
  }

  /** Once nothing that a stopped run has sent can be under way any more: then one more list tells what it has made. */
  #settled(before: MadeBefore): () => Promise<void> {
    let settled: Promise<void> | undefined;
    const settle = async () => {
      const stop = this.#stopping.signal;
      // Behind the moment, as the list has to begin after it.
      await pause(this.#began + this.#settleMs + 1 - performance.now(), stop);
      if (stop.aborted) return;
      await before.look(await this.#calls.read((signal) => this.#client.signings(undefined, { signal })));
    };
    return async () => {
      if (!before.isAny && !settled) return;
      settled ??= settle();
      await settled;
    };
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
      return this.#tell({ index: item.index, reference: item.given, state: "failed", error: item.wrong });
    }
    if (item.repeats !== undefined) return this.#tell({ ...of(item), state: "skipped", why: "repeated" });
    const earlier = this.#journal?.outcome(item.index);
    if (earlier && earlier.state !== "doubtful" && !isUnrequested(earlier))
      return this.#earlier(item, earlier);
    if (this.#journal?.isBegun(item.index) && !(earlier && isUnrequested(earlier))) {
      return this.#doubt(this.#doubtOf(item, means, this.#began, undefined, undefined), means);
    }
    await this.#new(item, means);
  }

  /** An image that the run itself has no request of: unless there is another one, or a proof, it is posted. */
  async #new(item: Item, means: Means): Promise<void> {
    if (this.#takeUp(item, means)) return;
    const waiting = means.waiting.get(item.reference.canonical);
    if (waiting) return this.#request(item, waiting, true, means.task);
    const verification = await means.proven?.of(item.reference, this.#stopping.signal);
    if (verification) return this.#tell({ ...of(item), state: "skipped", why: "verified", verification });
    if (means.settled) {
      await means.settled();
      if (this.#takeUp(item, means)) return;
    }
    if (this.#journal) await this.#intend(item.index, this.#journal);
    await this.#post(item, means, undefined);
  }

  /** Takes up what an earlier run of the same batch id has made. @returns is there something? */
  #takeUp(item: Item, { before, task }: Means): boolean {
    const signing = before?.of(task.keyOf(item));
    if (!signing) return false;
    const image = artifactOf(signing);
    const isItsImage =
      image.state === "none" ||
      (image.state === "image" && image.reference.canonical === item.reference.canonical);
    if (!isItsImage) {
      const why = `The service accepted another image than was requested, as ${signing.id}.`;
      this.#tell({ ...of(item), state: "doubtful", error: doubtError({ item, error: undefined }, why) });
    } else if (signing.final) {
      const request = requested(item, signing, true);
      const known = { why: "done", was: request.state, id: signing.id } as const;
      // A journal holds what the service says of the request.
      this.#tell({ ...of(item), state: "skipped", ...known }, request);
    } else {
      this.#request(item, signing, true, task);
    }
    return true;
  }

  /** What an earlier run has finished is not posted again; what it left waiting may be waited for. */
  #earlier(item: Item, { state, id, why }: Earlier): void {
    const isOpen = state === "waiting" || state === "unexplained";
    if (this.#given.wait && id !== undefined && isOpen) {
      this.#watch.add({ item, id, signing: undefined, takenUp: false });
    } else if (state === "skipped") {
      this.#tell({ ...of(item), state, why: why ?? "done" }, false);
    } else if (state !== "doubtful") {
      const known = { was: state, ...(id !== undefined && { id }) };
      this.#tell({ ...of(item), state: "skipped", why: "done", ...known }, false);
    }
  }

  /** Writes down, before it is posted, that it will be: with those behind it, so that this is rare. */
  async #intend(index: number, journal: Resumed): Promise<void> {
    const from = index - (index % intentBlock);
    const to = Math.min(from + intentBlock, this.#total ?? Number.POSITIVE_INFINITY);
    const safe = this.#intents.get(from) ?? journal.write({ kind: "intent", from, to });
    this.#intents.set(from, safe);
    await safe;
  }

  /** @param since when its first POST failed */
  async #post(item: Item, means: Settlers, since: number | undefined): Promise<void> {
    const { task, search } = means;
    let isSent = false;
    try {
      const input = task.inputFor(item);
      const signing = await this.#calls.act((cut) => {
        isSent = true;
        return this.#client.requestSigning(input, { signal: cut });
      }, this.#cutting.signal);
      this.#accepted(item, signing, search, task);
    } catch (thrown) {
      const error = thrown instanceof TooLong ? thrown.failure : thrown;
      if (!(error instanceof OcisignError)) throw error;
      if (thrown instanceof TooLong) this.#fail(thrown);
      const now = performance.now();
      if (isSent && error.taken === "maybe") {
        return this.#doubt(this.#doubtOf(item, means, now, error, since ?? now), means);
      }
      // It was not sent, because the run is ending.
      const isUntried = !isSent || error.code === "aborted";
      if (isUntried && since === undefined) return;
      this.#tell({ ...of(item), state: "failed", error });
      if (!isUntried) this.#refused(error);
    }
  }

  /** Does a refusal say something of all images? */
  #refused(error: OcisignError): void {
    this.#forbidden = error.code === "forbidden" ? this.#forbidden + 1 : 0;
    if (isOfAll(error) || (!this.#hasAccepted && this.#forbidden >= mostForbidden)) this.#fail(error);
  }

  /** A search settles it, if something tells which request is this run's. */
  #doubt(doubt: Doubt, { doubts }: Settlers): void {
    if (this.#given.mark) {
      doubts.add(doubt);
    } else {
      const why = "Requests of this run carry no key, so no search can settle it.";
      this.#tell({ ...of(doubt.item), state: "doubtful", error: doubtError(doubt, why) });
    }
  }

  #doubtOf(
    item: Item,
    { task }: Settlers,
    from: number,
    error: OcisignError | undefined,
    since: number | undefined,
  ): Doubt {
    const { canonical } = item.reference;
    const triedMs = from - (since ?? from);
    return { key: task.keyOf(item), canonical, item, error, since, triedMs, until: from + this.#settleMs };
  }

  /** The service has no request of it: it may be posted again, unless that was tried for long. */
  #absent({ item, error, since, triedMs }: Doubt, means: Means): void {
    if (!error) {
      // An earlier run has not come to it, after all.
      this.#beginBeside(this.#new(item, means));
    } else if (triedMs > this.#given.patienceMs) {
      this.#tell({ ...of(item), state: "failed", error: notTaken(error) });
    } else {
      this.#beginBeside(this.#post(item, means, since));
    }
  }

  #accepted(item: Item, signing: Signing, search: Search, task: Task): void {
    this.#hasAccepted = true;
    this.#forbidden = 0;
    search.know(signing);
    this.#request(item, signing, false, task);
  }

  /** There is a request of it. */
  #request(item: Item, signing: Signing, takenUp: boolean, task: Task): void {
    task.mark(signing);
    if (!this.#given.wait || signing.final) {
      this.#tell(requested(item, signing, takenUp));
    } else {
      // Its id is safe from now on.
      this.#beginBeside(this.#keep(requested(item, signing, takenUp)));
      this.#watch.add({ item, id: signing.id, signing, takenUp });
    }
  }

  #watched({ item, id, signing, takenUp, error }: WatchEnd): void {
    if (signing) this.#tell({ ...requested(item, signing, takenUp), ...(error && { error }) });
    // An earlier run has made it, and it could not be seen since.
    else this.#tell({ ...of(item), state: "skipped", why: "done", was: "waiting", id }, false);
  }

  /**
   * Tells an outcome once it is kept; if it cannot be kept, it is told all the same, and the run ends.
   *
   * @param kept what the journal holds; nothing new, if `false`
   */
  #tell(outcome: SignOutcome, kept: SignOutcome | false = outcome): void {
    this.#outbox.expect();
    if (!kept || !this.#journal) {
      this.#put(outcome);
      return;
    }
    const told = async () => {
      try {
        await this.#keep(kept);
      } finally {
        this.#put(outcome);
      }
    };
    this.#beginBeside(told());
  }

  #put(outcome: SignOutcome): void {
    const { state } = outcome;
    this.#done += 1;
    this.#counts[state] = (this.#counts[state] ?? 0) + 1;
    this.#outbox.put(outcome);
    try {
      this.#given.onProgress?.({ total: this.#total, done: this.#done, counts: { ...this.#counts } });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #keep(outcome: SignOutcome): Promise<void> {
    await this.#journal?.write(recordOf(outcome));
  }

  #beginBeside(work: Promise<void>): void {
    const done: Promise<void> = work
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#beside.delete(done));
    this.#beside.add(done);
  }

  /** When nothing goes on beside the workers. */
  async #quiet(): Promise<void> {
    while (this.#beside.size > 0) await Promise.all(this.#beside);
  }

  #abort(signal: AbortSignal | undefined): void {
    try {
      checkSignal(signal);
    } catch (error) {
      this.#fail(error, graceMs);
    }
  }

  /** Ends the run: what is under way is told first. */
  #fail(error: unknown, grace?: number): void {
    this.#failure ??= { error: error instanceof TooLong ? error.said : error };
    this.#stop(grace);
  }

  /** @param grace how long what is under way may go on; without it, as long as a call may take */
  #stop(grace?: number): void {
    this.#stopping.abort();
    this.#outbox.release();
    if (grace === undefined || this.#ended.signal.aborted) return;
    const cut = async () => {
      await pause(grace, this.#ended.signal);
      this.#cutting.abort();
    };
    cut();
  }
}

/** With which a doubt is settled. */
interface Settlers {
  readonly task: Task;
  readonly doubts: Doubts;
  readonly search: Search;
}

/** What was there before the run. */
interface There {
  /** By image. */
  readonly waiting: ReadonlyMap<string, Signing>;
  readonly before?: MadeBefore | undefined;
  /** Waits until `before` knows all. */
  readonly settled?: (() => Promise<void>) | undefined;
}

const nothingThere: There = { waiting: new Map() };

interface Means extends Settlers, There {
  readonly proven: Proven | undefined;
}

function of({ index, reference }: Item) {
  return { index, reference: reference.canonical };
}

/** It failed, and the service has no request of it. */
function isUnrequested({ state, id }: Earlier): boolean {
  return state === "failed" && id === undefined;
}

function requested(item: Item, signing: Signing, takenUp: boolean): RequestedItem {
  const state = signing.final ? signing.state : signing.state === "unknown" ? "unexplained" : "waiting";
  return { ...of(item), state, signing, ...(takenUp && { takenUp }) };
}

/** The same error of a call that surely did nothing. */
function notTaken(error: OcisignError): OcisignError {
  const fix = "Start again when the service answers; patienceMs gives more time.";
  const message = `${error.message} A search shows that the service has no request of it.`;
  return again(error, message, fix);
}

function recordOf(outcome: SignOutcome): JournalOutcome {
  const { index, reference, state } = outcome;
  const id =
    outcome.state === "skipped" ? outcome.id : "signing" in outcome ? outcome.signing?.id : undefined;
  const why = outcome.state === "skipped" && outcome.why !== "done" ? outcome.why : undefined;
  const { code, message, fix } = ("error" in outcome && outcome.error) || {};
  return {
    ...{ kind: "outcome", index, reference, state },
    ...(id !== undefined && { id }),
    ...(why !== undefined && { why }),
    ...(code !== undefined &&
      message !== undefined &&
      fix !== undefined && { error: { code, message, fix } }),
  };
}
