// The ways to a host: with our certificate or without, directly or through the proxy.
import { Agent, EnvHttpProxyAgent, fetch } from "undici";
import { isLoopback } from "./loopback.js";

/** @typedef {{ httpProxy?: string, httpsProxy?: string, noProxy?: string }} Proxies */

/** @typedef {(url: URL, knows: boolean) => { fetch: Function, dispatcher: import("undici").Dispatcher }} Route */

/**
 * @param {{ client?: import("./certificates.js").ClientCertificate, ca?: string[], proxies?: Proxies }} options
 */
export function openRoutes({ client, ca, proxies }) {
  const routes = (/** @type {object} */ tls) => {
    const direct = new Agent({ connect: tls });
    if (!proxies) return { direct, proxied: direct };
    // The proxy is shown no certificate of ours: it is another's door.
    return {
      direct,
      proxied: new EnvHttpProxyAgent({ ...proxies, connect: tls, requestTls: tls, proxyTls: { ca } }),
    };
  };
  const open = routes({ ca });
  const known = client ? routes({ ca, ...client }) : open;
  return (/** @type {URL} */ url, /** @type {boolean} */ knows) => {
    const { direct, proxied } = knows ? known : open;
    // http:// is allowed on this very machine only because nothing leaves it: a proxy would be told the token.
    return { fetch, dispatcher: isLoopback(url) ? direct : proxied };
  };
}
