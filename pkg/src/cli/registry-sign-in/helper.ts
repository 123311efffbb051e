// Asks a credential helper of docker: a program docker-credential-NAME that is told a server and prints what opens it
// (https://github.com/docker/docker-credential-helpers). What it prints is a secret: nothing of it reaches a message.
import type { RegistrySignIn } from "ocisign";
import { isRecord, isText } from "../../foreign.ts";
import { runChild } from "../child.ts";
import { writeDuration } from "../duration.ts";
import { Problem } from "../problem.ts";
import { textIn } from "../text-in.ts";
import { ofPair } from "./entry.ts";
import { badFile, fieldNamed } from "./kept-file.ts";

export interface Asked {
  /** Its name, without docker-credential-. */
  readonly helper: string;
  readonly server: string;
  /** What names it, for messages. */
  readonly file: string;
}

/** A person may have to type a passphrase meanwhile. */
const usualTimeoutMs = 60_000;
/** No secret is longer. */
const longest = 1024 * 1024;
/** How every helper says that it has nothing for a server, beside an exit code other than 0. */
const nothing = "credentials not found in native keychain";

/** @returns undefined where it knows nothing of that server */
export async function askHelper(
  { helper, server, file }: Asked,
  timeoutMs = usualTimeoutMs,
  signal: AbortSignal,
): Promise<RegistrySignIn | undefined> {
  // A path in it would start another program than one of that name.
  if (!/^[\w][\w.-]{0,99}$/.test(helper))
    throw badFile(`${file}: a helper is named that is not the name of one.`);
  const command = `docker-credential-${helper}`;
  const failed = (
    what: string,
    fix = `Run \`${command} get\` yourself, and type ${server} and Ctrl-D, to see why.`,
  ) => new Problem("bad-helper", `${file}: ${command} ${what}.`, fix);
  const child = await runChild({ command, args: ["get"], input: server, timeoutMs, longest }, signal);
  if (child.how === "not-started") {
    const fix =
      child.code === "ENOENT"
        ? `Install ${command}, or add its folder to PATH.`
        : `Check that ${command} may be run.`;
    throw failed(child.code === "ENOENT" ? "is not there" : `cannot be started (${child.code})`, fix);
  }
  if (child.how === "too-long") throw failed(`did not end within ${writeDuration(timeoutMs)}`);
  if (child.how === "too-much") throw failed("prints more than a sign-in");
  const printed = textIn(child.printed);
  if (child.code !== 0) {
    if (printed?.trim() === nothing) return undefined;
    throw failed(child.by ? `was ended by ${child.by}` : `ended with code ${child.code}`);
  }
  const said = printed === undefined ? undefined : parsed(printed);
  const [username, secret] = said
    ? [fieldNamed(said, "Username") ?? "", fieldNamed(said, "Secret") ?? ""]
    : [];
  if (!isText(username) || !isText(secret)) throw failed("prints no sign-in");
  return ofPair(username, secret, `${file}: ${command}`);
}

function parsed(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // Its message would quote what was printed.
    return undefined;
  }
}
