import { html, nothing, type PropertyValues } from "lit";
import type { Signing, SigningId } from "ocisign";
import { foldedId } from "../service/same-id.ts";
import { addressBy } from "./approvals/address.ts";
import { belongsTo, showsUnreadable } from "./approvals/arranging.ts";
import {
  arrangement,
  filterChoice,
  pageChoice,
  paging,
  pickedBar,
  searchField,
} from "./approvals/controls.ts";
import { exportChoice, exportRows } from "./approvals/exporting.ts";
import type { Reading } from "./approvals/facts.ts";
import { Following } from "./approvals/following.ts";
import { help } from "./approvals/help.ts";
import { type Asked, Keys } from "./approvals/keys.ts";
import { commonLine, list } from "./approvals/list.ts";
import {
  empty,
  freshness,
  news,
  noNames,
  progress,
  searchProblems,
  someUnreadable,
  unexplained,
  warning,
} from "./approvals/notices.ts";
import type { Row } from "./approvals/row.ts";
import { searchFor } from "./approvals/search.ts";
import { Selection } from "./approvals/selection.ts";
import { Shown } from "./approvals/shown.ts";
import { approvalsStyles } from "./approvals/styles.ts";
import { foundUnreadable } from "./approvals/unreadable.ts";
import {
  type ApprovalsFilter,
  type ApprovalsGroup,
  type ApprovalsSort,
  defaultPageSize,
  type View,
  viewBy,
} from "./approvals/view.ts";
import { OcisignElement } from "./base.ts";
import { Calm } from "./controllers/calm.ts";
import type { Format } from "./fragments/save-requests.ts";
import { namesFor } from "./model/naming.ts";
import type { GroupNames, Identity, PeopleNames } from "./portal.ts";
import { property } from "./property.ts";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.ts";

const calmMs = 600;

/** A change of these puts everything in its place at once. */
const choices = [
  ...["client", "identity", "peopleNames", "groupNames"],
  ...["filter", "search", "sort", "group", "page", "pageSize"],
];

/** A change of the others moves requests about, and they say in common what they said before. */
const picking = choices.filter((it) => !["sort", "group", "page", "pageSize"].includes(it));

/**
 * `<ocisign-approvals>`: the queue of signing requests, the person's own decisions first. It reads all requests, page
 * by page, shows the first at once, and follows changes while the page is visible. A value that is none of the choices
 * counts as the default.
 *
 * @fires ocisign-open - when the person chooses a request
 * @fires ocisign-view - when the person changes filter, search, sort or page
 * @fires ocisign-review - when the person wants to decide about several requests together
 * @fires ocisign-count - when the number of requests that need the person's review changes
 * @fires ocisign-order - when the requests stand in another order
 * @fires ocisign-shortcuts - when the person turns the single keys on or off
 *
 * @csspart heading - the element's own heading
 * @csspart state - a state of a request, in words, with its code
 * @csspart status - how fresh the queue is
 * @csspart news - that there are newer requests, and the button that shows them
 * @csspart filters - the filters
 * @csspart list - the requests, with their pages
 * @csspart common - what is the same in all of them
 * @csspart table - the requests themselves
 * @csspart group - the requests of one repository, product, requester or batch
 * @csspart row - one request
 * @csspart current - the one that is open
 * @csspart unreadable - a request that cannot be read
 * @csspart open - the link or button that opens a request
 * @csspart paging - the buttons for other pages
 * @csspart export - what saves the list as a file
 * @csspart picked - what can be done with the selected requests
 * @csspart help - what the keys do and what a search understands
 * @csspart empty - that there is nothing, and why
 *
 * @example
 * ```ts
 * import { SigningClient } from "ocisign";
 * import "ocisign/elements";
 *
 * const queue = document.createElement("ocisign-approvals");
 * queue.client = new SigningClient({ baseUrl: "https://app.laavat.io/acme/api/v1", token: () => portal.token() });
 * queue.identity = {
 *   objectId: "2a94c7e3-5b60-4d18-8f2c-71e3b5d6a922",
 *   groups: ["f65a3ea9-60db-47a4-9ad8-c6915735ec5f"],
 * };
 * queue.hrefOf = ({ id }) => `#/requests/${encodeURIComponent(id)}`;
 * document.body.append(queue);
 * ```
 */
