// Who is signed in, until when, and what happens to calls when that ends. Tokens are in private fields only: they are
// in no storage, no URL, no attribute and no message.
import { OcisignError } from "ocisign";
import { aborted, SignInError } from "./sign-in-error.ts";
import type { Grant, OnDoubt, Source } from "./source.ts";

export type State = "signed-out" | "signed-in" | "expiring" | "expired";

/** A person of this page. Sign-ins of the same person are one; a sign-out ends it. */
interface Person {
  objectId?: string | undefined;
  source: Source;
  /** The service has answered this person's calls otherwise than by a refusal of the token. */
  isKnown?: boolean;
}

/** A call that goes on when its person has signed in. */
interface Waiting {
  /** None yet, for a call that was made before a person signed in. */
  person: Person | undefined;
  resolve(held: Held): void;
  reject(error: Error): void;
}

interface Held {
  person: Person;
  token: string;
}

/** The longest time that setTimeout takes; longer ones it takes for none. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Events: `change` (state, identity, expiry or problem is another), `needed` (a call waits for a sign-in) and
 * `changed-person` (another person than before signed in: clients of the one before get no token any more, make a new
 * one). After a sign-out, too, a new client is due: drop the old one, it still holds its token.
 *
 * @example
 * const session = new Session();
 * session.addEventListener("change", () => console.log(session.state, session.identity?.name));
 * await session.signIn(new PastedToken(text));
 * const client = new SigningClient({ baseUrl, token: session.tokenSource() });
 */
export class Session extends EventTarget {
  /** How long before the end a person is told of it. */
  readonly warnBeforeMs: number;

