// Platforms, as an index and an image's config name them (OCI image spec, "Image Index" and "Image Configuration").
import { objectAt, optionalTextAt } from "../strict/fields.ts";

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly osVersion?: string;
}

/** What Go's names of systems and machines, and Windows' versions, are made of; nothing of it can mislead a reader. */
const word = /^[A-Za-z0-9_.-]{1,64}$/;

/** The platform that an object names, if it is well-formed in full: with a part left out it would be another. */
export function platformAt(value: unknown, place: string): Platform | undefined {
  const fields = objectAt(value, place);
  const part = (name: string) => optionalTextAt(fields[name], `${place}.${name}`) || undefined;
  const [os, architecture] = [part("os"), part("architecture")];
  const [variant, osVersion] = [part("variant"), part("os.version")];
  if (os === undefined || architecture === undefined) return undefined;
  if (![os, architecture, variant, osVersion].every(isWord)) return undefined;
  return {
    os,
    architecture,
    ...(variant !== undefined && { variant }),
    ...(osVersion !== undefined && { osVersion }),
  };
}

function isWord(part: string | undefined): boolean {
  return part === undefined || word.test(part);
}

/** Is it what builders write so that nothing ever runs it? */
export function isUnknown({ os, architecture }: Platform): boolean {
  return os === "unknown" && architecture === "unknown";
}
