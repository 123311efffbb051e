// Signing in by a code that a person enters on any device (RFC 8628): where there is no browser here.
import type { DeviceAuthorizationResponse, TokenEndpointResponse } from "oauth4webapi";
import { visible } from "../../shown/visible.ts";
import { SignInFault } from "../../sign-in/fault.ts";
import { type Issuer, secureUrl } from "../../sign-in/issuer.ts";
import { writeDuration } from "../duration.ts";
import type { Output } from "../output.ts";
import { Problem } from "../problem.ts";
import { keepSecret } from "../secrets.ts";
import type { Asked } from "./asked.ts";

/** Seconds between two questions, where the issuer does not say (RFC 8628 §3.5). */
const usualIntervalS = 5;
/** What an issuer adds by `slow_down`. */
const slowerByS = 5;
const longestIntervalS = 60;
/** Whatever an issuer says: it is not asked without a pause, and no timer runs longer than a platform's can. */
const shortestIntervalS = 2;
const longestLifetimeS = 24 * 60 * 60;

interface Waiting {
  readonly issuer: Issuer;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** In milliseconds, if that is less than the code has. */
  readonly timeoutMs: number | undefined;
}

export async function signInByDevice(asked: Asked, waiting: Waiting): Promise<TokenEndpointResponse> {
  const code = await newCode(asked, waiting);
  const lifetimeS = Math.min(code.expires_in, longestLifetimeS);
  const lifetimeMs = Math.min(lifetimeS * 1000, waiting.timeoutMs ?? Number.POSITIVE_INFINITY);
  tell(code, lifetimeMs, waiting);
  const end = performance.now() + lifetimeMs;
  let intervalS = Math.max(code.interval ?? usualIntervalS, shortestIntervalS);
  let isAway = false;
  for (;;) {
    const leftMs = end - performance.now();
    if (leftMs <= 0) throw unused(code, lifetimeMs);
    await pause(Math.min(intervalS * 1000, leftMs), waiting.signal);
    const answer = await askOnce(code, waiting);
    switch (answer) {
      case "pending":
        break;
      case "slow-down":
        intervalS += slowerByS;
        break;
      case "expired":
        throw unused(code, lifetimeMs);
      case "away":
        intervalS = Math.min(intervalS * 2, longestIntervalS);
        if (!isAway) waiting.output.note(`${waiting.issuer.host} does not answer. Still trying …`);
        break;
      default:
        return answer;
    }
    isAway = answer === "away";
  }
}

async function newCode(
  { scope, prompt }: Asked,
  { issuer, signal }: Waiting,
): Promise<DeviceAuthorizationResponse> {
  const { library, client } = issuer;
  const server = await issuer.server(signal);
  if (!server.device_authorization_endpoint) {
    const fix = "Leave out --device, and sign in in a browser on this machine.";
    throw new Problem("no-device-code", `${issuer.host} offers no sign-in by device code.`, fix);
  }
  const parameters = { scope, ...(prompt && { prompt }) };
  const options = issuer.request(signal);
  const reply = await library.deviceAuthorizationRequest(
    ...([server, client, library.None(), parameters, options] as const),
  );
  const code = await library.processDeviceAuthorizationResponse(server, client, reply);
  keepSecret(code.device_code);
  // A person is sent there.
  secureUrl(code.verification_uri, "The issuer's page for the code");
  return code;
}

/** The code for people is shown. The other one, which fetches the tokens, is not. */
function tell(code: DeviceAuthorizationResponse, lifetimeMs: number, { output, issuer }: Waiting): void {
  const whole = completeUri(code);
  output.note(`Open ${visible(code.verification_uri, "exact")} and enter this code:`);
  output.note(`\n  ${output.paintNote("strong", visible(code.user_code, "exact"))}\n`);
  if (whole !== undefined) output.note(`Or open ${visible(whole, "exact")}`);
  output.note(
    `The code is good for ${inWords(lifetimeMs)}. Enter it only if you began this sign-in yourself.`,
  );
  output.progress(`Waiting for you to sign in at ${issuer.host} …`);
}

function completeUri({ verification_uri_complete: whole }: DeviceAuthorizationResponse): string | undefined {
  try {
    return whole === undefined ? undefined : secureUrl(whole, "The issuer's page for the code").href;
  } catch (error) {
    if (error instanceof SignInFault) return undefined;
    throw error;
  }
}

type Answer = TokenEndpointResponse | "pending" | "slow-down" | "expired" | "away";

async function askOnce(
  { device_code }: DeviceAuthorizationResponse,
  { issuer, signal }: Waiting,
): Promise<Answer> {
  const { library, client } = issuer;
  const server = await issuer.server(signal);
  const options = issuer.request(signal);
  try {
    const reply = await library.deviceCodeGrantRequest(
      ...([server, client, library.None(), device_code, options] as const),
    );
    if (reply.status >= 500 || reply.status === 429) return "away";
    return await library.processDeviceCodeResponse(server, client, reply);
  } catch (error) {
    if (error instanceof SignInFault && error.code === "issuer-unreachable") return "away";
    const refused = error instanceof library.ResponseBodyError ? error.error : undefined;
    if (refused === "authorization_pending") return "pending";
    if (refused === "slow_down") return "slow-down";
    if (refused === "expired_token") return "expired";
    throw error;
  }
}

function unused({ user_code }: DeviceAuthorizationResponse, lifetimeMs: number): Problem {
  const message = `The code ${visible(user_code, "exact")} was not used within ${inWords(lifetimeMs)}: it has expired.`;
  return new Problem("code-expired", message, "Run `ocisign login` again, and enter the new code in time.");
}

function inWords(ms: number): string {
  return writeDuration(Math.round(ms / 1000) * 1000 || 1000);
}

/** @throws what aborted the signal */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
}
