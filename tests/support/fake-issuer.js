// An issuer whose every answer a test decides, and tokens as nobody honest makes them.
import { constants, createHmac, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer } from "node:http";
import { listening } from "./listening.js";

export const audience = "urn:ocisign:api";

/** How each algorithm of a JSON Web Token is called in node:crypto. */
const signers = {
  RS256: (key, bytes) => sign("sha256", bytes, key),
  RS512: (key, bytes) => sign("sha512", bytes, key),
  PS256: (key, bytes) =>
    sign("sha256", bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  ES256: (key, bytes) => sign("sha256", bytes, { key, dsaEncoding: "ieee-p1363" }),
  ES384: (key, bytes) => sign("sha384", bytes, { key, dsaEncoding: "ieee-p1363" }),
  HS256: (secret, bytes) => createHmac("sha256", secret).update(bytes).digest(),
  none: () => Buffer.alloc(0),
};

/** A key pair with an id; `published` is what an issuer shows of it. */
export function issuerKey(alg, more = {}) {
  const curve = { ES256: "P-256", ES384: "P-384" }[alg];
  const { privateKey, publicKey } = curve
    ? generateKeyPairSync("ec", { namedCurve: curve })
    : generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = randomUUID();
  const published = { ...publicKey.export({ format: "jwk" }), kid, use: "sig", ...more };
  return { alg, kid, privateKey, publicKey, published };
}

/** @param {object} header @param {object} claims @param {unknown} key what `signers` want */
export function jwt(header, claims, key) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${signers[header.alg](key, Buffer.from(signed)).toString("base64url")}`;
}

/** @type {Map<string, "keys" | "moved">} */
const places = new Map([
  ["/keys", "keys"],
  ["/moved", "moved"],
]);

/**
 * @typedef {{ status?: number, headers?: Record<string, string>, body: unknown }} Answer
 * @typedef {Record<"metadata" | "keys" | "moved", Answer | null>} Answers
 */

/**
 * Starts the issuer. `answers` may be replaced: each path answers with a status and a body, or with nothing at all
 * when it is null. `asked` counts.
 */
export async function startFakeIssuer() {
  /** @type {Record<"metadata" | "keys" | "moved", number>} */
  const asked = { metadata: 0, keys: 0, moved: 0 };
  const server = createServer((request, response) => {
    const what = places.get(request.url ?? "") ?? "metadata";
    asked[what] += 1;
    const answer = issuer.answers[what];
    if (!answer) return request.socket.destroy();
    response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  });
  const { port, close } = await listening(server);
  const url = `http://127.0.0.1:${port}`;
  const metadata = { issuer: url, jwks_uri: `${url}/keys`, token_endpoint: "http://localhost:1/token" };
  const issuer = {
    url,
    asked,
    metadata,
    answers: /** @type {Answers} */ ({
      metadata: { body: metadata },
      keys: { body: { keys: [] } },
      moved: null,
    }),
    publish: (...keys) => {
      issuer.answers.keys = { body: { keys: keys.map(({ published }) => published) } };
    },
    claims: (changes) => ({ iss: url, aud: audience, sub: "somebody", exp: inSeconds(600), ...changes }),
    /** A token as it should be, unless claims or header say otherwise. */
    token: (key, changes, header) =>
      jwt({ alg: key.alg, kid: key.kid, ...header }, issuer.claims(changes), key.privateKey),
    close,
  };
  return issuer;
}

/** @param {number} seconds from now, as JSON Web Tokens tell the time */
export function inSeconds(seconds) {
  return Math.floor(Date.now() / 1000) + seconds;
}
