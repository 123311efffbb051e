// How the answer of the issuer comes from callback.html, in the window of the sign-in, to the page that waits for it.
// A BroadcastChannel reaches it whatever became of `window.opener` on the way; where the page stands in a frame of
// another site, the browser keeps their channels apart, and only `window.opener` is left.

/**
 * A `state` is an id, which names the channel, and a secret, which only the page compares: a channel alone proves
 * nothing.
 */
export function stateOf(id: string, secret: string) {
  return `${id}.${secret}`;
}

export function idOf(state: string) {
  return state.split(".", 1)[0] ?? "";
}

export function channelName(id: string) {
  return `ocisign-sign-in ${id}`;
}

/** What the callback says. `answer` is the query that the issuer sent. */
export function handOver(id: string, answer: string) {
  return { ocisignSignIn: id, answer };
}

/** What the page says when it has the answer: the window can close. */
export function taken(id: string) {
  return { ocisignSignIn: id, taken: true };
}

/** The answer in a message, if it is one; any window can send messages. */
export function answerIn(data: unknown, id: string): string | undefined {
  const answer = isAbout(data, id) ? data.answer : undefined;
  return typeof answer === "string" ? answer : undefined;
}

export function isTaken(data: unknown, id: string) {
  return isAbout(data, id) && data.taken === true;
}

function isAbout(data: unknown, id: string): data is { answer?: unknown; taken?: unknown } {
  return typeof data === "object" && data !== null && "ocisignSignIn" in data && data.ocisignSignIn === id;
}
