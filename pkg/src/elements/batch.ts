import { type CSSResultGroup, html, type PropertyValues } from "lit";
import type { SigningId } from "ocisign";
import { foldedId } from "../service/same-id.ts";
import type { NameSources } from "../shown/names.ts";
import { OcisignElement } from "./base.ts";
import type { Arranged, Row } from "./batch/arranged.ts";
import { bar } from "./batch/bar.ts";
import { blocked, changed, repeated } from "./batch/blocked.ts";
import { type Block, blockOf } from "./batch/blocks.ts";
import { common, usual } from "./batch/common.ts";
import { consequences } from "./batch/consequences.ts";
import { head, unread } from "./batch/head.ts";
import { hindrances, hindranceWords, unopened } from "./batch/hindrances.ts";
import { leftOut, list } from "./batch/list.ts";
import { namedIn } from "./batch/named-in.ts";
import type { Decision, Draft } from "./batch/page.ts";
import { receiptOf } from "./batch/receipt.ts";
import { result } from "./batch/result.ts";
import { Run } from "./batch/run.ts";
import { Selection, type Wanted } from "./batch/selection.ts";
import { batchStyles } from "./batch/styles.ts";
import { atOnce, Turns } from "./batch/turns.ts";
import { OcisignChanges } from "./changes.ts";
import type { ComparedDetail } from "./events.ts";
import { Callings } from "./fragments/called.ts";
import { busy } from "./fragments/marks.ts";
import { type Foresight, foresee } from "./model/foresight.ts";
import { namesFor } from "./model/naming.ts";
import type { GroupNames, PeopleNames } from "./portal.ts";
import { property, state } from "./property.ts";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.ts";
import type { OcisignText } from "./text/text-element.ts";

const nothingTyped: Draft = { words: "", comment: "", reason: "" };

/**
 * `<ocisign-batch>`: several requests in one list, and one decision about all of them.
 *
 * What all requests say alike stands there once; each row shows what differs. The person types the number of requests
 * and the end of a hash over all that is shown. Each decision goes out bound to what was shown, and is never sent twice.
 *
 * @fires ocisign-decided - for each request, when the service has accepted the decision
 * @fires ocisign-batch-decided - when the sending has ended, and once more when a doubt has; with the receipt
 * @fires ocisign-open - when the person wants to see one request by itself
 * @fires ocisign-close - when the person is done here
 *
 * @csspart head - how many requests there are, and when they were read
 * @csspart unread - requests that could not be read
 * @csspart blocked - how many requests the person cannot decide about, and why
 * @csspart repeated - that several requests are for one image
 * @csspart changed - that requests have changed since they were read before
 * @csspart common - what all requests say alike
 * @csspart usual - what most of them say
 * @csspart list - the requests
 * @csspart row - one request
 * @csspart left-out - the requests that the person left out
 * @csspart state - a state of a request, in words, with its code
 * @csspart warning - that the registry is odd
 * @csspart consequence - what happens when the person decides, and the hash
 * @csspart act - the form that decides
 * @csspart progress - how far the sending is, and the button that stops it
 * @csspart receipt - what came of it
 */
export class OcisignBatch extends OcisignElement {
  /** @internal */
  static override styles: CSSResultGroup = [shared, batchStyles];

  /** The ids of the requests. */
  @property({ attribute: false }) ids: readonly SigningId[] | undefined;
  /** The batch id of a run, in place of `ids`. Attribute `batch`. */
  @property() batch: string | undefined;
  /** Names for groups, before those of the client's profile. */
  @property({ attribute: false }) groupNames: GroupNames | undefined;
  /** Names for people whom the service does not name, before those of the client's profile. */
  @property({ attribute: false }) peopleNames: PeopleNames | undefined;

