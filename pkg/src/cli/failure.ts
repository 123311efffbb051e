// Any error as a command line tells it: what was wrong, where, and what to do.
import { type Command, CommanderError } from "commander";
import { visible } from "../shown/visible.ts";
import { isUnknownAuthority } from "./certificates.ts";
import { inWordsOfHere, isAboutSignIn } from "./here.ts";
import { systemCode } from "./input.ts";
import { type LibraryError, libraryError } from "./library-error.ts";
import type { Output } from "./output.ts";
import { exitCode, Problem } from "./problem.ts";
import { proxyFaultIn } from "./proxy-fault.ts";
import { dataWithoutSecrets } from "./secrets.ts";
import type { Session } from "./session.ts";
import { expiryOf } from "./token.ts";
import { fixForTooMany } from "./too-many.ts";
import { withoutTyped } from "./typed-words.ts";

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly exit: number;
  readonly offset?: number | undefined;
  /** Lines to put below the message. */
  readonly shown?: string | undefined;
  /** What is wrong with each line of a file. */
  readonly lines?: readonly object[] | undefined;
  /** What is wrong with a text, where that is more than one thing. */
  readonly problems?: readonly object[] | undefined;
  /** "maybe": the service may have accepted the call although it failed. */
  readonly taken: "no" | "maybe";
}

export function explain(error: unknown, session?: Session): Failure {
  return dataWithoutSecrets(plain(error, session));
}

function plain(error: unknown, session: Session | undefined): Failure {
  if (error instanceof CommanderError) return wrongUsage(error);
  if (error instanceof Problem) {
    const { code, message, fix, exit, shown, lines, problems } = error;
    return { code, message, fix, exit, shown, lines, problems, taken: "no" };
  }
  const known = libraryError(error);
  if (known) return { ...known, fix: fixOf(known, error, session), exit: exitOf(known, error) };
  return {
    code: "internal",
    // Its own words may quote anything, such as a path that was no path.
    message: `This should not have happened (${systemCode(error)}).`,
    fix: "Report it, with the output of OCISIGN_DEBUG=1.",
    exit: exitCode.error,
    taken: "no",
  };
}

/** An image that no rule of a trust file is about was refused, as one whose signatures do not count; a list with it, too. */
function exitOf({ code }: LibraryError, error: unknown): number {
  const cause = code === "bad-list" && error instanceof Error ? libraryError(error.cause) : undefined;
  return (cause?.code ?? code) === "no-trust-rule" ? exitCode.notVerified : exitCode.error;
}

/** The command whose arguments were wrong, as help.ts adds it to commander's errors. */
type UsageError = CommanderError & { readonly command?: Command };

/** Parts commander's words into what is wrong and what to do. */
function wrongUsage({ code, message, command }: UsageError): Failure {
  // Then people have seen the help, and commander has no words of its own.
  const said =
    code === "commander.help" ? "No command is given, or none has this name" : withoutTyped(message);
  const [what = "", ...more] = said
    .replace(/^error: /, "")
    .replace(/^command-argument value is invalid for argument '(\w+)'/, "argument <$1> is invalid")
    .split("\n");
  const suggestion = more.join(" ").replace(/^\(|\)$/g, "");
  const help = `See \`${pathOf(command)} --help\`.`;
  const many = code === "commander.excessArguments" ? fixForTooMany(command) : undefined;
  const fix = many ?? (suggestion ? `${suggestion} ${help}` : help);
  const sentence = `${what}.`.replace(/[.]{2}$/, ".");
  return { code: "usage", message: sentence, fix, exit: exitCode.usage, taken: "no" };
}

function pathOf(command: Command | null | undefined): string {
  if (!command) return "ocisign";
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/**
 * What to do here. A call that the service may have accepted is looked for before it is sent again: the library's own
 * words say so already.
 */
function fixOf(error: LibraryError, original: unknown, session: Session | undefined): string {
  const fix = fixHere(error, original, session);
  if (fix === undefined) return inWordsOfHere(error.fix, error.message);
  return error.taken === "maybe" ? `${fix} ${lookFirst}` : fix;
}

const lookFirst =
  "The service may have accepted it anyway. Check `ocisign signings` before you send it again.";

/** The library speaks to programmers; a command line has flags. Undefined where the library's words will do. */
function fixHere(
  { code, message, taken, fix }: LibraryError,
  original: unknown,
  session: Session | undefined,
): string | undefined {
  // A registry's login is not the service's token.
  if (isAboutSignIn(fix)) return undefined;
  switch (code) {
    case "unauthorized":
      if (session?.isSignedIn) return `${expired(session)}Run \`ocisign login\` again.`;
      return (
        `${expired(session)}Get a new token. ` +
        "With `ocisign login`, --token-command or --token-file, the program gets a new one itself."
      );
    case "redirected":
      return "Give the service's real URL with --url: a token is never sent along a redirect.";
    case "network":
      return networkFix(session?.networkFault, causeOf(original), message);
    case "timeout":
      return taken === "maybe" ? "Check the network." : "Try again, or give more time with --call-timeout.";
    case "operation-ambiguous":
      return "Name one with --operation; `ocisign products ID` lists them.";
    case "operation-missing":
      return "Name one of type SignOCI, or choose another product; `ocisign products ID` lists the operations.";
    case "bad-status":
    case "not-json":
      return "Check --url: a sign-in page or a proxy may have answered.";
    case "not-found":
      if (/ is of the batch /.test(message) || ofImage.test(message)) return undefined;
      // A list has no id that could be wrong.
      return /^Reading the (products|signing requests):/.test(message)
        ? "Check --url, and the paths in the profile: the service has nothing there."
        : "Check the id and --url: it does not exist, or you have no access to it.";
    default:
      return undefined;
  }
}

/** What no registry or layout has: the service, and an id of its, have nothing to do with it. */
const ofImage =
  /^\S+: (Reading|Looking for|Listing|Pushing) | does not hold the image |^The referrer \S+ is listed, | has no tag /;

function networkFix(fault: unknown, cause: unknown, message: string): string {
  const ofProxy = proxyFaultIn(fault);
  if ([fault, cause, ofProxy?.why].some(isUnknownAuthority)) {
    return "If a private CA signed the certificate, give the CA with --cacert.";
  }
  if (ofProxy) return ofProxy.fix;
  return /certificate/i.test(message)
    ? "Check the service's certificate: it has to be valid now, and for the host in --url."
    : "Check --url and the network.";
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function expired(session: Session | undefined): string {
  const expiry = expiryOf(session?.usedToken);
  return expiry && expiry.getTime() < Date.now() ? `The token expired at ${expiry.toISOString()}. ` : "";
}

/** The failure for a program. `resume` is the command that goes on with the request. */
export function failureDocument(failure: Failure, resume?: string) {
  const { code, message, fix, offset, exit, lines, problems } = failure;
  return { error: { code, message, fix, offset, lines, problems, resume, exitCode: exit } };
}

/** The failure for a person. */
export function failureText({ message, fix, shown }: Failure, output: Output): string {
  const lines = [`${output.paintNote("bad", "error:")} ${visible(message)}`];
  if (shown) lines.push(...shown.split("\n").map((line) => `  ${line}`));
  lines.push(`  ${visible(fix)}`);
  return lines.join("\n");
}
