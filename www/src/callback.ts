// Where the issuer sends the person back to, in the window of the sign-in: hands the answer to the page that opened
// the window, and closes it.
import { channelName, handOver, idOf, isTaken } from "./session/hand-over.ts";

const answer = location.search;
// The code in it is good for one use only, but it does not belong into a history either.
history.replaceState(null, "", location.pathname);

const state = new URLSearchParams(answer).get("state");
if (state) giveBack(idOf(state));

function giveBack(id: string) {
  const channel = new BroadcastChannel(channelName(id));
  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => closeWhenTaken(data, id));
  addEventListener("message", ({ data, origin }: MessageEvent<unknown>) => {
    if (origin === location.origin) closeWhenTaken(data, id);
  });
  channel.postMessage(handOver(id, answer));
  // Where the opener is gone, the channel alone has to do.
  const opener: Window | null = window.opener;
  opener?.postMessage(handOver(id, answer), location.origin);
}

function closeWhenTaken(data: unknown, id: string) {
  if (isTaken(data, id)) window.close();
}
