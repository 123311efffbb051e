// A request as the queue knows it: what it shows, finds and sorts by, made once when the request is read, so that ten
// thousand of them are searched at every letter.

import type { Signing } from "ocisign";
import { foldedId } from "../../service/same-id.ts";
import { asText } from "../../shown/as-text.ts";
import type { NameSources } from "../../shown/names.ts";
import { personName } from "../../shown/person.ts";
import { type RequestView, viewOf } from "../../shown/request-view.ts";
import { type Foresight, foresee } from "../model/foresight.ts";
import type { Identity } from "../portal.ts";

type Shown =
  | "signing"
  | "artifact"
  | "image"
  | "requester"
  | "createdAt"
  | "required"
  | "missing"
  | "approvals";

export interface Row extends Pick<RequestView, Shown> {
  /** Its id, as ids are compared. */
  key: string;
  productId: string;
  /** The same, as ids are compared. */
  productKey: string;
  /** The description, or else the request's name. */
  reason: string;
  /** All that a search looks at but the product's name, as `searchable` makes it. */
  searched: string;
  foresight: Foresight;
}

export function rowOf(signing: Signing, person: Identity | undefined, names: NameSources): Row {
  const request = viewOf(signing);
  const requester = request.requester && { ...request.requester, name: personName(request.requester, names) };
  const { artifact, image, name, description, createdAt, required, missing, approvals } = request;
  const productId = asText(signing.productId);
  const found = [
    ...[signing.id, artifact.text, artifact.encoded, requester?.name ?? "", requester?.objectId ?? ""],
    ...[productId, name, description],
  ];
  return {
    ...{ signing, artifact, image, requester, createdAt, required, missing, approvals },
    key: foldedId(signing.id),
    productId,
    productKey: foldedId(productId),
    reason: description || name,
    // No word can reach over a line break.
    searched: searchable(found.join("\n")),
    foresight: foresee(request, person),
  };
}

/** Without regard to case, and to how accents are written. */
export function searchable(text: string) {
  return text.normalize("NFC").toLowerCase();
}
