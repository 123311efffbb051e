// A real OpenID Connect provider on this machine, with two people, for one public client.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";
import { listening } from "./listening.js";

export const audience = "https://signing.example/api";
export const clientId = "signing-page";

/** By what they type as their login. */
export const people = {
  ann: {
    name: "Ann Approver",
    oid: "6f9619ff-8b86-4011-b42d-00c04fc964ff",
    groups: ["b716abb1-2e3b-47a9-bca5-a3669faa50a6"],
  },
  bob: {
    name: "Bob Builder",
    oid: "0d2b9f7e-5a41-4c0e-9d0f-3b1c8a7e6f55",
    groups: ["f65a3ea9-60db-47a4-9ad8-c6915735ec5f"],
  },
};

/**
 * Starts it. Access tokens are JWTs for `audience`; refresh tokens are given for the scope offline_access, and each is
 * taken once.
 *
 * @param {{ redirectUris: string[], accessTokenS?: number }} options
 * @returns {Promise<{ issuer: string, grants: string[], close: () => void }>} `grants`: the kinds that were asked for
 */
export async function oidcProvider({ redirectUris, accessTokenS = 3600 }) {
  /** @type {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} */
  let answer = () => {};
  // The issuer's name has the port in it, so that the server is there first.
  const { port, close } = await listening(createServer((request, response) => answer(request, response)));
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, configuration({ redirectUris, accessTokenS }));
  /** @type {string[]} */
  const grants = [];
  provider.on("grant.success", (/** @type {any} */ { oidc }) => grants.push(oidc.params.grant_type));
  answer = provider.callback();
  return { issuer, grants, close };
}

/** @param {{ redirectUris: string[], accessTokenS: number }} options @returns {import("oidc-provider").Configuration} */
function configuration({ redirectUris, accessTokenS }) {
  return {
    clients: [
      {
        client_id: clientId,
        redirect_uris: redirectUris,
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
      },
    ],
    jwks: { keys: [signingKey()] },
    cookies: { keys: ["only for tests"] },
    pkce: { required: () => true },
    scopes: ["openid", "offline_access", "profile"],
    claims: { openid: ["sub", "oid", "groups"], profile: ["name"] },
    conformIdTokenClaims: false,
    findAccount: (_, login) => ({
      accountId: login,
      claims: () => ({ sub: login, ...people[login] }),
    }),
    extraTokenClaims: (_, token) => people[token.accountId],
    clientBasedCORS: (_, origin) => redirectUris.some((uri) => new URL(uri).origin === origin),
    features: {
      devInteractions: { enabled: true },
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
    ttl: {
      AccessToken: accessTokenS,
      IdToken: 3600,
      Session: 3600,
      Grant: 3600,
      Interaction: 600,
      RefreshToken: 3600,
    },
  };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: "signing", use: "sig", alg: "RS256" };
}

/**
 * Goes through the provider's own pages, as a person does.
 *
 * @param {import("playwright-core").Page} popup @param {keyof typeof people} login
 */
export async function signInAt(popup, login) {
  await popup.getByPlaceholder("Enter any login").fill(login);
  await popup.getByPlaceholder("and password").fill("any password");
  await popup.getByRole("button", { name: "Sign-in" }).click();
  await agreeAt(popup);
}

/** @param {import("playwright-core").Page} popup */
export async function agreeAt(popup) {
  await popup.getByRole("button", { name: "Continue" }).click();
}
