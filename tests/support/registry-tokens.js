// Gives out tokens for a registry (docker's token protocol): to everybody for reading, and to one user for writing.
import { createPrivateKey, randomUUID, sign, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

export const service = "registry.test";
export const issuer = "issuer.test";

/**
 * Starts it on a free port of this machine.
 *
 * @param {{ key: string, cert: string }} signer a key, and the certificate by which the registry knows it
 * @param {{ username: string, password: string }} user
 */
export async function registryTokens(signer, { username, password }) {
  const known = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const server = createServer((asked, answered) => {
    const { authorization } = asked.headers;
    if (authorization !== undefined && authorization !== known) {
      answered.writeHead(401, { "content-type": "application/json" });
      answered.end(JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "wrong password" }] }));
      return;
    }
    const scopes = new URL(asked.url ?? "/", "http://x").searchParams.getAll("scope");
    const mayPush = authorization === known;
    const token = tokenFor(
      signer,
      scopes.map((scope) => access(scope, mayPush)),
    );
    answered.writeHead(200, { "content-type": "application/json" });
    answered.end(JSON.stringify({ token, expires_in: 300 }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { realm: `http://127.0.0.1:${port}/token`, close };
}

/** What a scope asks for, as far as it is granted. @param {string} scope @param {boolean} mayPush */
function access(scope, mayPush) {
  const [type, ...rest] = scope.split(":");
  const actions = (rest.pop() ?? "").split(",").filter((action) => action === "pull" || mayPush);
  return { type, name: rest.join(":"), actions };
}

/** @param {{ key: string, cert: string }} signer @param {object[]} access */
function tokenFor({ key, cert }, access) {
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: "JWT", alg: "ES256", x5c: [new X509Certificate(cert).raw.toString("base64")] };
  const times = { iat: now, nbf: now - 10, exp: now + 300 };
  const claims = { iss: issuer, aud: service, sub: "", jti: randomUUID(), ...times, access };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const options = { key: createPrivateKey(key), dsaEncoding: /** @type {const} */ ("ieee-p1363") };
  const signature = sign("sha256", Buffer.from(signed.join(".")), options);
  return [...signed, signature.toString("base64url")].join(".");
}
