// A request as the queue knows it: what it shows, finds and sorts by, made once when the request is read, so that ten
// thousand of them are searched at every letter.

import type { Signing } from "ocisign";
import { batchOf } from "../../bulk/batch-mark.ts";
import { foldedId } from "../../service/same-id.ts";
import { asText } from "../../shown/as-text.ts";
import type { NameSources } from "../../shown/names.ts";
import { isSamePerson, personName } from "../../shown/person.ts";
import { type RequestView, viewOf } from "../../shown/request-view.ts";
import { versionOf } from "../../shown/version.ts";
import { stateWords } from "../fragments/marks.ts";
import { type Foreseeable, type Foresight, foresee } from "../model/foresight.ts";
import type { Identity } from "../portal.ts";

type Shown =
  | "signing"
  | "artifact"
  | "image"
  | "name"
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
  /** Why it was requested. */
  reason: string;
  /** What the metadata says of the version; empty where it says nothing, no version, or more than one. */
  version: string;
  /** The batch that it is of, if it is of one. */
  batch: string | undefined;
  /** All that a search looks at but the product's name, as `searchable` makes it. */
  searched: string;
  /** What `by:` looks at. */
  searchedPerson: string;
  /** What `repo:` looks at. */
  searchedRepository: string;
  foresight: Foresight;
  /** Did this person ask for it? */
  isOwn: boolean;
}

export function rowOf(signing: Signing, person: Identity | undefined, names: NameSources): Row {
  const request = viewOf(signing);
  const requester = request.requester && { ...request.requester, name: personName(request.requester, names) };
  const { artifact, image, name, description, metadata, createdAt, required, missing, approvals } = request;
  const productId = asText(signing.productId);
  const who = `${requester?.name ?? ""}\n${requester?.objectId ?? ""}`;
  const found = [
    ...[signing.id, artifact.text, artifact.encoded, who, productId, name, description, request.reason],
    ...metadata.flatMap((entry) => [entry.name, entry.value]),
    ...approvals.flatMap(({ person: by, comment }) => [by.name, comment]),
    ...request.history.map(({ comment }) => comment),
    ...[signing.state, stateWords(signing)],
  ];
  return {
    ...{ signing, artifact, image, name, requester, createdAt, required, missing, approvals },
    key: foldedId(signing.id),
    productId,
    productKey: foldedId(productId),
    reason: description,
    version: versionOf(request) ?? "",
    batch: batchOf(signing),
    // No word can reach over a line break.
    searched: searchable(found.join("\n")),
    searchedPerson: searchable(who),
    searchedRepository: searchable(image ? `${image.registry}/${image.repository}` : artifact.text),
    ...foreseen(request, person),
  };
}

/** What changes of a row when another person looks at it. */
export function foreseen(
  request: Foreseeable,
  person: Identity | undefined,
): Pick<Row, "foresight" | "isOwn"> {
  return { foresight: foresee(request, person), isOwn: isSamePerson(request.requester, person) };
}

/** Without regard to case, and to how accents are written. */
export function searchable(text: string) {
  return text.normalize("NFC").toLowerCase();
}
