// Signing in in a browser on this machine: authorization code with PKCE, and an answer to a port of this machine.
import type { TokenEndpointResponse } from "oauth4webapi";
import { within } from "../../http/deadline.ts";
import { type Issuer, onceOnly } from "../../sign-in/issuer.ts";
import { writeDuration } from "../duration.ts";
import type { Output } from "../output.ts";
import { startBrowser } from "../page.ts";
import { Problem } from "../problem.ts";
import { keepSecret } from "../secrets.ts";
import type { Asked } from "./asked.ts";
import { Loopback } from "./loopback.ts";

interface Waiting {
  readonly issuer: Issuer;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export async function signInByBrowser(asked: Asked, waiting: Waiting): Promise<TokenEndpointResponse> {
  const { issuer, output, signal, timeoutMs } = waiting;
  const server = await issuer.server(signal);
  const loopback = await Loopback.open(asked.redirectUri);
  try {
    const once = onceOnly(issuer.library);
    keepSecret(once.verifier);
    const { redirectUri } = loopback;
    const url = await issuer.authorizationUrl(server, { ...asked, redirectUri }, once);
    const started = await startBrowser(loopback.lead(url, once.state));
    output.note(
      started
        ? `Sign in at ${issuer.host} in your browser. If no window opens, open this address on this machine:`
        : "Open this address in a browser on this machine:",
    );
    output.note(url.href);
    output.progress(`Waiting for you to sign in at ${issuer.host} …`);
    const outcome = await within(timeoutMs, signal, () => loopback.answer);
    signal.throwIfAborted();
    if (!("value" in outcome)) throw tooLate(issuer, timeoutMs);
    const code = outcome.value.get("code");
    if (code) keepSecret(code);
    return await issuer.exchanged(outcome.value, redirectUri, once, signal);
  } finally {
    loopback.close();
  }
}

function tooLate({ host }: Issuer, timeoutMs: number): Problem {
  const message = `No sign-in came back from ${host} within ${writeDuration(timeoutMs)}.`;
  const fix = "Run `ocisign login` again, or with --device, if the browser runs on another machine.";
  return new Problem("sign-in-timeout", message, fix);
}
