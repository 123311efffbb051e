// OpenID Connect: authorization code with PKCE, in a window of its own. Verifier, state, nonce and tokens are in memory
// only. The library is loaded when somebody signs in this way.
import { claimsOf } from "./claims.js";
import { idOf, stateOf } from "./hand-over.js";
import { explained, noAnswer } from "./oidc-errors.js";
import { answerOf, openPopup } from "./popup.js";
import { aborted, SignInError } from "./sign-in-error.js";
import { strings } from "./strings.js";

/**
 * The field `oidc` of settings.json.
 *
 * @typedef {object} OidcSettings
 * @property {string} issuer https, or http on this machine
 * @property {string} clientId of a public client, one without a secret
 * @property {string} scope such as "openid profile"; with "offline_access" many issuers give a refresh token
 * @property {"access_token" | "id_token"} token which one the service takes
 * @property {string} [redirectUri] if it is not callback.html beside the page; of this origin
 * @property {string} [prompt] for issuers that want one, such as "consent" for a refresh token
 *
 * @typedef {typeof import("oauth4webapi")} Library
 * @typedef {import("oauth4webapi").AuthorizationServer} Server
 * @typedef {import("oauth4webapi").TokenEndpointResponse} Tokens
 * @typedef {{ refreshToken?: string, idToken?: string }} Kept
 */

/** How a request travels: with nothing of the page's. @type {RequestInit} */
const manners = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };
const requestTimeoutMs = 20_000;
/** How far the issuer's clock and ours may differ, in seconds. */
const clockToleranceS = 60;
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * @example
 * await session.signIn(new OpenIdConnect(service.oidc));
 *
 * @implements {Source}
 */
export class OpenIdConnect {
  canRepeat = true;
  #settings;
  /** What the issuer says of itself. @type {Server | undefined} */
  #server;
  /** What renewals need of the last sign-in or renewal. @type {Kept | undefined} */
  #kept;
  #asksAnew = false;

