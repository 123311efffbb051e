// The tools of which something is known.
import type { Consumer } from "./consumer.ts";
import { consumers } from "./consumers.ts";

/** A tool has one id for each way in which it is asked. */
type Tool = Pick<Consumer, "id" | "name">;

/** All tools, or those of a name: `cosign-3`, or `cosign` for all that are called so. Each id once. */
export function toolsIn(named?: string): readonly Tool[] {
  const text = named?.toLowerCase();
  const all = [...new Map(consumers.map(({ id, name }) => [id, { id, name }])).values()];
  const exact = all.filter(({ id }) => text === undefined || id === text);
  return exact.length > 0 ? exact : all.filter(({ name }) => name.toLowerCase() === text);
}
