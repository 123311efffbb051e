// The command that goes on where one was interrupted: with the same settings, but without anything secret.
import { longFlag, type Settings } from "./settings.ts";
import { withoutUrlSecrets } from "./withheld.ts";

export interface Resume {
  readonly command: string;
  /** What the user has to add to it. */
  readonly addition?: string;
  /** What is said before it, if not that the request continues. */
  readonly lead?: string;
}

const repeated = ["url", "profile", "cert", "tlsKey", "cacert", "tokenFile"] as const;

/** How the interrupted command was told to reach the service. */
interface Reached {
  readonly settings: Settings;
  readonly config: string | undefined;
}

/** Those of these settings that flags gave, as they were given. */
export function flaggedIn(settings: Settings, names: readonly (keyof Settings)[]): readonly string[] {
  return names.flatMap((name) => {
    const setting = settings[name];
    return setting?.isFlag ? [longFlag(name), setting.value] : [];
  });
}

/** `words` are such as `status` and an id. */
export function resumeWith({ settings, config }: Reached, words: readonly string[]): Resume {
  const flags = config ? ["--config", config] : [];
  const added: string[] = [];
  for (const name of repeated) {
    const setting = settings[name];
    if (!setting?.isFlag) continue;
    if (isPublic(setting.value)) flags.push(longFlag(name), setting.value);
    else added.push(longFlag(name));
  }
  const { token, tokenCommand } = settings;
  const fromFile = token?.isFlag && /^@[^-]/.test(token.value);
  if (fromFile) flags.push("-t", token.value);
  const command = ["ocisign", ...words, ...flags].map(quoted).join(" ");
  if (!fromFile && (token?.isFlag || tokenCommand?.isFlag)) added.push("the token");
  return added.length > 0
    ? { command, addition: `and ${added.join(" and ")}, given as before` }
    : { command };
}

/** The command for a person, with what to add to it. */
export function resumeText({ command, addition }: Resume): string {
  return addition ? `  ${command}\n  (${addition})` : `  ${command}`;
}

/** What a hint needs of a session. */
interface Hinting extends Reached {
  readonly output: { hint(text: string): void };
}

/** Hints at the next command, with the settings of this one. */
export function hintWith(session: Hinting, what: string, words: readonly string[]): void {
  session.output.hint(`${what}\n${resumeText(resumeWith(session, words))}`);
}

/** A URL may carry a secret behind its `?`; a path has done so far what it was to do. */
function isPublic(value: string): boolean {
  return !/^https?:/i.test(value) || withoutUrlSecrets(value) === value;
}

/** A word as a POSIX shell reads it back. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