export class OcisignApprovals extends OcisignElement {
  /** @internal */
  static override styles = [shared, approvalsStyles];

  // A portal may repeat itself: that is another object, but not another person.
  /** Who is signed in. */
  @property({ attribute: false, hasChanged: isOther }) override identity: Identity | undefined;
  /** Which requests are shown. Default `review`. Attribute `filter`. */
  @property() filter: ApprovalsFilter = "review";
  /**
   * Words that a request has to hold, all of them, in its image, digest, requester, product, names, reasons, metadata,
   * comments, state or id; and conditions, such as `product:firmware by:me after:2026-11-30`. Attribute `search`.
   */
  @property() search = "";
  /** The order. Default `age`. Attribute `sort`. */
  @property() sort: ApprovalsSort = "age";
  /** What the requests are put together by. Default: one list of all. Attribute `group`. */
  @property() group: ApprovalsGroup = "";
  /** The page, from 1; a number beyond the last page shows the last one. Attribute `page`. */
  @property({ type: Number }) page = 1;
  /** The number of requests on a page, 500 at most. Default 50. Attribute `page-size`. */
  @property({ type: Number, attribute: "page-size" }) pageSize = defaultPageSize;
  /** The request that is open elsewhere on the page, to be marked and kept in sight. Attribute `current`. */
  @property() current: SigningId | undefined;
  /** Makes each request a link, which a person can open in another tab too. Only http and https become links. */
  @property({ attribute: false }) hrefOf: ((signing: Signing) => string) | undefined;

  /** Names for people whom the service does not name, before those of the client's profile. */
  @property({ attribute: false, hasChanged: isOther }) peopleNames: PeopleNames | undefined;

  /** Names for groups, before those of the client's profile. */
  @property({ attribute: false, hasChanged: isOther }) groupNames: GroupNames | undefined;

  /** Whether single keys do something, such as `j` for the next request. Default `on`. Attribute `shortcuts`. */
  @property() shortcuts: "on" | "off" = "on";

  /**
   * Goes on looking while the page is hidden, about once a minute, as for notifications of the browser.
   * Attribute `background`.
   */
  @property({ type: Boolean }) background = false;

  #following = new Following(this);
  #shown = new Shown();
  #selection = new Selection();
  /** The open request is looked for, to bring it in sight once. */
  #isSought = false;
  /** The filters are wider with their counts. */
  #hadCounts = false;
  /** What the portal was told last. */
  #told = { review: 0, order: 0 };
  /** Tells the result of a choice once the person has paused. */
  #calm = new Calm(this, calmMs);
  #wasComplete = false;
  /** Somebody has moved over the list, or touched it. */
  #isHandled = false;
  /** All was read, and counted, since the client was set. */
  #isKnown = false;

