// A real OpenID Connect issuer on this machine, where people sign in with a click.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import * as oauth from "oauth4webapi";
import Provider, { interactionPolicy } from "oidc-provider";
import { listening } from "./listening.js";
import { groupA, groupB } from "./sandbox.js";

/** The client that pages sign in with: a public one, which returns to this machine on any port. */
export const clientId = "ocisign-page";
/** The one of the command line, which may sign in by device codes, too. */
export const cliClientId = "ocisign";
export const audience = "urn:ocisign:api";
const callback = "http://127.0.0.1/callback.html";

/** Who can sign in. Not every issuer says an `oid`; `sub` is always there. */
export const accounts = {
  ada: { name: "Ada Requester", oid: "6f9619ff-8b86-4011-b42d-00c04fc964ff", groups: [groupA] },
  ben: { name: "Ben of A", oid: "0d2b9f7e-5a41-4c0e-9d0f-3b1c8a7e6f55", groups: [groupA] },
  cleo: { name: "Cleo of B", groups: [groupB] },
};

/**
 * Starts the issuer. Its access tokens are JWTs for `audience`; like its ID tokens they say name and groups. Refresh
 * tokens are given for the scope offline_access with the prompt consent, and each is taken once.
 *
 * @param {{ accessTokenS?: number, deviceCodeS?: number }} [options] seconds that access tokens and codes are good
 * @returns {Promise<{ url: string, grants: string[], secrets: Set<string>, close: () => void }>} `grants`: the kinds
 *   that were asked for; `secrets`: what nobody but client and issuer may ever see
 */
export async function startIssuer({ accessTokenS = 3600, deviceCodeS = 600 } = {}) {
  const server = createServer();
  const { port, close } = await listening(server);
  const url = `http://127.0.0.1:${port}`;
  const provider = new Provider(url, configuration(accessTokenS, deviceCodeS));
  /** @type {string[]} */
  const grants = [];
  /** @type {Set<string>} */
  const secrets = new Set();
  const note = (/** @type {Record<string, unknown>} */ said) => {
    for (const name of [
      "access_token",
      "id_token",
      "refresh_token",
      "code",
      "code_verifier",
      "device_code",
    ]) {
      const secret = said[name];
      if (typeof secret === "string") secrets.add(secret);
    }
  };
  provider.on("grant.success", (/** @type {any} */ { oidc, body }) => {
    grants.push(oidc.params.grant_type);
    note({ ...oidc.params });
    note(body);
  });
  provider.on("device_authorization.success", (/** @type {unknown} */ _, /** @type {any} */ body) =>
    note(body),
  );
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url?.startsWith("/sign-in/")) return answer(request, response);
    signInPage(provider, request, response).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  });
  return { url, grants, secrets, close };
}

