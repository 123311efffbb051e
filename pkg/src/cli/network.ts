// How hosts are reached: certificates, private CAs, and the proxy that the environment names. Without any of these,
// Node's own `fetch` does.

import type { Fetch, FetchInit, FetchReply } from "ocisign";
import { readCertificateAuthorities, readClientCertificate } from "./certificates.ts";
import { type LightFetch, lightFetch } from "./light-fetch.ts";
import { usage } from "./problem.ts";
import { type ProxyAddress, type ProxyFault, proxyFaultIn } from "./proxy-fault.ts";
import type { Proxies, Routing } from "./routes.ts";
import { keepSecret } from "./secrets.ts";
import type { Settings } from "./settings.ts";

export interface Network {
  /** Left out where the platform's does. */
  readonly fetch?: Fetch;
  /** The same for registries. */
  readonly registryFetch: Fetch;
  /** Why the last call that failed did: the library does not pass on the errors of a replaced `fetch`. */
  readonly fault?: unknown;
  /** Allows that the host of this URL sees the client certificate. */
  mayKnow(url: string): void;
  /** Ends what is still open, once nothing is asked any more. */
  close(): Promise<void>;
}

export function openNetwork(settings: Settings, env: NodeJS.ProcessEnv): Network {
  const client = readClientCertificate(settings, env);
  const ca = readCertificateAuthorities(settings.cacert);
  const proxies = readProxies(env);
  if (!client && !ca && !proxies) return new PlainNetwork();
  return new RoutedNetwork({ client, ca, proxies });
}

class PlainNetwork implements Network {
  #light: LightFetch | undefined;
  fault: unknown;

  mayKnow(): void {}

  async close(): Promise<void> {
    this.#light?.close();
  }

  registryFetch: Fetch = async (url, init) => {
    this.#light ??= lightFetch();
    try {
      return await this.#light.fetch(url, init);
    } catch (error) {
      this.fault = error;
      throw error;
    }
  };
}

class RoutedNetwork implements Network {
  readonly #routing: Routing;
  #known = new Set<string>();
  #opening: Promise<import("./routes.ts").Routes> | undefined;
  /** What the proxy refused for good, by host. */
  #refusals = new Map<string, ProxyFault>();
  /** The hosts that the proxy let us through to. */
  #passable = new Set<string>();
  /** The calls that find out whether it does. */
  #scouts = new Map<string, Promise<void>>();
  fault: unknown;

  constructor(routing: Routing) {
    this.#routing = routing;
  }

  mayKnow(url: string): void {
    const host = parsed(url)?.host;
    if (host) this.#known.add(host);
  }

  async close(): Promise<void> {
    await (await this.#opening)?.close();
  }

  fetch: Fetch = async (url, init) => {
    // Loaded only here: it is large, and most calls do without it.
    this.#opening ??= import("./routes.ts").then(({ openRoutes }) => openRoutes(this.#routing));
    const to = new URL(url);
    const routes = await this.#opening;
    const send = () => this.#send(routes, to, init);
    return routes.isProxied(to) ? this.#throughProxy(to.host, send) : send();
  };

  async #send(routes: import("./routes.ts").Routes, to: URL, init: FetchInit): Promise<FetchReply> {
    try {
      // A host that a redirect leads to, as registries do for blobs, does not see the certificate.
      return await routes.fetch(to, init, this.#known.has(to.host));
    } catch (error) {
      const fault = proxyFaultIn(error);
      this.fault = fault ?? error;
      if (fault?.isFinal) this.#refusals.set(fault.status === 407 ? anyHost : to.host, fault);
      throw fault ? await asThrown(fault) : error;
    }
  }

  /**
   * Calls go out side by side, and a proxy may lock people out after a few wrong passwords. So one call finds out whether it
   * lets us through, at all and to this host, while the others wait.
   */
  async #throughProxy(host: string, send: () => Promise<FetchReply>): Promise<FetchReply> {
    for (;;) {
      await this.#checkProxy(host);
      if (this.#passable.has(host)) return send();
      const unknown = this.#passable.has(anyHost) ? host : anyHost;
      const other = this.#scouts.get(unknown);
      if (!other) return this.#scout(unknown, host, send);
      await other;
    }
  }

  async #scout(unknown: string, host: string, send: () => Promise<FetchReply>): Promise<FetchReply> {
    let end = () => {};
    this.#scouts.set(unknown, new Promise<void>((resolve) => (end = resolve)));
    try {
      const reply = await send();
      this.#passable.add(host).add(anyHost);
      return reply;
    } finally {
      this.#scouts.delete(unknown);
      end();
    }
  }

  get registryFetch(): Fetch {
    return this.fetch;
  }

  /** A wrong password is not sent again, whichever host is asked for; nor is a host that the proxy does not allow. */
  async #checkProxy(host: string): Promise<void> {
    const fault = this.#refusals.get(anyHost) ?? this.#refusals.get(host);
    if (fault) throw await asThrown(fault);
  }
}

/** No host has this name. */
const anyHost = "*";

/** The library repeats a call after any error but its own. */
async function asThrown(fault: ProxyFault): Promise<Error> {
  if (!fault.isFinal) return fault;
  const { OcisignError } = await import("ocisign");
  const message = `${fault.message.replace(/^t/, "T")}.`;
  return new OcisignError(fault.status ? "forbidden" : "bad-reply", message, fault.fix);
}

/** The lower-case names first, as curl has it. */
function readProxies(env: NodeJS.ProcessEnv): Proxies | undefined {
  const forHttps = readProxy(env, "https_proxy", "HTTPS_PROXY");
  const forHttp = readProxy(env, "http_proxy", "HTTP_PROXY");
  // http:// goes no further than this machine, so there is one proxy.
  const proxy = forHttps ?? forHttp;
  return proxy && { proxy, noProxy: env.no_proxy || env.NO_PROXY || "" };
}

function readProxy(env: NodeJS.ProcessEnv, ...names: string[]): ProxyAddress | undefined {
  const name = names.find((name) => env[name]);
  const text = name && env[name]?.trim();
  if (!text) return undefined;
  // A scheme may be missing, as with curl.
  const url = parsed(text.includes("://") ? text : `http://${text}`);
  const password = url && decoded(url.password);
  if (!url?.hostname || password === undefined || !["http:", "https:"].includes(url.protocol)) {
    // Its text is not shown: it may hold a password.
    throw usage(
      `${name} is not the URL of a proxy.`,
      "Write it as http://proxy.example:3128; write a % in a password as %25.",
    );
  }
  // As it is, and as it is written in the URL, which undici may quote.
  for (const secret of [password, url.password, url.username]) keepSecret(secret);
  // Hosts stand in messages. Without a scheme and a port, it could be a token that belongs elsewhere.
  if (!/[:/]/.test(text) && !/^[a-z0-9-]{1,30}(\.[a-z0-9-]{1,30})+$/.test(text)) {
    for (const secret of [text, url.hostname]) keepSecret(secret);
  }
  return { url: url.href, from: name };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
