// The pages of a list, in the words of the service. A list without an end, one that comes to the same page again, and
// one that takes too long are errors, and never the end of the list.
import { fail, OcisignError, type OcisignErrorOf } from "../../error.ts";
import { isList, isRecord, isText } from "../../foreign.ts";
import { call, type Settings, type Task } from "../call.ts";
import type { ListForm, Paging } from "../profile.ts";
import { badReply, type Reply } from "../reply.ts";
import { foldedId } from "../same-id.ts";
import type { Again } from "../shaped.ts";
import { nextIn, nextInHeader } from "./next-page.ts";
import { type FieldPlaces, type Steps, stepsOf, valueAt } from "./places.ts";
import { Positions, type Start } from "./positions.ts";

/** No list that people work with is longer. */
const most = { pages: 2000, elements: 200_000 };
/** All pages together may take so many times as long as one call. */
const patience = 10;

/** One page, with its elements in our words. */
interface Page {
  readonly elements: readonly unknown[];
  /** The URL of what comes after it; undefined at the end. */
  readonly next: string | undefined;
}

/** A reading of one list. */
interface Reading {
  readonly task: Task;
  /** When it takes too long, by `performance.now()`. */
  readonly until: number;
}

export class List {
  readonly #paging: Paging | undefined;
  readonly #items: Steps;
  readonly #next: Steps | undefined;
  readonly #places: FieldPlaces;
  readonly #base: string;
  readonly #settings: Settings;
  readonly #positions = new Positions();

  constructor({ items, paging }: ListForm, places: FieldPlaces, base: string, settings: Settings) {
    this.#paging = paging;
    this.#items = items === undefined ? [] : stepsOf(items);
    this.#next = paging?.next === undefined ? undefined : stepsOf(paging.next);
    this.#places = places;
    this.#base = base;
    this.#settings = settings;
  }

  /** All of the list; with `limit` or `offset` in the query, one page. */
  async read(task: Task, search: string, first?: Reply): Promise<Reply> {
    const reading = { task, until: performance.now() + patience * this.#settings.timeoutMs };
    const query = new URLSearchParams(search);
    const [limit, offset] = ["limit", "offset"].map((name) => numberIn(query, name));
    if (limit === undefined && offset === undefined) {
      const url = this.#urlOf(task, query);
      const pages = first ? await this.#pageIn(first, url, 0) : undefined;
      return this.#answer(task, await this.#all(reading, { offset: 0, url }, pages));
    }
    if (!this.#paging) {
      const reply = first ?? (await call(this.#settings, { ...task, url: addedTo(task.url, query) }));
      return this.#answer(task, this.#elementsIn(reply));
    }
    query.delete("limit");
    query.delete("offset");
    return this.#answer(task, await this.#one(reading, query, offset ?? 0, limit));
  }

  /**
   * All of the list, page by page. How long it takes is the caller's affair, who may wait between two pages.
   *
   * @returns how many pages had something on them
   */
  async walk(task: Task, again: Again, take: (page: Reply) => Promise<void>): Promise<number> {
    const walked = new Walked({ task, until: Number.POSITIVE_INFINITY });
    let [offset, pages] = [0, 0];
    let next: string | undefined = this.#urlOf(task, new URLSearchParams());
    while (next !== undefined) {
      const [url, from]: [string, number] = [next, offset];
      const page: Page = await again((signal) => this.#page({ ...task, signal }, url, from));
      if (page.elements.length > 0) pages += 1;
      offset += page.elements.length;
      next = page.next;
      await take(this.#answer(task, walked.fresh(page, url)));
    }
    return pages;
  }

  #answer({ doing }: Task, value: readonly unknown[]): Reply {
    return { value, doing, taken: "no" };
  }

  async #all(reading: Reading, start: Start, first?: Page): Promise<unknown[]> {
    const all: unknown[] = [];
    const walked = new Walked(reading);
    for (let { url, offset } = start, page = first; url !== undefined; page = undefined) {
      page ??= await this.#page(reading.task, url, offset);
      // One by one: a call takes no hundred thousand arguments.
      for (const element of walked.fresh(page, url)) all.push(element);
      offset += page.elements.length;
      url = page.next;
    }
    return all;
  }

  /** What stands from an offset on, in the page where it stands. */
  async #one(reading: Reading, query: URLSearchParams, offset: number, limit = Infinity): Promise<unknown[]> {
    const url = this.#urlOf(reading.task, query, limit);
    const key = url;
    const beginning = { offset: 0, url };
    const start = this.#paging?.offset
      ? this.#jump(url, offset)
      : this.#positions.before(key, offset, beginning);
    try {
      return await this.#from(reading, key, start, offset, limit);
    } catch (error) {
      // The service may have forgotten a page that it once named: then it is found from the beginning.
      if (start.offset === 0 || !isRefused(error) || this.#paging?.offset) throw error;
      this.#positions.forget(key);
      return this.#from(reading, key, beginning, offset, limit);
    }
  }

  async #from(
    reading: Reading,
    key: string,
    start: Start,
    wanted: number,
    limit: number,
  ): Promise<unknown[]> {
    const walked = new Walked(reading);
    let { url, offset } = start;
    while (url !== undefined) {
      const page = await this.#page(reading.task, url, offset);
      walked.fresh(page, url);
      const end = offset + page.elements.length;
      this.#positions.keep(key, { offset: end, url: page.next });
      if (wanted < end) return page.elements.slice(wanted - offset, wanted - offset + limit);
      [url, offset] = [page.next, end];
    }
    return [];
  }

  #jump(url: string, offset: number): Start {
    return { offset, url: offset > 0 ? this.#offsetUrl(url, offset) : url };
  }

  /** One page. Beyond the last one, some services answer 404. */
  async #page(task: Task, url: string, offset: number): Promise<Page> {
    try {
      return await this.#pageIn(await call(this.#settings, { ...task, url }), url, offset);
    } catch (error) {
      const isNumbered = this.#paging?.page !== undefined || this.#paging?.offset !== undefined;
      const isBeyond =
        error instanceof OcisignError && error.code === "not-found" && isNumbered && offset > 0;
      if (isBeyond) return { elements: [], next: undefined };
      throw error;
    }
  }

  async #pageIn(reply: Reply, url: string, offset: number): Promise<Page> {
    const elements = this.#elementsIn(reply);
    return {
      elements,
      next: await this.#nextOf(reply, url, offset + elements.length, elements.length === 0),
    };
  }

