// The requests of a service that are signed, read once for all rows of a list: each row looks for its own among them.
import type { Signing, SigningClient } from "ocisign";

/** What was read is used for so long, in milliseconds: what is signed meanwhile is not in it. */
const fresh = 10_000;
/** A list of more is not kept: then each row looks for itself, and keeps a few. */
const most = 20_000;

interface Kept {
  readonly at: number;
  readonly list: Promise<readonly Signing[] | undefined>;
}

const kept: WeakMap<SigningClient, Kept> = new WeakMap();

/** Nothing where there are too many, or where one cannot be read: it may be the one that is looked for. */
export function signedIn(client: SigningClient): Promise<readonly Signing[] | undefined> {
  const known = kept.get(client);
  if (known && performance.now() - known.at < fresh) return known.list;
  const list = read(client);
  kept.set(client, { at: performance.now(), list });
  // What failed is tried again.
  list.catch(() => kept.delete(client));
  return list;
}

async function read(client: SigningClient) {
  const all = await client.signings();
  const signed = all.filter(({ state }) => state === "signed");
  return all.unreadable.length > 0 || signed.length > most ? undefined : signed;
}
