// How a registry wants to be asked: it refuses once with a challenge (RFC 9110 §11), and gets a password (Basic,
// RFC 7617) or a token (Bearer, RFC 6750, by the token protocol of docker's registry:
// https://distribution.github.io/distribution/spec/auth/token/).
import { toUtf8 } from "../bytes.ts";
import type { OcisignErrorOf } from "../error.ts";
import { fieldOf, isText } from "../foreign.ts";
import { FieldReader } from "../http/field-reader.ts";
import { urlOf } from "../http/url.ts";
import { Recent } from "../recent.ts";
import { Spelled } from "../spellings.ts";
import { toBase64 } from "../strict/base64.ts";
import { parseStrictly } from "../strict/json.ts";
import { tokenShape } from "../strict/shapes.ts";
import type { Asking, Challenged, RegistryCall, Reply } from "./call.ts";
import type { RegistrySignIn } from "./sign-in.ts";
import { whyNot } from "./why-not.ts";

/** One challenge; its scheme and the names of its parameters in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
}

/** What is to be done: the key under which a token is kept. */
export type Scope = `repository:${string}:${"pull" | "pull,push"}`;

/** How somebody signs in; `none` where nobody has to. */
type Way = "basic" | "bearer" | "none";

/** What a token service is asked for. */
interface Wanted {
  readonly realm: string;
  readonly service: string | undefined;
  readonly scope: string;
  /** Where the challenge came from. */
  readonly registry: URL;
}

/** What a token service says, and who that is. */
interface Answer {
  readonly who: string;
  readonly reply: Reply;
}

/** A token service that is being asked, and the call that asks. */
interface SignIn {
  readonly by: RegistryCall;
  readonly answer: Promise<Answer>;
}

/** The origins that wanted somebody to sign in. What they want then, each call finds out itself. */
const challenging = new Recent<true>(100);

/** A run over many repositories has a token for each: older ones are asked for anew. */
const mostTokens = 1000;

/** Stands in a message in the place of a secret. */
const mark = "[secret]";

/** No token service says more. */
const mostTokenBytes = 1024 * 1024;

const space = " \t";
const token68 = /[A-Za-z0-9._~+/-]+=*/y;

/**
 * Reads the challenges of a `WWW-Authenticate` (RFC 9110 §11.6.1). Commas divide parameters as well as
 * challenges; a name with `=` and a value is a parameter, every other word begins a challenge. Reading stops
 * where the grammar is broken.
 */
export function parseChallenges(text: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  const reader = new FieldReader(text);
  for (;;) {
    reader.skip(`${space},`);
    const word = reader.token()?.toLowerCase();
    if (word === undefined) return challenges;
    const isWhole = reader.atEnd || reader.sees(`${space},`);
    reader.skip(space);
    if (reader.take("=")) {
      reader.skip(space);
      const value = reader.value();
      const parameters = challenges.at(-1)?.parameters;
      if (!parameters || value === undefined) return challenges;
      if (!parameters.has(word)) parameters.set(word, value);
    } else if (isWhole) {
      challenges.push({ scheme: word, parameters: new Map() });
      skipToken68(reader);
    } else {
      return challenges;
    }
  }
}

/** What may follow a scheme in place of parameters; it is not needed. */
function skipToken68(reader: FieldReader): void {
  const { place } = reader;
  reader.match(token68);
  reader.skip(space);
  if (!reader.atEnd && !reader.sees(",")) reader.backTo(place);
}

/** The secrets of one registry, and what may be sent to it for the time being. */
export class Authenticator {
  #identityToken: string | undefined;
  #registryToken: string | undefined;
  /** Its own secrets, for a look into texts. */
  readonly #own: readonly Spelled[];
  /** The value of a Basic header, when there is a password. */
  #basic: string | undefined;
  /** What each scope is known to want: one name may stand before several registries, each with a way of its own. */
  #ways = new Recent<Way>(mostTokens);
  /** What the registry asked for last; whoever asks there for the first time begins with that. */
  #usual: Way | undefined;
  /** It has asked for both. */
  #isMixed = false;
  #tokens = new Recent<string>(mostTokens);
  /** The tokens that there were. */
  #given = new Recent<true>(mostTokens);
  /** Token services that are being asked, by what they are asked for. */
  #signIns = new Map<string, SignIn>();
  /** Calls that find out how to sign in, while others of their scope wait. */
  #scouts = new Map<Scope, { readonly done: Promise<void>; readonly goOn: () => void }>();

  constructor({ username, password, identityToken, registryToken }: RegistrySignIn) {
    this.#identityToken = identityToken;
    this.#registryToken = registryToken;
    const own = [username && password && `${username}:${password}`, password, identityToken, registryToken];
    this.#own = own.flatMap((secret) => (secret ? new Spelled(secret) : []));
    if (username === undefined || password === undefined) return;
    this.#basic = `Basic ${toBase64(toUtf8(`${username}:${password}`))}`;
  }

