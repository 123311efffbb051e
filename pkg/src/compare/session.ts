// What was read once is kept as long as the page or the program runs. Nobody gets what another one was let see: a caller
// with other registries, another password or another `fetch` has another store.
import { fieldOf } from "../foreign.ts";
import type { ImageReference } from "../image/reference.ts";
import { Recent } from "../recent.ts";
import { BlobStore } from "./blob-store.ts";

/** Each holds as much as a few images need. */
const mostStores = 2;

/** By the `fetch` of each caller; of those who pass none, by the platform's. */
const byFetch = new WeakMap<object, Recent<BlobStore>>();
const platforms = {};

/** An image, and how its registry is reached: options that were checked. */
type Reached = readonly [image: ImageReference, registry: unknown];

export function storeFor(before: Reached, after: Reached): BlobStore {
  const owner = fetchOf(after) ?? platforms;
  // Two images that are read by two callers' functions have a store of their own.
  if (owner !== (fetchOf(before) ?? platforms)) return new BlobStore();
  const stores = byFetch.get(owner) ?? new Recent<BlobStore>(mostStores);
  byFetch.set(owner, stores);
  const name = JSON.stringify([before, after].map(accessOf));
  const store = stores.get(name) ?? new BlobStore();
  stores.set(name, store);
  return store;
}

function fetchOf([, registry]: Reached): object | undefined {
  const own = fieldOf(registry, "fetch");
  return typeof own === "function" ? own : undefined;
}

function accessOf([{ registry: domain }, registry]: Reached): readonly unknown[] {
  const url = fieldOf(registry, "url");
  return [
    domain,
    url === undefined ? null : String(url),
    ...["username", "password"].map((name) => fieldOf(registry, name)),
  ];
}
