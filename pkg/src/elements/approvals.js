import { html, nothing } from "lit";
import { addressBy } from "./approvals/address.js";
import { turned } from "./approvals/arranging.js";
import { filterChoice, paging, searchField, sortChoice } from "./approvals/controls.js";
import { Following } from "./approvals/following.js";
import { empty, freshness, news, noNames, progress, warning } from "./approvals/notices.js";
import { keyOf } from "./approvals/row.js";
import { defaultPageSize, Shown, viewBy } from "./approvals/shown.js";
import { approvalsStyles } from "./approvals/styles.js";
import { table } from "./approvals/table.js";
import { OcisignElement } from "./base.js";
import { Calm } from "./controllers/calm.js";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.js";

const calmMs = 600;

/** What changes what is shown at once, in whatever order it is then. */
const choices = ["client", "identity", "filter", "search", "sort", "page", "pageSize"];

/**
 * `<ocisign-approvals>`: the queue of signing requests, the person's own decisions first.
 *
 * Parts: `heading`, `status`, `news`, `filters`, `list`, `paging`, `table`, `row`, `current`, `open`, `empty`,
 * `state`, `error`.
 *
 * @typedef {import("./approvals/row.js").Row} Row
 */
export class OcisignApprovals extends OcisignElement {
  static properties = {
    // A portal may say again what it said: that is another object, but no other person.
    identity: { attribute: false, hasChanged: isOther },
    filter: { type: String },
    search: { type: String },
    sort: { type: String },
    page: { type: Number },
    pageSize: { type: Number, attribute: "page-size" },
    current: { type: String },
    hrefOf: { attribute: false },
  };

  static styles = [shared, approvalsStyles];

  #following = new Following(this);
  #shown = new Shown();
  /** What was found is said once nobody types. */
  #calm = new Calm(this, calmMs);
  #wasComplete = false;

  constructor() {
    super();
    /** @type {import("./index.js").ApprovalsFilter} */
    this.filter = "mine";
    this.search = "";
    /** @type {import("./index.js").ApprovalsSort} */
    this.sort = "age";
    this.page = 1;
    this.pageSize = defaultPageSize;
    /** @type {string | undefined} */
    this.current = undefined;
    /** @type {((signing: import("ocisign").Signing) => string) | undefined} */
    this.hrefOf = undefined;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const following = this.#following;
    if (changed.has("client")) this.#follow();
    else if (changed.has("identity")) following.queue.foreseeFor(this.identity);
    if (choices.some((it) => changed.has(it))) this.#shown.settle(following, viewBy(this));
    else if (this.#shown.isBehind(following)) this.#catchUp();
    if (following.isComplete && !this.#wasComplete) this.say(strings.approvals.allRead(following.queue.size));
    this.#wasComplete = following.isComplete;
  }

  render() {
    if (!this.client) return this.unconnected();
    const { watching, namesProblem } = this.#following;
    const tryAgain = () => this.#tryAgain();
    return html`<div class="stack queue">
      ${this.#header()} ${warning(watching)} ${this.problem(this.error, tryAgain)}
      ${namesProblem === undefined || this.error !== undefined ? nothing : noNames(namesProblem, tryAgain)} ${this.#choices()}
      ${this.#list()} ${this.liveRegion()}
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

  #list() {
    const view = viewBy(this);
    const { drawn, page, pages } = this.#shown.part(view);
    if (drawn.length === 0) return this.#empty(view);
    const { filterNames, orders, caption } = strings.approvals;
    const range = this.#range();
    const turner = { range, page, pages, onPage: this.#turnTo };
    return html`<div class="list stack tight" part="list">
      ${paging({ place: "above", ...turner })}
      ${table({
        rows: drawn,
        names: this.#following.names,
        sort: view.sort,
        caption: caption(filterNames[view.filter], orders[view.sort], range),
        current: typeof this.current === "string" ? keyOf(this.current) : undefined,
        hrefOf: addressBy(this.hrefOf),
        onSort: (column) => this.#choose({ sort: turned(view.sort, column) }),
        onOpen: this.#open,
      })}
      ${paging({ place: "below", ...turner })}
    </div>`;
  }

  /** @param {import("./approvals/shown.js").View} view */
  #empty(view) {
    const following = this.#following;
    const { isComplete, queue } = following;
    // Nothing is known then, and why is said already.
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

  /** `51–100 of 10,000` */
  #range() {
    const { first, drawn, total } = this.#shown.part(viewBy(this));
    return strings.approvals.range(first + 1, first + drawn.length, total, !this.#following.isComplete);
  }

  #follow() {
    this.error = undefined;
    this.#following.follow(this.client, this.identity);
  }

  /** Shows what was read since, but moves nothing under anybody's hand. */
  #catchUp() {
    const gained = this.#shown.follow(this.#following, viewBy(this), () => this.#isAttended());
    if (!this.#wasComplete || gained === 0) return;
    // What was to be said of the list before would speak over it.
    this.#calm.cancel();
    this.say(strings.approvals.news(gained));
  }

  /** Somebody points at the list, or is in it by keyboard. A finger is not seen before it touches. */
  #isAttended() {
    const isInList = this.renderRoot.querySelector(".list")?.matches(":hover, :focus-within");
    return isInList || !matchMedia("(hover: hover)").matches;
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
    // What was pressed goes away.
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
   * @param {Partial<import("./approvals/shown.js").View>} chosen @param {string} [focus] where the focus goes when what
   *   was pressed goes away
   */
  #choose(chosen, focus) {
    const before = viewBy(this);
    // Another choice is another list, which begins on its first page.
    Object.assign(this, { page: 1 }, chosen);
    const { pageSize, ...view } = viewBy(this);
    if (isOther(before, { ...view, pageSize })) this.emit("ocisign-view", view);
    if (focus) this.focusOn(focus);
    this.#calm.soon(() => this.say(this.#range()));
  }

  /** @param {number} page @param {string} step the button that was pressed */
  #turnTo = (page, step) => {
    this.#choose({ page }, `.paging.above [data-step=${step}]`);
  };

  /** @param {MouseEvent} event @param {Row} row */
  #open = (event, { signing }) => {
    const isLink = event.currentTarget instanceof HTMLAnchorElement;
    // Then the browser opens it in another tab or window, or saves it.
    if (isLink && (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) return;
    const options = { bubbles: true, composed: true, cancelable: true, detail: { id: signing.id } };
    if (!this.dispatchEvent(new CustomEvent("ocisign-open", options))) event.preventDefault();
  };
}

/** @param {unknown} a @param {unknown} b */
function isOther(a, b) {
  return JSON.stringify(a) !== JSON.stringify(b);
}
