// What a manifest says of a blob, or of another manifest (OCI image specification, "OCI Content Descriptors").
import { checkDigest } from "./digest.js";
import { refuse } from "./fault.js";
import { objectAt, textAt } from "./fields.js";

/** @param {any} value @param {string} place @returns {{ mediaType: string, digest: string, size: number }} */
export function descriptorAt(value, place) {
  const { size } = objectAt(value, place);
  const digest = checkDigest(textAt(value.digest, `${place}.digest`));
  if (!Number.isSafeInteger(size) || size < 0) refuse(`${place} has no size.`);
  return { mediaType: textAt(value.mediaType, `${place}.mediaType`), digest, size };
}