  /** @internal */
  @state() folded = 0;
  /** @internal */
  @state() drawn = 0;
  /** @internal */
  @state() decision: Decision = "approve";
  /** @internal */
  @state() draft: Draft = nothingTyped;
  /** @internal */
  @state() isInsisting = false;
  /** @internal */
  @state() isCommenting = false;
  /** @internal */
  @state() opened: ReadonlySet<string> = new Set();
  /** @internal */
  @state() expanded: ReadonlySet<string> = new Set();
  /** @internal */
  selection: Selection = new Selection(this);
  /** @internal */
  run: Run = new Run(this);
  /** @internal */
  arranged: Arranged | undefined;
  /** What the person saw of the changes of each, by their keys. @internal */
  compared: Map<string, ComparedDetail> = new Map();
  /** @internal */
  callings: Callings = Callings.withIds([]);
  /** @internal */
  turns: Turns = new Turns();
  #isToDrawMore = false;
  /** What is read, as text. */
  #wanted = "";
  /** What is left of what the page wants, once the person has decided about the others. */
  #instead: { of: string; ids: readonly SigningId[] } | undefined;
  /** The person of the last update. */
  #person: string | undefined;
  #foreseen = new WeakMap<Row, { identity: unknown; foresight: Foresight }>();

  /** @internal */
  constructor() {
    super();
    this.addEventListener("ocisign-fold", () => this.#countFolded());
    this.addEventListener("ocisign-compared", (event) => {
      const [row] = event.composedPath();
      const id = row instanceof OcisignChanges ? row.signing?.id : undefined;
      if (id === undefined) return;
      this.compared.set(foldedId(id), event.detail);
      this.requestUpdate();
    });
  }

  /** @internal */
  override willUpdate(changed: PropertyValues) {
    if (this.#isOtherPerson(changed.has("client"))) {
      this.#instead = undefined;
      this.#clear();
    }
    const isOther = this.#asked !== this.#wanted;
    if (this.#wish === undefined && this.#wanted !== "" && !this.run.isSending) this.#clear();
    // What is being sent goes on, and is told, before anything else is shown.
    if (isOther && !this.run.sending) this.#begin();
    else if (this.client && !this.selection.whole && !this.selection.isReading && this.error === undefined)
      this.#begin();
    const isArranged = this.#arrange();
    if (isArranged || (["identity", "groupNames", "peopleNames"] as const).some((name) => changed.has(name)))
      this.callings = new Callings(namedIn(this.arranged, this.identity), this.names);
  }

  /** @internal */
  override updated() {
    this.#countFolded();
    void this.#drawMore();
  }

  /** @internal */
  override render() {
    const words = strings.batch;
    if (this.#wish === undefined && !this.run.sending)
      return html`<p class="muted">${words.nothingChosen}</p>`;
    if (!this.client && !this.selection.whole) return this.unconnected();
    const failure = this.problem(this.error, () => this.readAgain());
    const { whole, isReading } = this.selection;
    if (!whole) {
      return html`<div class="stack">${head(this)}
          ${this.error === undefined ? html`<div role="status">${busy(words.reading(this.ids?.length))}</div>` : failure}</div>
        ${this.liveRegion()}`;
    }
    return html`<article class="stack" aria-labelledby="title" aria-busy=${isReading ? "true" : "false"}>
        ${head(this)} ${failure} ${result(this)} ${unread(this)} ${changed(this)} ${blocked(this)} ${repeated(this)}
        ${consequences(this)} ${common(this)} ${usual(this)} ${list(this)} ${leftOut(this)}
      </article>
      ${bar(this)} ${this.liveRegion()}`;
  }

  /** Where names for groups and people are found. @internal */
  get names(): NameSources {
    return namesFor(this);
  }

  /** @internal */
  get hasOther(): boolean {
    return this.#wish !== undefined && this.#asked !== this.#wanted;
  }

  /** @internal */
  foresightOf(row: Row): Foresight {
    const known = this.#foreseen.get(row);
    if (known && known.identity === this.identity) return known.foresight;
    const { required = [], approvals } = row.view;
    // No rule has more approvals or groups than this, and matching them would take long.
    const isSane = required.length <= mostToForesee && approvals.length <= mostToForesee;
    const foresight = foresee(row.view, isSane ? this.identity : undefined);
    this.#foreseen.set(row, { identity: this.identity, foresight });
    return foresight;
  }

  /** @internal */
  blockOf(row: Row): Block | undefined {
    return blockOf(row, this.foresightOf(row), this.decision);
  }

  /** @internal */
  type = (typed: Partial<Draft>): void => {
    this.draft = { ...this.draft, ...typed };
  };

  /** @internal */
  turn(decision: Decision) {
    this.decision = decision;
    this.isInsisting = false;
    this.focusOn(decision === "reject" ? "#reason" : "#to-rejection");
  }

  /** @internal */
  comment() {
    this.isCommenting = true;
    this.focusOn("#comment");
  }

  /** @internal */
  insist() {
    this.isInsisting = true;
  }

  /** @internal */
  leaveOut(keys: readonly string[]) {
    // A row that is not drawn anew yet still offers it.
    if (this.run.sending) return;
    void this.selection.leaveOut(keys);
    // The pressed button goes away.
    this.focusOn("#left-out-title");
  }

  /** @internal */
  takeIn(keys: readonly string[]) {
    void this.selection.takeIn(keys);
    this.focusOn("#list");
  }

  /** @internal */
  toggle(key: string) {
    this.opened = new Set([...this.opened, key]);
    const expanded = new Set(this.expanded);
    if (!expanded.delete(key)) expanded.add(key);
    this.expanded = expanded;
  }

  /** @internal */
  openRequest(id: SigningId) {
    this.emit("ocisign-open", { id }, { cancelable: true });
  }

  /** @internal */
  readAgain() {
    this.error = undefined;
    this.#read();
    this.focusOn("#title");
  }

  /** @internal */
  reviewOthers(ids: readonly SigningId[]) {
    const of = this.#given;
    this.#clear();
    this.#instead = { of, ids };
    this.requestUpdate();
    this.focus();
  }

  /** @internal */
  goToUnopened() {
    const [first] = unopened(this);
    const row = [...this.renderRoot.querySelectorAll<HTMLElement>("[data-key]")].find(
      ({ dataset }) => dataset.key === first?.key,
    );
    row?.querySelector<HTMLElement>("[data-fields]")?.focus();
  }

  /** @internal */
  goToFolded() {
    const [first] = this.#foldedTexts();
    first?.shadowRoot?.querySelector("button")?.focus();
  }

  /** @internal */
  decide() {
    const { part } = this.selection;
    if (this.run.isSending || !part) return;
    this.#countFolded();
    const found = hindrances(this);
    if (found.length > 0) {
      this.insist();
      this.say([strings.common.notYet, ...found.map((one) => hindranceWords(one, this))].join(" "));
      if (found.includes("reason")) this.focusOn("#reason");
      else if (found.includes("words")) this.focusOn("#words");
      return;
    }
    const { decision, draft } = this;
    const comment = (decision === "approve" ? draft.comment : draft.reason).trim();
    void this.run.start(decision, part, part.words, comment);
    // The pressed button goes away.
    this.focusOn("#stop");
  }

  /** @internal */
  goOn() {
    void this.run.goOn();
    this.focusOn("#stop");
  }

  /** The run has ended, or a doubt of it. @internal */
  runEnded() {
    const { run, selection } = this;
    const receipt = receiptOf(run, selection, this.compared);
    if (!receipt) return;
    const { result, counts, outcomes } = strings.batch;
    const done = receipt.decision === "approve" ? "approved" : "rejected";
    const others = Object.entries(receipt.counts).filter(([state]) => state !== done);
    const parts = others.map(([state, count]) => `${count} ${outcomes[state] ?? state}`).join(", ");
    const told = result[receipt.decision](receipt.counts[done] ?? 0, receipt.requests.length);
    this.say(parts === "" ? `${told}.` : `${told}. ${counts(parts)}`);
    this.draft = nothingTyped;
    this.isInsisting = false;
    this.emit("ocisign-batch-decided", { receipt });
    if (!run.isLooking) this.focusOn("#receipt");
  }

  /** @internal */
  showWaiting() {
    this.#clear();
    this.focus();
  }

  /** @internal */
  close() {
    this.emit("ocisign-close", undefined);
  }

  /** Other requests are decided about: what was typed belongs to those before. @internal */
  chosen() {
    this.draft = { ...this.draft, words: "" };
    this.isInsisting = false;
    const { part, out } = this.selection;
    if (part && out.size > 0) this.say(strings.batch.leftOutNow(part.requests.length));
  }

  /** All of it was read anew, and has to be looked at anew. @internal */
  wasRead() {
    this.opened = this.expanded = new Set();
    this.chosen();
    const { changed, whole } = this.selection;
    if (changed.size > 0) this.say(strings.batch.hasChanged(changed.size));
    else if (whole) this.say(strings.batch.title[this.decision](whole.requests.length));
  }

  /** What the page wants shown, as text. */
  get #given() {
    return JSON.stringify([this.ids, this.batch]);
  }

  get #wish(): Wanted | undefined {
    if (this.#instead?.of === this.#given) return { ids: this.#instead.ids };
    if (this.ids && this.ids.length > 0) return { ids: [...this.ids] };
    return this.batch ? { batch: this.batch } : undefined;
  }

  get #asked() {
    return JSON.stringify(this.#wish ?? null);
  }

  #begin() {
    if (!this.client) return;
    if (this.#asked !== this.#wanted) this.#clear();
    this.#wanted = this.#asked;
    this.#read();
  }

  #read() {
    const wish = this.#wish;
    if (wish) void this.selection.read(wish);
  }

  /** @returns whether there is another arrangement than before */
  #arrange(): boolean {
    const { arranged, isChoosing } = this.selection;
    // While its hash is made, what was drawn stays.
    if (isChoosing || arranged === this.arranged) return false;
    this.arranged = arranged;
    this.drawn = Math.min(Math.max(this.drawn, atOnce), arranged?.rows.length ?? 0);
    return true;
  }

