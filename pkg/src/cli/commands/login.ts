// `ocisign login`: signs a person in at the issuer, and keeps what came of it for the other commands.
import type { TokenEndpointResponse } from "oauth4webapi";
import { visible } from "../../shown/visible.ts";
import type { Issuer } from "../../sign-in/issuer.ts";
import { command } from "../command.ts";
import type { Asked } from "../login/asked.ts";
import type { Place } from "../login/store.ts";
import { duration, flag } from "../options.ts";
import { hasBrowser } from "../page.ts";
import type { Session } from "../session.ts";
import * as settings from "../settings.ts";
import { aligned } from "../shown.ts";
import { relativeTime } from "../time.ts";

interface SignedIn {
  readonly service: string;
  readonly issuer: string;
  readonly name: string | undefined;
  readonly objectId: string | undefined;
  readonly expiresAt: Date | undefined;
  /** Has the issuer given a refresh token? */
  readonly renewable: boolean;
  readonly keptIn: Place;
  readonly file: string;
  /** Why it is not in the keychain. */
  readonly why: string | undefined;
}

const usualTimeoutMs = 10 * 60_000;

export const login = command({
  name: "login",
  summary: "Sign in at the issuer, and keep the token for the other commands.",
  options: {
    device: flag("--device", "enter a code on another device, and open no browser here"),
    timeout: duration("--timeout <time>", "give up after this time (default: 10m; a code has its own)"),
  },
  settings: settings.signIn,
  examples: [
    ["In a browser on this machine.", "ocisign login --issuer $ISSUER --client-id ocisign"],
    ["By a code, on a server.", "ocisign login --issuer $ISSUER --client-id ocisign --device"],
  ],
  notes: `Only the service of --url gets the token. \`ocisign whoami\` shows whose it is,
\`ocisign logout\` ends it.`,
  async run(session, { device, timeout }): Promise<SignedIn> {
    const { readAsked } = await import("../login/asked.ts");
    const { claimedIn, explaining, openIssuer, secretsFrom } = await import("../login/at-issuer.ts");
    const { lockOf } = await import("../login/kept-token.ts");
    const { pathOf, Vault } = await import("../login/store.ts");
    const asked = readAsked(session.settings);
    const vault = new Vault(session.signal);
    vault.prepare();
    const issuer = await openIssuer(session.network, asked.issuer, asked.clientId);
    const secrets = await explaining(issuer, async () => {
      const tokens = await signIn(issuer, asked, session, { device, timeout });
      return secretsFrom(issuer, tokens, asked.kind);
    });
    session.output.settle();
    const { service, clientId, scope, kind } = asked;
    const about = {
      service,
      issuer: asked.issuer.href,
      clientId,
      scope,
      kind,
      signedInAt: new Date().toISOString(),
    };
    const lock = await lockOf({ path: pathOf(about) }, session.signal);
    const usesKeychain = session.settings.keychain?.value !== "no";
    const kept = await vault.keepNew(about, secrets, usesKeychain).finally(() => lock.release());
    const { name, account, objectId } = claimedIn(secrets.idToken ?? secrets.token) ?? {};
    return {
      ...{ service, issuer: about.issuer, name: name ?? account, objectId },
      expiresAt: secrets.expiresAt === undefined ? undefined : new Date(secrets.expiresAt),
      renewable: secrets.refreshToken !== undefined,
      ...{ keptIn: kept.place, file: kept.path, why: kept.why },
    };
  },
  text: (me) =>
    aligned([
      ["signed in as", me.name ?? me.objectId ?? "unknown: the token does not say"],
      ["service", me.service, "exact"],
      ["issuer", me.issuer, "exact"],
      ["expires", expiryText(me)],
      ["kept in", me.keptIn === "keychain" ? "a file, sealed by the system's keychain" : me.file],
    ]),
  json: ({ why: _, ...me }) => me,
  beside({ why }, { output }) {
    if (why === undefined) return;
    output.note(`No keychain seals it: ${visible(why)}. Only you can read the file.`);
  },
});

interface Given {
  readonly device: boolean;
  readonly timeout: number | undefined;
}

/** In a browser, where one can be opened; else by a code, where the issuer offers that. */
async function signIn(
  issuer: Issuer,
  asked: Asked,
  { output, signal }: Session,
  { device, timeout }: Given,
): Promise<TokenEndpointResponse> {
  const waiting = { issuer, output, signal };
  const { device_authorization_endpoint: offersCodes } = await issuer.server(signal);
  if (device || (offersCodes && !hasBrowser())) {
    const { signInByDevice } = await import("../login/device.ts");
    return signInByDevice(asked, { ...waiting, timeoutMs: timeout });
  }
  const { signInByBrowser } = await import("../login/browser.ts");
  return signInByBrowser(asked, { ...waiting, timeoutMs: timeout ?? usualTimeoutMs });
}

function expiryText({ expiresAt, renewable }: SignedIn): string {
  const at = expiresAt
    ? `${relativeTime(expiresAt)} (${expiresAt.toISOString()})`
    : "unknown: the issuer does not say";
  return renewable ? `${at}, and is renewed` : `${at}; then sign in again`;
}