  /** @internal */
  constructor() {
    super();
    new Keys({ host: this, isOn: () => this.shortcuts !== "off", act: (asked) => this.#act(asked) });
  }

  /**
   * The request that stands after another one, among those that still belong to what the person chose; it may have left
   * the list since, as one does that was decided.
   */
  next(id: SigningId): SigningId | undefined {
    return this.#shown.neighbour(foldedId(id), 1, viewBy(this))?.signing.id;
  }

  /** The one that stands before it. */
  previous(id: SigningId): SigningId | undefined {
    return this.#shown.neighbour(foldedId(id), -1, viewBy(this))?.signing.id;
  }

  /** The newest of the requests that may need the person's review. */
  newestForReview(): Signing | undefined {
    const { queue } = this.#following;
    let newest: Row | undefined;
    for (const row of queue.rows()) {
      const isNewer = newest === undefined || queue.placeOf(row) < queue.placeOf(newest);
      if (isNewer && belongsTo("review", row)) newest = row;
    }
    return newest?.signing;
  }

  /** @internal */
  override willUpdate(changed: PropertyValues) {
    const following = this.#following;
    if (["client", "peopleNames", "groupNames"].some((it) => changed.has(it))) this.#follow();
    else if (changed.has("identity")) following.queue.foreseeFor(this.identity);
    if (changed.has("client")) this.#selection.clear();
    // A hidden page need not wait until it is seen.
    if (this.background && following.watching.state === "hidden") following.goOn();
    const isChosen = choices.some((it) => changed.has(it));
    const isBehind = this.#shown.isBehind(following);
    if (isChosen || isBehind) {
      if (isChosen) this.#shown.settle(following, viewBy(this));
      else this.#catchUp();
      if (isBehind || picking.some((it) => changed.has(it))) this.#shown.compare(this.#reading());
      this.#selection.follow(following.queue);
    }
    if (changed.has("current")) this.#isSought = this.current !== undefined;
    this.#shown.open(this.#currentKey());
    this.#turnToCurrent();
    if (changed.has("client")) this.#isKnown = false;
    if (following.isComplete && !this.#wasComplete) this.say(strings.approvals.allRead(following.queue.size));
    this.#wasComplete = following.isComplete;
  }

  /** @internal */
  override updated(changed: PropertyValues) {
    this.#bringInSight();
    if (changed.has("filter") || this.#following.isComplete !== this.#hadCounts) this.#bringFilterInSight();
    this.#hadCounts = this.#following.isComplete;
    const review = this.client ? this.#shown.counts.review : 0;
    const { order } = this.#shown;
    const before = this.#told;
    this.#told = { review, order };
    if (review !== before.review) this.emit("ocisign-count", { review, isComplete: this.#isKnown });
    if (order !== before.order) this.emit("ocisign-order", undefined);
    // What is counted from now on is news.
    this.#isKnown ||= this.#following.isComplete;
  }

  /** @internal */
  override render() {
    if (!this.client) return this.unconnected();
    const { watching, namesProblem } = this.#following;
    const tryAgain = () => this.#tryAgain();
    return html`<div class="queue">
      ${this.#header()} ${warning(watching)} ${this.problem(this.error, tryAgain)}
      ${namesProblem === undefined || this.error !== undefined ? nothing : noNames(namesProblem, tryAgain)}
      ${unexplained(this.#shown.codes)} ${this.#aboutUnreadable()} ${this.#choices()} ${this.#list()} ${this.#picked()}
      ${this.liveRegion()}
      ${help({ isOn: this.shortcuts !== "off", onShortcuts: (isOn) => this.#turnShortcuts(isOn) })}
    </div>`;
  }

  #header() {
    const { heading, refresh } = strings.approvals;
    const { isReading } = this.#following;
    return html`<div class="header">
      <h2 part="heading" tabindex="-1">${heading}</h2>
      ${this.#status()}
      <button
        type="button"
        class="quiet refresh"
        aria-label=${refresh}
        title=${refresh}
        aria-disabled=${isReading ? "true" : "false"}
        @click=${isReading ? nothing : this.#refresh}
      >
        <span aria-hidden="true">⟳</span>
      </button>
    </div>`;
  }

  #status() {
    const { isReading, walk, watching } = this.#following;
    if (isReading) return progress(walk?.count ?? 0);
    return this.#shown.news > 0 ? news(this.#shown.news, () => this.#showNews()) : freshness(watching);
  }

  #choices() {
    const { filter, search } = viewBy(this);
    const { isComplete, queue, names } = this.#following;
    // Of nothing that was read nothing can be counted.
    const counts = isComplete || queue.size > 0 ? this.#shown.counts : undefined;
    const { problems } = searchFor(search, names);
    return html`<div class="choices">
      ${filterChoice({
        ...{ filter, counts, isComplete, knowsPerson: this.identity?.objectId !== undefined },
        onFilter: (chosen) => this.#choose({ filter: chosen }),
      })}
      ${searchField({
        ...{ search, hasProblems: problems.length > 0 },
        onSearch: (words) => this.#choose({ search: words }),
        onHelp: () => this.#openHelp(),
      })}
      ${searchProblems(problems)}
    </div>`;
  }

  /** They are listed among all, and among those of which nobody knows how they stand. */
  #aboutUnreadable() {
    const { length } = this.#following.queue.unreadable;
    const show = () => this.#choose({ filter: "unexplained", search: "" }, "input:checked");
    return someUnreadable(length, showsUnreadable(viewBy(this).filter) ? undefined : show);
  }

  #list() {
    const view = viewBy(this);
    const shown = this.#shown;
    const { drawn, page, pages } = shown.part(view);
    const { queue, names } = this.#following;
    const isHere = showsUnreadable(view.filter) && page === 1;
    const unreadable = isHere ? foundUnreadable(queue.unreadable, searchFor(view.search, names)) : [];
    if (drawn.length === 0 && unreadable.length === 0) return this.#empty(view);
    const { filterNames, orders, caption } = strings.approvals;
    const range = this.#range(unreadable.length);
    const turner = { range, page, pages, onPage: this.#turnTo };
    return html`<div class="list" part="list" @pointermove=${this.#handle} @pointerdown=${this.#handle}>
      <div class="above">
        ${pageChoice({
          ...this.#selection.among(drawn),
          onPickAll: (isPicked) => this.#pickAll(drawn, isPicked),
        })}
        ${paging({ place: "above", ...turner })}
        ${arrangement({
          ...{ sort: view.sort, group: view.group },
          onSort: (sort) => this.#choose({ sort }),
          onGroup: (group) => this.#choose({ group }),
        })}
      </div>
      ${commonLine(shown.common)}
      ${list({
        ...{ rows: drawn, unreadable, common: shown.common, group: view.group, reading: this.#reading() },
        caption: caption(filterNames[view.filter], orders[view.sort], range),
        current: this.#currentKey(),
        selection: this.#selection,
        hrefOf: addressBy(this.hrefOf),
        groupOf: (row) => shown.groupOf(row, view),
        onOpen: this.#open,
        onPick: this.#pick,
        onPickAll: (rows, isPicked) => this.#pickAll(rows, isPicked),
      })}
      ${paging({ place: "below", ...turner })}
      ${shown.rows.length === 0 ? nothing : exportChoice(shown.rows.length, (format) => this.#export(format))}
    </div>`;
  }

  #picked() {
    const { size } = this.#selection;
    const { drawn } = this.#shown.part(viewBy(this));
    const onPage = this.#selection.among(drawn);
    // Offered to those who have all of the page.
    const { able } = onPage.picked === onPage.able ? this.#selection.among(this.#shown.rows) : onPage;
    return pickedBar({
      count: size,
      more: able > size ? able : undefined,
      onMore: () => this.#pickAll(this.#shown.rows, true),
      onReview: () => this.emit("ocisign-review", { ids: this.#selection.ids(this.#following.queue) }),
      onClear: () => {
        this.#selection.clear();
        this.#tellPicked();
        // The pressed button goes away.
        this.focusOn("h2");
      },
    });
  }

  #empty(view: View) {
    const following = this.#following;
    const { isComplete, queue } = following;
    // Nothing is known then, and a notice says why.
    if (!isComplete && (queue.size === 0 || this.error !== undefined)) return nothing;
    const { filter, search } = view;
    const isSearch = search.trim() !== "";
    return empty({
      ...{ filter, isComplete, isSearch, total: queue.size },
      elsewhere: filter === "all" ? 0 : this.#shown.arrange(following, { ...view, filter: "all" }).length,
      onClear: () => this.#choose({ search: "" }, "#search"),
      onAll: () => this.#choose({ filter: "all" }, "input:checked"),
    });
  }

  /** `51–100 of 10,000`, with those that stand there without being counted. */
  #range(unreadable = 0) {
    const { range, andUnreadable } = strings.approvals;
    const { first, drawn, total } = this.#shown.part(viewBy(this));
    const read = range(first + 1, first + drawn.length, total, !this.#following.isComplete);
    return unreadable === 0 ? read : `${read}, ${andUnreadable(unreadable)}`;
  }

  #reading(): Reading {
    return { filter: viewBy(this).filter, names: this.#following.names, groupNames: namesFor(this) };
  }

  #currentKey() {
    return typeof this.current === "string" ? foldedId(this.current) : undefined;
  }

  /** Turns to the page on which the open request stands, once for each that is opened. */
  #turnToCurrent() {
    const key = this.#currentKey();
    const place = this.#isSought && key !== undefined ? this.#shown.placeOf(key) : -1;
    if (place < 0) return;
    const view = viewBy(this);
    const page = Math.floor(place / view.pageSize) + 1;
    if (page === this.#shown.part(view).page) return;
    this.page = page;
    this.updateComplete.then(() => this.#tellView());
  }

  /** In a narrow place the filters are a row that one pulls sideways. */
  #bringFilterInSight() {
    const filters = this.renderRoot.querySelector<HTMLElement>(".filters");
    const pill = filters?.querySelector<HTMLElement>(".pill:has(:checked)");
    if (!filters || !pill || filters.scrollWidth <= filters.clientWidth) return;
    const end = pill.offsetLeft + pill.offsetWidth;
    if (pill.offsetLeft < filters.scrollLeft || end > filters.scrollLeft + filters.clientWidth)
      filters.scrollLeft = pill.offsetLeft - (filters.clientWidth - pill.offsetWidth) / 2;
  }

  #bringInSight() {
    const row = this.#isSought ? this.renderRoot.querySelector("li.current") : null;
    if (!row) return;
    this.#isSought = false;
    row.scrollIntoView({ block: "nearest" });
  }

