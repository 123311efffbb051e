// Any error as it is told: what was wrong, where, and what to do here, on a command line.
import { CommanderError } from "commander";
import { exitCode } from "./exit-codes.js";
import { Problem } from "./problem.js";
import { withoutSecrets } from "./secrets.js";
import { expiryOf } from "./token.js";
import { pointedAt, visible } from "./visible.js";

/**
 * @typedef {object} Failure
 * @property {string} code @property {string} message @property {string} fix @property {number} exit
 * @property {number} [offset] @property {string} [shown] lines to put below the message
 * @property {object[]} [lines] what is wrong with each line of a file
 */

/**
 * @param {any} error @param {import("./session.js").Session} [session] @returns {Failure}
 */
export function explain(error, session) {
  const failure = plain(error, session);
  return { ...failure, message: withoutSecrets(failure.message), fix: withoutSecrets(failure.fix) };
}

/** @param {any} error @param {import("./session.js").Session} [session] @returns {Failure} */
function plain(error, session) {
  if (error instanceof CommanderError) return wrongUsage(error);
  if (error instanceof Problem) {
    const { code, message, fix, exit, shown, lines } = error;
    return { code, message, fix, exit, shown, lines };
  }
  if (error?.name === "OcisignError") {
    const { code, message, offset } = error;
    return { code, message, fix: fixHere(error, session), exit: exitCode.error, offset };
  }
  return {
    code: "internal",
    message: `This should not have happened: ${error?.message ?? error}`,
    fix: "Please report it, with what OCISIGN_DEBUG=1 shows.",
    exit: exitCode.error,
  };
}

/**
 * Commander's words, parted into what is wrong and what to do.
 *
 * @param {CommanderError & { command?: import("commander").Command }} error @returns {Failure}
 */
function wrongUsage({ code, message, command }) {
  // Then the help is shown to people, and commander has no words of its own.
  const said = code === "commander.help" ? "there is no command, or none of this name" : message;
  const [what, ...more] = said.replace(/^error: /, "").split("\n");
  const suggestion = more.join(" ").replace(/^\(|\)$/g, "");
  const help = `See \`${pathOf(command)} --help\`.`;
  const fix = suggestion ? `${suggestion} ${help}` : help;
  return { code: "usage", message: `${what}.`.replace(/[.]{2}$/, "."), fix, exit: exitCode.usage };
}

/** @param {import("commander").Command | null | undefined} command @returns {string} */
function pathOf(command) {
  if (!command) return "ocisign";
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/**
 * The library speaks to programmers; here there are flags.
 *
 * @param {{ code: string, message: string, fix: string }} error @param {import("./session.js").Session} [session]
 * @returns {string}
 */
function fixHere({ code, message, fix }, session) {
  switch (code) {
    case "unauthorized":
      return `${expired(session)}Get a new token; --token-command and --token-file fetch one anew by themselves.`;
    case "redirected":
      return "Name the place where it really is with --url; a token is never sent along a redirect.";
    case "network":
      if (/certificate|issuer/i.test(message))
        return "If it is signed by a private CA, give it with --cacert.";
      if (fix.startsWith("It may")) return lookFirst;
      return "Check --url and the network.";
    case "timeout":
      return fix.startsWith("It may") ? lookFirst : "Try again, or give more time with --call-timeout.";
    case "operation-ambiguous":
      return "Name one with --operation; `ocisign products ID` shows them.";
    case "bad-status":
      return notTheService;
    case "bad-reply":
      return fix.includes("baseUrl") ? notTheService : fix;
    case "operation-missing":
      return "`ocisign products ID` shows the operations; name one of type SignOCI, or choose another product.";
    case "not-found":
      return "Check the id and --url; what you may not see can look like this, too.";
    default:
      return fix;
  }
}

const lookFirst =
  "It may have been taken all the same: look with `ocisign signings` before you send it again.";

const notTheService =
  "Check --url: it may be a sign-in page or a proxy that answers. If something was asked for, look with `ocisign signings` before you ask again.";

/** @param {import("./session.js").Session} [session] */
function expired(session) {
  const expiry = expiryOf(session?.usedToken);
  return expiry && expiry.getTime() < Date.now() ? `The token expired at ${expiry.toISOString()}. ` : "";
}

/**
 * The failure for a program that reads.
 *
 * @param {Failure} failure @param {string} [resume] the command that goes on with the request
 */
export function failureDocument({ code, message, fix, offset, exit, lines }, resume) {
  return { error: { code, message, fix, offset, lines, resume, exitCode: exit } };
}

/**
 * The failure for a person.
 *
 * @param {Failure} failure @param {import("./output.js").Output} output
 */
export function failureText({ message, fix, shown }, output) {
  const lines = [`${output.paintNote("bad", "error:")} ${visible(message)}`];
  if (shown) lines.push(...shown.split("\n").map((line) => `  ${line}`));
  lines.push(`  ${visible(fix)}`);
  return lines.join("\n");
}

/** The lines that point into a text that was refused. @param {any} error @param {string} text */
export function pointer({ offset }, text) {
  return typeof offset === "number" ? pointedAt(text, offset) : undefined;
}
