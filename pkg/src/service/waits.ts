// Where the client finds what waits (waiting.ts), what looks before a decision (look-again.ts), and what requests many
// signatures (bulk/sign/sign-all.ts). A browser loads them with what reads registries: whoever waits for a signature
// looks at it next. And where these find what a client was made from.
import type { signAll } from "../bulk/sign/sign-all.ts";
import type { Fields } from "../foreign.ts";
import type { SigningClient } from "./client.ts";
import type { ClientOptions } from "./client-options.ts";
import type { SigningId } from "./ids.ts";
import type { lookAgain } from "./look-again.ts";
import type { DecidingRouteName } from "./profile.ts";
import type { Signing } from "./signing.ts";
import type { waitForEnd } from "./waiting.ts";

/** What a client calls by name. */
interface Part {
  readonly lookAgain: typeof lookAgain;
  readonly waitForEnd: typeof waitForEnd;
}

/** Filled by the entry of each runtime. */
export const waits = {} as {
  /** At hand without waiting. */
  part?: Part;
  load: () => Promise<Part>;
  signAll: typeof signAll;
  /** Another client of these shares the tokens of this one. */
  givenOf: (client: SigningClient) => ClientOptions;
  /** Sends a decision, about something that was looked at before. */
  decide: (
    client: SigningClient,
    doing: string,
    route: DecidingRouteName,
    id: SigningId,
    body: { readonly comment: unknown; readonly expect: Fields | undefined },
    signal: AbortSignal | undefined,
  ) => Promise<Signing>;
};
