import { html, nothing, type PropertyValues } from "lit";
import { live } from "lit/directives/live.js";
import { foldedId } from "../service/same-id.ts";
import {
  type Course,
  type DeedOf,
  deedsSince,
  type ProductFigures,
  productsOf,
  type Week,
  weeksOf,
} from "../shown/activity.ts";
import { exportedOf } from "../shown/export.ts";
import { visibleText } from "../shown/hidden-characters.ts";
import { endedChart, waitsChart } from "./activity/charts.ts";
import { deedsList } from "./activity/deeds.ts";
import { ActivityReading } from "./activity/reading.ts";
import { activityStyles } from "./activity/styles.ts";
import { productsTable, weeksTable } from "./activity/weeks.ts";
import { OcisignElement } from "./base.ts";
import { valueIn } from "./fragments/event-values.ts";
import { type Format, saveRequests } from "./fragments/save-requests.ts";
import { namesFor } from "./model/naming.ts";
import type { GroupNames, PeopleNames } from "./portal.ts";
import { property } from "./property.ts";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.ts";
import { timeOfDay } from "./text/time.ts";

const periods = [4, 12, 26, 52] as const;
const defaultWeeks = 12;

/**
 * `<ocisign-activity>`: what became of the requests, week by week and product by product: how many were signed,
 * rejected or failed, how long people waited, and who did what. It reads all requests once, and again by its button.
 *
 * @fires ocisign-open - when the person chooses a request
 * @fires ocisign-period
 *
 * @csspart heading - the element's own heading
 * @csspart chart - a chart, with its title
 * @csspart table - the figures of weeks and of products
 * @csspart open - the button that opens a request
 *
 * @example
 * ```ts
 * import { SigningClient } from "ocisign";
 * import "ocisign/elements";
 *
 * const activity = document.createElement("ocisign-activity");
 * activity.client = new SigningClient({ baseUrl: "https://app.laavat.io/acme/api/v1", token: () => portal.token() });
 * activity.weeks = 26;
 * document.body.append(activity);
 * ```
 */
export class OcisignActivity extends OcisignElement {
  /** @internal */
  static override styles = [shared, activityStyles];

  /** How many weeks are looked at, with this one: 4, 12, 26 or 52. Default 12. Attribute `weeks`. */
  @property({ type: Number }) weeks = defaultWeeks;
  /** Only requests of this product, by its id. Attribute `product`. */
  @property() product = "";
  /** Names for groups, before those of the client's profile. */
  @property({ attribute: false }) groupNames: GroupNames | undefined;
  /** Names for people whom the service does not name, before those of the client's profile. */
  @property({ attribute: false }) peopleNames: PeopleNames | undefined;

  #reading = new ActivityReading(this);
  #counted: Counted | undefined;

  /** @internal */
  override willUpdate(changed: PropertyValues) {
    if (changed.has("client")) this.#reading.use(this.client);
    const of = [this.#reading.courses, this.#weeks, this.product];
    const isSame = this.#counted?.of.every((part, at) => part === of[at]);
    if (!isSame) this.#counted = counted(this.#reading.courses, this.#weeks, this.product);
  }

  /** @internal */
  override render() {
    if (!this.client) return this.unconnected();
    const isRead = this.#reading.readAt !== undefined;
    return html`<div class="stack">
      ${this.#header()} ${this.problem(this.error, () => this.#again())}
      ${isRead && this.#counted ? this.#found(this.#counted) : nothing} ${this.liveRegion()}
    </div>`;
  }

  #header() {
    const words = strings.activity;
    const { isReading, count } = this.#reading;
    return html`<div class="row between">
      <h2 part="heading" tabindex="-1">${words.heading}</h2>
      ${isReading ? html`<span class="small muted" role="status">${words.reading(count)}</span>` : nothing}
      <button type="button" class="small" aria-disabled=${isReading ? "true" : "false"}
        @click=${isReading ? nothing : () => this.#again()}>${words.refresh}</button>
    </div>`;
  }

