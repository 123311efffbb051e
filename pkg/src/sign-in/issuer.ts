// An issuer of OpenID Connect, as page and command line ask it: as a public client, one without a secret. The caller
// says how requests travel, and hands over the library, which is loaded when a person signs in.
import type { AuthorizationServer, Client, TokenEndpointResponse } from "oauth4webapi";
import { checkUrl } from "ocisign";
import { type Library, SignInFault } from "./fault.ts";

/** Which token the service takes. */
export type TokenKind = "access_token" | "id_token";

export interface IssuerGiven {
  readonly library: Library;
  readonly url: URL;
  readonly clientId: string;
  /** Sends a request, and ends with its signal. */
  send(url: string, init: RequestInit): Promise<Response>;
}

/** What has to come back with an answer, or fit it. */
export interface OnceOnly {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What an issuer is asked for. */
export interface Wanted {
  readonly scope: string;
  readonly redirectUri: string;
  readonly prompt?: string | undefined;
}

const requestTimeoutMs = 20_000;
/** How far the issuer's clock and ours may differ, in seconds. */
const clockToleranceS = 60;

export class Issuer {
  readonly #given: IssuerGiven;
  #server: AuthorizationServer | undefined;

  constructor(given: IssuerGiven) {
    this.#given = given;
  }

  get library(): Library {
    return this.#given.library;
  }

  get host(): string {
    return this.#given.url.host;
  }

  get client(): Client {
    const { library, clientId } = this.#given;
    return { client_id: clientId, [library.clockTolerance]: clockToleranceS };
  }

  /** What the issuer says of itself. */
  async server(signal: AbortSignal): Promise<AuthorizationServer> {
    const { library, url } = this.#given;
    if (!this.#server) {
      const reply = await library.discoveryRequest(url, this.request(signal));
      this.#server = await library.processDiscoveryResponse(url, reply);
    }
    return this.#server;
  }

  /** How the library sends a request. */
  request(signal: AbortSignal) {
    const { library, url, send } = this.#given;
    return {
      signal: () => AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
      [library.allowInsecureRequests]: url.protocol === "http:",
      [library.customFetch]: send,
    };
  }

  /** Where a person signs in. @throws {SignInFault} `bad-settings` when that could learn secrets */
  async authorizationUrl(
    server: AuthorizationServer,
    { scope, redirectUri, prompt }: Wanted,
    { state, nonce, verifier }: OnceOnly,
  ): Promise<URL> {
    const { library, clientId } = this.#given;
    const url = secureUrl(server.authorization_endpoint, "The issuer's authorization endpoint");
    const parameters = {
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      scope,
      state,
      nonce,
      code_challenge: await library.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    if (prompt) url.searchParams.set("prompt", prompt);
    return url;
  }

  /** The tokens for an answer that came to the redirect URI. */
  async exchanged(
    answer: URLSearchParams,
    redirectUri: string,
    { state, nonce, verifier }: OnceOnly,
    signal: AbortSignal,
  ): Promise<TokenEndpointResponse> {
    const { library } = this.#given;
    const [server, client] = [await this.server(signal), this.client];
    const checked = library.validateAuthResponse(server, client, answer, state);
    const options = this.request(signal);
    const none = library.None();
    const reply = await library.authorizationCodeGrantRequest(
      ...([server, client, none, checked, redirectUri, verifier, options] as const),
    );
    const expected = { expectedNonce: nonce, requireIdToken: true };
    return library.processAuthorizationCodeResponse(server, client, reply, expected);
  }

  async renewed(refreshToken: string, signal: AbortSignal): Promise<TokenEndpointResponse> {
    const { library } = this.#given;
    const [server, client] = [await this.server(signal), this.client];
    const options = this.request(signal);
    const none = library.None();
    const reply = await library.refreshTokenGrantRequest(server, client, none, refreshToken, options);
    return library.processRefreshTokenResponse(server, client, reply);
  }

  /** Was a refresh token refused, and not only its service away? Then it stays so. */
  isRefusal(error: unknown): boolean {
    return error instanceof this.#given.library.ResponseBodyError && error.status < 500;
  }

  /** How long the token lives from now on, in seconds, as far as the issuer says. */
  lifetimeS(tokens: TokenEndpointResponse, kind: TokenKind): number | undefined {
    if (kind === "access_token") return tokens.expires_in;
    const claims = this.#given.library.getValidatedIdTokenClaims(tokens);
    return claims && claims.exp - claims.iat;
  }
}

/** What has to be said in two places at two times, and is used once. */
export function onceOnly(library: Library, state = library.generateRandomState()): OnceOnly {
  return { state, nonce: library.generateRandomNonce(), verifier: library.generateRandomCodeVerifier() };
}

/** An address that may learn secrets. An endpoint may have a query. @throws {SignInFault} `bad-settings` */
export function secureUrl(text: string | undefined, what: string): URL {
  const [address = ""] = (text ?? "").split("?", 1);
  try {
    checkUrl(address, what);
    return new URL(text ?? "");
  } catch {
    throw new SignInFault("bad-settings", `${what} is not an https address (http is only for this machine).`);
  }
}
