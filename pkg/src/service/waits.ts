// Where the client finds its wait (waiting.ts). A browser loads it with what reads registries: whoever waits for a
// signature looks at it next.
import type { waitForEnd } from "./waiting.ts";

/** Filled by the entry of each runtime. */
export const waits = {} as {
  /** At hand without waiting. */
  forEnd?: typeof waitForEnd;
  load: () => Promise<typeof waitForEnd>;
};
