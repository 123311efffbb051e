// Where signatures were attached, in words.
import type { AttachedFormat } from "ocisign";
import { visible } from "../../shown/visible.ts";

/** A line for the image, and one for each format. */
export function attachedText(reference: string, formats: readonly AttachedFormat[]): string {
  return [`attached to ${visible(reference)}`, ...formats.map(lineOf)].join("\n");
}

function lineOf({ format, place, tag, digest, signatures, wasThere }: AttachedFormat): string {
  const where = place === "referrers" ? "in the list of referrers" : `under the tag ${tag}`;
  const count = signatures === 1 ? "1 signature" : `${signatures} signatures`;
  return `  ${format}: ${wasThere ? "was there already" : "pushed"}, ${where}, ${count}, manifest ${digest}`;
}
