// How hosts are reached: certificates, private CAs, and the proxy that the environment names. Node's own `fetch`
// does as long as there is none of these.
import { readCertificateAuthorities, readClientCertificate } from "./certificates.js";
import { usage } from "./problem.js";
import { keepSecret } from "./secrets.js";

/**
 * @typedef {(url: string, init?: RequestInit) => Promise<Response>} Fetch
 *
 * @typedef {object} Network
 * @property {Fetch} [fetch] undefined when the platform's does
 * @property {(url: string) => void} mayKnow allows that the host of this URL is shown the client certificate
 */

/** @param {import("./settings.js").Settings} settings @param {NodeJS.ProcessEnv} env @returns {Network} */
export function openNetwork(settings, env) {
  const client = readClientCertificate(settings, env);
  const ca = readCertificateAuthorities(settings.cacert);
  const proxies = readProxies(env);
  /** @type {Set<string>} */
  const known = new Set();
  const mayKnow = (/** @type {string} */ url) => {
    const host = parsed(url)?.host;
    if (host) known.add(host);
  };
  if (!client && !ca && !proxies) return { mayKnow };
  /** @type {Promise<import("./routes.js").Route> | undefined} */
  let opening;
  return {
    mayKnow,
    async fetch(url, init) {
      // Loaded only here: it is large, and most calls do without it.
      opening ??= import("./routes.js").then(({ openRoutes }) => openRoutes({ client, ca, proxies }));
      const to = new URL(url);
      // Who sends us elsewhere, as registries do for blobs, does not get to know who we are there.
      const { fetch, dispatcher } = (await opening)(to, known.has(to.host));
      return fetch(url, { ...init, dispatcher });
    },
  };
}

/** @typedef {import("./routes.js").Proxies} Proxies */

/** The small spelling first, as curl has it. @param {NodeJS.ProcessEnv} env @returns {Proxies | undefined} */
function readProxies(env) {
  const httpsProxy = readProxy(env, "https_proxy", "HTTPS_PROXY");
  const httpProxy = readProxy(env, "http_proxy", "HTTP_PROXY");
  if (!httpsProxy && !httpProxy) return undefined;
  return { httpProxy, httpsProxy: httpsProxy ?? httpProxy, noProxy: env.no_proxy || env.NO_PROXY || "" };
}

/** @param {NodeJS.ProcessEnv} env @param {...string} names */
function readProxy(env, ...names) {
  const name = names.find((name) => env[name]);
  if (!name) return undefined;
  const text = /** @type {string} */ (env[name]);
  // Without a scheme, as curl takes it.
  const url = parsed(text.includes("://") ? text : `http://${text}`);
  const password = url && decoded(url.password);
  if (!url?.hostname || password === undefined || !["http:", "https:"].includes(url.protocol)) {
    // Its text is not shown: it may hold a password.
    throw usage(
      `${name} is not the URL of a proxy.`,
      "Write it as http://proxy.example:3128; a % in a password is %25.",
    );
  }
  keepSecret(password);
  return url.href;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
