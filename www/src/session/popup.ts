// The window in which a person signs in at the issuer. The page itself stays as it is, with what was typed in it.
import { answerIn, channelName, taken } from "./hand-over.ts";
import { aborted, SignInError } from "./sign-in-error.ts";
import type { SignInOptions } from "./source.ts";

const size = "popup,width=520,height=720";
/** There is no event for a window that was closed. */
const lookEveryMs = 250;

/**
 * Opens it, empty, so that it is opened within the click: browsers block what comes later. It shows `text` until the
 * issuer's page is there.
 *
 * @throws {SignInError} `popup-blocked`
 */
export function openPopup(text: string): Window {
  const popup = window.open("about:blank", "_blank", size);
  if (!popup) {
    const fix = "Allow pop-up windows for this page, then sign in again.";
    throw new SignInError("popup-blocked", "The browser blocked the sign-in window.", fix);
  }
  popup.document.title = text;
  popup.document.body.append(text);
  // A page in that window could lead this page elsewhere. Within a frame it is the only way back for the answer.
  if (window.top === window) popup.opener = null;
  return popup;
}

/**
 * Waits for what callback.html hands over. A window that seems closed is only a doubt (`popup-closed`): a policy of the
 * issuer's page or of ours (Cross-Origin-Opener-Policy) makes an open one look closed.
 *
 * @throws {SignInError} `aborted`
 */
export function answerOf(popup: Window, id: string, { signal, onDoubt }: SignInOptions) {
  const over = new AbortController();
  const channel = new BroadcastChannel(channelName(id));
  const answered = new Promise<URLSearchParams>((resolve, reject) => {
    const take = (data: unknown, reply: (message: unknown) => void) => {
      const answer = answerIn(data, id);
      if (answer === undefined) return;
      reply(taken(id));
      resolve(new URLSearchParams(answer));
    };
    const { signal: until } = over;
    const onAnswer = ({ data }: MessageEvent<unknown>) =>
      take(data, (message) => channel.postMessage(message));
    channel.addEventListener("message", onAnswer);
    const onMessage = ({ data, origin, source }: MessageEvent<unknown>) => {
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

/** While a person is busy in a window that only looks closed, it has the focus and this page has not. */
function whenClosed(popup: Window, until: AbortSignal, then: () => void) {
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
    "The sign-in window closed before the sign-in was complete.",
    "Sign in again. If the window is still open behind this one, continue there.",
  );
}
