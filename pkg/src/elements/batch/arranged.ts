// What all requests of a batch have in common, what most of them have, and of each what tells it from the others.
import type { BatchProduct, BatchRequest, ShownBatch } from "ocisign";
import { type InCommon, inCommonCalmly, unusualIn } from "../../bulk/decide/in-common.ts";
import { foldedId } from "../../service/same-id.ts";
import { productIn } from "../../shown/batch-view.ts";
import type { RequestView } from "../../shown/request-view.ts";
import { isVersion } from "../../shown/version.ts";
import { Slices } from "../../slices.ts";
import { type Fact, type Facts, factsOf, hides, textOf } from "./facts.ts";
import { viewIn } from "./views.ts";

/** What one request says otherwise than all, or than most of them. */
export interface Own {
  readonly key: string;
  readonly title: Fact["title"];
  /** Undefined where it says nothing. */
  readonly fact: Fact | undefined;
  /** Most of them say something else. */
  readonly isUnusual: boolean;
}

/** A request as a row of the list. */
export interface Row {
  /** Its id, as ids are compared. */
  readonly key: string;
  readonly request: BatchRequest;
  readonly view: RequestView;
  readonly product: BatchProduct | undefined;
  readonly facts: Facts;
  readonly own: readonly Own[];
  /** Its version, if it names one that differs. */
  readonly version: Own | undefined;
  /** What tells it from the others hides characters: a person has to open it. */
  readonly isHiding: boolean;
}

export interface Usual {
  readonly fact: Fact;
  readonly count: number;
}

export interface Arranged {
  readonly common: readonly Fact[];
  readonly usual: readonly Usual[];
  readonly rows: readonly Row[];
}

/** In slices: hundreds of requests would hold up the page. */
export async function arranged(batch: Pick<ShownBatch, "requests" | "products">): Promise<Arranged> {
  const slices = new Slices();
  const seen = await slices.map(batch.requests, (request) => {
    const view = viewIn(request.signing);
    const product = productIn(batch, request.signing);
    const facts = factsOf(view, product);
    // What begins each row, and what stands within it, is compared with nothing.
    const compared = new Map([...facts].filter(([, { place }]) => !place));
    return { request, view, product, facts, compared };
  });
  const all = seen.map(({ compared }) => compared);
  const common = await inCommonCalmly(all, textOf, slices);
  const titles = new Map<string, Fact["title"]>();
  for (const facts of all) for (const [key, { title }] of facts) titles.set(key, title);
  const rows = await slices.map(seen, ({ compared, ...one }): Row => {
    const all = ownOf(compared, common, titles);
    const version = all.find(
      ({ key, fact }) => versionKey.test(key) && fact?.shows === "prose" && isVersion(fact.value),
    );
    const shown = [...one.facts.values()].filter(({ place }) => place);
    const told = [...shown, ...all.flatMap(({ fact }) => fact ?? [])];
    return {
      ...one,
      key: foldedId(one.request.signing.id),
      own: all.filter((own) => own !== version),
      version,
      isHiding: told.some(hides),
    };
  });
  return {
    common: [...common.same.values()],
    usual: [...common.apart.values()].flatMap(({ usual }) =>
      usual?.value ? [{ fact: usual.value, count: usual.count }] : [],
    ),
    rows: rows.sort(byName),
  };
}

/** By their images. */
function byName(one: Row, other: Row): number {
  const [a, b] = [nameOf(one), nameOf(other)];
  if (a === b) return one.key < other.key ? -1 : 1;
  return order.compare(a, b) || (a < b ? -1 : 1);
}

/** The second before the tenth. The same on every machine. */
const order = new Intl.Collator("en", { numeric: true });

function nameOf({ view: { image, artifact } }: Row): string {
  return image ? `${image.repository}\n${image.canonical}` : artifact.text;
}

const versionKey = /^metadata 1 version$/i;

function ownOf(facts: Facts, common: InCommon<Fact>, titles: ReadonlyMap<string, Fact["title"]>): Own[] {
  return unusualIn(facts, common, textOf).map((key) => ({
    key,
    title: facts.get(key)?.title ?? titles.get(key) ?? { own: key },
    fact: facts.get(key),
    isUnusual: common.apart.get(key)?.usual !== undefined,
  }));
}
