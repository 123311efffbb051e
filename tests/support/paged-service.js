// A service whose lists come in pages, as a test says: a fetch, and what it was asked.
import { SigningClient } from "ocisign";

export const base = "https://service.example/acme/api/v1";

/**
 * @typedef {object} Answer
 * @property {unknown} [body] @property {number} [status] @property {string} [link] the header
 */

/**
 * A client of it.
 *
 * @param {import("ocisign").ListForm | undefined} list how the profile says that requests are listed
 * @param {(url: URL, calls: number) => Answer | Promise<Answer>} answer
 * @param {Partial<import("ocisign").ClientOptions>} [options]
 */
export function pagedService(list, answer, options = {}) {
  /** @type {string[]} */
  const asked = [];
  const client = new SigningClient({
    baseUrl: base,
    token: "secret-token",
    profile: list && { lists: { signings: list } },
    retry: { attempts: 1 },
    fetch: async (url) => {
      asked.push(url.replace(base, ""));
      const { body, status = 200, link } = await answer(new URL(url), asked.length);
      return new Response(JSON.stringify(body), { status, headers: link === undefined ? {} : { link } });
    },
    ...options,
  });
  return { client, asked };
}

/** Requests with these numbers as their ids. @param {number} from @param {number} to the first that is not there */
export function requests(from, to) {
  return Array.from({ length: Math.max(to - from, 0) }, (_, index) => ({
    id: `r${from + index}`,
    status: 2,
  }));
}

/** Their ids. @param {readonly { id: string }[]} list */
export const idsOf = (list) => list.map(({ id }) => id);
