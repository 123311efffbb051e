// Reads the service's replies: leniently, keeping every field, but never without what is needed.

const lookOut =
  "Check that baseUrl is the signing service; if something was to be created, look for it before you try again.";

/** @param {any} core */
export function replies({ decodeStatus, harmless, quote, OcisignError, fail }) {
  /** Parses JSON. The text itself is not repeated: an HTML page or a secret says nothing useful. @param {string} text @param {string} doing */
  function json(text, doing) {
    try {
      return JSON.parse(text);
    } catch {
      const what = text.trimStart().startsWith("<") ? "a page of HTML" : "something else";
      throw fail(
        "not-json",
        `${doing}: the service answered with ${what} where JSON was expected.`,
        "Check baseUrl; a sign-in page or a proxy may stand in between.",
      );
    }
  }

  /** What has to have an id, and perhaps a certain one. @param {any} reply @param {string} doing @param {string} [id] */
  function identified(reply, doing, id) {
    const isObject = typeof reply === "object" && reply !== null && !Array.isArray(reply);
    if (!isObject) throw fail("bad-reply", `${doing}: the reply is not an object.`, lookOut);
    if (typeof reply.id !== "string" || reply.id === "")
      throw fail("bad-reply", `${doing}: the reply has no id.`, lookOut);
    if (id === undefined || sameId(reply.id, id)) return reply;
    throw fail(
      "bad-reply",
      "The service answered with something else than what was asked for: its id is another.",
      "Try again; if it stays, report it to those who run the service.",
    );
  }

  /**
   * Reads signing requests: the reply itself, with `code`, `state` and `final` beside its `status`. A list of thousands
   * has a handful of codes, and each is decoded once.
   *
   * @param {any} profile
   */
  function signings(profile) {
    /** @type {Map<unknown, any>} */
    const decoded = new Map();
    return (/** @type {any} */ reply, /** @type {string} */ doing, /** @type {string | undefined} */ id) => {
      const { status } = identified(reply, doing, id);
      try {
        if (!decoded.has(status)) decoded.set(status, decodeStatus(status, profile));
      } catch (error) {
        const { code, message, fix } = /** @type {any} */ (error);
        // The request is there all the same: its id must not be lost.
        throw new OcisignError(code, `${doing}: ${message} The request is ${quote(reply.id)}.`, fix);
      }
      return Object.assign(reply, decoded.get(status));
    };
  }

  /** A list, each element read by itself. @param {any} reply @param {string} doing @param {(element: any, doing: string) => any} read */
  function list(reply, doing, read) {
    if (!Array.isArray(reply)) throw fail("bad-reply", `${doing}: the reply is not a list.`, lookOut);
    return reply.map((element, index) => read(element, `${doing}: element ${index}`));
  }

  /** The service's own words in a failed reply, made harmless, and without the token, should they quote it. @param {string} text @param {string} token */
  function words(text, token) {
    let reply;
    try {
      reply = JSON.parse(text);
    } catch {
      return undefined;
    }
    const said = ["message", "error", "detail", "title"].map((key) => reply?.[key]).find(isText);
    return said === undefined ? undefined : harmless(said.replaceAll(token, "[token]"));
  }

  return { json, identified, signings, list, words };
}

/** Seconds that a `Retry-After` asks for: a number, or a date (RFC 9110 §10.2.3). @param {string | null | undefined} text */
export function seconds(text) {
  if (!text) return undefined;
  if (/^\s*\d+\s*$/.test(text)) return Number(text);
  const wait = (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(wait) ? Math.max(0, Math.ceil(wait)) : undefined;
}

/** Ids are UUIDs, whose case says nothing; only that of ASCII, since others fold into it. @param {string} a @param {string} b */
export function sameId(a, b) {
  const folded = (/** @type {string} */ id) => id.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return folded(a) === folded(b);
}

/** @param {unknown} value */
function isText(value) {
  return typeof value === "string";
}
