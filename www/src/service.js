// Where the service is, and what it says about itself.

/**
 * @typedef {object} Service
 * @property {string} baseUrl
 * @property {import("ocisign").Profile} [profile]
 * @property {boolean} isSandbox
 * @property {import("ocisign/elements").GroupNames} [groupNames] what people call the groups
 * @property {Record<string, { url?: string }>} registries how the page reaches them, by their domain
 * @property {import("./session/oidc.js").OidcSettings} [oidc]
 */

/**
 * Reads `settings.json` beside the page, so that the same page can be put in front of any deployment:
 * `{ baseUrl, profile?, groupNames?, registries?, oidc?, sandbox? }`.
 *
 * @returns {Promise<Service>}
 */
export async function findService() {
  // As index.html asks for it beforehand; servers say how long it may be kept.
  const reply = await fetch("settings.json");
  if (!reply.ok)
    throw new Error(`The page's settings could not be read: settings.json answered ${reply.status}.`);
  const { baseUrl: base, registries = {}, sandbox, ...others } = await reply.json();
  const baseUrl = new URL(base, document.baseURI).href.replace(/\/$/, "");
  return { ...others, baseUrl, isSandbox: sandbox === true, registries };
}