  /** The next rows, once the browser has drawn those before. */
  async #drawMore() {
    const { isBehind } = this.turns;
    if (this.#isToDrawMore || (!isBehind && this.drawn >= (this.arranged?.rows.length ?? 0))) return;
    this.#isToDrawMore = true;
    const { drawn } = this;
    await new Promise((resolve) => setTimeout(resolve));
    this.#isToDrawMore = false;
    // Those that are there come first.
    if (isBehind || this.drawn !== drawn) this.requestUpdate();
    else this.drawn = Math.min(drawn + atOnce, this.arranged?.rows.length ?? 0);
  }

  #clear() {
    this.error = undefined;
    this.said = "";
    this.#wanted = "";
    this.decision = "approve";
    this.draft = nothingTyped;
    this.isInsisting = this.isCommenting = false;
    this.opened = this.expanded = new Set();
    this.drawn = 0;
    this.compared = new Map();
    this.run.clear();
    this.selection.clear();
  }

  /** As in `<ocisign-signing>`: what one person began is never sent as another. */
  #isOtherPerson(isOtherClient: boolean) {
    const [before, now] = [this.#person, this.identity?.objectId];
    const isUnknown = now === undefined && isOtherClient && this.client !== undefined;
    this.#person = isUnknown ? undefined : (now ?? before);
    return before !== undefined && before !== this.#person;
  }

  #countFolded() {
    this.folded = this.#foldedTexts().length;
  }

  #foldedTexts() {
    const texts = this.renderRoot.querySelectorAll<OcisignText>("ocisign-text[folded]");
    return [...texts].filter((text) => !text.closest(".repeated"));
  }
}

const mostToForesee = 500;
