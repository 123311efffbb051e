// A sandbox that accepts the tokens of an OpenID Connect issuer.
import { audience, issuerKey, startFakeIssuer } from "./fake-issuer.js";
import * as real from "./issuer.js";
import { testSandbox } from "./sandbox.js";

/** @typedef {Awaited<ReturnType<typeof testSandbox>>} Sandbox */

/**
 * @param {string} url of the issuer
 * @param {{ expected?: string, args?: string[] }} [options] the audience, and more arguments
 */
export function sandboxWith(url, { expected = audience, args = [] } = {}) {
  const issuer = ["--oidc-issuer", url, "--oidc-audience", expected, "--oidc-client-id", real.clientId];
  return testSandbox({ name: "oidc", args: [...issuer, ...args] });
}

/** What a token gets: the status, and the body of a refusal. @param {Sandbox} sandbox @param {string} token */
export async function tried(sandbox, token) {
  const reply = await fetch(`${sandbox.base}/products`, { headers: { authorization: `Bearer ${token}` } });
  return { status: reply.status, challenge: reply.headers.get("www-authenticate"), ...(await reply.json()) };
}

/**
 * @typedef {object} FakeWorld
 * @property {Awaited<ReturnType<typeof startFakeIssuer>>} issuer
 * @property {ReturnType<typeof issuerKey>} key that the issuer publishes
 * @property {Sandbox} sandbox that accepts the issuer
 */

/**
 * Runs with an issuer of our own, a key that it publishes, and a sandbox that accepts it.
 *
 * @param {(world: FakeWorld) => Promise<void>} run
 */
export async function withFake(run, alg = "ES256") {
  const issuer = await startFakeIssuer();
  const key = issuerKey(alg);
  issuer.publish(key);
  const sandbox = await sandboxWith(issuer.url);
  try {
    await run({ issuer, key, sandbox });
  } finally {
    await sandbox.close();
    issuer.close();
  }
}
