// What a person sees of several requests before deciding about them: what all of them say is told once, what most of them
// say once with its count, and of each what tells it from the others.
import type { BatchProduct, BatchRequest, ShownBatch } from "ocisign";
import { type InCommon, inCommon, unusualIn } from "../../bulk/decide/in-common.ts";
import { pairOf } from "../../bulk/decide/same-product.ts";
import type { ProductSeen } from "../../shown/product-view.ts";
import type { RequestView } from "../../shown/request-view.ts";
import { visible } from "../../shown/visible.ts";
import { counted } from "../bulk/wrong-lines.ts";
import type { Output } from "../output.ts";
import { productRows } from "../product-rows.ts";
import { artifactText, decidedRows, part as oneOfARow, stateText, viewed } from "../request-text.ts";
import type { Session } from "../session.ts";
import { aligned, alignedRows, type Row, wordsOf } from "../shown.ts";

/** A request with its rows, by their titles. */
interface Shown {
  readonly request: BatchRequest;
  readonly view: RequestView;
  readonly rows: ReadonlyMap<string, Row>;
}

/** @param toDo what will be done, such as `be signed` */
export async function batchText(shown: ShownBatch, session: Session, toDo: string): Promise<string> {
  const products = byPair(shown.products);
  const all = await Promise.all(shown.requests.map((request) => seen(request, products, session)));
  const common = inCommon(
    all.map(({ rows }) => rows),
    textOf,
  );
  const { output } = session;
  const sections = [
    heading(shown, toDo),
    part(all.length === 1 ? "" : "In all of them:", [...common.same.values()], output),
    part("In most of them:", usualRows(common, all.length), output),
    all.map((one, at) => requestText(one, common, at + 1, output)).join("\n"),
    liveText(all),
    warnings(shown, all, output),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

function heading({ requests, batch }: ShownBatch, toDo: string): string {
  const of = batch === undefined ? "" : ` of the batch ${visible(batch, "exact")}`;
  return `${counted(requests.length, "request")}${of} will ${toDo}, as far as nothing else is said below:`;
}

async function seen(
  request: BatchRequest,
  products: ReadonlyMap<string, BatchProduct>,
  session: Session,
): Promise<Shown> {
  const view = await viewed(request.signing);
  const product = products.get(pairOf(request.signing));
  const state: ProductSeen = product
    ? { state: product.product ? "read" : "failed", value: product.product, error: product.error }
    : unnamed(request);
  const key = { found: product?.key, problem: product?.keyError };
  const rows = await decidedRows(view, await productRows(view, state, key), session);
  // These two stand in the first line of each.
  const others = rows.filter(([title, value]) => title !== "request" && title !== "image" && !isEmpty(value));
  return { request, view, rows: byTitle(others) };
}

/** One that is named by something else than its id is not read: it must not pass for none. */
function unnamed({ refusals }: BatchRequest): ProductSeen {
  const unread = refusals.find(({ refusal }) => refusal === "product-unread");
  return unread ? { state: "failed", error: unread.error } : { state: "none" };
}

/** As the library finds them, whatever the fields are: what is shown is what the approval is bound to. */
function byPair(products: readonly BatchProduct[]): ReadonlyMap<string, BatchProduct> {
  return new Map(
    products.map((one) => [pairOf({ productId: one.id, idProductOperation: one.operationId }), one]),
  );
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** Several rows may have one title, such as those of metadata: they are told apart by their order. */
function byTitle(rows: readonly Row[]): Map<string, Row> {
  const counts = new Map<string, number>();
  return new Map(
    rows.map((row) => {
      const nth = (counts.get(row[0]) ?? 0) + 1;
      counts.set(row[0], nth);
      return [`${row[0]} ${nth}`, row];
    }),
  );
}

function textOf([, value, how]: Row): string {
  return JSON.stringify([wordsOf(value), how]);
}

function part(title: string, rows: readonly Row[], output: Output): string {
  if (rows.length === 0) return "";
  return [title, indented(aligned(rows, widthIn(output, 2)), "  ")].filter(Boolean).join("\n");
}

/** What is left of the terminal behind so many blanks. */
function widthIn({ noteWidth }: Output, blanks: number): number | undefined {
  return noteWidth === undefined ? undefined : noteWidth - blanks;
}

function usualRows({ apart }: InCommon<Row>, count: number): Row[] {
  return [...apart.values()].flatMap(({ usual }): Row[] => {
    if (!usual?.value) return [];
    const [title, value, how] = usual.value;
    const text = how === "own" ? String(value) : visible(wordsOf(value), how);
    return [[title, `${text}  (${usual.count} of ${count})`, "own"]];
  });
}

/** Its id and image, and where it is not as all or most of them are. What is not as most of them are is marked. */
function requestText(
  { request, view, rows }: Shown,
  common: InCommon<Row>,
  at: number,
  output: Output,
): string {
  const first = `${at}.  ${visible(request.signing.id, "exact")}  ${visible(artifactText(view.artifact), "exact")}`;
  const own = unusualIn(rows, common, textOf).map((key) => {
    const row = rows.get(key) ?? ([key.replace(/ \d+$/, ""), "(none)", "own"] as const);
    return { row, isOdd: common.apart.get(key)?.usual !== undefined };
  });
  const texts = alignedRows(
    own.map(({ row }) => row),
    widthIn(output, 4),
  ).map((text) => indented(text, "    "));
  const told = own.map(({ isOdd }, index) => {
    const text = texts[index] ?? "";
    return isOdd ? output.paintNote("unsure", `  ! ${text.slice(4)}`) : text;
  });
  const refused = request.refusals.map(({ error }) =>
    output.paintNote("bad", `  ! cannot be approved: ${visible(error.message)}`),
  );
  return [first, ...told, ...refused].join("\n");
}

/** How they stand: no decision is bound to it. */
function liveText(all: readonly Shown[]): string {
  const texts = all.map(({ view }) => standing(view));
  const counts = new Map<string, number[]>();
  for (const [at, text] of texts.entries()) counts.set(text, [...(counts.get(text) ?? []), at + 1]);
  const lines = [...counts].map(([text, places]) =>
    counts.size === 1 ? `  all: ${text}` : `  ${spans(places)}: ${text}`,
  );
  return ["Not part of your decision, as it is now:", ...lines].join("\n");
}

function standing({ signing, approvals }: RequestView): string {
  const people = approvals.map(({ person }) => visible(oneOfARow(person.name || person.objectId || "?")));
  const state = stateText(signing);
  return people.length === 0 ? state : `${state}, approved by ${people.join(", ")}`;
}

/** `1-3, 7` from 1, 2, 3, 7. */
function spans(places: readonly number[]): string {
  const found: [first: number, last: number][] = [];
  for (const place of places) {
    const last = found.at(-1);
    if (last && last[1] === place - 1) last[1] = place;
    else found.push([place, place]);
  }
  return found.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
}

function warnings({ requests, unread }: ShownBatch, all: readonly Shown[], output: Output): string {
  const warning = (text: string) => `${output.paintNote("unsure", "warning:")} ${text}`;
  const refused = requests.filter(({ refusals }) => refusals.length > 0).length;
  const lines = [
    ...(refused > 0
      ? [warning(`${counted(refused, "request")} cannot be approved; each is marked above.`)]
      : []),
    ...repeatedImages(all).map(warning),
    ...unread.map(({ id, isWanted, error }) => {
      const which = id === undefined ? "A request" : visible(id, "exact");
      const what = isWanted ? "and is not among them" : "so its batch is not known";
      return warning(`${which} could not be read, ${what}: ${visible(error.message)}`);
    }),
  ];
  return lines.join("\n");
}

function repeatedImages(all: readonly Shown[]): string[] {
  const places = new Map<string, number[]>();
  for (const [at, { view }] of all.entries()) {
    const name = view.image?.canonical;
    if (name !== undefined) places.set(name, [...(places.get(name) ?? []), at + 1]);
  }
  return [...places]
    .filter(([, of]) => of.length > 1)
    .map(([name, of]) => `The requests ${spans(of)} are for the same image, ${visible(name, "exact")}.`);
}

function indented(text: string, by: string): string {
  return text.replace(/^/gm, by);
}
