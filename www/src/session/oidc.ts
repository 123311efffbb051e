// OpenID Connect: authorization code with PKCE, in a window of its own. Verifier, state, nonce and tokens are in memory
// only. The library is loaded when a person signs in this way.
import type { TokenEndpointResponse } from "oauth4webapi";
import { type Library, SignInFault } from "../../../pkg/src/sign-in/fault.ts";
import { Issuer, onceOnly, secureUrl, type TokenKind } from "../../../pkg/src/sign-in/issuer.ts";
import { type Claims, claimsOf } from "./claims.ts";
import { idOf, stateOf } from "./hand-over.ts";
import { explained, told, unanswered } from "./oidc-errors.ts";
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
  token: TokenKind;
  /** If it is not callback.html beside the page; of this origin. */
  redirectUri?: string;
  /** For issuers that want one, such as "consent" for a refresh token. */
  prompt?: string;
}

/** What renewals need of the last sign-in or renewal. */
interface Kept {
  refreshToken?: string | undefined;
  idToken?: string | undefined;
}

/** How a request travels: with nothing of the page's. */
const manners = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" } as const;

/**
 * @example
 * await session.signIn(new OpenIdConnect(settings.oidc));
 */
export class OpenIdConnect implements Source {
  readonly canRepeat = true;
  #settings: Omit<OidcSettings, "issuer" | "redirectUri"> & { issuer: URL; redirectUri: URL };
  #issuer: Issuer | undefined;
  #kept: Kept | undefined;
  #asksAgain = false;

  /** @throws {SignInError} `bad-settings` */
  constructor(settings: OidcSettings) {
    this.#settings = {
      ...settings,
      issuer: issuerUrl(settings.issuer),
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
      const issuer = await this.#opened();
      return await this.#explaining(issuer, () => this.#signInWithin(popup, issuer, options));
    } finally {
      // Browsers let the page do so as long as it has a hold on the window; otherwise callback.html closes itself.
      popup.close();
    }
  }

  async renew({ signal }: { signal: AbortSignal }) {
    const issuer = await this.#opened();
    return this.#explaining(issuer, () => this.#refresh(issuer, signal));
  }

  /** Has the issuer ask who it is at the next sign-in, though it may still know the person of the last. */
  askAgain() {
    this.#asksAgain = true;
  }

  forget() {
    this.#kept = undefined;
    this.askAgain();
  }

  async #signInWithin(popup: Window, issuer: Issuer, { signal, onDoubt }: SignInOptions) {
    const { library } = issuer;
    const server = await issuer.server(signal);
    const once = onceOnly(library, stateOf(library.generateRandomState(), library.generateRandomState()));
    const url = await issuer.authorizationUrl(server, this.#wanted, once);
    popup.location.replace(url.href);

    const answer = await answerOf(popup, idOf(once.state), { signal, onDoubt });
    const tokens = await issuer.exchanged(answer, this.#wanted.redirectUri, once, signal);
    this.#asksAgain = false;
    return this.#grant(issuer, tokens, {});
  }

  async #refresh(issuer: Issuer, signal: AbortSignal) {
    const kept = this.#kept;
    const tokens = await issuer.renewed(kept?.refreshToken ?? "", signal).catch((error: unknown) => {
      // From here on it takes the person.
      if (issuer.isRefusal(error) && this.#kept === kept) this.#kept = undefined;
      throw error;
    });
    // A person who signed in or out meanwhile is not to be followed by the one before.
    if (this.#kept !== kept) throw aborted();
    return this.#grant(issuer, tokens, kept ?? {});
  }

  get #wanted() {
    const { scope, redirectUri, prompt } = this.#settings;
    const prompts = [this.#asksAgain && "login", prompt].filter(Boolean).join(" ");
    return { scope, redirectUri: redirectUri.href, prompt: prompts };
  }

  async #opened() {
    const library = await loaded();
    const { issuer: url, clientId } = this.#settings;
    this.#issuer ??= new Issuer({ library, url, clientId, send });
    return this.#issuer;
  }

  #grant(issuer: Issuer, tokens: TokenEndpointResponse, before: Kept): Grant {
    const wanted = this.#settings.token;
    const token = tokens[wanted];
    if (typeof token !== "string") {
      this.#kept = undefined;
      throw told(new SignInFault("bad-answer", `${this.host} sent no ${wanted}.`));
    }
    // Many issuers give another refresh token with every renewal, and take each only once; some give no ID token.
    const idToken = tokens.id_token ?? before.idToken;
    this.#kept = { refreshToken: tokens.refresh_token ?? before.refreshToken, idToken };
    const expiresAt = endOf(token, issuer.lifetimeS(tokens, wanted));
    return { token, identity: identityOf(token, idToken), expiresAt };
  }

  async #explaining<T>(issuer: Issuer, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explained(issuer.library, error, issuer.host);
    }
  }
}

async function send(url: string, init: RequestInit) {
  try {
    return await fetch(url, { ...init, ...manners });
  } catch (error) {
    throw unanswered(error, new URL(url).host);
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
  const message = `The redirect URI has the origin ${url.origin}, but the page has ${location.origin}.`;
  throw told(new SignInFault("bad-settings", message));
}

function issuerUrl(text: string) {
  try {
    return secureUrl(text, "The issuer");
  } catch (error) {
    throw error instanceof SignInFault ? told(error) : error;
  }
}
