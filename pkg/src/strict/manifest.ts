// A manifest or an index, as far as both are alike. Neither may be such that another reader takes it for the other
// (CVE-2021-41190, GHSA-mc8v-mgrf-8f4m): what is signed, and what is shown, would then not be what is pulled.
import type { Fields } from "../foreign.ts";
import { imageTypes, indexTypes } from "../registry/media-types.ts";
import { quoted, refuse } from "./fault.ts";
import { objectAt, optionalTextAt } from "./fields.ts";
import { parseStrictly } from "./json.ts";
import { manifestShape } from "./shapes.ts";

/** The list of docker's schema 1. */
const formerLayers = "fsLayers";

/**
 * The fields of a manifest or an index.
 *
 * @param what its name at the beginning of a reason
 * @param place its name before a field's
 * @param served the media type that the registry gives it, in lower case; undefined for one in hand
 */
export function manifestAt(bytes: Uint8Array, what: string, place: string, served?: string): Fields {
  const manifest = objectAt(parseStrictly(bytes, what, manifestShape), place);
  const own = optionalTextAt(manifest.mediaType, `${place}.mediaType`);
  if (served !== undefined && own !== undefined && own.toLowerCase() !== served) {
    refuse(`${what} says that it is ${quoted(own)}, and the registry that it is ${quoted(served)}.`);
  }
  const other = namesOfOther(manifest, served ?? own?.toLowerCase()).find((it) => manifest[it] !== undefined);
  if (other === undefined) return manifest;
  return refuse(`${what} has the field \`${other}\`, so that it could be both an image and an index.`);
}

/** The fields that it cannot have, being what it is. */
function namesOfOther(manifest: Fields, type: string | undefined): readonly string[] {
  const isImage = type !== undefined && imageTypes.includes(type);
  const isIndex = type !== undefined && indexTypes.includes(type);
  if (isImage) return ["manifests", formerLayers];
  if (isIndex || manifest.manifests !== undefined) return ["config", "layers", formerLayers];
  return [formerLayers];
}
