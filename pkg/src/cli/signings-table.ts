// Requests, a row each.

import type { ImageReference, Names, Signing } from "ocisign";
import { batchOf } from "../bulk/batch-mark.ts";
import { foldedId } from "../service/same-id.ts";
import { isWithheld } from "../service/withheld.ts";
import { asText } from "../shown/as-text.ts";
import { type Person, personName } from "../shown/person.ts";
import { type RequestView, viewOf } from "../shown/request-view.ts";
import { visible } from "../shown/visible.ts";
import { shortIds } from "./find-request.ts";
import { libraryError } from "./library-error.ts";
import type { Output } from "./output.ts";
import { artifactText, toneOf } from "./request-text.ts";
import type { Session } from "./session.ts";
import { type Column, table } from "./table.ts";
import { relativeTime } from "./time.ts";

/** A request, with what its row says beyond it. */
export interface Entry {
  readonly signing: Signing;
  readonly request: RequestView;
  readonly shortId: string;
  readonly state: string;
  readonly requester: Person | undefined;
  readonly productName: string | undefined;
  /** The batch of one run that asked for many signatures. */
  readonly batch: string | undefined;
}

interface EntryOptions {
  /** Are the products' names shown or searched? */
  readonly needsProducts: boolean;
}

export async function entriesOf(
  session: Session,
  all: readonly Signing[],
  { needsProducts }: EntryOptions,
): Promise<Entry[]> {
  const short = shortIds(all.map(({ id }) => id));
  const products = needsProducts && all.length > 0 ? await productNames(session) : new Map<string, string>();
  const { names } = (await session.service()).profile;
  return all.map((signing) => entryOf(signing, short.get(signing.id) ?? signing.id, products, names));
}

/** @param products their names, by folded id */
export function entryOf(
  signing: Signing,
  shortId: string,
  products: ReadonlyMap<string, string>,
  names: Names | undefined,
): Entry {
  const request = viewOf(signing);
  const { requester } = request;
  return {
    signing,
    request,
    shortId,
    state: stateWord(signing),
    requester: requester && { ...requester, name: personName(requester, [names]) },
    productName: products.get(foldedId(asText(signing.productId))),
    batch: batchOf(signing),
  };
}

/** One that nobody explained is named by its code. */
function stateWord({ state, code }: Signing): string {
  return state === "unknown" ? `status ${code}` : state;
}

/** By id. To read products is a right of its own: without it, their ids do. */
export async function productNames(session: Session): Promise<ReadonlyMap<string, string>> {
  const { output, signal } = session;
  const client = await session.service();
  try {
    const products = await client.products({ signal });
    return new Map(products.map(({ id, name }) => [foldedId(asText(id)), asText(name)]));
  } catch (error) {
    const refused = libraryError(error);
    if (!refused || signal.aborted) throw error;
    if (!isWithheld(error)) output.note(`The products' names could not be read: ${visible(refused.message)}`);
    return new Map();
  }
}

export function signingsTable(entries: readonly Entry[], output: Output): string {
  // A terminal has no room for a column that says nothing.
  const isShown = output.width === undefined || entries.some(({ batch }) => batch !== undefined);
  return table(isShown ? [...columns, batchColumn] : columns, entries, output);
}

export const batchColumn: Column<Entry> = {
  head: "BATCH",
  kind: "exact",
  least: 6,
  whole: ({ batch }) => batch,
};

/** Of a list of requests. */
export const columns: readonly Column<Entry>[] = [
  {
    head: "ID",
    kind: "exact",
    // The beginnings that are shown are not cut: one is typed.
    least: 14,
    whole: ({ signing }) => signing.id,
    forms: ({ signing, shortId }) => [signing.id, shortId].map((id) => visible(id, "exact")),
  },
  { head: "STATE", whole: ({ state }) => state, tone: ({ signing }) => toneOf(signing) },
  {
    head: "IMAGE",
    kind: "exact",
    least: 14,
    cut: "start",
    whole: ({ request }) => artifactText(request.artifact),
    forms: ({ request: { image, artifact } }) => {
      const whole = visible(artifactText(artifact), "exact");
      return image ? [whole, ...shorter(image)] : [whole, whole, whole];
    },
  },
  { head: "NAME", least: 8, whole: ({ request }) => request.name },
  { head: "REQUESTER", least: 6, whole: ({ requester }) => requester?.name },
  {
    head: "PRODUCT",
    least: 6,
    whole: ({ productName, signing }) => productName || signing.productId,
  },
  {
    head: "REQUESTED",
    whole: ({ request, signing }) => request.createdAt?.toISOString() ?? signing.createdAt,
    // No age is longer; a text in its place may be.
    least: 12,
    forms: ({ request: { createdAt }, signing }) => [
      createdAt ? relativeTime(createdAt) : visible(asText(signing.createdAt), "exact"),
    ],
  },
  { head: "PRODUCT ID", kind: "exact", isForPrograms: true, whole: ({ signing }) => signing.productId },
  { head: "REQUESTER ID", kind: "exact", isForPrograms: true, whole: ({ requester }) => requester?.objectId },
];

/** With the registry, and without. The signature binds the digest, so its end is there. */
function shorter({ registry, repository, tag, digest }: ImageReference): readonly string[] {
  const end = `…${digest.slice(-8)}`;
  return [
    `${registry}/${repository}${tag ? `:${tag}` : ""}@${end}`,
    `${repository}${tag ? `:${tag}` : `@${end}`}`,
  ];
}
