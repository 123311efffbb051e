// Where the client finds what waits (waiting.ts) and what requests many signatures (bulk/sign-all.ts). A browser loads
// them with what reads registries: whoever waits for a signature looks at it next.
import type { signAll } from "../bulk/sign/sign-all.ts";
import type { waitForEnd } from "./waiting.ts";

/** Filled by the entry of each runtime. */
export const waits = {} as {
  /** At hand without waiting. */
  forEnd?: typeof waitForEnd;
  load: () => Promise<typeof waitForEnd>;
  signAll: typeof signAll;
};
