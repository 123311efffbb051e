// How far a run is, told to whoever wants to hear it.
import type { BulkProgress } from "./outcome.ts";

/** @param failed hears what the listener throws, or rejects with: nobody else would */
export function tellProgress(
  listener: (progress: BulkProgress) => unknown,
  progress: BulkProgress,
  failed: (error: unknown) => void,
): void {
  try {
    const said = listener(progress);
    if (said instanceof Object && "then" in said) Promise.resolve(said).catch(failed);
  } catch (error) {
    failed(error);
  }
}
