// Finds requests by words, as the page does: each word has to stand somewhere in what the request says.
import type { RequestView } from "../shown/request-view.ts";
import { artifactText } from "./request-text.ts";

/** A request, and its product's name. */
export interface Found {
  readonly request: RequestView;
  readonly productName: string | undefined;
  readonly state: string;
}

/** Does a request hold all words of a text? Case says nothing. */
export function matcher(text: string): (found: Found) => boolean {
  const words = plain(text).split(/\s+/u).filter(Boolean);
  return (found) => {
    const searched = plain(searchedOf(found).join("\n"));
    return words.every((word) => searched.includes(word));
  };
}

/** No word reaches over a line break. */
function searchedOf({ request, productName = "", state }: Found): string[] {
  const { signing, artifact, image, requester, name, description, payloadName, metadata, reason } = request;
  return [
    ...[
      String(signing.id),
      artifactText(artifact),
      image?.tag ?? "",
      name,
      description,
      payloadName,
      reason,
      state,
    ],
    ...[requester?.name ?? "", requester?.objectId ?? "", String(signing.productId ?? ""), productName],
    ...metadata.map((row) => `${row.name}=${row.value}`),
  ];
}

/** Without regard to case, and to how accents are written. */
function plain(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
