// Where a registry is, and what lies where in it.
import { checkUrl } from "../core.ts";
import { fail } from "../error.ts";
import { isSafe, urlOf } from "../http/url.ts";
import { Recent } from "../recent.ts";

// The spec's grammar (§ Pulling manifests; image-spec, § Digests). Nothing in it needs percent-encoding in a path,
// and none of it is `.` or `..`, which a URL would swallow.
const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const repositoryForm = new RegExp(`^${component}(?:/${component})*$`);
const tagForm = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
/** Of any algorithm: a registry may list what cannot be checked here. */
const digestForm = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

/** Has it the form of a digest, whatever the algorithm? */
export function looksLikeDigest(text: string): boolean {
  return digestForm.test(text);
}

/** Those of registries that are reached under their own names: images of one registry come one after the other. */
const known = new Recent<Address>(100);

/** The addresses of a registry. @param url where it is reached, when that is elsewhere */
export function addressOf(domain: string, url: string | undefined): Address {
  if (url !== undefined) return new Address(domain, url);
  const address = known.get(domain) ?? new Address(domain, url);
  known.set(domain, address);
  return address;
}

/** The addresses of one registry. */
export class Address {
  readonly origin: string;
  #base: URL;
  #own: URL;
  #isHub: boolean;

  constructor(domain: string, url: string | undefined) {
    this.#isHub = /^(index\.|registry-1\.)?docker\.io$/i.test(domain);
    this.#own = ownUrl(this.#isHub ? "registry-1.docker.io" : domain);
    this.#base = url === undefined ? this.#own : baseUrl(url);
    this.origin = this.#base.origin;
  }

  /** A manifest's, by tag or digest. */
  manifest(repository: string, reference: string): URL {
    return this.#url(repository, "manifests", tagForm.test(reference) ? reference : digestIn(reference));
  }

  blob(repository: string, digest: string): URL {
    return this.#url(repository, "blobs", digestIn(digest));
  }

  /** One of its tags: whether there are any is all that matters. */
  tags(repository: string): URL {
    return this.#url(repository, "tags", "list?n=1");
  }

  uploads(repository: string): URL {
    return this.#url(repository, "blobs", "uploads/");
  }

  referrers(repository: string, digest: string): URL {
    return this.#url(repository, "referrers", digestIn(digest));
  }

  /** The repository's name for the registry: Docker Hub keeps its official images in `library/`. */
  name(repository: string): string {
    if (repositoryForm.test(repository)) {
      return this.#isHub && !repository.includes("/") ? `library/${repository}` : repository;
    }
    throw fail("bad-input", "That is not a repository's name.", "Take it from parseReference().");
  }

  /**
   * Reads a URL that the registry gave. Behind a reverse proxy it still speaks of itself by its own name, or by
   * paths that begin at its own root: both are reached by way of the proxy. One that ends TLS may hide from the
   * registry that there is any: its `http://` is meant as `https://`.
   */
  locate = (location: string, from: URL): URL | undefined => {
    const url = urlOf(location, from);
    const [base, own] = [this.#base, this.#own];
    if (url) keepTls(url, [base, own]);
    if (!url || (url.origin !== own.origin && url.origin !== base.origin)) return url;
    const underBase = url.origin === base.origin && url.pathname.startsWith(base.pathname);
    if (underBase || !url.pathname.startsWith("/v2/")) return url;
    return new URL(`${base.origin}${base.pathname}${url.pathname.slice(1)}${url.search}`);
  };

  #url(repository: string, kind: string, last: string): URL {
    return new URL(`v2/${this.name(repository)}/${kind}/${last}`, this.#base);
  }
}

function digestIn(text: string): string {
  if (looksLikeDigest(text)) return text;
  throw fail("bad-input", "That is not a digest.", "Take it from parseReference().");
}

function ownUrl(domain: string): URL {
  for (const scheme of ["http", "https"]) {
    const url = urlOf(`${scheme}://${domain}/`);
    const isWhole = url && url.pathname === "/" && !url.search && !url.hash && !/[\s\\@?#]/.test(domain);
    if (isWhole && isSafe(url)) return url;
  }
  throw fail("bad-url", "That is not a registry's domain.", "Write it as in registry.example:5000.");
}

function baseUrl(text: string): URL {
  const url = new URL(checkUrl(text, "registry.url"));
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function keepTls(url: URL, origins: readonly URL[]): void {
  const same = origins.find(
    ({ protocol, hostname, port }) =>
      protocol === "https:" && hostname === url.hostname && ["", port, port || "443"].includes(url.port),
  );
  if (url.protocol !== "http:" || !same) return;
  url.protocol = "https:";
  url.port = same.port;
}
