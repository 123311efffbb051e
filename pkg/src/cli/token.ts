// The bearer token: from wherever the user keeps it, and asked for again when the service refuses it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { bareToken } from "../service/bare-token.ts";
import { type TokenFault, tokenFault } from "../shown/token-fault.ts";
import { environmentOfCommand } from "./child.ts";
import { claimsOf } from "./claims.ts";
import { claimStdin, readStdin, readText } from "./input.ts";
import type { KeptToken, Renewing } from "./login/kept-token.ts";
import { issuerOf, spelled } from "./login/service-url.ts";
import { type Kept, keptFor, placeOf as placeOfSignIn } from "./login/store.ts";
import { Problem, usage } from "./problem.ts";
import { keepSecret } from "./secrets.ts";
import type { Setting, Settings } from "./settings.ts";
import { textIn } from "./text-in.ts";
import { shownPath } from "./withheld.ts";

/** No token is longer. */
const longest = 64 * 1024;

export interface Token {
  /** @param refused the one that the service did not take: asked again, a sign-in is renewed */
  ask(refused?: string): Promise<string>;
  /** The one that was given last. */
  current(): string | undefined;
  /** Where it comes from, for people. */
  readonly from: string;
  /** Is it of `ocisign login`? */
  readonly isOfSignIn: boolean;
  /** Ends when nothing is under way that would be lost. */
  settled(): Promise<void>;
}

type Reader = (refused: string | undefined) => string | Promise<string>;

export function openToken(settings: Settings, renewing: Renewing): Token {
  const kept = isGiven(settings) ? undefined : signIn(settings);
  const from = kept ? placeOfSignIn(kept) : placeOf(settings);
  let opened: Promise<KeptToken> | undefined;
  // Loaded only here: most runs are given a token.
  const open = (sign: Kept) => import("./login/kept-token.ts").then((it) => new it.KeptToken(sign, renewing));
  const fromSignIn = (sign: Kept): Reader => {
    return async (refused) => {
      opened ??= open(sign);
      return (await opened).ask(refused);
    };
  };
  const read = kept ? fromSignIn(kept) : reader(settings, renewing.signal);
  let current: string | undefined;
  return {
    current: () => current,
    from,
    isOfSignIn: kept !== undefined,
    async settled() {
      await (await opened)?.settled();
    },
    async ask(refused) {
      const given = keepSecret(await read(refused));
      // Without what stands around it: only the token itself may be quoted, by a service or by an error.
      current = keepSecret(bareToken(given));
      const fault = tokenFault(current);
      if (!fault) return current;
      throw new Problem("bad-token", `${from}: the token ${fault.what}.`, fixFor(fault, settings));
    },
  };
}

function isGiven({ token, tokenFile, tokenCommand }: Settings): boolean {
  return Boolean(token ?? tokenFile ?? tokenCommand);
}

/** The sign-in at the service, if `ocisign login` keeps one. No other service gets its token. */
function signIn({ url, issuer }: Settings): Kept | undefined {
  const service = url && spelled(url.value);
  return service === undefined ? undefined : keptFor(service, issuer && issuerOf(issuer))[0];
}

/** Which setting the token comes from: its value is not shown. */
function placeOf({ token, tokenFile, tokenCommand }: Settings): string {
  if (tokenCommand) return tokenCommand.from;
  if (!tokenFile) return token?.value.startsWith("@") ? `${token.from} @…` : (token?.from ?? "-t");
  const path = shownPath(tokenFile.value);
  return path ? `${tokenFile.from}: ${path}` : tokenFile.from;
}

function fixFor({ what, fix }: TokenFault, { tokenCommand }: Settings): string {
  if (what !== "is JSON" || !tokenCommand) return fix;
  return `${fix} Of az, \`az account get-access-token --query accessToken -o tsv\` prints it.`;
}

function reader({ token, tokenFile, tokenCommand }: Settings, signal: AbortSignal): Reader {
  if (tokenCommand) return () => run(tokenCommand, signal);
  if (tokenFile) return () => readText(tokenFile.value, tokenFile.from);
  if (token) return token.isFlag && token.value.startsWith("@") ? indirect(token) : direct(token);
  const fix =
    "Run `ocisign login`. Or give -t @FILE, --token-file FILE or --token-command CMD, or set OCISIGN_TOKEN.";
  throw usage("No token is given: neither -t (--token) nor OCISIGN_TOKEN is set.", fix);
}

/** The token itself. The name of a file would be sent to the service as if it were one. */
function direct({ value, from, isFlag }: Setting): Reader {
  if (!existsSync(value)) return () => value;
  const fix = isFlag ? "Write it as -t @FILE." : "Set OCISIGN_TOKEN_FILE instead.";
  throw usage(`${from} is the name of a file, not a token.`, fix);
}

/** `-t @FILE` and `-t @-`. */
function indirect({ value, from }: Setting): Reader {
  const file = value.slice(1);
  if (file === "-") return fromStdin(`${from} @-`);
  if (file) return () => readText(file, `${from} @…`);
  throw usage(`${from} @ names no file.`, "Write it as -t @FILE; -t @- is standard input.");
}

/** Claims standard input, if the token comes from there, before a command reads it. */
export function claimForToken({ token }: Settings): void {
  if (token?.isFlag && token.value === "@-") claimStdin(`${token.from} @-`);
}

function fromStdin(from: string): Reader {
  let content: Promise<string> | undefined;
  return () => {
    content ??= readStdin(from);
    return content;
  };
}

/**
 * Runs the command as the user wrote it, in the shell. Its standard error is shown as it comes; its standard output is
 * the token, and is shown nowhere.
 */
function run({ value, from }: Setting, signal: AbortSignal): Promise<string> {
  const failed = (what: string) =>
    new Problem("bad-token", `${from}: the command ${what}.`, "Run the command alone to see its output.");
  // Node would throw, and quote it.
  if (value.includes("\0")) throw failed("has a zero byte");
  return new Promise((resolve, reject) => {
    const child = spawn(value, {
      shell: true,
      // It may ask a person for something, but must not eat a list of images.
      stdio: [process.stdin.isTTY ? "inherit" : "ignore", "pipe", "inherit"],
      env: environmentOfCommand(process.env),
      signal,
    });
    let printed = Buffer.alloc(0);
    child.stdout?.on("data", (chunk: Buffer) => {
      printed = Buffer.concat([printed, chunk]);
      if (printed.length <= longest) return;
      // A signal would end only the shell; a program that it started ends when its output is closed.
      child.stdout?.destroy();
      reject(failed("prints more than a token"));
    });
    child.on("error", () => reject(failed(signal.aborted ? "was stopped" : "could not be started")));
    child.on("close", (code, by) => {
      const text = textIn(printed);
      if (code !== 0) reject(failed(by ? `was ended by ${by}` : `ended with code ${code}`));
      else if (text === undefined) reject(failed("prints binary data"));
      else if (text.trim() === "") reject(failed("prints nothing"));
      else resolve(text);
    });
  });
}

/** When a token expires, if it is a JSON Web Token that says so (RFC 7519 §4.1.4). */
export function expiryOf(token: string | undefined): Date | undefined {
  try {
    return token === undefined ? undefined : claimsOf(token).expiresAt;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
