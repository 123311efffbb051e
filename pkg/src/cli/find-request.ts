// Which request is meant: an id, or its beginning, as tables show it.

import { visible } from "../shown/visible.ts";
import { libraryError } from "./library-error.ts";
import { Problem } from "./problem.ts";
import type { Session } from "./session.ts";

/** How the help calls it. */
export const requestHelp = "the request's id, or its beginning: 8 characters or more";

/** What tables show of an id that is a UUID, unless two begin so. */
const shortestBeginning = 8;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const beginning = /^[0-9a-f]{8}[0-9a-f-]{0,27}$/i;

/** The whole id. What cannot be the beginning of a UUID is an id as it stands: a service may have others. */
export async function findRequestId(session: Session, given: string): Promise<string> {
  const [id = given] = await findRequestIds(session, [given]);
  return id;
}

/** The same of several, by one list of the service's. */
export async function findRequestIds(session: Session, given: readonly string[]): Promise<string[]> {
  const isBeginning = (id: string) => !uuid.test(id) && beginning.test(id);
  const known = given.some(isBeginning) ? await knownIds(session) : undefined;
  return given.map((id) => (known && isBeginning(id) ? wholeId(id, known) : id));
}

/** All that the person may see; undefined for one who may not list requests, and may still read one. */
async function knownIds(session: Session): Promise<readonly string[] | undefined> {
  const { signal } = session;
  const client = await session.service();
  try {
    return (await client.signings({}, { signal })).map(({ id }) => id);
  } catch (error) {
    const code = libraryError(error)?.code;
    if (code === "forbidden" || code === "not-found") return undefined;
    throw error;
  }
}

function wholeId(given: string, ids: readonly string[]): string {
  if (ids.includes(given)) return given;
  const [found, ...others] = ids.filter(
    (id) => uuid.test(id) && id.toLowerCase().startsWith(given.toLowerCase()),
  );
  if (others.length > 0) {
    const what = `${others.length + 1} requests begin with ${visible(given)}.`;
    throw new Problem("request-ambiguous", what, "Write more of the id; `ocisign signings` lists them.");
  }
  if (found !== undefined) return found;
  // The service said which requests there are. Whole ids of other forms are asked for all the same.
  if (!ids.every((id) => uuid.test(id))) return given;
  const what = `No request that you may see begins with ${visible(given)}.`;
  throw new Problem("not-found", what, "Copy the id from `ocisign signings`.");
}

/** The ids as a table shows them: the beginning of each, as long as leaves them different. */
export function shortIds(ids: readonly string[]): ReadonlyMap<string, string> {
  const long = [...new Set(ids.filter((id) => uuid.test(id)))];
  let length = shortestBeginning;
  while (
    new Set(long.map((id) => id.slice(0, length).toLowerCase())).size < long.length &&
    length < uuidLength
  ) {
    length += 1;
  }
  return new Map(ids.map((id) => [id, uuid.test(id) ? id.slice(0, length) : id]));
}

const uuidLength = 36;
