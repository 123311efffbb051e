// A service with very many requests, as a `fetch`: it makes each page of its list when that is asked for, and keeps of a
// request that is posted only its text. So what a process holds beside it is the client's.
import { SigningClient } from "ocisign";

export const base = "https://service.example/acme/api/v1";
export const product = {
  ...{ id: "p", name: "P", enabled: true },
  productOperations: [{ id: "o", name: "sign", operationType: "SignOCI" }],
  productConfigItems: [{ name: "RegistryURL", value: "registry.example" }],
};

/** The n-th image. @param {number} n */
export function imageAt(n) {
  return `registry.example/team/app@sha256:${n.toString(16).padStart(64, "0")}`;
}

/** One after the other, as a list in a file is. @param {number} count */
export function* images(count) {
  for (let n = 0; n < count; n += 1) yield imageAt(n);
}

/** A request that somebody else has made: 1 KB. @param {number} n */
function another(n) {
  return JSON.stringify({
    ...{ id: idOf(n), status: 2, name: "OCI signing", idProductOperation: "o", productId: "p" },
    ...{ description: `Release ${n}. ${"What is in it, and who wants it. ".repeat(14)}`, createdAt: n },
    payload: {
      ...{ name: "OCI sign request", metadata: [{ name: "ocisign-batch", value: `night-${n % 100}` }] },
      optionalParameters: [{ artifactURI: btoa(imageAt(1_000_000 + n)) }],
    },
    approvals: [{ objectId: `person-${n % 10}`, comment: "seen" }],
  });
}

/** @param {number} n */
function idOf(n) {
  return `00000000-0000-4000-8000-${n.toString().padStart(12, "0")}`;
}

/**
 * @param {{ others?: number, perPage?: number, own?: number, onPost?: (count: number) => void }} settings `own` is the status
 *   of what was posted; 1 waits, 2 is signed
 */
export function endlessService({ others = 0, perPage = 200, own = 1, onPost = () => {} }) {
  /** @type {string[]} */
  const posted = [];
  const shown = (/** @type {number} */ n, status = own) =>
    n < others ? another(n) : `{"id":"${idOf(n)}","status":${status},${posted[n - others]}`;

  /** @param {number} from */
  function page(from) {
    const total = others + posted.length;
    const to = Math.min(from + perPage, total);
    const rows = Array.from({ length: to - from }, (_, n) => shown(from + n));
    /** @type {Record<string, string>} */
    const headers = to < total ? { link: `<${base}/imagesignings?offset=${to}>; rel="next"` } : {};
    return reply(`[${rows.join(",")}]`, headers);
  }

  /** @type {import("ocisign").Fetch} */
  async function fetch(address, { method, body }) {
    // As over a network: others may act before the reply is there.
    await new Promise((resolve) => setImmediate(resolve));
    const url = new URL(address);
    if (method === "POST") {
      posted.push(String(body).slice(1));
      onPost(posted.length);
      return reply(shown(others + posted.length - 1, 1));
    }
    const [, route, id] = /\/v1\/(\w+)\/?([\w-]*)/.exec(url.pathname) ?? [];
    if (route === "products") return reply(JSON.stringify(product));
    if (id) return reply(shown(Number(id.slice(-12))));
    return page(Number(url.searchParams.get("offset") ?? 0));
  }

  return {
    fetch,
    get posts() {
      return posted.length;
    },
    client: () =>
      new SigningClient({
        ...{ baseUrl: base, token: "a.b.c", fetch },
        profile: { statuses: { 1: "waiting", 2: "signed" } },
      }),
  };
}

/** @param {string} text @param {Record<string, string>} [headers] */
function reply(text, headers = {}) {
  return { status: 200, headers: new Headers(headers), text: async () => text };
}
