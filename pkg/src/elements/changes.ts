import { type CSSResultGroup, html, nothing, type PropertyValues } from "lit";
import type { ImageChanges, PublicKey, Signing } from "ocisign";
import { inUnits } from "../shown/bytes.ts";
import { dateOf } from "../shown/date.ts";
import type { NameSources } from "../shown/names.ts";
import { personName } from "../shown/person.ts";
import { viewOf } from "../shown/request-view.ts";
import { versionOf } from "../shown/version.ts";
import { OcisignElement } from "./base.ts";
import { Comparing, costOf, type Inside, lacksPackages } from "./changes/comparing.ts";
import { otherImage } from "./changes/other-image.ts";
import { changesStyles } from "./changes/styles.ts";
import { define } from "./define.ts";
import { moment } from "./fragments/facts.ts";
import { imageSummary } from "./fragments/image-description.ts";
import { busy } from "./fragments/marks.ts";
import { wordsOf } from "./model/errors.ts";
import { namesFor } from "./model/naming.ts";
import type { GroupNames, PeopleNames } from "./portal.ts";
import { property, state } from "./property.ts";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.ts";
import { exact, prose } from "./text/text-element.ts";
import { ago } from "./text/time.ts";

type Draw = typeof import("./changes/draw.ts");

/**
 * `<ocisign-changes>`: what differs between an image and the version that was signed last.
 *
 * Of a request, the element looks for that version itself: the newest one whose signature verifies. A page may name
 * both images instead, or pass a comparison of its own. What could not be read is unknown, and never the same.
 *
 * @fires ocisign-compared - when the images are compared, and again when more of them was read
 *
 * @csspart with - the version that the image is compared with
 * @csspart unverified - that nothing proves that version
 * @csspart summary - what changed, in one line
 * @csspart notable - what has to be seen before a decision
 * @csspart details - everything that was compared
 * @csspart other - the form that names another image to compare with
 */
export class OcisignChanges extends OcisignElement {
  /** @internal */
  static override styles: CSSResultGroup = [shared, changesStyles];

  /** The request whose image is compared with the version that was signed last. */
  @property({ attribute: false }) signing: Signing | undefined;
  /** The image to compare with, as `registry/repository@digest` or with a tag, in place of the version that was signed last. Attribute `before`. */
  @property({ attribute: "before" }) imageBefore: string | undefined;
  /** The image that is compared, as `registry/repository@digest`, where there is no request. Attribute `after`. */
  @property({ attribute: "after" }) imageAfter: string | undefined;
  /** A comparison of the page's own, which the element shows without reading anything. */
  @property({ attribute: false }) changes: ImageChanges | undefined;
  /** The key, in PEM or as it was imported, by which the image to compare with is verified if it is named by `imageBefore` or by the person. */
  @property({ attribute: false }) publicKey: string | PublicKey | undefined;
  /** Only the line and what has to be seen, as for a row of a list; nothing is read before it is in sight. Attribute `brief`. */
  @property({ type: Boolean }) brief = false;
  /** The level of its heading, where a page has others around it; 2 if left out. Attribute `level`. */
  @property({ type: Number }) level = 2;
  /** Names for groups, before those of the client's profile. */
  @property({ attribute: false }) groupNames: GroupNames | undefined;
  /** Names for people whom the service does not name, before those of the client's profile. */
  @property({ attribute: false }) peopleNames: PeopleNames | undefined;

  /** @internal */
  @state() typed = "";
  /** @internal */
  @state() isSeen = false;
  /** @internal */
  comparing: Comparing = new Comparing(this);
  /** What draws a comparison, once it is loaded. */
  #draw: Draw | undefined;
  #sight: IntersectionObserver | undefined;

