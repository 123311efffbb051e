// The ways to a host: with our certificate or without, directly or through the proxy.
import type { ConnectionOptions } from "node:tls";
import { type FetchInit, type FetchReply, isLoopback } from "ocisign";
import { Agent, type Dispatcher, EnvHttpProxyAgent, fetch } from "undici";
import type { ClientCertificate } from "./certificates.ts";

/** Proxies by scheme, and the hosts that are reached without one. */
export interface Proxies {
  readonly httpProxy: string | undefined;
  readonly httpsProxy: string | undefined;
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
}

interface Way {
  readonly direct: Dispatcher;
  readonly proxied: Dispatcher;
}

export function openRoutes({ client, ca, proxies }: Routing): Routes {
  const open = way({ ca }, proxies);
  const known = client ? way({ ca, ...client }, proxies) : open;
  return {
    fetch(url, init, knows) {
      const { direct, proxied } = knows ? known : open;
      // http:// is allowed on this very machine only because nothing leaves it: a proxy would see the token.
      return fetch(url, { ...init, dispatcher: isLoopback(url.host) ? direct : proxied });
    },
  };
}

function way(tls: ConnectionOptions, proxies: Routing["proxies"]): Way {
  const direct = new Agent({ connect: tls });
  if (!proxies) return { direct, proxied: direct };
  // The proxy does not see our certificate: others may run it.
  return {
    direct,
    proxied: new EnvHttpProxyAgent({ ...proxies, connect: tls, requestTls: tls, proxyTls: { ca: tls.ca } }),
  };
}
