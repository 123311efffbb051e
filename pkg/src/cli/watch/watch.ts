// Follows the queue: looks, compares with what was told, tells, remembers, and looks again.
import type { Signing } from "ocisign";
import { viewOf } from "../../shown/request-view.ts";
import type { Session } from "../session.ts";
import type { Looks } from "./looks.ts";
import type { EventName, Memory } from "./memory.ts";
import { type Patience, pause } from "./patience.ts";
import { isWithin, keyOf, mayNeedReview, type Scope, type Watcher } from "./scope.ts";
import type { StateFile } from "./state-file.ts";
import type { News, Telling } from "./telling.ts";
import { Unreadables } from "./unreadables.ts";

/** In milliseconds, as in the page: the pause after something new, and the longest one. */
const pauses = { first: 5000, longest: 15_000 };

export interface Watching {
  readonly session: Session;
  readonly scope: Scope;
  /** Only these. */
  readonly events: readonly EventName[];
  readonly watcher: Watcher;
  readonly once: boolean;
  /** Requests made before it are not told as new; in milliseconds since 1970. */
  readonly since: number | undefined;
  /** What an earlier run has told; nothing in a first run. */
  readonly isKnown: boolean;
  readonly memory: Memory;
  readonly file: StateFile | undefined;
  readonly telling: Telling;
}

/**
 * Ends after one look, or when the signal fires: then it throws.
 *
 * @param looked all requests, which were read already
 */
export async function watch(
  watching: Watching,
  looks: Looks,
  looked: readonly Signing[],
  patience: Patience,
): Promise<void> {
  const { session, memory, file, telling, once, isKnown } = watching;
  const { output, signal } = session;
  const unreadable = new Unreadables(output);
  unreadable.tell(looks.unreadable);
  if (isKnown) memory.keepOnly(new Set(looked.map(keyOf)));
  const first = newsOf(watching, looked, !isKnown);
  await file?.begin(memory);
  if (!once) output.note(startText(memory.size, isKnown));
  await telling.tell(first);
  if (once) return;
  for (let wait = pauses.first; ; ) {
    await pause(wait, signal);
    const { signings, ...part } = await patience.read((signal) => looks.again(signal));
    unreadable.tell(part.unreadable);
    const before = telling.told;
    await telling.tell(newsOf(watching, signings, false));
    wait = telling.told === before ? Math.min(wait * 1.5, pauses.longest) : pauses.first;
  }
}

function startText(known: number, isKnown: boolean): string {
  const count = known === 1 ? "1 request is" : `${known} requests are`;
  return isKnown ? `Watching. ${count} remembered.` : `Watching. ${count} there already, and not told.`;
}

/**
 * What is to be told of a part of the list, the oldest first. What need not be told is remembered at once.
 *
 * @param isBeginning nothing was told yet: what is there already is no news, but what was made since a given time
 */
function newsOf(watching: Watching, signings: readonly Signing[], isBeginning: boolean): News[] {
  const { scope, events, watcher, memory, since } = watching;
  const { me } = watcher;
  const news = new Map<string, News>();
  for (const signing of signings.toReversed()) {
    const isTold = memory.has(signing);
    if (!isTold && !(isWithin(scope, signing, me) && isInState(scope, signing))) continue;
    const event = memory.eventOf(signing);
    if (event === undefined) {
      // What is over never needs a review again.
      if (scope.of === "review" && signing.final) memory.forget(signing);
      continue;
    }
    const isWanted = isTold || (isBeginning ? isSince(signing, since, false) : isSince(signing, since, true));
    if (isWanted && isInState(scope, signing) && events.includes(event)) {
      news.set(keyOf(signing), { signing, event, needsReview: mayNeedReview(signing, me) });
    } else memory.keep(signing);
  }
  return [...news.values()];
}

function isInState({ state }: Scope, signing: Signing): boolean {
  return state === undefined || signing.state === state;
}

/** Was it made since then? @param otherwise what counts when no time is given */
function isSince(signing: Signing, since: number | undefined, otherwise: boolean): boolean {
  if (since === undefined) return otherwise;
  const { createdAt } = viewOf(signing);
  // One that does not say its time may be new.
  return createdAt === undefined || createdAt.getTime() >= since;
}