  /** @internal */
  override connectedCallback() {
    super.connectedCallback();
    // Without an observer, as in some tests of pages, all is in sight.
    if (!this.brief || this.isSeen || typeof IntersectionObserver === "undefined") {
      this.isSeen = true;
      return;
    }
    this.#sight = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) this.isSeen = true;
    });
    this.#sight.observe(this);
  }

  /** @internal */
  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#sight?.disconnect();
  }

  /** @internal */
  override willUpdate(_: PropertyValues) {
    if (this.isSeen) {
      this.#sight?.disconnect();
      this.comparing.follow();
    }
  }

  /** @internal */
  override render() {
    const { comparing } = this;
    const isGiven = this.signing || this.imageAfter || this.changes;
    if (!isGiven) return this.brief ? nothing : html`<p class="muted">${strings.changes.nothingGiven}</p>`;
    const isTrusted = comparing.other?.verification?.state === "verified";
    const trust = comparing.other && !isTrusted ? "none" : "";
    const inside = this.brief
      ? html`${this.#outcome()} ${this.#doubts()}`
      : html`<div class="top">
          <h2 id="title" aria-level=${this.level} tabindex="-1">${strings.changes.title}</h2>
          ${this.comparing.state === "alone" ? html`<p>${strings.changes.none}</p>` : this.#with()}
        </div>
        ${this.#doubts()} ${this.#outcome()} ${this.#ways()}`;
    return html`<div class="changes ${this.brief ? "brief" : ""}" data-state=${comparing.state}
      data-trust=${trust}>${inside}</div>${this.liveRegion()}`;
  }

  /** Where names for groups and people are found. @internal */
  get names(): NameSources {
    return namesFor(this);
  }

  /** Within another element, which describes the image. @internal */
  get isDescribed(): boolean {
    return this.level > 2;
  }

  /** There is something new to show. @internal */
  async compared() {
    const { changes, other } = this.comparing;
    if (!changes || !other) return;
    try {
      this.#draw ??= await import("./changes/draw.ts");
    } catch (error) {
      // The page's files may be others by now, or the network away.
      this.comparing.fail(error);
    }
    // Something else may be compared by now.
    if (!this.#draw || this.comparing.changes !== changes) return;
    this.requestUpdate();
    const { summary } = this.#draw.viewIn(changes);
    this.say(strings.changes.compared(summary));
    const isVerified = other.verification?.state === "verified";
    this.emit("ocisign-compared", { changes, summary, isVerified });
  }

  /** With what it is compared. */
  #with() {
    const words = strings.changes;
    const { other } = this.comparing;
    if (!other) return nothing;
    const end = other.image.slice(-8);
    const parts = other.signing ? this.#signed(other.signing, other.signedAt) : [exact(other.image)];
    return html`${this.#trust()}<p class="with" part="with">
      ${parts.map((part) => html`<span>${part}</span>`)}
      ${other.signing ? html`<span><code title=${other.image}>${words.digestEnds(end)}</code></span>` : nothing}
    </p>`;
  }

  /** The version that was signed last: what it is called, when it was signed, and who approved it. */
  #signed(signing: Signing, signedAt: string | undefined): unknown[] {
    const words = strings.changes;
    const view = viewOf(signing);
    const version = versionOf(view);
    const at = dateOf(signedAt);
    const name = [view.name, version].filter((text) => text !== undefined && text !== "").join(" ");
    const people = view.approvals.slice(0, mostPeople).map(({ person }) => personName(person, this.names));
    const approvers = people.map(
      (person, index) =>
        html`${index > 0 ? ", " : nothing}${person === "" ? strings.signing.unknownPerson : prose(person)}`,
    );
    return [
      html`${words.since} ${name === "" ? words.signedVersion : quoted(name)}`,
      ...(at ? [moment(at, words.signed(ago(at)))] : []),
      ...(people.length > 0 ? [html`${words.approvedBy} ${approvers}`] : []),
    ];
  }

  /** In a list, in the same line. */
  #since() {
    const words = strings.changes;
    const { signing, image = "" } = this.comparing.other ?? {};
    const { name = "" } = signing ? viewOf(signing) : {};
    const what = name === "" ? words.digestEnds(image.slice(-8)) : quoted(name);
    return html`<span class="muted">${words.title} ${words.sinceThat} ${what}: </span>`;
  }

  #trust() {
    const words = strings.changes;
    const { other } = this.comparing;
    const isVerified = other?.verification?.state === "verified";
    return isVerified
      ? html`<span class="state good"><span aria-hidden="true">✓ </span>${other.signing ? words.verified : words.otherVerified}</span>`
      : html`<span class="state warn"><span aria-hidden="true">⚠ </span>${words.notVerified}</span>`;
  }

  /** What lessens the worth of the comparison. */
  #doubts() {
    const words = strings.changes;
    const { other, passedOver, unchecked } = this.comparing;
    const { verification } = other ?? {};
    const isVerified = verification?.state === "verified";
    return html`${
      other && !isVerified
        ? html`<p class="notice warn" part="unverified">${words.notVerifiedAdvice}
            ${verification ? prose(verification.reason) : nothing}</p>`
        : nothing
    }
    ${passedOver > 0 ? html`<p class="notice warn" data-passed-over=${passedOver}>${words.passedOver(passedOver)}</p>` : nothing}
    ${unchecked > 0 ? html`<p class="notice warn" data-unchecked=${unchecked}>${words.unchecked(unchecked)}</p>` : nothing}`;
  }

  #outcome(): unknown {
    const words = strings.changes;
    const { comparing } = this;
    switch (comparing.state) {
      case "none":
        return this.isSeen && !this.brief && this.signing && this.client
          ? html`<p class="muted">${words.noImage}</p>`
          : nothing;
      case "looking":
        return busy(words.looking);
      case "comparing":
        return busy(comparing.other?.signing ? words.comparing : words.comparingThem);
      case "alone":
        // Where there is room, it stands beside the heading.
        return this.brief ? html`<p>${words.none}</p>` : nothing;
      case "lost":
        return this.#failed(words.lookFailed, comparing.error);
      case "failed":
        return this.#failed(words.compareFailed, comparing.error);
      case "compared":
        return this.#changes();
    }
  }

  #failed(what: string, error: unknown) {
    const { message, fix } = wordsOf(error, "read");
    const again = () => {
      comparing.again();
      // The pressed button goes away.
      this.focusOn("#title");
    };
    const { comparing } = this;
    const why = html`<p class="warn">${what}</p><p class="small">${prose(message)} ${fix ? prose(fix) : nothing}</p>`;
    return this.brief
      ? html`<p class="warn">${what}</p>`
      : html`${why}<p><button type="button" class="small" id="again" @click=${again}>${strings.changes.again}</button></p>`;
  }

  #changes() {
    const { changes } = this.comparing;
    if (!changes || !this.#draw) return busy(strings.changes.comparingThem);
    const view = this.#draw.viewIn(changes);
    return html`<p class="summary" part="summary">${this.brief ? this.#since() : nothing}${view.summary}</p>
      ${this.#draw.notable(view, this.brief)}`;
  }

  /** What the person may open, and ask for. */
  #ways() {
    const { changes, description, state, reading, insideError } = this.comparing;
    const isIdle = state === "looking" || state === "comparing";
    return html`${insideError === undefined ? nothing : this.problem(insideError)}
      <div class="ways">
        ${description ? html`<div class="alone"><span class="muted">${strings.changes.alone}</span> ${imageSummary(description)}</div>` : nothing}
        ${changes && this.#draw ? this.#draw.details(this.#draw.viewIn(changes)) : nothing}
        ${changes && !this.changes && state === "compared" ? this.#inside(changes, reading) : nothing}
        ${isIdle || this.changes ? nothing : otherImage(this)}
      </div>`;
  }

  /** What is inside layers costs bandwidth: the person is told how much before it begins. */
  #inside(changes: ImageChanges, reading: Inside | undefined) {
    const words = strings.changes;
    const { comparing } = this;
    if (reading) {
      const stop = () => {
        comparing.stop();
        this.focusOn("#title");
      };
      return html`<span class="row small">${busy(reading === "files" ? words.readingFiles : words.readingPackages)}
        <button type="button" class="small" id="stop" @click=${stop}>${words.stop}</button></span>`;
    }
    const cost = costOf(changes);
    if (cost === 0) return nothing;
    const size = inUnits(cost);
    const button = (
      what: Inside,
      label: string,
    ) => html`<button type="button" class="small plain" id="read-${what}"
      @click=${() => this.#read(what)}>${label}</button>`;
    const mayHavePackages = lacksPackages(changes) && !comparing.read.has("packages");
    return html`${mayHavePackages ? button("packages", words.readPackages(size)) : nothing}
      ${button("files", words.readFiles(size))}`;
  }

  #read(what: Inside) {
    void this.comparing.readInside(what);
    // The pressed button goes away.
    this.focusOn("#stop");
  }
}

/** What its requester called it, among words of this page: it could go on as these do. */
function quoted(name: string) {
  return html`“${prose(name.slice(0, longestName))}”`;
}

/** The approvers that are named. */
const mostPeople = 5;
/** Of a name, so many characters. */
const longestName = 100;

define("ocisign-changes", OcisignChanges);
