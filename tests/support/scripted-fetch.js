// A client over a `fetch` that gives the replies that a test lists, and writes down how it was called.
import { SigningClient } from "ocisign";

/** A request as the service shows it once it is signed. */
export const signed = () => new Response('{"id":"r1","status":16,"extra":{"kept":true}}');

/** A reply that is JSON. @param {unknown} value @param {ResponseInit} [init] */
export const answer = (value, init) => () => new Response(JSON.stringify(value), init);

/** A reply without a body. @param {number} code @param {ResponseInit} [init] */
export const status = (code, init) => () => new Response("", { status: code, ...init });

/**
 * What a test has a fetch return: anything, or a function that makes it for each call.
 *
 * @typedef {unknown} Reply
 *
 * @typedef {object} Call
 * @property {string} url
 * @property {any} init as the package passes it to fetch
 */

/**
 * A client whose fetch gives these replies one after the other.
 *
 * @param {Reply[]} replies @param {Partial<import("ocisign").ClientOptions>} [options] of the client
 */
export function fake(replies, options = {}) {
  /** @type {Call[]} */
  const calls = [];
  const left = [...replies];
  const fetch = async (/** @type {any} */ url, /** @type {any} */ init) => {
    calls.push({ url, init });
    const next = left.shift();
    return typeof next === "function" ? next(init) : next;
  };
  const baseUrl = "https://service.example/acme/api/v1/";
  const retry = { baseMs: 1, maxMs: 2000 };
  return {
    calls,
    client: new SigningClient({ baseUrl, token: " secret-token\n", fetch, retry, ...options }),
  };
}
