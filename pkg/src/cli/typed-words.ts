// What commander repeats of a command line that is wrong. A word that was typed may be a secret, so only what is surely a
// name stays: of an option its letters without a value, and of a command what is nearly one of ours.
import { keepSecret } from "./secrets.ts";

interface Quoting {
  /** Before, what was typed, and after. What was typed may hold quotes and line breaks itself. */
  readonly form: RegExp;
  /** What is surely a name, of what was typed. */
  readonly name?: (typed: string, after: string) => string | undefined;
}

const quotings: readonly Quoting[] = [
  {
    form: /^(error: unknown command )'([\s\S]*)'((?:\n\(Did you mean [\s\S]*\))?)$/,
    name: (typed, suggestion) => (suggestion ? typed.match(/^[a-z-]{1,20}$/)?.[0] : undefined),
  },
  {
    form: /^(error: unknown option )'([\s\S]*)'((?:\n\(Did you mean [\s\S]*\))?)$/,
    name: (typed) => typed.match(/^--[a-z][a-z-]{1,28}(?==|$)|^-[a-z](?!-)/)?.[0],
  },
  { form: /^(error: option '[^']*' argument )'([\s\S]*)' (is invalid\.[\s\S]*)$/ },
  { form: /^(error: command-argument value )'([\s\S]*)' (is invalid for [\s\S]*)$/ },
];

/** The message of an error of commander's, without what may be a secret in it. */
export function withoutTyped(message: string): string {
  for (const { form, name } of quotings) {
    const [whole, before = "", typed = "", after = ""] = message.match(form) ?? [];
    if (whole === undefined) continue;
    const shown = name?.(typed, after);
    // The stack that OCISIGN_DEBUG shows has the message, too.
    if (shown !== typed) keepSecret(shown === undefined ? typed : typed.slice(shown.length));
    return shown === undefined ? `${before.trimEnd()} ${after}`.trimEnd() : `${before}'${shown}'${after}`;
  }
  return message;
}
