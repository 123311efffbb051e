// A service in memory that keeps what is posted, and fails as a test says: with and without effect. It is a fetch; all
// its answers are there at once, or at a moment of the test's own clock (fake-time.js).
import { SigningClient } from "ocisign";

export const base = "https://service.example/acme/api/v1";
export const registry = "registry.example";

export const product = {
  ...{ id: "product-1", name: "P", enabled: true },
  productOperations: [{ id: "operation-1", name: "sign", operationType: "SignOCI" }],
  productConfigItems: [{ name: "RegistryURL", value: registry }],
};

/** The codes of the service. */
/** @type {import("ocisign").Profile} */
export const profile = { statuses: { 1: "new", 2: "waiting", 16: "signed", 32: "rejected", 64: "failed" } };

/** The n-th image. @param {number} n */
export function imageAt(n) {
  return `${registry}/team/app-${n}@sha256:${n.toString(16).padStart(64, "0")}`;
}

/** Images from 0 on. @param {number} count */
export function images(count) {
  return Array.from({ length: count }, (_, n) => imageAt(n));
}

/**
 * How a call goes wrong. `before` and `after` say whether a POST has its effect; `late` has it twenty seconds later.
 *
 * @typedef {"reset-before" | "reset-after" | "502-before" | "502-after" | "500-before" | "500-after" | "503-before" | "429"
 *   | "429-after-5-s" | "timeout-before" | "timeout-after" | "late" | "cut" | "html" | "redirect" | "400" | "401"
 *   | "403" | "404" | "409" | "another-image"} Fault
 *
 * @typedef {object} Asked
 * @property {"GET" | "POST"} method @property {string} path @property {string} [image] of a POST
 *
 * @typedef {object} Settings
 * @property {(asked: Asked, count: number) => Fault | undefined | void} [fault] count is of all calls so far, from 1
 * @property {number} [status] that a request has at first
 * @property {number} [perPage] lists have pages
 * @property {boolean} [isShort] lists show no payload
 * @property {boolean} [isBare] lists show empty metadata
 * @property {boolean} [keepsNoMetadata] it shows none
 * @property {unknown[]} [unreadable] stand in the list, too
 */

