// The window in which a person signs in at the issuer. The page itself stays as it is, with what was typed in it.
import { answerIn, channelName, taken } from "./hand-over.js";
import { aborted, SignInError } from "./sign-in-error.js";

const size = "popup,width=520,height=720";
/** There is no event for a window that was closed. */
const lookEveryMs = 250;

/**
 * Opens it, empty, so that it is opened within the click: browsers block what comes later.
 *
 * @param {string} text shown until the issuer's page is there
 * @throws {SignInError} `popup-blocked`
 */
export function openPopup(text) {
  const popup = window.open("about:blank", "_blank", size);
  if (!popup) {
    const fix = "Allow pop-up windows for this page, then sign in again.";
    throw new SignInError("popup-blocked", "The browser blocked the sign-in window.", fix);
  }
  popup.document.title = text;
  popup.document.body.append(text);
  // Whoever is in that window could lead this page elsewhere. Within a frame it is the only way back for the answer.
  if (window.top === window) popup.opener = null;
  return popup;
}

/**
 * Waits for what callback.html hands over. A window that seems closed is only a doubt (`popup-closed`): a policy of the
 * issuer's page or of ours (Cross-Origin-Opener-Policy) makes an open one look closed.
 *
 * @param {Window} popup @param {string} id of the sign-in @param {import("./session.js").SignInOptions} options
 * @returns {Promise<URLSearchParams>}
 * @throws {SignInError} `aborted`
 */
export function answerOf(popup, id, { signal, onDoubt }) {
  const over = new AbortController();
  const channel = new BroadcastChannel(channelName(id));
  /** @type {Promise<URLSearchParams>} */
  const answered = new Promise((resolve, reject) => {
    /** @param {unknown} data @param {(message: unknown) => void} reply */
    const take = (data, reply) => {
      const answer = answerIn(data, id);
      if (answer === undefined) return;
      reply(taken(id));
      resolve(new URLSearchParams(answer));
    };
    const { signal: until } = over;
    channel.addEventListener("message", ({ data }) => take(data, (message) => channel.postMessage(message)));
    const onMessage = (/** @type {MessageEvent} */ { data, origin, source }) => {
      if (origin === location.origin)
        take(data, (message) => source?.postMessage(message, { targetOrigin: origin }));
    };
    addEventListener("message", onMessage, { signal: until });
    signal.addEventListener("abort", () => reject(aborted()), { signal: until });
    if (signal.aborted) reject(aborted());
    whenClosed(popup, until, () => onDoubt?.(closed()));
  });
  return answered.finally(() => {
    over.abort();
    channel.close();
  });
}

/**
 * While a person is busy in a window that only looks closed, it has the focus and this page has not.
 *
 * @param {Window} popup @param {AbortSignal} until @param {() => void} then
 */
function whenClosed(popup, until, then) {
  const timer = setInterval(() => {
    if (!popup.closed || !document.hasFocus()) return;
    clearInterval(timer);
    then();
  }, lookEveryMs);
  until.addEventListener("abort", () => clearInterval(timer));
}

function closed() {
  return new SignInError(
    "popup-closed",
    "The sign-in window was closed before the sign-in was done.",
    "Sign in again; or, if it is still there behind this one, go on in it.",
  );
}
