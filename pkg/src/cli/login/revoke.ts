// Tells the issuer that tokens are not used any more (RFC 7009).
import type { Issuer } from "../../sign-in/issuer.ts";
import { Problem } from "../problem.ts";
import { explaining } from "./at-issuer.ts";
import type { Secrets } from "./store.ts";

/** What came of it: the kinds of tokens that the issuer has revoked, and why it did not more, if it failed. */
export interface Revoked {
  readonly revoked: readonly string[];
  readonly failure?: string;
}

/** The refresh token first: with it, many issuers end all that came of it. */
export async function revoke(
  issuer: Issuer,
  { token, accessToken = token, refreshToken }: Secrets,
  signal: AbortSignal,
): Promise<Revoked> {
  const revoked: string[] = [];
  try {
    await explaining(issuer, async () => {
      const server = await issuer.server(signal);
      if (!server.revocation_endpoint) return;
      if (refreshToken && (await revokeOne(issuer, refreshToken, "refresh_token", signal))) {
        revoked.push("refresh_token");
      }
      if (await revokeOne(issuer, accessToken, "access_token", signal)) revoked.push("access_token");
    });
    return { revoked };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    return { revoked, failure: error.message };
  }
}

/** @returns whether this issuer revokes tokens of that kind: one that nobody looks up cannot be revoked (§2.2.1) */
async function revokeOne(issuer: Issuer, token: string, kind: string, signal: AbortSignal): Promise<boolean> {
  const { library, client } = issuer;
  const options = { ...issuer.request(signal), additionalParameters: { token_type_hint: kind } };
  const server = await issuer.server(signal);
  const reply = await library.revocationRequest(server, client, library.None(), token, options);
  try {
    await library.processRevocationResponse(reply);
    return true;
  } catch (error) {
    const { ResponseBodyError } = library;
    if (error instanceof ResponseBodyError && error.error === "unsupported_token_type") return false;
    throw error;
  }
}
