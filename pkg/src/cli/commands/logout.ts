// `ocisign logout`: has the issuer revoke what it gave, and removes it from this machine.
import { visible } from "../../shown/visible.ts";
import { command } from "../command.ts";
import type { Kept, Vault } from "../login/store.ts";
import { exitCode, Problem, usage } from "../problem.ts";
import type { Session } from "../session.ts";

interface Ended {
  readonly service: string;
  readonly issuer: string;
  /** The kinds of tokens that the issuer has revoked. */
  readonly revoked: readonly string[];
  /** Why it did not revoke more, if it failed. */
  readonly failure?: string | undefined;
}

interface LoggedOut {
  readonly service: string;
  readonly ended: readonly Ended[];
}

export const logout = command({
  name: "logout",
  summary: "End the sign-in at the service: revoke its tokens, and remove them.",
  settings: ["issuer"],
  examples: [["", "ocisign logout"]],
  notes: `With --issuer it ends only the sign-in at that issuer. It removes the tokens
from this machine also when the issuer cannot revoke them. It ends with code 1
if the issuer failed to.`,
  async run(session): Promise<LoggedOut> {
    const { url, issuer } = session.settings;
    if (!url) {
      const what = "The URL of the service is not given: neither --url nor OCISIGN_URL is set.";
      throw usage(what, "Give --url, or set OCISIGN_URL.");
    }
    const { issuerOf, serviceOf } = await import("../login/service-url.ts");
    const { keptFor, Vault } = await import("../login/store.ts");
    const service = serviceOf(url);
    const vault = new Vault(session.signal);
    const ended: Ended[] = [];
    for (const kept of keptFor(service, issuer && issuerOf(issuer)))
      ended.push(await end(kept, vault, session));
    return { service, ended };
  },
  text: ({ service, ended }) =>
    ended.length === 0 ? `No sign-in at ${visible(service, "exact")} is kept.` : ended.map(lineOf).join("\n"),
  exit: ({ ended }) => (ended.some(({ failure }) => failure !== undefined) ? exitCode.error : exitCode.done),
});

async function end(kept: Kept, vault: Vault, session: Session): Promise<Ended> {
  const { service, issuer } = kept.about;
  const { lockOf } = await import("../login/kept-token.ts");
  // A renewal that is under way would write it anew.
  const lock = await lockOf(kept, session.signal);
  try {
    const outcome = await revoked(kept, vault, session);
    await vault.remove(kept);
    return { service, issuer, ...outcome };
  } finally {
    await lock.release();
  }
}

async function revoked(
  kept: Kept,
  vault: Vault,
  session: Session,
): Promise<Omit<Ended, "service" | "issuer">> {
  const { openIssuer } = await import("../login/at-issuer.ts");
  const { readKept } = await import("../login/store.ts");
  const { revoke } = await import("../login/revoke.ts");
  try {
    const now = readKept(kept.path) ?? kept;
    const secrets = await vault.secretsOf(now);
    const issuer = await openIssuer(session.network, new URL(now.about.issuer), now.about.clientId);
    return await revoke(issuer, secrets, session.signal);
  } catch (error) {
    // What cannot be opened cannot be revoked, and is removed all the same.
    if (!(error instanceof Problem)) throw error;
    return { revoked: [], failure: error.message };
  }
}

function lineOf({ issuer, revoked, failure }: Ended): string {
  const host = visible(new URL(issuer).host, "exact");
  const removed = `The sign-in at ${host} is removed from this machine.`;
  if (failure !== undefined) return `${removed} Its tokens were not revoked: ${visible(failure)}`;
  if (revoked.includes("access_token")) return `${removed} ${host} has revoked its tokens.`;
  if (revoked.includes("refresh_token")) {
    return `${removed} ${host} has revoked the refresh token; the service accepts the last token until it expires.`;
  }
  return `${removed} ${host} revokes no tokens: the service accepts the last one until it expires.`;
}