/** @param {number} accessTokenS @param {number} deviceCodeS */
function configuration(accessTokenS, deviceCodeS) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
  const hour = 3600;
  return {
    clients: [
      {
        client_id: clientId,
        application_type: "native",
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        redirect_uris: [callback, callback.replace("127.0.0.1", "localhost")],
        token_endpoint_auth_method: "none",
      },
      {
        client_id: cliClientId,
        application_type: "native",
        grant_types: [
          ...["authorization_code", "refresh_token"],
          "urn:ietf:params:oauth:grant-type:device_code",
        ],
        response_types: ["code"],
        redirect_uris: ["http://127.0.0.1/"],
        token_endpoint_auth_method: "none",
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: [randomUUID()] },
    pkce: { required: () => true },
    ttl: {
      ...{ AccessToken: accessTokenS, IdToken: hour, RefreshToken: hour },
      ...{ Grant: hour, Interaction: hour, Session: hour, DeviceCode: deviceCodeS },
    },
    scopes: ["openid", "offline_access", "profile"],
    claims: { openid: ["sub", "oid", "groups"], profile: ["name"] },
    conformIdTokenClaims: false,
    clientBasedCORS: () => true,
    features: {
      devInteractions: { enabled: false },
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "",
          audience,
          accessTokenFormat: "jwt",
          accessTokenTTL: accessTokenS,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    interactions: {
      policy: consentIfAskedFor(),
      url: (_context, interaction) => `/sign-in/${interaction.uid}`,
    },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
    extraTokenClaims: (_context, token) => accounts[token.accountId],
    loadExistingGrant,
  };
}

/** Clients that return to this machine would be asked for consent each time. */
function consentIfAskedFor() {
  const policy = interactionPolicy.base();
  policy.get("consent").checks.remove("native_client_prompt");
  return policy;
}

/** Nobody is asked whether the page may know their name. */
async function loadExistingGrant({ oidc }) {
  const grant = new oidc.provider.Grant({
    clientId: oidc.client.clientId,
    accountId: oidc.session.accountId,
  });
  grant.addOIDCScope("openid profile offline_access");
  await grant.save();
  return grant;
}

/** A link for everybody, and who clicks it is signed in; or one to agree, where the page asked for that. */
async function signInPage(provider, request, response) {
  const { pathname, searchParams } = new URL(request.url, "http://issuer");
  const answer = answerOf(searchParams);
  if (answer) {
    return provider.interactionFinished(request, response, answer, { mergeWithLastSubmission: true });
  }
  const { prompt } = await provider.interactionDetails(request, response);
  const people = Object.entries(accounts).map(([id, { name }]) => [`as=${id}`, name]);
  const ways = prompt.name === "consent" ? [["agree=yes", "Continue"]] : people;
  const links = [...ways, ["cancel=yes", "Cancel"]].map(
    ([answer, name]) => `<a href="${pathname}?${answer}">${name}</a>`,
  );
  response.writeHead(200, { "content-type": "text/html" });
  response.end(`<!doctype html><title>Sign in</title>${links.join(" ")}`);
}

/** @param {URLSearchParams} given what was clicked, if anything was */
function answerOf(given) {
  const accountId = given.get("as");
  if (accountId) return { login: { accountId } };
  if (given.has("agree")) return { consent: {} };
  return given.has("cancel")
    ? { error: "access_denied", error_description: "somebody cancelled" }
    : undefined;
}

/**
 * Signs in at the issuer's own page, as a person does.
 *
 * @param {import("playwright-core").Page} popup @param {keyof typeof accounts} account
 */
export async function signInAt(popup, account) {
  await popup.getByRole("link", { name: accounts[account].name }).click();
}

/** @param {import("playwright-core").Page} popup */
export async function agreeAt(popup) {
  await popup.getByRole("link", { name: "Continue" }).click();
}

/**
 * Signs somebody in as a page would, by the authorization code flow with PKCE.
 *
 * @param {string} url the issuer's @param {keyof typeof accounts} account
 */
export async function signIn(url, account) {
  const issuer = new URL(url);
  const insecure = { [oauth.allowInsecureRequests]: true };
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
  const client = { client_id: clientId };
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const request = new URL(String(server.authorization_endpoint));
  request.search = String(
    new URLSearchParams({
      client_id: clientId,
      redirect_uri: callback,
      response_type: "code",
      scope: "openid profile",
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    }),
  );
  const returned = await browse(request, account);
  const parameters = oauth.validateAuthResponse(server, client, returned, state);
  const none = oauth.None();
  const reply = await oauth.authorizationCodeGrantRequest(
    ...[server, client, none, parameters, callback, verifier, insecure],
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, reply, {
    requireIdToken: true,
  });
  return { accessToken: tokens.access_token, idToken: tokens.id_token };
}

/** Follows the issuer's redirects with its cookies, and clicks on a name, until it leads back to the page. */
async function browse(start, account) {
  const cookies = new Map();
  let at = start;
  for (let step = 0; !at.href.startsWith(callback); step++) {
    if (step > 20) throw new Error(`the issuer leads in circles, now to ${at}`);
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const reply = await fetch(at, { redirect: "manual", headers: { cookie } });
    for (const text of reply.headers.getSetCookie()) {
      const [name, value] = text.split(";")[0].split("=");
      cookies.set(name, value);
    }
    const location = reply.headers.get("location") ?? (reply.ok ? `${at.pathname}?as=${account}` : undefined);
    if (!location) throw new Error(`${at.pathname} answered ${reply.status}: ${await reply.text()}`);
    at = new URL(location, at);
  }
  return at;
}
