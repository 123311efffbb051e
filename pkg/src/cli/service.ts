// The service's client, made from the settings.

import type { ClientOptions, Fetch, Profile, RetryOptions, SigningClient } from "ocisign";
import { visible } from "../shown/visible.ts";
import { writeDuration } from "./duration.ts";
import { get } from "./get.ts";
import { innermost } from "./innermost.ts";
import { readText } from "./input.ts";
import { libraryError, pointer } from "./library-error.ts";
import type { Network } from "./network.ts";
import { Problem, usage } from "./problem.ts";
import { checkProfileUrl } from "./safe-url.ts";
import type { Setting, Settings } from "./settings.ts";
import type { Token } from "./token.ts";
import { withoutUrlSecrets } from "./withheld.ts";

/** For one call, unless --call-timeout says otherwise: as long as the library waits. */
const usualTimeoutMs = 30_000;

/** In bytes. No profile is larger. */
const largestProfile = 1024 * 1024;

export interface ServiceContext {
  readonly settings: Settings;
  readonly network: Network;
  readonly token: Token;
  readonly signal: AbortSignal;
  readonly callTimeoutMs: number | undefined;
  readonly retry?: RetryOptions | undefined;
}

/** A client that reads something else than a product, under the rules for a product. */
export interface OtherRoute {
  readonly route: string;
  readonly fetch: Fetch;
}

export async function openService(context: ServiceContext, other?: OtherRoute): Promise<SigningClient> {
  return openClient(context, await tokenSource(context.token), other);
}

/** The same with another token. */
export async function openClient(
  context: Omit<ServiceContext, "token">,
  token: ClientOptions["token"],
  other?: OtherRoute,
): Promise<SigningClient> {
  const { settings, network, callTimeoutMs, retry } = context;
  const { url, profile } = settings;
  const fix = "Give --url https://app.laavat.io/<CustomerName>/api/v1, or set OCISIGN_URL.";
  if (!url) throw usage("The URL of the service is not given: neither --url nor OCISIGN_URL is set.", fix);
  const { SigningClient } = await import("ocisign");
  const baseUrl = url.value.trim();
  network.mayKnow(baseUrl);
  const options: ClientOptions = {
    baseUrl,
    token,
    profile: other ? { routes: { product: other.route } } : profile && (await readProfile(profile, context)),
    fetch: other?.fetch ?? network.fetch,
    timeoutMs: callTimeoutMs,
    retry,
  };
  try {
    return new SigningClient(options);
  } catch (error) {
    throw refusal(error, url, profile);
  }
}

/** Only the library's own errors come through it as they are. */
async function tokenSource(token: Token): Promise<() => Promise<string>> {
  const { OcisignError } = await import("ocisign");
  let given: string | undefined;
  return async () => {
    try {
      // The library asks again only for another token than the one that was refused.
      given = await token.ask(given);
      return given;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // An issuer that is away may be back: waits go on through that.
      const code = error.code === "network" ? "network" : "bad-token";
      throw new OcisignError(code, error.message, error.fix, undefined, error);
    }
  };
}

/** The library's refusal of a setting, with the place that the setting comes from. */
function refusal(error: unknown, url: Setting, profile: Setting | undefined): unknown {
  const refused = libraryError(error);
  if (refused?.code === "bad-url") {
    const fix = "Write it as in https://app.laavat.io/<CustomerName>/api/v1; http:// is for localhost only.";
    const shown = pointer(refused, url.value.trim());
    return usage(`${url.from}: ${refused.message}`, fix, shown);
  }
  if (refused?.code === "bad-profile") {
    return new Problem("bad-profile", `${profile?.from}: ${refused.message}`, refused.fix);
  }
  return error;
}

async function readProfile(profile: Setting, context: Omit<ServiceContext, "token">): Promise<Profile> {
  const { value, from } = profile;
  const isUrl = /^https?:\/\//i.test(value);
  const text = isUrl ? await download(profile, context) : readText(value, from);
  const { readJsonObject } = await import("./json-file.ts");
  return readJsonObject(text, isUrl ? withoutUrlSecrets(value) : value).value;
}

async function download(
  profile: Setting,
  { network, signal, callTimeoutMs }: Omit<ServiceContext, "token">,
): Promise<string> {
  await checkProfileUrl(profile);
  const timeoutMs = callTimeoutMs ?? usualTimeoutMs;
  const shown = withoutUrlSecrets(profile.value);
  const failed = (what: string, code = "network", cause?: unknown) =>
    new Problem(code, `${profile.from}: ${shown}: ${what}.`, "Check the URL.", { cause });
  const getting = { network, signal, timeoutMs, mostBytes: largestProfile };
  const outcome = await get(profile.value, getting);
  if ("stopped" in outcome) throw failed(`no answer within ${writeDuration(timeoutMs)}`);
  if ("error" in outcome) {
    const { error } = outcome;
    if (libraryError(error)) throw error;
    throw failed(`no answer: ${visible(innermost(error))}`, "network", error);
  }
  const { reply, text } = outcome.value;
  if (reply.status !== 200) throw failed(`the server answered HTTP ${reply.status}`, codeOf(reply.status));
  if (text === undefined) throw failed("the answer is too large for a profile", "bad-reply");
  return text;
}

/** As the library calls such an answer: it says whether another look may help. */
function codeOf(status: number): string {
  if (status === 429) return "rate-limited";
  return status >= 500 ? "server-error" : "bad-status";
}
