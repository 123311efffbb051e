// May requesters take their requests back by themselves? The profile of the client says whether there is a route for it.
import type { SigningClient } from "ocisign";
import { fieldOf, hasMethod } from "../../foreign.ts";

/** By client: its profile is a copy at each look. */
const known = new WeakMap<object, boolean>();

/** A portal may pass a client of its own make, or of an earlier version. */
export function hasWithdrawal(client: SigningClient | undefined): boolean {
  if (client === undefined) return false;
  const before = known.get(client);
  if (before !== undefined) return before;
  const route = fieldOf(fieldOf(fieldOf(client, "profile"), "routes"), "withdraw");
  const has = Boolean(route) && hasMethod(client, "withdraw");
  known.set(client, has);
  return has;
}
