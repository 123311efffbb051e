// The ways to a host: with our certificate or without, directly or through the proxy.
import type { ConnectionOptions } from "node:tls";
import { type FetchInit, type FetchReply, isLoopback, OcisignError } from "ocisign";
import { Agent, type Dispatcher, fetch } from "undici";
import { bounded } from "../http/bounded.ts";
import type { ClientCertificate } from "./certificates.ts";
import { lookup } from "./lookup.ts";
import { readNoProxy } from "./no-proxy.ts";
import { proxyAgent } from "./proxy-agent.ts";
import type { ProxyAddress } from "./proxy-fault.ts";

/** The proxy, and the hosts that are reached without it. */
export interface Proxies {
  readonly proxy: ProxyAddress;
  readonly noProxy: string;
}

/** What distinguishes this network from Node's own. */
export interface Routing {
  readonly client: ClientCertificate | undefined;
  readonly ca: string[] | undefined;
  readonly proxies: Proxies | undefined;
}

export interface Routes {
  /** `knows`: may this host see the client certificate? */
  fetch(url: URL, init: FetchInit, knows: boolean): Promise<FetchReply>;
  isProxied(url: URL): boolean;
  /** Ends what is still open: a proxy that does not answer would hold the program for minutes. */
  close(): Promise<void>;
}

interface Way {
  readonly direct: Dispatcher;
  readonly proxied: Dispatcher;
}

export function openRoutes({ client, ca, proxies }: Routing): Routes {
  const open = way({ ca }, proxies);
  const known = client ? way({ ca, ...client }, proxies) : open;
  const isExempt = readNoProxy(proxies?.noProxy ?? "");
  // http:// is allowed on this very machine only because nothing leaves it: a proxy would see the token.
  const isProxied = (url: URL) => proxies !== undefined && !isLoopback(url.host) && !isExempt(url);
  return {
    isProxied,
    async fetch(url, init, knows) {
      const { direct, proxied } = knows ? known : open;
      const reply = await fetch(url, { ...init, dispatcher: isProxied(url) ? proxied : direct });
      return bounded(reply, init.method, OcisignError);
    },
    async close() {
      const dispatchers = new Set([open, known].flatMap(({ direct, proxied }) => [direct, proxied]));
      await Promise.all([...dispatchers].map((it) => it.destroy()));
    },
  };
}

function way(tls: ConnectionOptions, proxies: Routing["proxies"]): Way {
  const direct = new Agent({ connect: { ...tls, lookup } });
  return { direct, proxied: proxies ? proxyAgent(proxies.proxy, tls) : direct };
}
