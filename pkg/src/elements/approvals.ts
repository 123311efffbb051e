import { html, nothing, type PropertyValues } from "lit";
import type { Signing, SigningId } from "ocisign";
import { foldedId } from "../service/same-id.ts";
import { addressBy } from "./approvals/address.ts";
import { showsUnreadable } from "./approvals/arranging.ts";
import { filterChoice, paging, searchField, sortChoice } from "./approvals/controls.ts";
import { Following } from "./approvals/following.ts";
import {
  empty,
  freshness,
  news,
  noNames,
  progress,
  someUnreadable,
  unexplained,
  warning,
} from "./approvals/notices.ts";
import type { Row } from "./approvals/row.ts";
import { Shown } from "./approvals/shown.ts";
import { approvalsStyles } from "./approvals/styles.ts";
import { table } from "./approvals/table.ts";
import { foundUnreadable } from "./approvals/unreadable.ts";
import {
  type ApprovalsFilter,
  type ApprovalsSort,
  defaultPageSize,
  turned,
  type View,
  viewBy,
} from "./approvals/view.ts";
import { OcisignElement } from "./base.ts";
import { Calm } from "./controllers/calm.ts";
import { namesFor } from "./model/naming.ts";
import type { Identity, PeopleNames } from "./portal.ts";
import { property } from "./property.ts";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.ts";

const calmMs = 600;

/** A change of these puts everything in its place at once. */
const choices = ["client", "identity", "peopleNames", "filter", "search", "sort", "page", "pageSize"];