  async #nextOf(reply: Reply, url: string, offset: number, isEmpty: boolean): Promise<string | undefined> {
    if (this.#next) return nextIn(valueAt(reply.value, this.#next), url, this.#base, reply);
    if (this.#paging?.offset) return isEmpty ? undefined : this.#offsetUrl(url, offset);
    if (this.#paging?.page) return isEmpty ? undefined : this.#pageUrl(url);
    return nextInHeader(url, this.#base, reply);
  }

  #elementsIn(reply: Reply): readonly unknown[] {
    const items = valueAt(reply.value, this.#items);
    if (isList(items)) return items.map((element) => this.#places.read(element));
    const where = this.#items.length === 0 ? "the reply is" : `${this.#items.join(".")} in the reply is`;
    const fix =
      "Say in the profile's lists where the elements stand (items), or check that baseUrl is the service.";
    throw badReply(reply, `${reply.doing}: ${where} not a list.`, fix);
  }

  /** The first page. */
  #urlOf({ url }: Task, query: URLSearchParams, limit = Infinity): string {
    const { limit: limited, offset, page, first = 1 } = this.#paging ?? {};
    const own = [limited, offset, page].filter(isText);
    const taken = own.find((name) => query.has(name));
    if (taken !== undefined) {
      const message = `The filter's \`${taken}\` is a parameter by which the profile pages.`;
      throw fail("bad-input", message, "Use limit and offset.");
    }
    const asked = new URLSearchParams(query);
    if (limited !== undefined && limit !== Infinity) asked.set(limited, String(limit));
    if (page !== undefined) asked.set(page, String(first));
    return addedTo(url, asked);
  }

  #offsetUrl(url: string, offset: number): string {
    return changed(url, this.#paging?.offset ?? "", String(offset));
  }

  #pageUrl(url: string): string {
    const name = this.#paging?.page ?? "";
    return changed(url, name, String(Number(new URL(url).searchParams.get(name)) + 1));
  }
}

/** What a walk through pages has seen. */
class Walked {
  readonly #reading: Reading;
  readonly #urls = new Set<string>();
  readonly #ids = new Set<string>();
  #elements = 0;
  #last = "";

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /**
   * The elements of a page that did not come before: between two calls a new one may have moved all others on.
   *
   * @throws {OcisignError} `bad-reply` when the walk comes to no end.
   */
  fresh({ elements }: Page, url: string): readonly unknown[] {
    this.#check(url, elements);
    // What comes twice in one page is no such thing: it stays, and is told.
    const fresh = elements.filter((element) => !this.#ids.has(idOf(element) ?? ""));
    for (const id of elements.map(idOf)) if (id !== undefined) this.#ids.add(id);
    return fresh;
  }

  #check(url: string, elements: readonly unknown[]): void {
    const { until } = this.#reading;
    if (this.#urls.has(url)) throw this.#endless("leads back to a page that was read");
    this.#urls.add(url);
    this.#elements += elements.length;
    if (this.#isSeen(elements)) throw this.#endless("brings the same page again");
    if (this.#urls.size > most.pages) throw this.#endless(`has more than ${most.pages} pages`);
    if (this.#elements > most.elements) throw this.#endless(`has more than ${most.elements} elements`);
    if (performance.now() > until) throw this.#endless("takes too long to be read");
  }

  #isSeen(elements: readonly unknown[]): boolean {
    if (elements.length === 0) return false;
    const ids = elements.map(idOf).filter(isText);
    if (ids.length > 0) return ids.every((id) => this.#ids.has(id));
    const text = JSON.stringify(elements);
    const isSame = text === this.#last;
    this.#last = text;
    return isSame;
  }

  #endless(what: string): OcisignErrorOf {
    const { task } = this.#reading;
    const fix =
      "Check `paging` in the profile's lists. Read a long list by a filter, or by limit and offset.";
    return badReply({ taken: "no" }, `${task.doing}: the list ${what}.`, fix);
  }
}

function idOf(element: unknown): string | undefined {
  return isRecord(element) && isText(element.id) && element.id ? foldedId(element.id) : undefined;
}

function isRefused(error: unknown): boolean {
  return error instanceof OcisignError && (error.code === "bad-request" || error.code === "not-found");
}

/** Of our own query. */
function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const number = Number(text);
  if (text !== "" && Number.isSafeInteger(number) && number >= 0) return number;
  throw fail(
    "bad-input",
    `The filter's \`${name}\` is not a whole number.`,
    "Pass a whole number from 0 on.",
  );
}

/** A URL that may have a query of the profile's, with more of it. */
function addedTo(url: string, query: URLSearchParams): string {
  // Forms write a space so; not every service reads a query as a form.
  const text = query.toString().replaceAll("+", "%20");
  if (text === "") return url;
  return `${url}${url.includes("?") ? "&" : "?"}${text}`;
}

function changed(url: string, name: string, value: string): string {
  const whole = new URL(url);
  const query = new URLSearchParams(whole.search);
  query.set(name, value);
  whole.search = "";
  return addedTo(whole.href, query);
}
