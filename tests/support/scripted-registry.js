// Registries that a test makes up, over real HTTP with Node's own fetch, and the package's client of them.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after } from "node:test";
import { inspect } from "node:util";
import { listening } from "./listening.js";
import { OcisignError, RegistryClient } from "./registry-client.js";

export const manifestType = "application/vnd.oci.image.manifest.v1+json";
export const indexType = "application/vnd.oci.image.index.v1+json";
export const digest = `sha256:${"ab".repeat(32)}`;
export const user = { username: "robot", password: "correct horse battery staple" };
export const basic = `Basic ${Buffer.from(`${user.username}:${user.password}`).toString("base64")}`;
export const manifestPath = "/v2/team/app/manifests/1.0";
export const blobPath = `/v2/team/app/blobs/${digest}`;
export const referrersPath = `/v2/team/app/referrers/${digest}`;
export const manifest = { headers: { "content-type": manifestType }, body: '{"schemaVersion":2}' };

/**
 * @typedef {import("node:http").IncomingHttpHeaders} Headers
 *
 * @typedef {object} Asked
 * @property {string} method
 * @property {string} url
 * @property {Headers} headers
 * @property {Buffer} body
 *
 * @typedef {object} Reply
 * @property {number} [status]
 * @property {import("node:http").OutgoingHttpHeaders} [headers]
 * @property {string} [body]
 * @property {(response: import("node:http").ServerResponse) => unknown} [raw] writes the reply itself
 *
 * @typedef {Reply | ((request: Asked) => Reply)} OneAnswer
 * @typedef {OneAnswer | OneAnswer[] | readonly OneAnswer[] | undefined} Answer
 */

/** @type {(() => void)[]} */
const closing = [];
after(() => {
  for (const close of closing) close();
});

/**
 * A server with an answer for each path, or one function for all. An answer is an object, a function of the
 * request, or a list of which each serves once and the last one for ever.
 *
 * @param {Record<string, Answer> | ((request: Asked) => Reply)} routes
 */
export async function serve(routes) {
  /** @type {Asked[]} */
  const asked = [];
  const server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks) };
      asked.push(one);
      let answer = typeof routes === "function" ? routes : (routes[url] ?? routes[url.split("?")[0]]);
      if (Array.isArray(answer)) answer = answer.length > 1 ? answer.shift() : answer[0];
      const reply = /** @type {Reply | undefined} */ (typeof answer === "function" ? answer(one) : answer);
      if (reply?.raw) return reply.raw(response);
      const { status = 200, headers: more = {}, body = "" } = reply ?? notFound;
      response.writeHead(status, more).end(body);
    });
  });
  const { port, close } = await listening(server);
  closing.push(close);
  const domain = `127.0.0.1:${port}`;
  return { domain, origin: `http://${domain}`, asked };
}

/** @type {Reply} */
const notFound = { status: 404, body: "404 page not found\n" };

/**
 * @param {{ domain: string }} registry
 * @param {Partial<import("./registry-client.js").RegistryClientOptions>} [options]
 */
export const clientFor = ({ domain }, options = {}) => new RegistryClient({ domain, ...options });

/** @param {number} status @param {unknown} value */
export const json = (status, value) => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

/** @param {number} status @param {...string} codes */
export const errors = (status, ...codes) =>
  json(status, { errors: codes.map((code) => ({ code, message: "m" })) });

/** What a registry puts on each of its answers, and a proxy does not. */
export const ownHeader = { "docker-distribution-api-version": "registry/2.0" };

/** @param {string} value */
export const challenge = (value, status = 401) => ({
  ...errors(status, "UNAUTHORIZED"),
  headers: { "www-authenticate": value },
});

/** @param {string} location */
export const redirect = (location, status = 307) => ({ status, headers: { location } });

/**
 * @param {string} authorization that opens it
 * @param {string} www the challenge to everything else
 * @param {Reply} answer
 */
export const guarded = (authorization, www, answer) => (/** @type {Asked} */ request) =>
  request.headers.authorization === authorization ? answer : challenge(www);

/** @param {Asked[]} asked */
export const authorizations = (asked) => asked.map(({ headers }) => headers.authorization);

/**
 * The error of a call, which must be of the one class, in words, and without a secret.
 *
 * @param {Promise<unknown>} promise @param {...string} secrets
 */
export async function failure(promise, ...secrets) {
  const error = await promise.then(
    () => assert.fail("it did not fail"),
    (error) => error,
  );
  assert.ok(error instanceof OcisignError, inspect(error));
  assert.ok(error.message && error.fix);
  const whole = inspect(error, { depth: 10, showHidden: true });
  for (const secret of [user.password, basic.slice(6), ...secrets]) assert.ok(!whole.includes(secret), whole);
  return error;
}

/** @param {Answer} answer @param {Partial<import("./registry-client.js").RegistryClientOptions>} [options] */
export async function manifestFailure(answer, options) {
  const registry = await serve({ [manifestPath]: answer });
  const error = await failure(clientFor(registry, options).manifest("team/app", "1.0"));
  return { error, asked: registry.asked };
}

/**
 * A registry with a token service at another origin.
 *
 * @param {object} [options]
 * @param {string} [options.field] of the token service's reply
 * @param {boolean} [options.scope] whether the challenge names one
 * @param {string} [options.accepts] the authorization that the token service wants
 */
export async function withTokens({ field = "token", scope = true, accepts } = {}) {
  let count = 0;
  const tokens = await serve({
    "/token": (request) =>
      accepts && request.headers.authorization !== accepts
        ? challenge('Basic realm="tokens"')
        : json(200, { [field]: `tok-${++count}` }),
  });
  const www = (url) =>
    `Bearer realm="${tokens.origin}/token?a=b",service="the registry"${
      scope ? `,scope="repository:team/app:pull${url.includes("uploads") ? ",push" : ""}"` : ""
    }`;
  const state = { valid: () => `Bearer tok-${count}` };
  const registry = await serve((request) => {
    if (request.headers.authorization !== state.valid()) return challenge(www(request.url));
    if (request.url.endsWith("uploads/")) return { status: 202, headers: { location: "/up?_state=a%2Bb" } };
    return request.method === "PUT" ? { status: 201 } : manifest;
  });
  return { registry, tokens, state };
}

/** @param {number} n @param {Record<string, unknown>} [more] */
export const descriptor = (n, more = {}) => ({
  mediaType: manifestType,
  digest: `sha256:${String(n).repeat(64)}`,
  size: n,
  ...more,
});

/** @param {unknown[]} manifests @param {Record<string, string>} [headers] */
export const index = (manifests, headers = {}) => ({
  headers: { "content-type": indexType, ...headers },
  body: JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }),
});
