// The command that goes on where one was interrupted: with the same settings, but without anything secret.
import { longFlag, type Settings } from "./settings.ts";

export interface Resume {
  readonly command: string;
  /** What the user has to add to it. */
  readonly addition?: string;
}

const repeated = ["url", "profile", "cert", "tlsKey", "cacert", "tokenFile"] as const;

/** How the interrupted command was told to reach the service. */
interface Reached {
  readonly settings: Settings;
  readonly config: string | undefined;
}

/** `words` are such as `status` and an id. */
export function resumeWith({ settings, config }: Reached, words: readonly string[]): Resume {
  const flags = config ? ["--config", config] : [];
  for (const name of repeated) {
    const setting = settings[name];
    if (setting?.isFlag) flags.push(longFlag(name), setting.value);
  }
  const { token, tokenCommand } = settings;
  const fromFile = token?.isFlag && /^@[^-]/.test(token.value);
  if (fromFile) flags.push("-t", token.value);
  const command = ["ocisign", ...words, ...flags].map(quoted).join(" ");
  const needsToken = !fromFile && (token?.isFlag || tokenCommand?.isFlag);
  return needsToken ? { command, addition: "and the token, given as before" } : { command };
}

/** A word as a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
