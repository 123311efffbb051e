// Where the service is, and what it says about itself.

/**
 * @typedef {object} Service
 * @property {string} baseUrl
 * @property {import("ocisign").Profile} [profile]
 * @property {boolean} isSandbox
 * @property {Record<string, { url?: string }>} registries how the page reaches them, by their domain
 * @property {import("./session/oidc.js").OidcSettings} [oidc]
 */

/**
 * Reads `settings.json` beside the page, so that the same page can be put in front of any deployment:
 * `{ baseUrl, profile?, registries?, oidc?, sandbox? }`. A sandbox shows its profile itself.
 *
 * @returns {Promise<Service>}
 */
export async function findService() {
  const { baseUrl: base, profile, registries = {}, oidc, sandbox } = await json("settings.json");
  const baseUrl = new URL(base, document.baseURI).href.replace(/\/$/, "");
  const isSandbox = sandbox === true;
  const ownProfile = profile ?? (isSandbox ? await json(`${baseUrl}/ocisign-profile`) : undefined);
  return { baseUrl, profile: ownProfile, isSandbox, registries, oidc };
}

/** @param {string} url */
async function json(url) {
  const reply = await fetch(url, { headers: { accept: "application/json" }, cache: "no-store" });
  if (!reply.ok) throw new Error(`The page's settings could not be read: ${url} answered ${reply.status}.`);
  return reply.json();
}
