// The look before one decision, through a client of the person's own.
import type { Fields } from "../foreign.ts";
import type { SigningClient } from "./client.ts";
import { exactly } from "./exactly.ts";
import type { DecidingRouteName } from "./profile.ts";
import { stillAsShown } from "./still-as-shown.ts";

const done: Readonly<Record<DecidingRouteName, string>> = {
  approve: "approved",
  reject: "rejected",
  withdraw: "withdrawn",
};

/**
 * As {@link stillAsShown}. What a person approves was shown to the last digit, and no field of it twice: a reply that
 * says more than JavaScript keeps of it is not approved. It can be rejected all the same, since nothing is signed then.
 */
export function lookAgain(
  client: SigningClient,
  route: DecidingRouteName,
  id: string,
  expect: unknown,
  expectProduct: unknown,
  signal: AbortSignal | undefined,
): Promise<Fields> {
  const reader = route === "approve" ? exactly(client, "bad-reply") : client;
  return stillAsShown(id, expect, expectProduct, `Nothing was ${done[route]}.`, {
    profile: client.profile,
    signing: () => reader.signing(id, { signal }),
    product: (its) => reader.product(its, { signal }),
  });
}
