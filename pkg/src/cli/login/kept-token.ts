// The token of a sign-in that `ocisign login` kept. It is renewed while it can be: by one process at a time, since
// issuers take a refresh token once, and whoever takes it twice loses the sign-in.
import { fieldOf } from "../../foreign.ts";
import { Lock } from "../../journal/lock.ts";
import type { Issuer } from "../../sign-in/issuer.ts";
import { libraryError } from "../library-error.ts";
import type { Network } from "../network.ts";
import { Problem } from "../problem.ts";
import { claimedIn, explaining, openIssuer, secretsFrom, unreachable } from "./at-issuer.ts";
import { type Kept, readKept, type Secrets, Vault } from "./store.ts";

/** A token that ends so soon is renewed before it is sent. */
const marginMs = 30_000;
/** So long another process may take to renew it. */
const longestTurnMs = 60_000;
const lookAgainMs = 100;

export interface Renewing {
  readonly network: () => Network;
  readonly signal: AbortSignal;
  /** May it be renewed? Completion ends in the middle of whatever it does. */
  readonly mayRenew: boolean;
}

export class KeptToken {
  readonly #kept: Kept;
  readonly #vault: Vault;
  readonly #renewing: Renewing;
  #underWay: Promise<string> | undefined;

  constructor(kept: Kept, renewing: Renewing) {
    this.#kept = kept;
    this.#vault = new Vault(renewing.signal);
    this.#renewing = renewing;
  }

  /** @param refused the token that the service did not take, if there is one */
  async ask(refused: string | undefined): Promise<string> {
    const secrets = await this.#read();
    if (isGood(secrets) && secrets.token !== refused) return secrets.token;
    if (!secrets.refreshToken || !this.#renewing.mayRenew) {
      if (isOver(secrets)) throw ended(this.#kept, `expired at ${secrets.expiresAt}`);
      return secrets.token;
    }
    this.#underWay ??= this.#renew(refused).finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** Ends when no renewal is under way: a new refresh token would be lost with it. */
  async settled(): Promise<void> {
    await this.#underWay?.catch(() => {});
  }

  async #read(): Promise<Secrets> {
    return this.#vault.secretsOf(this.#now());
  }

  /** As it is now: another process may have renewed it, or signed out. */
  #now(): Kept {
    const now = readKept(this.#kept.path);
    if (now) return now;
    throw ended(this.#kept, "was ended by `ocisign logout`");
  }

  async #renew(refused: string | undefined): Promise<string> {
    const lock = await lockOf(this.#kept, this.#renewing.signal);
    try {
      const now = this.#now();
      const secrets = await this.#vault.secretsOf(now);
      const isRenewed = isGood(secrets) && secrets.token !== refused;
      return isRenewed || !secrets.refreshToken ? secrets.token : await this.#fetch(now, secrets);
    } finally {
      await lock.release();
    }
  }

  async #fetch(now: Kept, secrets: Secrets): Promise<string> {
    const issuer = await openIssuer(this.#renewing.network(), new URL(now.about.issuer), now.about.clientId);
    try {
      const renewed = await explaining(issuer, () => this.#renewed(issuer, now, secrets));
      await this.#vault.keepAgain(now, renewed);
      return renewed.token;
    } catch (error) {
      // It is still good: the issuer may be back before it ends.
      if (fieldOf(error, "code") === unreachable && !isOver(secrets)) return secrets.token;
      throw error;
    }
  }

  async #renewed(issuer: Issuer, now: Kept, secrets: Secrets): Promise<Secrets> {
    // Not ended by Ctrl-C: what is asked once has to be kept. Its own time limit ends it.
    const { signal } = new AbortController();
    try {
      const tokens = await issuer.renewed(secrets.refreshToken ?? "", signal);
      const renewed = secretsFrom(issuer, tokens, now.about.kind, secrets);
      if (personOf(renewed) === personOf(secrets)) return renewed;
      throw ended(now, "was renewed for another person, which is refused");
    } catch (error) {
      if (!issuer.isRefusal(error)) throw error;
      await this.#vault.keepAgain(now, { ...secrets, refreshToken: undefined });
      throw ended(now, `cannot be renewed: ${issuer.host} refused its refresh token`);
    }
  }
}

/** One process at a time. @throws {Problem} `login-in-use` */
export async function lockOf({ path }: Pick<Kept, "path">, signal: AbortSignal): Promise<Lock> {
  const end = performance.now() + longestTurnMs;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await Lock.take(path);
    } catch (error) {
      if (libraryError(error)?.code !== "journal-in-use") throw error;
      if (performance.now() > end) {
        const fix = "End the other process, or try again.";
        throw new Problem("login-in-use", "Another process is renewing the sign-in, and does not end.", fix);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}

/** The issuer says who it is in the ID token; a renewal need not repeat it. */
function personOf({ idToken }: Secrets): string | undefined {
  return idToken === undefined ? undefined : claimedIn(idToken)?.objectId;
}

function endOf({ expiresAt }: Secrets): number {
  return expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt);
}

function isGood(secrets: Secrets): boolean {
  return endOf(secrets) - Date.now() > marginMs;
}

function isOver(secrets: Secrets): boolean {
  return endOf(secrets) <= Date.now();
}

function ended({ about }: Kept, what: string): Problem {
  const message = `The sign-in at ${new URL(about.issuer).host} ${what}.`;
  return new Problem("signed-out", message, `Run \`ocisign login\`.`);
}