/** @param {Settings} settings */
export function keepingService(settings = {}) {
  /** @type {{ id: string, status: number, image: string, [name: string]: unknown }[]} */
  const requests = [];
  /** @type {Asked[]} */
  const asked = [];

  /** @param {string} body */
  function take(body) {
    const posted = JSON.parse(body);
    const { payload } = posted;
    const metadata = settings.keepsNoMetadata ? [] : payload.metadata;
    const image = imageIn(posted);
    const id = `request-${requests.length + 1}`;
    const request = { ...posted, payload: { ...payload, metadata }, id, status: settings.status ?? 2, image };
    requests.push(request);
    return request;
  }

  /** As lists show it. @param {typeof requests[number]} request */
  function shown(request) {
    if (settings.isShort) return { id: request.id, status: request.status };
    if (settings.isBare)
      return { ...request, payload: { .../** @type {object} */ (request.payload), metadata: [] } };
    return request;
  }

  /** @param {URL} url */
  function list(url) {
    const { perPage, unreadable = [] } = settings;
    const from = Number(url.searchParams.get("offset") ?? 0);
    const rows = [...requests.map(shown), ...unreadable];
    const to = perPage ? from + perPage : rows.length;
    /** @type {Record<string, string>} */
    const headers = to < rows.length ? { link: `<${base}/imagesignings?offset=${to}>; rel="next"` } : {};
    return reply(200, rows.slice(from, to), headers);
  }

  /** @param {string} method @param {URL} url @param {string | undefined} body */
  function answer(method, url, body) {
    const [route, id] = url.pathname.replace("/acme/api/v1/", "").split("/");
    if (route === "products") return reply(200, product);
    if (method === "POST") return reply(200, take(body ?? ""));
    if (!id) return list(url);
    const request = requests.find((one) => one.id === id);
    return request ? reply(200, request) : reply(404, { message: "no such request" });
  }

  /** @type {import("ocisign").Fetch} */
  async function fetch(address, init) {
    const url = new URL(address);
    const { signal } = init;
    const method = init.method === "POST" ? "POST" : "GET";
    const body = typeof init.body === "string" ? init.body : undefined;
    const path = url.pathname.replace("/acme/api/v1/", "");
    const call = { method, path, ...(body && { image: imageIn(JSON.parse(body)) }) };
    asked.push(/** @type {Asked} */ (call));
    const fault = settings.fault?.(/** @type {Asked} */ (call), asked.length) ?? "";
    if (fault === "late") setTimeout(() => answer(method, url, body), 20_000);
    if (/^(timeout|late)/.test(fault)) {
      if (fault === "timeout-after") answer(method, url, body);
      return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    }
    if (fault.startsWith("429")) {
      return reply(429, { message: "slowly" }, fault === "429" ? {} : { "retry-after": "5" });
    }
    if (/^4\d\d$/.test(fault)) return reply(Number(fault), { message: "refused" });
    const isWithEffect = fault === "" || /after$|^(cut|html|redirect|another-image)$/.test(fault);
    const answered = isWithEffect ? answer(method, url, body) : undefined;
    if (fault.startsWith("reset"))
      throw new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });
    if (/^5\d\d/.test(fault)) return reply(Number(fault.slice(0, 3)), { message: "broken" });
    if (fault === "cut")
      return { ...reply(200, {}), text: () => Promise.reject(new TypeError("terminated")) };
    if (fault === "html") return { ...reply(200, {}), text: async () => "<html>sign in</html>" };
    if (fault === "redirect") return reply(302, {}, { location: "https://elsewhere.example/" });
    return /** @type {NonNullable<typeof answered>} */ (answered);
  }

  return {
    requests,
    asked,
    settings,
    fetch,
    /** The images of all POSTs, also of those without effect. */
    posts: () => asked.filter(({ method }) => method === "POST").map(({ image }) => image),
    /** How often each image was requested with effect. */
    kept: () => requests.map(({ image }) => image).sort(),
    /** How many calls there were of this kind. @param {string} method @param {string | RegExp} path */
    count: (method, path) =>
      asked.filter((one) => one.method === method && new RegExp(path).test(one.path)).length,
    /** @param {Partial<import("ocisign").ClientOptions>} [options] */
    client: (options = {}) =>
      new SigningClient({ baseUrl: base, token: () => "the-token", profile, fetch, ...options }),
  };
}

/** @param {any} posted */
function imageIn(posted) {
  return Buffer.from(posted.payload.optionalParameters[0].artifactURI, "base64").toString().trim();
}

/** @param {number} status @param {unknown} body @param {Record<string, string>} [headers] */
function reply(status, body, headers = {}) {
  const text = JSON.stringify(body);
  return { status, headers: new Headers(headers), text: async () => text };
}

/** All outcomes of a run, and what it ended with. @param {AsyncIterable<import("ocisign").SignOutcome>} run */
export async function outcomesOf(run) {
  /** @type {import("ocisign").SignOutcome[]} */
  const outcomes = [];
  /** @type {any} */
  let error;
  try {
    for await (const outcome of run) outcomes.push(outcome);
  } catch (thrown) {
    error = thrown;
  }
  outcomes.sort((one, other) => one.index - other.index);
  return { outcomes, error, states: outcomes.map(({ state }) => state) };
}

/** A journal in memory, as it would be read after a kill. @param {import("ocisign").JournalRecord[]} [records] */
export function memoryJournal(records = []) {
  return {
    records,
    read: () => records.slice(),
    /** @param {import("ocisign").JournalRecord} record */
    write: async (record) => {
      // As a file keeps it.
      records.push(JSON.parse(JSON.stringify(record)));
    },
  };
}
