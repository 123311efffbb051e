// The service's client, made from the settings.
import { writeDuration } from "./duration.js";
import { pointer } from "./failure.js";
import { readText } from "./files.js";
import { isLoopback } from "./loopback.js";
import { Problem, usage } from "./problem.js";
import { visible, withoutUrlSecrets } from "./visible.js";

/** For one call, unless --call-timeout says otherwise: as long as the library waits. */
const usualTimeoutMs = 30_000;

/** More than any profile has. */
const largestProfile = 1024 * 1024;

/**
 * @typedef {import("../../index.js").SigningClient} SigningClient
 * @typedef {import("../../index.js").Profile} Profile
 */

/**
 * @param {object} context
 * @param {import("./settings.js").Settings} context.settings
 * @param {import("./network.js").Network} context.network
 * @param {import("./token.js").Token} context.token
 * @param {AbortSignal} context.signal
 * @param {number} [context.callTimeoutMs]
 * @returns {Promise<SigningClient>}
 */
export async function openService({ settings, network, token, signal, callTimeoutMs }) {
  const { url, profile } = settings;
  if (!url) throw usage("There is no service.", "Give --url, or set OCISIGN_URL.");
  const { OcisignError, SigningClient } = await import("../../node.js");
  const baseUrl = url.value.trim();
  network.mayKnow(baseUrl);
  return create(SigningClient, settings, {
    baseUrl,
    token: async () => {
      try {
        return await token.ask();
      } catch (error) {
        // Only the library's own errors come through it as they are.
        if (!(error instanceof Problem)) throw error;
        throw new OcisignError("bad-token", error.message, error.fix, undefined, error);
      }
    },
    profile: profile && (await readProfile(profile, { network, signal, timeoutMs: callTimeoutMs })),
    fetch: network.fetch,
    timeoutMs: callTimeoutMs,
  });
}

/**
 * What the library refuses of the settings is told with the place that it comes from.
 *
 * @param {typeof import("../../index.js").SigningClient} Client @param {import("./settings.js").Settings} settings
 * @param {import("../../index.js").ClientOptions} options
 */
function create(Client, { url, profile }, options) {
  try {
    return new Client(options);
  } catch (/** @type {any} */ error) {
    if (error.code === "bad-url") {
      const fix =
        "Write it as in https://app.laavat.io/<CustomerName>/api/v1; http:// is for localhost only.";
      throw usage(`${url?.from}: ${error.message}`, fix, pointer(error, withoutUrlSecrets(options.baseUrl)));
    }
    if (error.code === "bad-profile") {
      throw new Problem("bad-profile", `${profile?.from}: ${error.message}`, error.fix);
    }
    throw error;
  }
}

/**
 * @typedef {{ network: import("./network.js").Network, signal: AbortSignal, timeoutMs?: number }} Way how it is fetched
 *
 * @param {import("./settings.js").Setting} profile @param {Way} way @returns {Promise<Profile>}
 */
export async function readProfile({ value, from }, way) {
  const isUrl = /^https?:\/\//i.test(value);
  const text = isUrl ? await download(profileUrl(value, from), from, way) : readText(value, from);
  const { readJsonObject } = await import("./json-file.js");
  return readJsonObject(text, isUrl ? withoutUrlSecrets(value) : value).value;
}

/** @param {string} text @param {string} from */
function profileUrl(text, from) {
  const [url] = URL.canParse(text) ? [new URL(text)] : [];
  if (!url || url.username || url.password) {
    const what = url ? "has user information, which would end up in logs" : "is no URL";
    throw usage(`${from} ${what}.`, "Write it as https://host/path, or name a file.");
  }
  if (url.protocol === "http:" && !isLoopback(url)) {
    throw usage(`${from} is http://, where anybody could change it on its way.`, "Use https://, or a file.");
  }
  return url;
}

/** @param {URL} url @param {string} from @param {Way} way */
async function download(url, from, { network, signal, timeoutMs = usualTimeoutMs }) {
  const shown = withoutUrlSecrets(url.href);
  const failed = (/** @type {string} */ what, /** @type {unknown} */ cause) =>
    new Problem("network", `${from}: ${shown}: ${what}.`, "Check the URL.", { cause });
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener("abort", end);
  const timer = setTimeout(end, timeoutMs);
  try {
    const reply = await (network.fetch ?? fetch)(url.href, { signal: ending.signal, redirect: "error" });
    if (reply.status !== 200) throw failed(`the answer was HTTP ${reply.status}`, undefined);
    const text = await reply.text();
    if (text.length > largestProfile) throw failed("that is too large for a profile", undefined);
    return text;
  } catch (cause) {
    if (cause instanceof Problem || signal.aborted) throw cause;
    if (ending.signal.aborted) throw failed(`no answer within ${writeDuration(timeoutMs)}`, cause);
    const { code, message } = /** @type {any} */ (cause)?.cause ?? cause;
    throw failed(`no answer: ${visible(message || code)}`, cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}
