// Writing where others write, too: no registry of the OCI has a "write only if nobody did". What is there is read,
// extended, written and read again, until it shows what was written.
import { fail, type OcisignErrorOf } from "../../error.ts";

/** When another writer does the same meanwhile, it is done again. */
const attempts = 3;

/** What a place shows. */
export interface Shown<Found> {
  /** The signature, if it is there. */
  readonly found?: Found | undefined;
  /** How many others there are, with which a writer could have replaced it. */
  readonly others: number;
}

/**
 * Writes until it is there.
 *
 * @param write extends what was shown last
 */
export async function until<Found, State extends Shown<Found>>(
  look: () => Promise<State & Shown<Found>>,
  write: (state: State) => Promise<void>,
): Promise<{ readonly found: Found; readonly wasThere: boolean }> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const state = await look();
    if (state.found) return { found: state.found, wasThere: attempt === 0 };
    try {
      await write(state);
    } catch (error) {
      // A failure is told by what is there, not by how the answer came: a proxy may have given up waiting for it.
      const now = await look().catch(() => undefined);
      if (now?.found) return { found: now.found, wasThere: false };
      throw error;
    }
  }
  const { found, others } = await look();
  if (found) return { found, wasThere: false };
  if (others === 0) throw notShown();
  const message = "Another writer keeps replacing the image's signatures.";
  throw fail("conflict", message, "Try again when that writer is done.");
}

/** Replicas and caches may follow later; a registry that keeps nothing answers just so. */
function notShown(): OcisignErrorOf {
  const message = "The registry took the signature, and does not show it.";
  return fail(
    "bad-reply",
    message,
    "Verify the image in a while; push it again only if it is still unsigned.",
  );
}
