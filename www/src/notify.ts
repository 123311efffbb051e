// <page-notify>: notifications of the browser. A person asks for them by a click, and is told when more requests need
// their review than before while the page is hidden. A notification leaves the page: it says no more than where the
// image lies and who asks.
import { html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import type { Signing } from "ocisign";
import type { CountDetail, OcisignApprovals } from "ocisign/elements";
import { shared } from "../../pkg/src/elements/styles.js";
import { visibleText } from "../../pkg/src/shown/hidden-characters.ts";
import type { NameSources } from "../../pkg/src/shown/names.ts";
import { personName } from "../../pkg/src/shown/person.ts";
import { viewOf } from "../../pkg/src/shown/request-view.ts";
import { keep, kept } from "./kept.ts";
import { partFor } from "./parts.ts";
import { inQueue } from "./queue-address.ts";
import { hashOf } from "./route.ts";

const place = "ocisign-notify";
/** A notification shows little, and a name may be as long as its author likes. */
const longest = 80;

export const strings = {
  start: "Notify me of new requests",
  stop: "Stop notifying me",
  on: "While this page is open and hidden, your browser shows a notification when a request needs your review.",
  denied: "Your browser blocks notifications of this page. Allow them in its settings for this site.",
  failed: "Your browser shows no notifications of a page.",
  one: "A request needs your review",
  several: (count: number) => `${count.toLocaleString()} more requests need your review`,
  from: (repository: string, requester: string) =>
    [repository, requester && `by ${requester}`].filter(Boolean).join(", "),
};

/**
 * Where notifications are possible, a button.
 *
 * @example
 * const element = document.createElement("page-notify");
 * Object.assign(element, { queue, names: [] });
 * document.body.append(element);
 */
export class PageNotify extends LitElement {
  static override styles = shared;

  /** Whose counts are followed. */
  @property({ attribute: false }) queue: OcisignApprovals | undefined;
  /** What people are called. */
  @property({ attribute: false }) names: NameSources = [];
  @state() private isOn = false;
  @state() private problem = "";

  /** How many needed a review when the page was looked at last. */
  #known = 0;
  #listening = new AbortController();

  override connectedCallback() {
    super.connectedCallback();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.body.addEventListener("ocisign-count", ({ detail }) => this.#count(detail), { signal });
    if (canNotify() && kept(place) === "on" && Notification.permission === "granted") this.#turn(true);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#listening.abort();
  }

  override render() {
    if (!canNotify()) return nothing;
    const said = this.problem || (this.isOn ? strings.on : "");
    return html`<div class="stack tight">
      <div><button type="button" @click=${() => this.#choose()}>${this.isOn ? strings.stop : strings.start}</button></div>
      <p class="hint" role="status">${said}</p>
    </div>`;
  }

  /** Only a click asks the browser. */
  async #choose() {
    this.problem = "";
    if (this.isOn) {
      this.#turn(false);
      keep(place, undefined);
      return;
    }
    const permission = await Notification.requestPermission();
    if (permission === "granted") {
      this.#turn(true);
      keep(place, "on");
    } else if (permission === "denied") this.problem = strings.denied;
  }

  #turn(isOn: boolean) {
    this.isOn = isOn;
    if (this.queue) this.queue.background = isOn;
    // The queue counts only once it is there. If it cannot be loaded, its own view says so.
    if (isOn) partFor("requests").catch(() => {});
  }

  #count({ review, isComplete }: CountDetail) {
    const more = review - this.#known;
    this.#known = review;
    if (this.isOn && isComplete && more > 0 && document.hidden) this.#notify(more);
  }

  #notify(more: number) {
    const newest = this.queue?.newestForReview();
    const isOne = more === 1 && newest !== undefined;
    try {
      const notification = new Notification(isOne ? strings.one : strings.several(more), {
        body: newest && this.#about(newest),
        // The next one takes its place.
        tag: place,
      });
      notification.addEventListener("click", () => {
        notification.close();
        window.focus();
        location.hash = isOne ? inQueue(newest.id) : hashOf("requests", undefined, { filter: "review" });
      });
    } catch {
      // Browsers of phones have the class, and refuse to make one.
      this.#turn(false);
      this.problem = strings.failed;
    }
  }

  #about(newest: Signing) {
    const { image, requester } = viewOf(newest);
    const name = requester ? personName(requester, this.names) : "";
    return strings.from(short(image?.repository ?? ""), short(name));
  }
}

customElements.define("page-notify", PageNotify);

/** What it hides is written out. */
function short(text: string) {
  const shown = [...visibleText(text)];
  return shown.length > longest ? `${shown.slice(0, longest - 1).join("")}…` : shown.join("");
}

function canNotify() {
  return "Notification" in window && window.isSecureContext;
}
