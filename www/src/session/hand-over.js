// How the answer of the issuer comes from callback.html, in the window of the sign-in, to the page that waits for it.
// A BroadcastChannel reaches it whatever became of `window.opener` on the way; where the page stands in a frame of
// another site, the browser keeps their channels apart, and only `window.opener` is left.

/**
 * A `state` is an id, which names the channel, and a secret, which only the page compares: a channel alone proves nothing.
 *
 * @param {string} id @param {string} secret
 */
export function stateOf(id, secret) {
  return `${id}.${secret}`;
}

/** @param {string} state */
export function idOf(state) {
  return state.split(".", 1)[0];
}

/** @param {string} id */
export function channelName(id) {
  return `ocisign-sign-in ${id}`;
}

/** What the callback says. @param {string} id @param {string} answer the query that the issuer sent */
export function handOver(id, answer) {
  return { ocisignSignIn: id, answer };
}

/** What the page says when it has the answer: the window can close. @param {string} id */
export function taken(id) {
  return { ocisignSignIn: id, taken: true };
}

/** The answer in a message of somebody, if it is one. @param {any} data @param {string} id @returns {string | undefined} */
export function answerIn(data, id) {
  return data?.ocisignSignIn === id && typeof data.answer === "string" ? data.answer : undefined;
}

/** @param {any} data @param {string} id */
export function isTaken(data, id) {
  return data?.ocisignSignIn === id && data.taken === true;
}
