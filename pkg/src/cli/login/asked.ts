// What a sign-in is asked for: at which service, at which issuer, as which client.
import { SignInFault } from "../../sign-in/fault.ts";
import { secureUrl, type TokenKind } from "../../sign-in/issuer.ts";
import { type Problem, usage } from "../problem.ts";
import type { Setting, Settings } from "../settings.ts";
import { serviceOf } from "./service-url.ts";

export interface Asked {
  /** The service that the token is for: no other one gets it. */
  readonly service: string;
  readonly issuer: URL;
  readonly clientId: string;
  readonly scope: string;
  readonly kind: TokenKind;
  readonly prompt: string | undefined;
  /** Without a port: any free one. */
  readonly redirectUri: URL;
}

const kinds: Readonly<Record<string, TokenKind>> = {
  ...{ access: "access_token", access_token: "access_token" },
  ...{ id: "id_token", id_token: "id_token" },
};

/** With `offline_access`, many issuers give a refresh token. */
const usualScope = "openid profile offline_access";
const usualRedirectUri = "http://127.0.0.1/";

/** @throws {Problem} `usage` that names the setting */
export function readAsked(settings: Settings): Asked {
  const { url, issuer, clientId, scope, tokenKind, prompt, redirectUri } = settings;
  if (!url) throw missing("The URL of the service", "--url", "OCISIGN_URL");
  if (!issuer) throw missing("The issuer", "--issuer", "OCISIGN_OIDC_ISSUER");
  if (!clientId) throw missing("The client's id at the issuer", "--client-id", "OCISIGN_OIDC_CLIENT_ID");
  const kind = kinds[tokenKind?.value ?? "access"];
  if (!kind) throw usage(`${tokenKind?.from} is neither access nor id.`, "Write access, or id.");
  return {
    service: serviceOf(url),
    issuer: issuerUrl(issuer),
    clientId: clientId.value,
    scope: scope?.value ?? usualScope,
    kind,
    prompt: prompt?.value,
    redirectUri: redirectUri ? loopbackUri(redirectUri) : new URL(usualRedirectUri),
  };
}

function missing(what: string, flag: string, env: string): Problem {
  return usage(`${what} is not given: neither ${flag} nor ${env} is set.`, `Give ${flag}, or set ${env}.`);
}

function issuerUrl({ value, from }: Setting): URL {
  try {
    const url = secureUrl(value.trim(), from);
    if (url.search === "" && url.hash === "" && url.username === "") return url;
  } catch (error) {
    if (!(error instanceof SignInFault)) throw error;
  }
  const fix =
    "Write it as https://login.example/tenant, as the issuer calls itself; http:// is for localhost only.";
  throw usage(`${from} is not the https address of an issuer.`, fix);
}

/** RFC 8252 §7.3: the browser returns to this very machine, and nowhere else. */
function loopbackUri({ value, from }: Setting): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isHere = url?.protocol === "http:" && /^(127\.0\.0\.1|localhost)$/.test(url.hostname);
  if (isHere && url.search === "" && url.hash === "" && url.username === "") return url;
  const fix =
    "Write it as http://127.0.0.1/path, as it is registered at the issuer; without a port, any is used.";
  throw usage(`${from} is not an http address of this machine.`, fix);
}
