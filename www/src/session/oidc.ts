// OpenID Connect: authorization code with PKCE, in a window of its own. Verifier, state, nonce and tokens are in memory
// only. The library is loaded when a person signs in this way.
import type { AuthorizationServer, TokenEndpointResponse } from "oauth4webapi";
import { checkUrl } from "ocisign";
import { type Claims, claimsOf } from "./claims.ts";
import { idOf, stateOf } from "./hand-over.ts";
import { explained, noAnswer } from "./oidc-errors.ts";
import { answerOf, openPopup } from "./popup.ts";
import { aborted, SignInError } from "./sign-in-error.ts";
import type { Grant, SignInOptions, Source } from "./source.ts";
import { strings } from "./strings.ts";

/** The field `oidc` of settings.json. */
export interface OidcSettings {
  /** https, or http on this machine. */
  issuer: string;
  /** Of a public client, one without a secret. */
  clientId: string;
  /** Such as "openid profile"; with "offline_access" many issuers give a refresh token. */
  scope: string;
  /** Which one the service takes. */
  token: "access_token" | "id_token";
  /** If it is not callback.html beside the page; of this origin. */
  redirectUri?: string;
  /** For issuers that want one, such as "consent" for a refresh token. */
  prompt?: string;
}

type Library = typeof import("oauth4webapi");

/** What renewals need of the last sign-in or renewal. */
interface Kept {
  refreshToken?: string | undefined;
  idToken?: string | undefined;
}

/** How a request travels: with nothing of the page's. */
const manners = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" } as const;
const requestTimeoutMs = 20_000;
/** How far the issuer's clock and ours may differ, in seconds. */
const clockToleranceS = 60;

/**
 * @example
 * await session.signIn(new OpenIdConnect(settings.oidc));
 */
export class OpenIdConnect implements Source {
  readonly canRepeat = true;
  #settings: Omit<OidcSettings, "issuer" | "redirectUri"> & { issuer: URL; redirectUri: URL };
  /** What the issuer says of itself. */
  #server: AuthorizationServer | undefined;
  #kept: Kept | undefined;
  #asksAgain = false;

  /** @throws {SignInError} `bad-settings` */
  constructor(settings: OidcSettings) {
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

  async signIn(options: SignInOptions) {
    const popup = openPopup(strings.goingTo(this.host));
    try {
      const library = await loaded();
      return await this.#explaining(library, () => this.#signInWithin(popup, library, options));
    } finally {
      // Browsers let the page do so as long as it has a hold on the window; otherwise callback.html closes itself.
      popup.close();
    }
  }

  async renew({ signal }: { signal: AbortSignal }) {
    const library = await loaded();
    return this.#explaining(library, () => this.#refresh(library, signal));
  }

  /** Has the issuer ask who it is at the next sign-in, though it may still know the person of the last. */
  askAgain() {
    this.#asksAgain = true;
  }

  forget() {
    this.#kept = undefined;
    this.askAgain();
  }

  async #signInWithin(popup: Window, library: Library, { signal, onDoubt }: SignInOptions) {
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
    this.#asksAgain = false;
    return this.#grant(library, tokens, {});
  }

