// The one rule which text looks like a secret, and what is shown in its place. It rather takes too much for a secret than
// too little. A value without a form is known by its name only: many public values look as random as a password.

/** What stands in a text in place of what looks like a secret. */
export const mask = "[looks like a secret]";

/** Words within a name that say what its value is. */
const secretWithin = /passw(?:or)?d|passphrase|secret|credential|api_?key|access_?key|private_?key/i;
/** Words that say it as a whole word. */
const secretWords = new Set(["pass", "creds", "cred", "auth", "authorization", "jwt", "cookie", "sas"]);
/** The last word of a name that says it. */
const secretLast = /^(?:\w*tokens?|keys?|pwd|pat)$/i;
/** Where something lies that is secret is no secret. */
const placeLast = new Set(["file", "files", "path", "dir", "directory"]);
/** Keys that are there to be known. */
const publicWords = new Set(["public", "pub", "gpg", "pgp"]);
/** Variables of every shell, which end like a password. */
const publicNames = new Set(["PWD", "OLDPWD"]);

/** Does the name of a variable, an option or a label say that its value is a secret? */
export function isSecretName(name: string): boolean {
  // No honest name is longer; it is not worth the work.
  const short = name.slice(0, 500);
  if (publicNames.has(short)) return false;
  const words = wordsOf(short);
  const last = words.at(-1) ?? "";
  if (placeLast.has(last)) return false;
  if (secretWithin.test(short) || words.some((word) => secretWords.has(word))) return true;
  if (words.some((word) => word === "token" || word === "tokens")) return true;
  return secretLast.test(last) && !words.some((word) => publicWords.has(word));
}

/** `dbPassword`, `DB_PASSWORD`, `db-password` and `db.password` have the same words. */
function wordsOf(name: string): readonly string[] {
  const parted = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  return parted
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** Texts that are secrets wherever they stand, by the forms that their makers gave them. */
const forms: readonly RegExp[] = [
  // PEM, to its end, or to the end of the text.
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]{0,40}-----)?/g,
  // The user in a URL. What stands before the scheme stays.
  /(?<=:\/\/)[^\s/@"'<>]{1,500}(?=@)/g,
  /(?<![\w-])(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w)/g,
  /(?<![\w-])(?:gh[oprsu]_|github_pat_|glpat-|xox[abeoprs]-|npm_|dckr_[po]at_|hf_|pypi-|sk-|[rs]k_live_|SG\.)[\w.-]{16,500}/g,
  /(?<![\w-])AIza[\w-]{30,100}/g,
  // JSON Web Tokens.
  /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g,
  /(?<=(?<![\w-])(?:Bearer|Basic)\s{1,20})[\w.~+/=-]{12,}/gi,
];

const hasForm = forms.map((form) => new RegExp(form.source, form.flags.replace("g", "")));

/** Words that say nothing secret under any name. */
const plainValue = /^(?:|true|false|yes|no|on|off|none|null|0|1)$/i;

/** Does a value look like a secret, by its own form or by its name? */
export function looksSecret(name: string, value: string): boolean {
  if (plainValue.test(value)) return false;
  return isSecretName(name) || hasForm.some((form) => form.test(value));
}

/** A text with a value of a name: the value, or the mask in its place. */
export function valueOrMask(name: string, value: string): string {
  return looksSecret(name, value) ? mask : value;
}

// Each begins only where a word begins, so that no text costs more than its length.
/** `NAME=value`, `--name=value`, `"name": "value"`. */
const assignment =
  /(?<![\w.-])(-{0,2}[A-Za-z_][\w.-]{0,200})(=|["']\s{0,5}:\s{0,5})("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"';|&]+)/g;
/** `--name value`. */
const option = /(?<![\w.-])(--?[A-Za-z][\w-]{0,200})(\s{1,20})("[^"]*"|'[^']*'|[^\s-][^\s;|&]*)/g;
/** How builders write a variable into the history: its value is not quoted, and may have blanks. */
const instruction =
  /^(?:\/bin\/sh -c #\(nop\)\s{0,10})?(?:ENV|ARG)\s{1,10}([A-Za-z_][\w.-]{0,200})[= ]([\s\S]*)$/;
/** How classic builders write build arguments: `|2 NAME=value NAME=value /bin/sh -c …`. */
const buildArguments = /^(?:RUN\s{1,10})?\|\d{1,4} /;
const argument =
  /(?<![\w.-])([A-Za-z_][\w.-]{0,200})=((?:(?!\s[A-Za-z_][\w.-]{0,200}=|\s\/\S{1,100} -c )[\s\S])*)/g;

/** A text of commands without what looks like a secret in it. */
export function withoutSecrets(text: string): string {
  const whole = text.match(instruction);
  if (whole) {
    const [, name = "", value = ""] = whole;
    if (looksSecret(name, value)) return text.slice(0, text.length - value.length) + mask;
  }
  const named = (all: string, name: string, sign: string, value: string) =>
    looksSecret(name, unquoted(value)) ? `${name}${sign}${mask}` : all;
  const shown = buildArguments.test(text)
    ? text.replace(argument, (all, name: string, value: string) => named(all, name, "=", value))
    : text;
  return withoutForms(shown.replace(assignment, named).replace(option, named));
}

function withoutForms(text: string): string {
  return forms.reduce((shown, form) => shown.replace(form, mask), text);
}

function unquoted(text: string): string {
  return text.replace(/^["']|["']$/g, "");
}

/** The words of a command without what looks like a secret: also where a word names the next one. */
export function wordsWithoutSecrets(words: readonly string[]): readonly string[] {
  return words.map((word, at) => {
    const name = words[at - 1] ?? "";
    const isNamed = /^--?[A-Za-z][\w-]{0,200}$/.test(name) && !word.startsWith("-");
    return isNamed && looksSecret(name, word) ? mask : withoutSecrets(word);
  });
}