  #follow() {
    this.error = undefined;
    this.#following.follow(this.client, this.identity, namesFor(this));
  }

  /** Shows newer readings, but moves nothing under the person's hand. */
  #catchUp() {
    const gained = this.#shown.follow(this.#following, viewBy(this), () => this.#isAttended());
    if (!this.#wasComplete || gained === 0) return;
    // An announcement of the list before would speak over it.
    this.#calm.cancel();
    this.say(strings.approvals.news(gained));
  }

  /**
   * The person points at the list, or is in it by keyboard. A finger is not seen before it touches. While all of it is
   * read for the first time, a pointer that only rests where the list has come up points at nothing.
   */
  #isAttended() {
    const list = this.renderRoot.querySelector(".list");
    if (!this.#wasComplete && !this.#isHandled) return list?.matches(":focus-within") === true;
    const isInList = list?.matches(":hover, :focus-within");
    // Test runners' pages have no such question.
    return isInList || !globalThis.matchMedia?.("(hover: hover)").matches;
  }

  #handle = ({ type, movementX, movementY }: PointerEvent) => {
    // What comes up under a pointer is not moved over.
    if (type === "pointerdown" || movementX !== 0 || movementY !== 0) this.#isHandled = true;
  };

  #refresh = () => {
    this.error = undefined;
    this.#following.refresh();
    this.say(strings.approvals.refreshing);
    this.requestUpdate();
  };

  #tryAgain() {
    this.error = undefined;
    this.#following.goOn();
    // The pressed button goes away.
    this.focusOn("h2");
  }

  #showNews() {
    this.#shown.settle(this.#following, viewBy(this));
    this.#choose({ page: 1 }, "h2");
    this.requestUpdate();
  }

  /**
   * What the person chose: shown, said and told to the portal.
   *
   * @param focus where the focus goes when what
   * was pressed goes away
   */
  #choose(chosen: Partial<View>, focus?: string) {
    const before = viewBy(this);
    // Another choice is another list, which begins on its first page.
    Object.assign(this, { page: 1 }, chosen);
    this.#isSought = false;
    if (isOther(before, viewBy(this))) this.#tellView();
    if (focus) this.focusOn(focus);
    this.#calm.soon(() => this.say(this.#range()));
  }

  #tellView() {
    const { pageSize, ...view } = viewBy(this);
    this.emit("ocisign-view", view);
  }

  /** @param step the button that was pressed */
  #turnTo = (page: number, step: string) => {
    this.#choose({ page }, `.paging.above [data-step=${step}]`);
  };

  #open = (event: MouseEvent, { signing }: Row) => {
    const isLink = event.currentTarget instanceof HTMLAnchorElement;
    // Then the browser opens it in another tab or window, or saves it.
    if (isLink && (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) return;
    if (!this.emit("ocisign-open", { id: signing.id }, { cancelable: true })) event.preventDefault();
  };

  #pick = (event: MouseEvent, row: Row) => {
    const isPicked = !this.#selection.has(row);
    const { drawn } = this.#shown.part(viewBy(this));
    if (event.shiftKey) this.#selection.setRange(drawn, row, isPicked);
    else this.#selection.set(row, isPicked);
    this.#tellPicked();
  };

  #pickAll(rows: readonly Row[], isPicked: boolean) {
    this.#selection.setAll(rows, isPicked);
    this.#tellPicked();
  }

  #tellPicked() {
    this.requestUpdate();
    this.#calm.soon(() => this.say(strings.approvals.picked(this.#selection.size)));
  }

  async #export(format: Format) {
    const { names } = this.#following;
    const file = await exportRows(this.#shown.rows, format, { names, profile: this.client?.profile });
    this.say(strings.approvals.exported(file));
  }

  #openHelp() {
    this.renderRoot.querySelector<HTMLDialogElement>("#help")?.showModal();
  }

  #turnShortcuts(isOn: boolean) {
    this.shortcuts = isOn ? "on" : "off";
    this.emit("ocisign-shortcuts", { shortcuts: this.shortcuts });
  }

  /** Does what a key asks for. */
  #act(asked: Asked): boolean {
    if (!this.client) return false;
    switch (asked) {
      case "search":
        return this.#take("#search");
      case "help":
        this.#openHelp();
        return true;
      case "next":
        return this.#step(1);
      case "previous":
        return this.#step(-1);
      case "pick":
        return this.#pickByKey((row) => this.#pickAll([row], !this.#selection.has(row)));
      case "pick-all":
        return this.#pickByKey((row) => this.#pickAround(row));
      case "leave":
        return this.#leave();
    }
  }

  #take(selector: string): boolean {
    const found = this.renderRoot.querySelector<HTMLElement>(selector);
    found?.focus();
    return found !== null;
  }

  /** Moves the focus along the rows, from the one that has it, or else from the open one. */
  #step(step: 1 | -1): boolean {
    const rows = [...this.renderRoot.querySelectorAll(".list li.item")];
    const at = rows.findIndex((row) => row.contains(this.#focused()));
    const open = rows.findIndex((row) => row.matches(".current"));
    const wanted = at >= 0 ? at + step : open >= 0 ? open : 0;
    const row = rows[Math.min(Math.max(wanted, 0), rows.length - 1)];
    row?.querySelector<HTMLElement>(".open")?.focus();
    return row !== undefined;
  }

  #pickByKey(pick: (row: Row) => void): boolean {
    const key = this.#focused()?.closest<HTMLElement>("li.item")?.dataset.key ?? this.#currentKey();
    const { drawn } = this.#shown.part(viewBy(this));
    const row = drawn.find((one) => one.key === key) ?? drawn[0];
    if (row) pick(row);
    return row !== undefined;
  }

  /** All of the row's group, or of the page where nothing is put together; none of them when all are picked. */
  #pickAround(row: Row) {
    const view = viewBy(this);
    const rows = view.group === "" ? this.#shown.part(view).drawn : this.#shown.groupOf(row, view);
    const { able, picked } = this.#selection.among(rows);
    this.#pickAll(rows, picked < able);
  }

  /** From the search to the list, and from the list to nowhere. A dialog closes itself. */
  #leave(): boolean {
    const focused = this.#focused();
    if (focused?.closest("dialog")) return false;
    if (focused?.id === "search") return this.#take(".list .open") || this.#take("h2");
    if (!focused?.closest("li.item")) return false;
    (focused as HTMLElement).blur();
    return true;
  }

  #focused() {
    return this.shadowRoot?.activeElement ?? null;
  }
}

function isOther(a: unknown, b: unknown) {
  return JSON.stringify(a) !== JSON.stringify(b);
}