  /** @param {OidcSettings} settings @throws {SignInError} `bad-settings` */
  constructor(settings) {
    this.#settings = {
      ...settings,
      issuer: secureUrl(settings.issuer, "The issuer"),
      redirectUri: redirectUri(settings),
    };
  }

  /** The issuer's, to show. */
  get host() {
    return this.#settings.issuer.host;
  }

  get canRenew() {
    return this.#kept?.refreshToken !== undefined;
  }

  /** @param {import("./session.js").SignInOptions} options */
  async signIn(options) {
    const popup = openPopup(strings.goingTo(this.host));
    try {
      const library = await loaded();
      return await this.#explaining(library, () => this.#signInWithin(popup, library, options));
    } finally {
      // Browsers let the page do so as long as it has a hold on the window; otherwise callback.html closes itself.
      popup.close();
    }
  }

  /** @param {{ signal: AbortSignal }} options */
  async renew({ signal }) {
    const library = await loaded();
    return this.#explaining(library, () => this.#refresh(library, signal));
  }

  /** Has the issuer ask who it is at the next sign-in, though it may still know the person of the last. */
  askAnew() {
    this.#asksAnew = true;
  }

  forget() {
    this.#kept = undefined;
    this.askAnew();
  }

  /** @param {Window} popup @param {Library} library @param {import("./session.js").SignInOptions} options */
  async #signInWithin(popup, library, { signal, onDoubt }) {
    const server = await this.#discovered(library, signal);
    const state = stateOf(library.generateRandomState(), library.generateRandomState());
    const nonce = library.generateRandomNonce();
    const verifier = library.generateRandomCodeVerifier();
    const challenge = await library.calculatePKCECodeChallenge(verifier);
    popup.location.replace(this.#authorizationUrl(server, { state, nonce, challenge }));

    const answer = await answerOf(popup, idOf(state), { signal, onDoubt });
    const client = this.#client(library);
    const checked = library.validateAuthResponse(server, client, answer, state);
    const { href } = this.#settings.redirectUri;
    const options = this.#request(library, signal);
    const reply = await library.authorizationCodeGrantRequest(
      server,
      client,
      library.None(),
      checked,
      href,
      verifier,
      options,
    );
    const expected = { expectedNonce: nonce, requireIdToken: true };
    const tokens = await library.processAuthorizationCodeResponse(server, client, reply, expected);
    this.#asksAnew = false;
    return this.#grant(library, tokens, {});
  }

  /** @param {Library} library @param {AbortSignal} signal */
  async #refresh(library, signal) {
    const kept = this.#kept;
    const server = await this.#discovered(library, signal);
    const client = this.#client(library);
    const options = this.#request(library, signal);
    const token = kept?.refreshToken ?? "";
    const reply = await library.refreshTokenGrantRequest(server, client, library.None(), token, options);
    const tokens = await library.processRefreshTokenResponse(server, client, reply).catch((error) => {
      // A refresh token that was refused stays so: from here on it takes the person.
      const isRefused = error instanceof library.ResponseBodyError && error.status < 500;
      if (isRefused && this.#kept === kept) this.#kept = undefined;
      throw error;
    });
    // Whoever signed in or out meanwhile is not to be followed by the one before.
    if (this.#kept !== kept) throw aborted();
    return this.#grant(library, tokens, kept ?? {});
  }

  /** @param {Server} server @param {{ state: string, nonce: string, challenge: string }} once */
  #authorizationUrl(server, { state, nonce, challenge }) {
    const { clientId, scope, redirectUri, prompt } = this.#settings;
    const url = secureUrl(server.authorization_endpoint, "The issuer's authorization endpoint");
    const parameters = {
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri.href,
      scope,
      state,
      nonce,
      code_challenge: challenge,
      code_challenge_method: "S256",
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    const prompts = [this.#asksAnew && "login", prompt].filter(Boolean).join(" ");
    if (prompts) url.searchParams.set("prompt", prompts);
    return url.href;
  }

  /** @param {Library} library @param {AbortSignal} signal */
  async #discovered(library, signal) {
    const { issuer } = this.#settings;
    if (!this.#server) {
      const reply = await library.discoveryRequest(issuer, this.#request(library, signal));
      this.#server = await library.processDiscoveryResponse(issuer, reply);
    }
    return this.#server;
  }

  /** @param {Library} library */
  #client(library) {
    return { client_id: this.#settings.clientId, [library.clockTolerance]: clockToleranceS };
  }

  /** @param {Library} library @param {AbortSignal} signal */
  #request(library, signal) {
    return {
      signal: () => AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
      [library.allowInsecureRequests]: this.#settings.issuer.protocol === "http:",
      [library.customFetch]: async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
        try {
          return await fetch(url, { ...init, ...manners });
        } catch (error) {
          throw noAnswer(error, new URL(url).host);
        }
      },
    };
  }

  /** @param {Library} library @param {Tokens} tokens @param {Kept} before @returns {Grant} */
  #grant(library, tokens, before) {
    const wanted = this.#settings.token;
    const token = tokens[wanted];
    if (typeof token !== "string") {
      this.#kept = undefined;
      const fix = "Sign in again; if it stays so, tell who runs this page.";
      throw new SignInError("bad-answer", `${this.host} sent no ${wanted}.`, fix);
    }
    // Many issuers give another refresh token with every renewal, and take each only once; some give no ID token.
    const idToken = tokens.id_token ?? before.idToken;
    this.#kept = { refreshToken: tokens.refresh_token ?? before.refreshToken, idToken };
    const claims = library.getValidatedIdTokenClaims(tokens);
    const seconds = wanted === "id_token" ? claims && claims.exp - claims.iat : tokens.expires_in;
    return { token, identity: identityOf(token, idToken), expiresAt: endOf(token, seconds) };
  }

  /** @template T @param {Library} library @param {() => Promise<T>} work @returns {Promise<T>} */
  async #explaining(library, work) {
    try {
      return await work();
    } catch (error) {
      throw explained(library, error, this.host);
    }
  }
}

/** @returns {Promise<Library>} */
async function loaded() {
  try {
    return await import("oauth4webapi");
  } catch {
    const fix = "Check the connection, then reload the page: some browsers remember a failure.";
    throw new SignInError("not-loaded", "The part of this page that signs in could not be loaded.", fix);
  }
}

/**
 * Who it is as the service sees them; what its token does not say, as the issuer said to this page.
 *
 * @param {string} token @param {string | undefined} idToken
 */
function identityOf(token, idToken) {
  const sent = claimsOf(token);
  const told = claimsOf(idToken);
  return sent?.objectId ? { ...sent, name: sent.name ?? told?.name } : told;
}

/** By this machine's clock, which may differ from the issuer's. @param {string} token @param {number | undefined} seconds it lives from now on */
function endOf(token, seconds) {
  return seconds === undefined ? claimsOf(token)?.expiresAt : new Date(Date.now() + seconds * 1000);
}

/** @param {OidcSettings} settings */
function redirectUri(settings) {
  const url = new URL(settings.redirectUri ?? "callback.html", document.baseURI);
  if (url.origin === location.origin) return url;
  throw badSettings(`The redirect URI is of the origin ${url.origin}, the page of ${location.origin}.`);
}

/** @param {string | undefined} text @param {string} what for the message */
function secureUrl(text, what) {
  const url = URL.canParse(text ?? "") ? new URL(text ?? "") : undefined;
  const isSecure = url?.protocol === "https:" || (url?.protocol === "http:" && loopback.test(url.hostname));
  if (url && isSecure) return url;
  throw badSettings(`${what} is no https address (http is for this machine only).`);
}

/** @param {string} message */
function badSettings(message) {
  return new SignInError(
    "bad-settings",
    message,
    "Tell who runs this page to correct its settings.json (oidc).",
  );
}

/** @typedef {import("./session.js").Grant} Grant */
/** @typedef {import("./session.js").Source} Source */