  #grant: Grant | undefined;
  #person: Person | undefined;
  /** How long the grant was to live when it came. */
  #lifeMs = Infinity;
  /** Whether the service refused the grant before its time. */
  #refused = false;
  /** Why the last renewal failed. */
  #problem: unknown;
  /** Whether the session hears how the service answers. */
  #hears = false;
  /** The sign-in under way. */
  #attempt: AbortController | undefined;
  /** Ends what is under way for those who are signed in. */
  #signedIn = new AbortController();
  /** The renewal under way, which all calls share. */
  #renewing: Promise<void> | undefined;
  #waiting = new Set<Waiting>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ warnBeforeMs = 5 * 60_000 }: { warnBeforeMs?: number } = {}) {
    super();
    this.warnBeforeMs = warnBeforeMs;
  }

  get state(): State {
    if (!this.#person) return "signed-out";
    if (this.#refused) return "expired";
    if (this.#person.source.canRenew && !this.#problem) return "signed-in";
    const left = this.#leftMs();
    if (left <= 0) return "expired";
    return left <= this.warnBeforeMs ? "expiring" : "signed-in";
  }

  /** Who is signed in, as the token says; nothing for an opaque token. */
  get identity() {
    return this.#grant?.identity;
  }

  get expiresAt() {
    return this.#grant?.expiresAt;
  }

  /** Why the last renewal failed; nothing when none did. */
  get problem() {
    return this.#problem;
  }

  /** Whether the sign-in ended because the service refused the token before its time. */
  get isRefused() {
    return this.#refused;
  }

  /** Whether the service has ever taken a token of this person, as far as the session heard: the first may be a wrong one. */
  get isKnown() {
    return !this.#hears || this.#person?.isKnown === true;
  }

  /** Whether `stay` can do it: not after a pasted token. */
  get canStay() {
    return this.#person?.source.canRepeat === true;
  }

  /**
   * Signs in. Call it within a click: a source may have to open a window. A sign-in that is still under way is given
   * up; the person who was signed in stays so until this one is done.
   *
   * @throws {SignInError}
   */
  async signIn(source: Source, { onDoubt }: { onDoubt?: OnDoubt } = {}) {
    this.cancel();
    const attempt = new AbortController();
    this.#attempt = attempt;
    try {
      const grant = await source.signIn({ signal: attempt.signal, onDoubt });
      if (attempt.signal.aborted) throw aborted();
      this.#adopt(source, grant);
    } finally {
      if (this.#attempt === attempt) this.#attempt = undefined;
    }
  }

  /** Gives up the sign-in that is under way. */
  cancel() {
    this.#attempt?.abort();
    this.#attempt = undefined;
  }

  /** Has the same person stay signed in. Call it within a click, as `signIn`. */
  async stay(options?: { onDoubt?: OnDoubt }) {
    const source = this.#person?.source;
    if (!source?.canRepeat) throw unauthorized("There is no sign-in that could be renewed.");
    if (!source.canRenew) return this.signIn(source, options);
    await this.#renewed();
    if (this.#problem) throw this.#problem;
  }

  /** Forgets everything. Calls that wait are refused. */
  signOut() {
    this.cancel();
    this.#leave();
    this.#grant = undefined;
    this.#refused = false;
    this.#problem = undefined;
    this.#update();
    for (const { reject } of this.#waiting) reject(unauthorized("The person who began it signed out."));
    this.#waiting.clear();
  }

  /**
   * A token function for one SigningClient. It belongs to who is signed in now, or to who signs in next: what one
   * person began is never sent as another. It is to be asked again only after a refusal, as the client does; it then
   * renews, or waits until the person has signed in.
   */
  tokenSource(): () => Promise<string> {
    let person = this.#person;
    let given: string | undefined;
    return async () => {
      const held = await this.#tokenFor(person, given);
      person = held.person;
      given = held.token;
      return given;
    };
  }

  /**
   * How a client of this session sends. A reply that is no refusal of the token says that the service knows the person.
   */
  fetch(): typeof fetch {
    this.#hears = true;
    return async (...given) => {
      const person = this.#person;
      const reply = await fetch(...given);
      if (person && reply.status !== 401) person.isKnown = true;
      return reply;
    };
  }

  async #tokenFor(person: Person | undefined, refused: string | undefined): Promise<Held> {
    const current = this.#current(person, refused);
    if (current) return current;
    if (this.#person?.source.canRenew) {
      await this.#renewed();
      const renewed = this.#current(person, refused);
      if (renewed) return renewed;
    }
    return this.#signedInAgain(person);
  }

  /** What can be sent now, if anything. */
  #current(person: Person | undefined, refused: string | undefined): Held | undefined {
    if (person && person !== this.#person)
      throw unauthorized("The person who began it is no longer signed in.");
    if (!this.#person || !this.#grant || this.#refused || this.#leftMs() <= 0) return undefined;
    const { token } = this.#grant;
    return token === refused ? undefined : { person: this.#person, token };
  }

  /** Waits for the person, however long that takes. */
  #signedInAgain(person: Person | undefined): Promise<Held> {
    return new Promise((resolve, reject) => {
      this.#waiting.add({ person, resolve, reject });
      this.#refused = this.#grant !== undefined;
      this.#update();
      this.dispatchEvent(new Event("needed"));
    });
  }

  /** Ends when a renewal has ended, well or with a `problem`. All who ask meanwhile share it. */
  #renewed() {
    if (this.#renewing) return this.#renewing;
    const renewing = this.#renew().finally(() => {
      if (this.#renewing === renewing) this.#renewing = undefined;
    });
    this.#renewing = renewing;
    return renewing;
  }

  async #renew() {
    const grant = this.#grant;
    const source = this.#person?.source;
    if (!source?.renew) return;
    try {
      const renewed = await source.renew({ signal: this.#signedIn.signal });
      // A sign-in or sign-out meanwhile came later than this began.
      if (this.#grant === grant) this.#adopt(source, renewed);
    } catch (error) {
      if (this.#grant !== grant) return;
      this.#problem = error;
      this.#update();
    }
  }

  #adopt(source: Source, grant: Grant) {
    checkFresh(grant);
    const before = this.#person;
    const isSame = before !== undefined && isPerson(before, source, grant);
    if (!isSame || before.source !== source) this.#leave(source);
    const person = isSame ? before : { objectId: grant.identity?.objectId, source };
    person.source = source;
    this.#person = person;
    this.#grant = grant;
    this.#lifeMs = this.#leftMs();
    this.#refused = false;
    this.#problem = undefined;
    document.addEventListener("visibilitychange", this.#onAwake);
    addEventListener("online", this.#onAwake);
    // First, so that a listener that looks again at a change does so with a client of the right person.
    if (before && !isSame) this.dispatchEvent(new Event("changed-person"));
    this.#update();
    this.#serve({ person, token: grant.token });
  }

  /** Ends what is under way for the person who was signed in. `next` is the source of the next person. */
  #leave(next?: Source) {
    this.#signedIn.abort();
    this.#signedIn = new AbortController();
    this.#renewing = undefined;
    if (this.#person && this.#person.source !== next) this.#person.source.forget();
    this.#person = undefined;
    document.removeEventListener("visibilitychange", this.#onAwake);
    removeEventListener("online", this.#onAwake);
  }

  #serve(held: Held) {
    for (const { person, resolve, reject } of this.#waiting) {
      if (person === undefined || person === held.person) resolve(held);
      else reject(unauthorized("Another person signed in."));
    }
    this.#waiting.clear();
  }

  #leftMs() {
    const end = this.#grant?.expiresAt?.getTime();
    return end === undefined ? Infinity : end - Date.now();
  }

  /** How long before the end a renewal begins: of a short life, in its last quarter. */
  #leadMs() {
    return Math.min(this.warnBeforeMs, this.#lifeMs / 4);
  }

  /** Whether a renewal is due that no person is needed for. */
  #canRenewNow() {
    return this.#person?.source.canRenew === true && this.#leftMs() <= this.#leadMs();
  }

  // Timers stand still while a laptop sleeps, and its network comes back later than its screen.
  #onAwake = () => {
    if (document.visibilityState !== "visible") return;
    if (this.#canRenewNow()) this.#renewed();
    else this.#update();
  };

  /** Tells how it stands now, does what is due, and sets the timer for what is due next. */
  #update() {
    clearTimeout(this.#timer);
    this.dispatchEvent(new Event("change"));
    if (!this.#problem && this.#canRenewNow()) {
      this.#renewed();
      return;
    }
    const left = this.#leftMs();
    const next = Math.min(...[left, left - this.#leadMs(), left - this.warnBeforeMs].filter((ms) => ms > 0));
    if (next < Infinity) this.#timer = setTimeout(() => this.#update(), Math.min(next, longestTimerMs));
  }
}

/** A token without an object id is its owner's only as long as its source renews it. */
function isPerson(person: Person, source: Source, grant: Grant) {
  const objectId = grant.identity?.objectId;
  return person.objectId === objectId && (objectId !== undefined || person.source === source);
}

/** A renewal that gives what has ended would be followed by the next one immediately. */
function checkFresh({ expiresAt }: Grant) {
  if (expiresAt === undefined || expiresAt.getTime() > Date.now()) return;
  throw new SignInError(
    "expired-token",
    `This token expired at ${expiresAt.toLocaleString()}.`,
    "Get a new token. If this one is new, check the clock of this computer.",
  );
}

function unauthorized(why: string) {
  const fix = "Sign in as the person who began it, then start it again.";
  return new OcisignError("unauthorized", `The call was not sent. ${why}`, fix);
}
