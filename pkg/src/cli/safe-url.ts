// URLs that answers are believed from: https, or http on this very machine. The rule is the library's (`checkUrl`);
// here its refusals are told as a command line's.
import { libraryError, pointer } from "./library-error.ts";
import { usage } from "./problem.ts";
import { keepSecret } from "./secrets.ts";
import type { Setting } from "./settings.ts";

/** The URL of a registry, as it was given. */
export async function checkRegistryUrl({ value, from }: Setting): Promise<void> {
  await check(
    value,
    from,
    "Write it as https://host/path, without user and query; http:// is for localhost only.",
  );
}

/** The URL of a profile. A file server may want a query. */
export async function checkProfileUrl({ value, from }: Setting): Promise<void> {
  const fix = "Write it as https://host/path, or name a file; http:// is for localhost only.";
  if (!URL.canParse(value)) throw usage(`${from} is not a URL.`, fix);
  const [address = "", ...secrets] = value.split(/[?#]/);
  // A failure to fetch it may quote it.
  for (const secret of secrets) keepSecret(secret);
  await check(address, from, fix);
}

/** The URL of the approval page, to which a view is added. */
export async function checkPageUrl({ value, from }: Setting): Promise<void> {
  const fix =
    "Write it as https://host/path, without user, query and fragment; http:// is for localhost only.";
  await check(value.trim(), from, fix);
}

async function check(text: string, from: string, fix: string): Promise<void> {
  const { checkUrl } = await import("ocisign");
  try {
    checkUrl(text, from);
  } catch (error) {
    const refused = libraryError(error);
    if (!refused) throw error;
    throw usage(refused.message, fix, pointer(refused, text));
  }
}
