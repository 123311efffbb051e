// What a manifest says of a blob, or of another manifest (OCI image specification, "OCI Content Descriptors").
import type { Digest } from "../image/reference.ts";
import { checkDigest } from "./digest.ts";
import { refuse } from "./fault.ts";
import { objectAt, textAt } from "./fields.ts";

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

export function descriptorAt(value: unknown, place: string): Descriptor {
  const fields = objectAt(value, place);
  const digest = checkDigest(textAt(fields.digest, `${place}.digest`));
  const { size } = fields;
  if (!isSize(size)) return refuse(`${place} has no size.`);
  return { mediaType: textAt(fields.mediaType, `${place}.mediaType`), digest, size };
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
