// What became of requests, and how long people waited: what a look back counts. Times are the service's own; where it
// names none, nothing is guessed.
import type { Profile, Signing, SigningState } from "ocisign";
import { decodeStatus } from "ocisign";
import { foldedId } from "../service/same-id.ts";
import { asText } from "./as-text.ts";
import type { Person } from "./person.ts";
import { type RequestView, viewOf } from "./request-view.ts";

/** What can happen to a request. */
export type DeedKind = "requested" | "approved" | "signed" | "rejected" | "failed";

/** Something that happened. */
export interface Deed {
  readonly kind: DeedKind;
  readonly at: Date;
  /** Who did it, where the service says so. */
  readonly by: Person | undefined;
  readonly comment: string;
}

/** A request, from its beginning to its end, as far as that is known. */
export interface Course {
  readonly id: string;
  /** Of the product; empty where none is named. */
  readonly productId: string;
  readonly name: string;
  /** The image as the request names it. */
  readonly image: string;
  readonly requester: Person | undefined;
  readonly state: SigningState;
  readonly code: number;
  readonly isFinal: boolean;
  readonly createdAt: Date | undefined;
  /** When it became final. */
  readonly endedAt: Date | undefined;
  /** From the request to its end, in milliseconds; of one that is open, nothing. */
  readonly waitedMs: number | undefined;
  readonly reason: string;
  /** What has a time, oldest first. */
  readonly deeds: readonly Deed[];
}

/** The course of a request. */
export function courseOf(signing: Signing, profile: Profile | undefined): Course {
  const view = viewOf(signing);
  const { artifact, image, name, requester, createdAt, reason } = view;
  const deeds = deedsOf(view, profile);
  const endedAt = signing.final ? deeds.findLast(({ kind }) => kind === signing.state)?.at : undefined;
  const waited = createdAt && endedAt ? endedAt.valueOf() - createdAt.valueOf() : -1;
  return {
    ...{ id: signing.id, productId: asText(signing.productId), name, requester, createdAt, endedAt, reason },
    ...{ state: signing.state, code: signing.code, isFinal: signing.final, deeds },
    image: image?.canonical ?? artifact.text,
    // Clocks that differ say nothing of how long somebody waited.
    waitedMs: waited < 0 ? undefined : waited,
  };
}

const ends: ReadonlySet<string> = new Set(["signed", "rejected", "failed"]);

function deedsOf(view: RequestView, profile: Profile | undefined): Deed[] {
  const { createdAt, requester, description, approvals, history } = view;
  const deeds: Deed[] = createdAt
    ? [{ kind: "requested", at: createdAt, by: requester, comment: description }]
    : [];
  for (const { person, at, comment } of approvals) {
    if (at) deeds.push({ kind: "approved", at, by: person, comment });
  }
  for (const { status, at, by, comment } of history) {
    const kind = endOf(status, profile);
    if (at && kind) deeds.push({ kind, at, by, comment: comment || (kind === "signed" ? "" : view.reason) });
  }
  return deeds.sort((a, b) => a.at.valueOf() - b.at.valueOf());
}

function endOf(status: unknown, profile: Profile | undefined): DeedKind | undefined {
  if (!Number.isSafeInteger(status)) return undefined;
  const { state } = decodeStatus(Number(status), profile);
  return ends.has(state) ? (state as DeedKind) : undefined;
}

/** What is counted of a part of the requests. */
export interface Figures {
  readonly requested: number;
  readonly signed: number;
  readonly rejected: number;
  readonly failed: number;
  /** The middle of all waits that ended, in milliseconds; of an even number, the lower of the two in the middle. */
  readonly medianMs: number | undefined;
  /** The longest of them. */
  readonly longestMs: number | undefined;
}

/** A week, from its Monday, 00:00 UTC. */
export interface Week extends Figures {
  readonly from: Date;
}

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

/** The Monday, 00:00 UTC, of the week that a time is in. */
function mondayOf(at: Date): Date {
  const days = Math.floor(at.valueOf() / dayMs);
  // 1 January 1970 was a Thursday.
  return new Date((days - ((days + 3) % 7)) * dayMs);
}

/** The last weeks, the oldest first; this one is among them. */
export function weeksOf(courses: Iterable<Course>, count: number, now: Date): Week[] {
  const last = mondayOf(now).valueOf();
  const first = last - (count - 1) * weekMs;
  const tallies = Array.from({ length: count }, () => new Tally());
  const tallyAt = (at: Date | undefined) =>
    at && tallies[Math.floor((mondayOf(at).valueOf() - first) / weekMs)];
  for (const course of courses) {
    tallyAt(course.createdAt)?.request();
    tallyAt(course.endedAt)?.end(course);
  }
  return tallies.map((tally, week) => ({ from: new Date(first + week * weekMs), ...tally.figures() }));
}

/** Of one product. */
export interface ProductFigures extends Figures {
  readonly productId: string;
  /** How many are open now, whenever they were requested. */
  readonly open: number;
}

/** Each product with a request since a time, or with an open one; those with most requests first. */
export function productsOf(courses: Iterable<Course>, since: Date): ProductFigures[] {
  const tallies = new Map<string, { productId: string; tally: Tally; open: number }>();
  for (const course of courses) {
    const key = foldedId(course.productId);
    const known = tallies.get(key) ?? { productId: course.productId, tally: new Tally(), open: 0 };
    if (isSince(course.createdAt, since)) known.tally.request();
    if (isSince(course.endedAt, since)) known.tally.end(course);
    if (!course.isFinal) known.open += 1;
    tallies.set(key, known);
  }
  const all = [...tallies.values()].map(({ productId, tally, open }) => ({
    ...{ productId, open },
    ...tally.figures(),
  }));
  return all
    .filter(({ requested, signed, rejected, failed, open }) => requested + signed + rejected + failed + open)
    .sort((a, b) => b.requested - a.requested || b.open - a.open);
}

function isSince(at: Date | undefined, since: Date): boolean {
  return at !== undefined && at >= since;
}

/** A deed, with the request that it was done to. */
export interface DeedOf extends Deed {
  readonly course: Course;
}

/** All deeds since a time, the latest first. */
export function deedsSince(courses: Iterable<Course>, since: Date): DeedOf[] {
  const all: DeedOf[] = [];
  for (const course of courses) {
    for (const deed of course.deeds) if (deed.at >= since) all.push({ ...deed, course });
  }
  // Of those at the same time, too, the later one first.
  return all.sort((a, b) => a.at.valueOf() - b.at.valueOf()).reverse();
}

class Tally {
  readonly #ends = { signed: 0, rejected: 0, failed: 0 };
  readonly #waits: number[] = [];
  #requested = 0;

  request() {
    this.#requested += 1;
  }

  end({ state, waitedMs }: Course) {
    if (state === "signed" || state === "rejected" || state === "failed") this.#ends[state] += 1;
    if (waitedMs !== undefined) this.#waits.push(waitedMs);
  }

  figures(): Figures {
    const waits = this.#waits.sort((a, b) => a - b);
    return {
      ...{ requested: this.#requested, ...this.#ends },
      medianMs: waits[Math.ceil(waits.length / 2) - 1],
      longestMs: waits.at(-1),
    };
  }
}
