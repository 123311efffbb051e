// What the service has of an image already. Unlike `sign`, which only tells of it, a run that promises one request has
// to know: a list that cannot be read whole ends it.
import type { ImageReference, Signing } from "ocisign";
import { artifactOf } from "ocisign";
import { dateOf } from "../../shown/date.ts";
import { earlierRequests, isAbout } from "../../shown/earlier.ts";
import { libraryError } from "../library-error.ts";
import { Problem } from "../problem.ts";
import type { Session } from "../session.ts";
import { unreadableOf } from "../unreadable.ts";

export interface Wanted {
  readonly image: ImageReference;
  readonly productId: string;
  readonly operationId: string | undefined;
}

/** Requests for the same image, product and operation. */
export interface There {
  /** Not final, the oldest first: runs that start at once agree on that one. */
  readonly open: readonly Signing[];
  /** Final, what matters most first: signed ones, then rejected, then failed; of each, the newest. */
  readonly ended: readonly Signing[];
}

/** Looks along the whole list. @throws {Problem} `in-doubt` */
export async function thereIs(session: Session, wanted: Wanted): Promise<There> {
  const { canonical } = wanted.image;
  const list = await listed(session, canonical);
  const earlier = earlierRequests(list, wanted).get(canonical) ?? [];
  const waiting = earlier.filter(({ standing }) => standing === "waiting").map(({ signing }) => signing);
  const ended = earlier.filter(({ standing }) => standing !== "waiting").map(({ signing }) => signing);
  // A code that nobody explained may stand for one that waits.
  const unexplained = list.filter((one) => one.state === "unknown" && isOf(one, wanted));
  return { open: [...waiting, ...unexplained].sort(byAge), ended };
}

async function listed(session: Session, canonical: string): Promise<readonly Signing[]> {
  const client = await session.service();
  try {
    const list = await client.signings(undefined, { signal: session.signal });
    const [broken] = unreadableOf(list);
    if (!broken) return list;
    const why = `Element ${broken.index} of the list of requests cannot be read: ${broken.error.message}`;
    throw inDoubt(canonical, why);
  } catch (error) {
    const { code, message = "" } = libraryError(error) ?? {};
    if (code !== "forbidden" && code !== "not-found") throw error;
    throw inDoubt(canonical, message, error);
  }
}

function inDoubt(canonical: string, why: string, cause?: unknown): Problem {
  const what = `Whether ${canonical} is requested already is not known. ${why} Nothing was requested.`;
  const fix =
    "Get the right to list requests, and have the list mended. Or request it once with `ocisign sign`.";
  return new Problem("in-doubt", what, fix, { cause });
}

function isOf(signing: Signing, wanted: Wanted): boolean {
  const artifact = artifactOf(signing);
  return (
    isAbout(signing, wanted) &&
    artifact.state === "image" &&
    artifact.reference.canonical === wanted.image.canonical
  );
}

/** The oldest first; of two made at the same moment, the same one for everybody. */
export function byAge(a: Signing, b: Signing): number {
  return (timeOf(a) ?? 0) - (timeOf(b) ?? 0) || (a.id < b.id ? -1 : 1);
}

function timeOf({ createdAt }: Signing): number | undefined {
  return dateOf(createdAt)?.valueOf();
}