  /** Without a sign-in there are only tokens that anybody gets. */
  get isAnonymous(): boolean {
    return (this.#basic ?? this.#identityToken ?? this.#registryToken) === undefined;
  }

  /** What to do when a login is missing or refused. */
  get fix(): string {
    if (this.#basic !== undefined) return "Check registry.username and registry.password.";
    if (this.#identityToken !== undefined) return "Check registry.identityToken.";
    if (this.#registryToken !== undefined) return "Check registry.registryToken.";
    return "Give registry.username and registry.password.";
  }

  /** The `Authorization` for the registry itself, as far as it is known. Anonymous is tried first. */
  header(scope: Scope): string | undefined {
    const way = this.#ways.get(scope) ?? this.#usual;
    if (way === "basic") return this.#basic;
    const bearer = this.#tokens.get(scope);
    return bearer && `Bearer ${bearer}`;
  }

  /** What this scope itself is known to want. What another one wants is a guess. */
  #knownHeader(scope: Scope): string | undefined {
    return this.#ways.get(scope) === undefined ? undefined : this.header(scope);
  }

  /** A scope answered somebody who came with this. Where scopes want different things, that tells what this one wants. */
  worked(scope: Scope, used: string | undefined): void {
    if (!this.#isMixed) return;
    if (used === undefined) this.#ways.set(scope, "none");
    else if (used === this.#basic) this.#ways.set(scope, "basic");
  }

  #wants(scope: Scope, way: Way): void {
    this.#isMixed ||= this.#usual !== undefined && this.#usual !== way;
    this.#usual = way;
    this.#ways.set(scope, way);
  }

  /**
   * Lets the first of several calls sign in alone, where the registry wanted that of somebody before: the others would be
   * refused as well, and asked again. Elsewhere nobody waits.
   *
   * @param origin of the registry
   * @returns what is to be waited for; or `first`, for the one that signs in: {@link goOn} has to follow
   */
  turn(origin: string, scope: Scope): Promise<void> | "first" | undefined {
    // Where scopes want different things, what another one wants is not believed by all at once.
    const known = this.#isMixed ? this.#knownHeader(scope) : this.header(scope);
    if (!challenging.get(origin) || known !== undefined || this.#ways.get(scope) === "none") return undefined;
    const scout = this.#scouts.get(scope);
    if (scout) return scout.done;
    let goOn = () => {};
    const done = new Promise<void>((resolve) => (goOn = resolve));
    this.#scouts.set(scope, { done, goOn });
    return "first";
  }

  /** Lets those go on that wait until somebody has signed in. */
  goOn(scope: Scope): void {
    this.#scouts.get(scope)?.goOn();
    this.#scouts.delete(scope);
  }

  /** The text without any of the secrets, however an answer spells them. */
  withoutSecrets(text: string): string {
    let left = text;
    for (const secret of this.#own) left = secret.without(left, mark);
    // There may be a thousand, each of kilobytes.
    for (const given of this.#given.names()) {
      for (const spelled of [given, encodeURIComponent(given)]) left = left.replaceAll(spelled, mark);
    }
    return left;
  }

  /**
   * Answers a challenge of the registry itself. With a password, Basic comes first: it then stays with the
   * registry. Without a challenge in sight, as when a registry's CORS rules hide it, Basic is what is left.
   *
   * @param used the header that was refused
   * @returns whose sign-in there is to try, if any
   */
  async answer(
    call: RegistryCall,
    reply: Reply,
    used: string | undefined,
    scope: Scope,
  ): Promise<Challenged> {
    challenging.set(reply.url.origin, true);
    try {
      return await this.#answer(call, reply, used, scope);
    } finally {
      this.goOn(scope);
    }
  }

  async #answer(
    call: RegistryCall,
    reply: Reply,
    used: string | undefined,
    scope: Scope,
  ): Promise<Challenged> {
    // Another call of the scope may have answered meanwhile.
    const known = this.#knownHeader(scope);
    if (known !== undefined && known !== used) return "other";
    const challenges = parseChallenges(reply.header("www-authenticate") ?? "");
    const basic = challenges.length === 0 || challenges.some(({ scheme }) => scheme === "basic");
    if (basic && this.#basic && used !== this.#basic) {
      this.#wants(scope, "basic");
      return "own";
    }
    const bearer = challenges.find(
      ({ scheme, parameters }) => scheme === "bearer" && parameters.has("realm"),
    );
    if (!bearer) return undefined;
    if (this.#registryToken !== undefined && used === `Bearer ${this.#registryToken}`) return undefined;
    this.#wants(scope, "bearer");
    if (this.#registryToken !== undefined) {
      this.#tokens.set(scope, this.#registryToken);
      return "own";
    }
    const { who, reply: given } = await this.#signIn(call, bearer.parameters, scope, reply.url);
    if (given.status !== 200) throw tokenRefused(call, who, given);
    const token = tokenIn(given.bytes);
    if (!token) {
      const fix = "Check the registry's configuration; a sign-in page or a proxy may stand in between.";
      throw call.error("bad-reply", `${who} answered without a token.`, fix);
    }
    this.#given.set(token, true);
    this.#tokens.set(scope, token);
    return "own";
  }

  /** Asks the token service once for all calls that want the same of it at the same time. */
  async #signIn(
    call: RegistryCall,
    challenge: ReadonlyMap<string, string>,
    scope: Scope,
    registry: URL,
  ): Promise<Answer> {
    const [realm, service] = [challenge.get("realm") ?? "", challenge.get("service")];
    const wanted: Wanted = { realm, service, scope: challenge.get("scope") ?? scope, registry };
    const name = JSON.stringify([realm, service, wanted.scope, registry.origin]);
    for (let other = this.#signIns.get(name); other; other = this.#signIns.get(name)) {
      try {
        return await call.share(other.by, other.answer);
      } catch (error) {
        if (fieldOf(error, "code") !== "timeout") throw error;
        // It may have begun long before, and its time be over. This call's own time still counts.
        if (this.#signIns.get(name) === other) this.#signIns.delete(name);
      }
    }
    const answer = this.#askForToken(call, wanted);
    this.#signIns.set(name, { by: call, answer });
    try {
      return await answer;
    } finally {
      if (this.#signIns.get(name)?.by === call) this.#signIns.delete(name);
    }
  }

  /**
   * Asks the realm that the registry named: for an identity token as OAuth 2 has it
   * (https://distribution.github.io/distribution/spec/auth/oauth/), else by GET. The password goes there too, even to another origin: that is how docker's
   * protocol works, and why challenges are taken only from the registry itself, over TLS or on this machine, never from
   * where it redirected to. The realm's own redirects may not leave its origin.
   */
  async #askForToken(call: RegistryCall, { realm, service, scope, registry }: Wanted): Promise<Answer> {
    const url = await realmOf(call, realm, registry);
    const who = `the token service ${url.host}`;
    if (this.#identityToken !== undefined) {
      // One parameter, with spaces between the scopes (RFC 6749 §3.3).
      const form = {
        ...refreshing,
        refresh_token: this.#identityToken,
        scope,
        ...(service !== undefined && { service }),
      };
      const asking = { ...postOf(form), limit: mostTokenBytes };
      return { who, reply: await call.request(url, asking, { authorization: () => undefined }) };
    }
    // Apart from the URL, which would be written anew for each of as many scopes as the registry likes.
    const query = new URLSearchParams(url.search);
    if (service !== undefined) query.append("service", service);
    for (const one of scope.split(" ")) query.append("scope", one);
    url.search = query.toString();
    const asking = { headers: { accept: "application/json" }, limit: mostTokenBytes };
    return { who, reply: await call.request(url, asking, { authorization: () => this.#basic }) };
  }
}

/** What asks for a token by a refresh token (RFC 6749 §6). */
const refreshing = { grant_type: "refresh_token", client_id: "ocisign" };

function postOf(form: Readonly<Record<string, string>>): Asking {
  const body = new TextEncoder().encode(new URLSearchParams(form).toString());
  const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", headers, body };
}

async function realmOf(call: RegistryCall, realm: string, registry: URL): Promise<URL> {
  const url = urlOf(realm);
  const why = url && (await call.whyNotTo(url, registry));
  if (url && why === undefined) return url;
  const named = url ? `a token service at ${url.origin} (${why})` : "no token service that is a URL";
  const fix =
    "Correct the registry's token realm: a https:// URL without a user in it, not nearer than itself.";
  throw call.error("bad-reply", `the registry names ${named}, so it is not asked.`, fix);
}

/**
 * A token that may stand in a header (RFC 6750 §2.1, and a little more): with any other character the platform
 * would refuse it, quoting it in its error.
 */
function tokenIn(bytes: Uint8Array): string | undefined {
  const reply = parsed(bytes);
  const given = fieldOf(reply, "token") || fieldOf(reply, "access_token");
  return isText(given) && /^[\x21-\x7e]+$/.test(given) ? given : undefined;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return parseStrictly(bytes, "The token", tokenShape);
  } catch {
    return undefined;
  }
}

function tokenRefused(call: RegistryCall, who: string, reply: Reply): OcisignErrorOf {
  const { status } = reply;
  const { says, fix, isExpired } = whyNot(call, reply);
  const what = `${who} answered HTTP ${status}${isExpired ? ": the password or token has expired" : ""}.${says}`;
  if (isExpired) return call.error("unauthorized", what, fix ?? call.signInFix);
  if (status === 429) return call.error("rate-limited", what, "Wait a while, then try again.");
  if (status >= 500) return call.error("server-error", what, "Try again later.");
  if (status >= 400 && status !== 404) {
    return call.error(status === 403 ? "forbidden" : "unauthorized", what, call.signInFix);
  }
  return call.error("bad-reply", what, "Check the registry's configuration of its token service.");
}