/**
 * `<ocisign-approvals>`: the queue of signing requests, the person's own decisions first. It reads all requests, page
 * by page, shows the first at once, and follows changes while the page is visible. A value that is none of the choices
 * counts as the default.
 *
 * @fires ocisign-open - when the person chooses a request
 * @fires ocisign-view - when the person changes filter, search, sort or page
 *
 * @csspart heading - the element's own heading
 * @csspart state - a state of a request, in words, with its code
 * @csspart status - how fresh the queue is
 * @csspart news - that there are newer requests, and the button that shows them
 * @csspart filters - the filters, the search and the order
 * @csspart list - the requests, with their pages
 * @csspart table - the requests themselves
 * @csspart row - one request
 * @csspart current - the one that is open
 * @csspart unreadable - a request that cannot be read
 * @csspart open - the link or button that opens a request
 * @csspart paging - the buttons for other pages
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
  /** Which requests are shown. Default `mine`. Attribute `filter`. */
  @property() filter: ApprovalsFilter = "mine";
  /**
   * Words that a request has to hold, all of them, in its image, digest, requester, product, name, description or id.
   * Attribute `search`.
   */
  @property() search = "";
  /** The order. Default `age`. Attribute `sort`. */
  @property() sort: ApprovalsSort = "age";
  /** The page, from 1; a number beyond the last page shows the last one. Attribute `page`. */
  @property({ type: Number }) page = 1;
  /** The number of requests on a page, 500 at most. Default 50. Attribute `page-size`. */
  @property({ type: Number, attribute: "page-size" }) pageSize = defaultPageSize;
  /** The request that is open elsewhere on the page, to be marked. Attribute `current`. */
  @property() current: SigningId | undefined;
  /** Makes each request a link, which a person can open in another tab too. Only http and https become links. */
  @property({ attribute: false }) hrefOf: ((signing: Signing) => string) | undefined;

  /** Names for people whom the service does not name, before those of the client's profile. */
  @property({ attribute: false, hasChanged: isOther }) peopleNames: PeopleNames | undefined;

  #following = new Following(this);
  #shown = new Shown();
  /** Tells the result of a choice once the person has paused. */
  #calm = new Calm(this, calmMs);
  #wasComplete = false;

  /** @internal */
  override willUpdate(changed: PropertyValues) {
    const following = this.#following;
    if (changed.has("client") || changed.has("peopleNames")) this.#follow();
    else if (changed.has("identity")) following.queue.foreseeFor(this.identity);
    if (choices.some((it) => changed.has(it))) this.#shown.settle(following, viewBy(this));
    else if (this.#shown.isBehind(following)) this.#catchUp();
    if (following.isComplete && !this.#wasComplete) this.say(strings.approvals.allRead(following.queue.size));
    this.#wasComplete = following.isComplete;
  }

  /** @internal */
  override render() {
    if (!this.client) return this.unconnected();
    const { watching, namesProblem } = this.#following;
    const tryAgain = () => this.#tryAgain();
    return html`<div class="stack queue">
      ${this.#header()} ${warning(watching)} ${this.problem(this.error, tryAgain)}
      ${namesProblem === undefined || this.error !== undefined ? nothing : noNames(namesProblem, tryAgain)}
      ${unexplained(this.#shown.codes)} ${this.#aboutUnreadable()} ${this.#choices()} ${this.#list()} ${this.liveRegion()}
    </div>`;
  }

  #header() {
    const { heading, refresh } = strings.approvals;
    const { isReading } = this.#following;
    return html`<div class="row header">
      <h2 part="heading" tabindex="-1">${heading}</h2>
      ${this.#status()}
      <button
        type="button"
        class="small refresh"
        aria-disabled=${isReading ? "true" : "false"}
        @click=${isReading ? nothing : this.#refresh}
      >
        ${refresh}
      </button>
    </div>`;
  }

  #status() {
    const { isReading, walk, watching } = this.#following;
    if (isReading) return progress(walk?.count ?? 0);
    return this.#shown.news > 0 ? news(this.#shown.news, () => this.#showNews()) : freshness(watching);
  }

  #choices() {
    const { filter, search, sort } = viewBy(this);
    const { isComplete, queue } = this.#following;
    // Of nothing that was read nothing can be counted.
    const counts = isComplete || queue.size > 0 ? this.#shown.counts : undefined;
    return html`<div class="choices row">
      ${filterChoice({ filter, counts, isComplete, onFilter: (chosen) => this.#choose({ filter: chosen }) })}
      ${searchField(search, (words) => this.#choose({ search: words }))}
      ${sortChoice(sort, (chosen) => this.#choose({ sort: chosen }))}
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
    const { drawn, page, pages } = this.#shown.part(view);
    const isHere = showsUnreadable(view.filter) && page === 1;
    const unreadable = isHere ? foundUnreadable(this.#following.queue.unreadable, view.search) : [];
    if (drawn.length === 0 && unreadable.length === 0) return this.#empty(view);
    const { filterNames, orders, caption } = strings.approvals;
    const range = this.#range(unreadable.length);
    const turner = { range, page, pages, onPage: this.#turnTo };
    return html`<div class="list stack tight" part="list">
      ${paging({ place: "above", ...turner })}
      ${table({
        rows: drawn,
        unreadable,
        names: this.#following.names,
        sort: view.sort,
        caption: caption(filterNames[view.filter], orders[view.sort], range),
        current: typeof this.current === "string" ? foldedId(this.current) : undefined,
        hrefOf: addressBy(this.hrefOf),
        onSort: (column) => this.#choose({ sort: turned(view.sort, column) }),
        onOpen: this.#open,
      })}
      ${paging({ place: "below", ...turner })}
    </div>`;
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

  /** The person points at the list, or is in it by keyboard. A finger is not seen before it touches. */
  #isAttended() {
    const isInList = this.renderRoot.querySelector(".list")?.matches(":hover, :focus-within");
    // Test runners' pages have no such question.
    return isInList || !globalThis.matchMedia?.("(hover: hover)").matches;
  }

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
    const { pageSize, ...view } = viewBy(this);
    if (isOther(before, { ...view, pageSize })) this.emit("ocisign-view", view);
    if (focus) this.focusOn(focus);
    this.#calm.soon(() => this.say(this.#range()));
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
}

function isOther(a: unknown, b: unknown) {
  return JSON.stringify(a) !== JSON.stringify(b);
}
