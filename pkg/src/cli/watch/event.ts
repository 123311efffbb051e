// An event as programs get it: one JSON document, whose fields are always there. docs/notify.md describes it.

import { asText } from "../../shown/as-text.ts";
import { type NameSources, nameAmong } from "../../shown/names.ts";
import { beginningOf, dataWithoutSecrets } from "../secrets.ts";
import type { Entry } from "../signings-table.ts";
import type { EventName } from "./memory.ts";

/** So much of a text is handed on, in UTF-16 code units: a chat takes less, and a service may send megabytes. */
const longest = 4000;
/** So many groups. */
const mostGroups = 100;

/** What is told of a request. What the service does not say is null. */
export interface WatchEvent {
  readonly version: 1;
  readonly event: EventName;
  /** It was not told before. */
  readonly isNew: boolean;
  readonly id: string;
  readonly state: string;
  readonly status: number;
  /** The image, if the request names exactly one that can be read. */
  readonly reference: string | null;
  readonly registry: string | null;
  readonly repository: string | null;
  readonly tag: string | null;
  readonly digest: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly reason: string | null;
  readonly requester: { readonly name: string; readonly objectId: string | null } | null;
  readonly product: { readonly id: string; readonly name: string | null } | null;
  readonly batch: string | null;
  /** In RFC 3339. */
  readonly createdAt: string | null;
  readonly missingGroups: readonly { readonly id: string; readonly name: string | null }[] | null;
  /** May it need the review of the person who watches? */
  readonly needsReview: boolean;
  /** The request in the page, if its address is known. */
  readonly link: string | null;
  /** The fields whose texts were cut. */
  readonly cut: readonly string[];
}

export interface Told {
  readonly event: EventName;
  readonly isNew: boolean;
  readonly needsReview: boolean;
  readonly page: string | undefined;
  readonly names: NameSources;
}

export function eventOf(
  { signing, request, requester, productName, batch }: Entry,
  { event, isNew, needsReview, page, names }: Told,
): WatchEvent {
  const cut: string[] = [];
  const text = (field: string, value: string | undefined): string | null => {
    if (!value) return null;
    if (value.length <= longest) return value;
    if (!cut.includes(field)) cut.push(field);
    return beginningOf(value, longest);
  };
  const { image } = request;
  const productId = text("product", asText(signing.productId));
  return dataWithoutSecrets({
    version: 1,
    event,
    isNew,
    id: signing.id,
    state: signing.state,
    status: signing.code,
    reference: image?.canonical ?? null,
    registry: image?.registry ?? null,
    repository: image?.repository ?? null,
    tag: image?.tag ?? null,
    digest: image?.digest ?? null,
    name: text("name", request.name),
    description: text("description", request.description),
    reason: text("reason", request.reason),
    requester: requester
      ? {
          name: text("requester", requester.name) ?? "",
          objectId: text("requester", requester.objectId),
        }
      : null,
    product: productId === null ? null : { id: productId, name: text("product", productName) },
    batch: batch ?? null,
    createdAt: request.createdAt?.toISOString() ?? null,
    missingGroups:
      request.missing?.slice(0, mostGroups).map((id) => ({
        id: text("missingGroups", id) ?? "",
        name: text("missingGroups", nameAmong(names, "groups", id)),
      })) ?? null,
    needsReview,
    link: page === undefined ? null : `${page}#/requests/${encodeURIComponent(wellFormed(signing.id))}`,
    cut,
  });
}

/** Half of a pair of code units has no form in an address. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
