// Reads a reply's body, and no more of it than is allowed.

/**
 * What of a reply is needed; a replaced `fetch` may return no more. One of the three ways to the body is enough.
 * `text()` serves for UTF-8 only; bytes that it garbles fail the digest's check later.
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {{ get(name: string): string | null }} headers
 * @property {string} [type] `opaqueredirect` when a browser hides a redirect
 * @property {string} [url] where it came from in the end
 * @property {unknown} [body] a `ReadableStream`, so that no more is read than is allowed
 * @property {() => PromiseLike<ArrayBuffer>} [arrayBuffer]
 * @property {() => PromiseLike<string>} [text]
 *
 * @typedef {Partial<ReadableStream<Uint8Array>> | null | undefined} Body
 */

/**
 * The bytes, and whether there would have been more. Counted as they come: nothing may be announced, or less.
 *
 * @param {Answer} answer @param {Body} body
 * @param {number} most @param {AbortSignal} signal @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, cut: boolean }>}
 */
export async function readBody(answer, body, most, signal) {
  if (typeof body?.getReader !== "function") {
    const whole = await wholeBody(answer);
    return { bytes: whole.slice(0, most), cut: whole.length > most };
  }
  const reader = body.getReader();
  const giveUp = () => reader.cancel().catch(() => {});
  signal.addEventListener("abort", giveUp);
  /** @type {Uint8Array[]} */
  const pieces = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      length += value.length;
      if (length > most) {
        giveUp();
        break;
      }
    }
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { bytes: bytes.slice(0, most), cut: length > most };
}

/** @param {Answer} answer @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function wholeBody(answer) {
  if (answer.arrayBuffer) return new Uint8Array(await answer.arrayBuffer());
  if (answer.text) return new TextEncoder().encode(await answer.text());
  // Not an empty body: that can mean something.
  throw new TypeError("fetch returned something without a body");
}
