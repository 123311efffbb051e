// Status codes that nobody has explained. They are neither success nor failure, and a request that has one must not
// wait, or be left out, in silence: it is said which codes there are, and where to explain them.

import type { Signing, WholeProfile } from "ocisign";
import type { Session } from "./session.ts";

/** How to explain a code. */
const explainThem = 'Explain it with --profile, under "statuses"; docs/cli.md shows how.';

/** So many codes are named. A service may have any number of them. */
const mostNamed = 10;

/** The codes that a run was told about. */
const told = new WeakMap<Session, Set<number>>();

/** Says once of each code that it is unexplained, and once where to explain codes. */
export function explainUnknown(session: Session, { state, code }: Signing): void {
  if (state !== "unknown") return;
  const codes = told.get(session) ?? new Set();
  if (codes.has(code) || codes.size >= mostNamed) return;
  told.set(session, codes.add(code));
  const again = "is not explained, either.";
  const first = `is not explained: it counts as neither waiting nor failed. ${explainThem}`;
  session.output.note(`Status ${code} ${codes.size > 1 ? again : first}`);
}

/** The runs that were told what ends their waits. */
const toldEnds = new WeakSet<Session>();

/** Says at the start of a wait what will end it, where a rejection or a failure would not. */
export function explainEnds(session: Session, { statuses }: WholeProfile): void {
  const states = Object.values(statuses);
  if (toldEnds.has(session) || states.includes("rejected") || states.includes("failed")) return;
  toldEnds.add(session);
  const codes = Object.keys(statuses).filter((code) => statuses[code] === "signed");
  const why = session.settings.profile
    ? 'the profile\'s "statuses" name none for a rejected or failed request'
    : "without --profile, no other code has a meaning here";
  session.output.note(`Only status ${codes.join(" or ")} (signed) ends this wait: ${why}.`);
}

/**
 * Says below a list which codes are unexplained: of the requests in it, or of those that `--state` left out, since one
 * of them may be of that state.
 */
export function explainInList(session: Session, listed: readonly Signing[], all: readonly Signing[]): void {
  const unknown = all.filter(({ state }) => state === "unknown");
  if (unknown.length === 0) return;
  const codes = [...new Set(unknown.map(({ code }) => code))].sort((a, b) => a - b);
  const are = codes.length === 1 ? `Status ${codes[0]} is` : `The statuses ${enumerated(codes)} are`;
  const count = `${unknown.length} ${unknown.length === 1 ? "request" : "requests"}`;
  const left = listed.some(({ state }) => state === "unknown") ? "" : ", not in this list";
  const them = codes.length === 1 ? explainThem : explainThem.replace(" it ", " them ");
  session.output.note(
    `${are} not explained (${count}${left}), and counted as neither waiting nor failed. ${them}`,
  );
}

/** `2, 3 and 5`; of many, `1, 2, … and 37 more`. */
function enumerated(codes: readonly number[]): string {
  const more = codes.length - mostNamed;
  const named = codes.slice(0, more > 0 ? mostNamed : -1);
  return `${named.join(", ")} and ${more > 0 ? `${more} more` : codes.at(-1)}`;
}