  #found(shown: Counted) {
    const words = strings.activity;
    const { weekly, products, deeds } = shown;
    const isQuiet = products.length === 0 && deeds.length === 0;
    return html`${this.#choices()} ${this.#basis(shown)}
      ${
        isQuiet
          ? html`<p>${words.nothing}</p>`
          : html`<div class="figures">${endedChart(weekly)} ${waitsChart(weekly)}</div>
            ${weeksTable(weekly)}
            <section class="stack tight" aria-labelledby="by-product">
              <h3 id="by-product">${words.byProduct}</h3>${productsTable(products, (id) => this.#nameOf(id))}
            </section>
            <section class="stack tight" aria-labelledby="deeds">
              <h3 id="deeds">${words.deeds}</h3>
              ${deedsList(deeds, namesFor(this), (id) => this.emit("ocisign-open", { id }))}
            </section>`
      }
      ${this.#export(shown)}`;
  }

  #choices() {
    const words = strings.activity;
    const { courses, names } = this.#reading;
    const chosen = foldedId(this.product);
    // A product that nobody requested anything of is named, too: "all products" would not be what is shown.
    const ids = [
      ...new Map([
        [chosen, this.product],
        ...courses.map(({ productId }) => [foldedId(productId), productId] as const),
      ]).values(),
    ];
    return html`<div class="row choices">
      <label>${words.period}
        <select @change=${(event: Event) => {
          this.#choose({ weeks: Number(valueIn(event)) });
        }}>
          ${periods.map((weeks) => html`<option value=${weeks} .selected=${live(weeks === this.#weeks)}>${words.lastWeeks(weeks)}</option>`)}
        </select></label>
      <label>${words.product}
        <select @change=${(event: Event) => {
          this.#choose({ product: valueIn(event) });
        }}>
          <option value="" .selected=${live(chosen === "")}>${words.allProducts}</option>
          ${ids
            .filter(Boolean)
            .map(
              (id) =>
                html`<option value=${id} .selected=${live(foldedId(id) === chosen)}>${visibleText((names.get(foldedId(id)) || id).slice(0, 100))}</option>`,
            )}
        </select></label>
    </div>`;
  }

  /** What the figures are of, and what they leave out. */
  #basis({ courses }: Counted) {
    const words = strings.activity;
    const { readAt, unreadable } = this.#reading;
    const undated = courses.filter(({ createdAt, deeds }) => !createdAt && deeds.length === 0).length;
    const unexplained = courses.filter(({ state }) => state === "unknown").length;
    return html`<p class="small muted">${readAt ? words.basis(courses.length, timeOfDay(readAt)) : nothing}
      ${unreadable > 0 ? words.unreadable(unreadable) : nothing}
      ${undated > 0 ? words.undated(undated) : nothing}
      ${unexplained > 0 ? words.unexplained(unexplained) : nothing}</p>`;
  }

  #export({ courses, since }: Counted) {
    const words = strings.activity;
    const saveAs = async (format: Format) => {
      const chosen = courses.filter((course) => isOfPeriod(course, since));
      const exported = (course: Course) => exportedOf(course, (id) => this.#nameOf(id));
      this.say(words.exported(await saveRequests(chosen, format, exported)));
    };
    return html`<section class="stack tight" aria-labelledby="export">
      <h3 id="export">${words.exportHeading}</h3>
      <p class="hint">${words.exportHint}</p>
      <p class="row">
        <button type="button" class="small" @click=${() => saveAs("csv")}>${words.asCsv}</button>
        <button type="button" class="small" @click=${() => saveAs("json")}>${words.asJson}</button>
      </p>
    </section>`;
  }

  /** A number that is none of the choices counts as the default. */
  get #weeks() {
    return periods.find((weeks) => weeks === this.weeks) ?? defaultWeeks;
  }

  #choose(chosen: { weeks?: number; product?: string }) {
    Object.assign(this, chosen);
    this.emit("ocisign-period", { weeks: this.#weeks, product: this.product });
  }

  #nameOf(id: string) {
    return this.#reading.names.get(foldedId(id)) || id || strings.activity.noProduct;
  }

  #again() {
    this.error = undefined;
    this.#reading.again();
    this.focusOn("h2");
  }
}

/** What is shown: the same lists as long as nothing was chosen or read, so that what is unfolded stays so. */
interface Counted {
  readonly of: readonly unknown[];
  /** Those of the product. */
  readonly courses: readonly Course[];
  readonly since: Date;
  readonly weekly: readonly Week[];
  readonly products: readonly ProductFigures[];
  readonly deeds: readonly DeedOf[];
}

function counted(all: readonly Course[], weeks: number, product: string): Counted {
  const key = foldedId(product);
  const courses = key === "" ? all : all.filter(({ productId }) => foldedId(productId) === key);
  const weekly = weeksOf(courses, weeks, new Date());
  const since = weekly[0]?.from ?? new Date();
  return {
    of: [all, weeks, product],
    ...{ courses, since, weekly },
    products: productsOf(courses, since),
    deeds: deedsSince(courses, since),
  };
}

/** One without times may be of the period, and an open one is. */
function isOfPeriod({ isFinal, createdAt, endedAt }: Course, since: Date) {
  const times = [createdAt, endedAt].filter((at) => at !== undefined);
  return !isFinal || times.length === 0 || times.some((at) => at >= since);
}
