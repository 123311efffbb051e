// Where a registry is, what lies where in it, and which places it may send us to.

// The spec's grammar (§ Pulling manifests; image-spec, § Digests). Nothing in it needs percent-encoding in a path,
// and none of it is `.` or `..`, which a URL would swallow.
const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const repositoryForm = new RegExp(`^${component}(?:/${component})*$`);
const tagForm = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
export const digestForm = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

/** Is the host this very machine? Only there are secrets sent, and answers believed, without TLS. */
export function isLoopback(/** @type {URL} */ { hostname }) {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** https, or http on this very machine; without a user in it, which would end up in messages and logs. */
export function isSafe(/** @type {URL} */ url) {
  if (url.username || url.password) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
}

/** May a registry send us on to this place? Not to one without TLS, and not from afar to this very machine. */
export function maySendTo(/** @type {URL} */ to, /** @type {URL} */ from) {
  return isSafe(to) && (isLoopback(from) || !isLoopback(to));
}

/** The addresses of one registry. */
export class Address {
  #fail;
  #base;
  #own;
  #isHub;

  /** @param {string} domain @param {string | URL | undefined} url @param {import("./registry-http.js").Fail} fail */
  constructor(domain, url, fail) {
    this.#fail = fail;
    this.#isHub = /^(index\.)?docker\.io$/i.test(domain);
    this.#own = ownUrl(this.#isHub ? "registry-1.docker.io" : domain, fail);
    this.#base = url === undefined ? this.#own : baseUrl(String(url), fail);
  }

  get origin() {
    return this.#base.origin;
  }

  /** A manifest's, by tag or digest. @param {string} repository @param {string} reference */
  manifest(repository, reference) {
    return this.#url(repository, "manifests", tagForm.test(reference) ? reference : this.#digest(reference));
  }

  /** @param {string} repository @param {string} digest */
  blob(repository, digest) {
    return this.#url(repository, "blobs", this.#digest(digest));
  }

  /** @param {string} repository */
  uploads(repository) {
    return this.#url(repository, "blobs", "uploads/");
  }

  /** @param {string} repository @param {string} digest */
  referrers(repository, digest) {
    return this.#url(repository, "referrers", this.#digest(digest));
  }

  /**
   * The repository's name for the registry: Docker Hub keeps its official images in `library/`.
   *
   * @param {string} repository
   */
  name(repository) {
    if (repositoryForm.test(repository)) {
      return this.#isHub && !repository.includes("/") ? `library/${repository}` : repository;
    }
    throw this.#fail("bad-input", "That is not a repository's name.", "Take it from parseReference().");
  }

  /**
   * Reads a URL that the registry gave. Behind a reverse proxy it still speaks of itself by its own name, or by
   * paths that begin at its own root: both are reached by way of the proxy.
   *
   * @param {string} location @param {URL} from
   */
  locate = (location, from) => {
    const url = new URL(location, from);
    const [base, own] = [this.#base, this.#own];
    if (url.origin !== own.origin && url.origin !== base.origin) return url;
    const underBase = url.origin === base.origin && url.pathname.startsWith(base.pathname);
    if (underBase || !url.pathname.startsWith("/v2/")) return url;
    return new URL(`${base.origin}${base.pathname}${url.pathname.slice(1)}${url.search}`);
  };

  /** @param {string} repository @param {string} kind @param {string} last */
  #url(repository, kind, last) {
    return new URL(`v2/${this.name(repository)}/${kind}/${last}`, this.#base);
  }

  /** @param {string} digest */
  #digest(digest) {
    if (digestForm.test(digest)) return digest;
    throw this.#fail("bad-input", "That is not a digest.", "Take it from parseReference().");
  }
}

/** @param {string} domain @param {import("./registry-http.js").Fail} fail */
function ownUrl(domain, fail) {
  for (const scheme of ["http", "https"]) {
    let url;
    try {
      url = new URL(`${scheme}://${domain}/`);
    } catch {}
    if (url && url.pathname === "/" && !url.search && !url.hash && !/[\s\\@?#]/.test(domain) && isSafe(url))
      return url;
  }
  throw fail("bad-url", "That is not a registry's domain.", "Write it as in registry.example:5000.");
}

/** @param {string} text @param {import("./registry-http.js").Fail} fail */
function baseUrl(text, fail) {
  let url;
  try {
    url = new URL(text);
  } catch {}
  if (!url || !isSafe(url) || url.search || url.hash) {
    const what = "The registry's url is not one that answers can be believed from.";
    throw fail("bad-url", what, "Give a https:// URL without user and query; http:// is for localhost only.");
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}
