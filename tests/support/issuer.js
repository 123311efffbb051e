// A real OpenID Connect issuer on this machine, where people sign in with a click.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import * as oauth from "oauth4webapi";
import Provider, { interactionPolicy } from "oidc-provider";
import { listening } from "./listening.js";
import { groupA, groupB } from "./sandbox.js";

/** The client that pages sign in with: a public one, which returns to this machine on any port. */
export const clientId = "ocisign-page";
export const audience = "urn:ocisign:api";
const callback = "http://127.0.0.1/callback.html";

/** Who can sign in. */
export const accounts = {
  ada: { name: "Ada Requester", groups: [groupA] },
  ben: { name: "Ben of A", groups: [groupA] },
  cleo: { name: "Cleo of B", groups: [groupB] },
};

/**
 * Starts the issuer. Its access tokens are JWTs for `audience`; like its ID tokens they say name and groups.
 *
 * @param {{ lifetime?: number }} [options] seconds that tokens are good
 */
export async function startIssuer({ lifetime = 3600 } = {}) {
  const server = createServer();
  const { port, close } = await listening(server);
  const url = `http://127.0.0.1:${port}`;
  const provider = new Provider(url, configuration(lifetime));
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url?.startsWith("/sign-in/")) return answer(request, response);
    signInPage(provider, request, response).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  });
  return { url, close };
}

/** @param {number} lifetime */
function configuration(lifetime) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
  return {
    clients: [
      {
        client_id: clientId,
        application_type: "native",
        grant_types: ["authorization_code"],
        response_types: ["code"],
        redirect_uris: [callback, callback.replace("127.0.0.1", "localhost")],
        token_endpoint_auth_method: "none",
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: [randomUUID()] },
    ttl: { IdToken: lifetime, AccessToken: lifetime, Grant: 3600, Interaction: 3600, Session: 3600 },
    claims: { openid: ["sub"], profile: ["name", "groups"] },
    conformIdTokenClaims: false,
    clientBasedCORS: () => true,
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "",
          audience,
          accessTokenFormat: "jwt",
          accessTokenTTL: lifetime,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    interactions: { policy: signInOnly(), url: (_context, interaction) => `/sign-in/${interaction.uid}` },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
    extraTokenClaims: (_context, token) => accounts[token.accountId],
    loadExistingGrant,
  };
}

/** Clients that return to this machine would be asked for consent each time. */
function signInOnly() {
  const policy = interactionPolicy.base();
  policy.remove("consent");
  return policy;
}

/** Nobody is asked whether the page may know their name. */
async function loadExistingGrant({ oidc }) {
  const grant = new oidc.provider.Grant({
    clientId: oidc.client.clientId,
    accountId: oidc.session.accountId,
  });
  grant.addOIDCScope("openid profile");
  await grant.save();
  return grant;
}

/** A button for everybody; who clicks it is signed in. */
async function signInPage(provider, request, response) {
  const { pathname, searchParams } = new URL(request.url, "http://issuer");
  const accountId = searchParams.get("as");
  if (accountId) {
    return provider.interactionFinished(request, response, { login: { accountId } });
  }
  const links = Object.entries(accounts).map(
    ([id, { name }]) => `<a href="${pathname}?as=${id}">${name}</a>`,
  );
  response.writeHead(200, { "content-type": "text/html" });
  response.end(`<!doctype html><title>Sign in</title>${links.join(" ")}`);
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
  const request = new URL(server.authorization_endpoint);
  request.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: callback,
    response_type: "code",
    scope: "openid profile",
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
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
