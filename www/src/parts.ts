// The page's views draw themselves with elements that a person needs only there. Each part is loaded when its view is
// first shown: a person who signs in downloads half of the page by then. What the page sets on an element before its
// part is there, the element finds when it comes.
import type { View } from "./route.ts";

const parts: Record<View, () => Promise<unknown>> = {
  requests: () => import("./parts/requests.ts"),
  request: () => import("./parts/request.ts"),
  verify: () => import("./parts/verify.ts"),
  batch: () => import("./parts/batch.ts"),
  activity: () => import("./parts/activity.ts"),
};

/** The parts that are there, or on their way. */
const loading = new Map<View, Promise<unknown>>();

/**
 * Loads what a view is drawn with, once. A failed load is forgotten, so that the next look at the view tries again.
 *
 * @throws {Error} with words for people
 */
export function partFor(view: View): Promise<unknown> {
  const known = loading.get(view);
  if (known) return known;
  const begun = parts[view]().catch((cause: unknown) => {
    loading.delete(view);
    throw new Error("A part of this page could not be loaded.", { cause });
  });
  loading.set(view, begun);
  return begun;
}
