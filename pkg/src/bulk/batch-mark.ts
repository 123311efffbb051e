// What marks the requests of one run: two entries of their metadata. No import but what reads foreign values: the
// elements, which leave the package outside of their bundle, read and write these, too.
import { isList, isRecord, isText } from "../foreign.ts";

/** The metadata entry that all requests of a run share. */
export const batchEntry = "ocisign-batch";
/** The metadata entry that is a request's own: `<batch>/<hash of its image>`. */
export const requestEntry = "ocisign-request";

/** How a batch id looks that a person or a pipeline may give. */
export const batchPattern = /^[A-Za-z0-9._-]{1,64}$/;
const keyPattern = /^[A-Za-z0-9._-]{1,64}\/[0-9a-f]{16}$/;

const characters = "abcdefghijklmnopqrstuvwxyz0123456789";
const idLength = 16;
/** The largest multiple of 36 that a byte can reach: a byte beyond it would favour the first characters. */
const fairBytes = 252;

/** A new batch id: 16 random characters of `[a-z0-9]`, which is 82 bits. */
export function newBatchId(): string {
  let id = "";
  while (id.length < idLength) {
    for (const byte of crypto.getRandomValues(new Uint8Array(idLength))) {
      if (byte < fairBytes && id.length < idLength) id += characters[byte % characters.length];
    }
  }
  return id;
}

/** The batch of a request, by its metadata; nothing where it names none, several, or something else. */
export function batchOf(signing: unknown): string | undefined {
  return entryOf(signing, batchEntry, batchPattern);
}

/** The own key of a request within its batch; nothing where it names none, several, or something else. */
export function requestKeyOf(signing: unknown): string | undefined {
  return entryOf(signing, requestEntry, keyPattern);
}

/** The value of the one entry of this name. Two of them name none: nobody can say which one counts. */
function entryOf(signing: unknown, name: string, pattern: RegExp): string | undefined {
  const payload = isRecord(signing) ? signing.payload : undefined;
  const metadata = isRecord(payload) ? payload.metadata : undefined;
  if (!isList(metadata)) return undefined;
  const [entry, ...more] = metadata.filter(isRecord).filter((one) => one.name === name);
  const value = more.length === 0 ? entry?.value : undefined;
  return isText(value) && pattern.test(value) ? value : undefined;
}