  async #refresh(library: Library, signal: AbortSignal) {
    const kept = this.#kept;
    const server = await this.#discovered(library, signal);
    const client = this.#client(library);
    const options = this.#request(library, signal);
    const token = kept?.refreshToken ?? "";
    const reply = await library.refreshTokenGrantRequest(server, client, library.None(), token, options);
    const tokens = await library
      .processRefreshTokenResponse(server, client, reply)
      .catch((error: unknown) => {
        // A refresh token that was refused stays so: from here on it takes the person.
        const isRefused = error instanceof library.ResponseBodyError && error.status < 500;
        if (isRefused && this.#kept === kept) this.#kept = undefined;
        throw error;
      });
    // A person who signed in or out meanwhile is not to be followed by the one before.
    if (this.#kept !== kept) throw aborted();
    return this.#grant(library, tokens, kept ?? {});
  }

  #authorizationUrl(server: AuthorizationServer, { state, nonce, challenge }: OnceOnly) {
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
    const prompts = [this.#asksAgain && "login", prompt].filter(Boolean).join(" ");
    if (prompts) url.searchParams.set("prompt", prompts);
    return url.href;
  }

  async #discovered(library: Library, signal: AbortSignal) {
    const { issuer } = this.#settings;
    if (!this.#server) {
      const reply = await library.discoveryRequest(issuer, this.#request(library, signal));
      this.#server = await library.processDiscoveryResponse(issuer, reply);
    }
    return this.#server;
  }

  #client(library: Library) {
    return { client_id: this.#settings.clientId, [library.clockTolerance]: clockToleranceS };
  }

  #request(library: Library, signal: AbortSignal) {
    return {
      signal: () => AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
      [library.allowInsecureRequests]: this.#settings.issuer.protocol === "http:",
      [library.customFetch]: async (url: string, init: RequestInit) => {
        try {
          return await fetch(url, { ...init, ...manners });
        } catch (error) {
          throw noAnswer(error, new URL(url).host);
        }
      },
    };
  }

  #grant(library: Library, tokens: TokenEndpointResponse, before: Kept): Grant {
    const wanted = this.#settings.token;
    const token = tokens[wanted];
    if (typeof token !== "string") {
      this.#kept = undefined;
      const fix = "Sign in again. If it fails again, tell the operator of this page.";
      throw new SignInError("bad-answer", `${this.host} sent no ${wanted}.`, fix);
    }
    // Many issuers give another refresh token with every renewal, and take each only once; some give no ID token.
    const idToken = tokens.id_token ?? before.idToken;
    this.#kept = { refreshToken: tokens.refresh_token ?? before.refreshToken, idToken };
    const claims = library.getValidatedIdTokenClaims(tokens);
    const seconds = wanted === "id_token" ? claims && claims.exp - claims.iat : tokens.expires_in;
    return { token, identity: identityOf(token, idToken), expiresAt: endOf(token, seconds) };
  }

  async #explaining<T>(library: Library, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explained(library, error, this.host);
    }
  }
}

async function loaded(): Promise<Library> {
  try {
    return await import("oauth4webapi");
  } catch {
    const fix = "Check the connection, then reload the page: some browsers remember a failure.";
    throw new SignInError("not-loaded", "The browser could not load the sign-in part of this page.", fix);
  }
}

/** What has to come back with an answer, or fit it. */
interface OnceOnly {
  state: string;
  nonce: string;
  challenge: string;
}

/** Who it is as the service sees them; what its token does not say, as the issuer said to this page. */
function identityOf(token: string, idToken: string | undefined): Claims | undefined {
  const sent = claimsOf(token);
  const told = claimsOf(idToken);
  return sent?.objectId ? { ...sent, name: sent.name ?? told?.name } : told;
}

/** By this machine's clock, which may differ from the issuer's. `seconds` is how long it lives from now on. */
function endOf(token: string, seconds: number | undefined) {
  return seconds === undefined ? claimsOf(token)?.expiresAt : new Date(Date.now() + seconds * 1000);
}

function redirectUri(settings: OidcSettings) {
  const url = new URL(settings.redirectUri ?? "callback.html", document.baseURI);
  if (url.origin === location.origin) return url;
  throw badSettings(`The redirect URI has the origin ${url.origin}, but the page has ${location.origin}.`);
}

/** An address that may learn secrets. An endpoint may have a query. */
function secureUrl(text: string | undefined, what: string) {
  const [address = ""] = (text ?? "").split("?", 1);
  try {
    checkUrl(address, what);
    return new URL(text ?? "");
  } catch {
    throw badSettings(`${what} is not an https address (http is only for this machine).`);
  }
}

function badSettings(message: string) {
  const fix = "Tell the operator of this page to correct `oidc` in its settings.json.";
  return new SignInError("bad-settings", message, fix);
}
