// The one rule which text looks like a secret, and what is shown in its place. It rather takes too much for a secret than
// too little. A value without a form is known by its name only: many public values look as random as a password.

/** What stands in a text in place of what looks like a secret. */
export const mask = "[looks like a secret]";
const maskTwice = mask + mask.slice(mask.indexOf(" "));

/** Words within a name that say what its value is. */
const secretWithin =
  /passw(?:or)?d|passphrase|passcode|sshpass|secret|credential|(?:api|access|private|auth|account|master|encryption|signing|storage|ssh|host|shared)_?key|mnemonic|connection_?string/i;
/** Words that say it as a whole word. */
const secretWords = new Set([
  ...[
    "pass",
    "creds",
    "cred",
    "auth",
    "authorization",
    "bearer",
    "jwt",
    "cookie",
    "sas",
    "sig",
    "otp",
    "totp",
  ],
]);
/** `DBPASS` in one word. `bypass` and `compass` are none. */
const passAtEnd =
  /^(?:db|user|root|admin|my|ldap|smtp|mail|ftp|redis|mysql|pg|key|store|keystore|truststore)pass$/;
/** The last word of a name that says it. */
const secretLast = /^(?:\w*tokens?|keys?|pwd|pat)$/i;
/** Where something lies that is secret is no secret. */
const placeLast = new Set(["file", "files", "path", "dir", "directory"]);
/** Keys that are there to be known. */
const publicWords = new Set(["public", "pub", "gpg", "pgp", "recv"]);
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
  if (secretWithin.test(short) || words.some(isSecretWord)) return true;
  if (words.some((word) => word === "token" || word === "tokens")) return true;
  return secretLast.test(last) && !words.some((word) => publicWords.has(word));
}

function isSecretWord(word: string): boolean {
  return secretWords.has(word) || passAtEnd.test(word);
}

/** `dbPassword`, `DB_PASSWORD`, `db-password` and `db.password` have the same words. */
function wordsOf(name: string): readonly string[] {
  const parted = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  return parted
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** Beginnings of tokens that say whose they are: their makers chose them so that they are found. */
const beginnings = [
  // GitHub, GitLab, Bitbucket and Atlassian.
  ...[
    "gh[oprsu]_",
    "github_pat_",
    "gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|wt|ffct)-",
    "GR1348941",
    "ATBB",
    "ATATT3",
    "ATCTT3",
  ],
  // Slack, Telegram is below.
  ...["xox[abceoprs]-", "xoxe\\.", "xapp-"],
  // Package registries: npm, Docker, PyPI, RubyGems, NuGet, crates.io, Artifactory.
  ...[
    "npm_(?=[A-Za-z0-9]{30})",
    "dckr_[po]at_",
    "pypi-",
    "rubygems_",
    "oy2",
    "cio[A-Za-z0-9]{16}",
    "AKCp",
    "cmVmdGtu",
  ],
  // Google: keys, tokens, client secrets.
  ...["AIza", "ya29\\.", "GOCSPX-", "1//0"],
  // Clouds and hosters.
  ...[
    "do[opr]_v1_",
    "HRKU-",
    "fo1_",
    "FlyV1\\s",
    "dp\\.[a-z]{2,5}\\.",
    "pul-",
    "hv[sbr]\\.",
    "nfp_",
    "sbp_",
    "pscale_\\w{2,6}_",
  ],
  // Services that are paid for.
  ...[
    "sk-",
    "sk_(?:live|test)_",
    "rk_(?:live|test)_",
    "whsec_",
    "SG\\.",
    "hf_(?=[A-Za-z0-9]{30})",
    "shp(?:at|ca|pa|ss)_",
    "sq0[a-z]{3}-",
    "lin_api_",
  ],
  ...[
    "glsa_",
    "glc_",
    "NRAK-",
    "dapi(?=[0-9a-f]{32})",
    "PMAK-",
    "figd_",
    "ntn_",
    "sntry[su]_",
    "sq[pau]_",
    "AGE-SECRET-KEY-",
  ],
];

/** Texts that are secrets wherever they stand, by the forms that their makers gave them. */
const forms: readonly RegExp[] = [
  // PEM and its like of OpenPGP, to its end, or to the end of the text; in base64, from the beginning that it has there.
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]{0,50}-----)?/g,
  /---- BEGIN SSH2 ENCRYPTED PRIVATE KEY(?:(?!---- END)[\s\S])*/g,
  /(?<![\w+/])LS0tLS1CRUdJTi[\w+/=]{16,}/g,
  // The user in a URL. What stands before the scheme stays. A password may have any of these signs in it.
  /(?<=:\/\/)[^\s/@"'<>:]{0,500}:[^\s"'<>]{0,300}(?=@)/g,
  /(?<=:\/\/)[^\s/@"'<>]{1,4000}(?=@)/g,
  // What knows the address may write there.
  /(?<=:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{8,500}/g,
  /(?<=:\/\/(?:\w{1,20}\.)?discord(?:app)?\.com\/api\/(?:v\d{1,3}\/)?webhooks\/)[\w/-]{8,500}/g,
  /(?<=:\/\/[\w.-]{1,200}\.webhook\.office\.com\/)[\w@/-]{8,500}/g,
  /(?<![\w-])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?!\w)/g,
  new RegExp(`(?<![\\w-])(?:${beginnings.join("|")})[\\w.~+/=-]{16,500}`, "g"),
  // Telegram, Twilio, Mailgun, Azure.
  /(?<![\w-])(?:bot)?\d{8,10}:[\w-]{35}(?![\w-])/g,
  /(?<![\w-])(?:SK[0-9a-f]{32}|key-[0-9a-f]{32})(?!\w)/g,
  /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}/g,
  // JSON Web Tokens, signed or encrypted.
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]*\.[\w.-]*/g,
  /(?<=(?<![\w-])(?:Bearer|Basic|token)\s{1,20})[\w.~+/=-]{12,}/gi,
];

const hasForm = forms.map((form) => new RegExp(form.source, form.flags.replace("g", "")));

/** Words that say nothing secret under any name. */
const plainValue = /^(?:|true|false|yes|no|on|off|none|null|0|1)$/i;

/** Does a value look like a secret, by its own form or by its name? */
function isSecretValue(name: string, value: string): boolean {
  if (plainValue.test(value)) return false;
  return isSecretName(name) || hasForm.some((form) => form.test(value));
}

/** The same, or has it one within, such as a connection string with a password? */
export function looksSecret(name: string, value: string): boolean {
  return isSecretValue(name, value) || withoutSecrets(value) !== value;
}

/** A text with a value of a name: the value, or the mask in its place. */
export function valueOrMask(name: string, value: string): string {
  return looksSecret(name, value) ? mask : value;
}

// Each begins only where a word begins, so that no text costs more than its length.
/** Up to the value of `NAME=value`, `--name=value`, `"name": "value"`, `name: value`, `name = value`, `name := value`. */
const assignment = /(?<![\w.-])(-{0,2}[A-Za-z_][\w.-]{0,200})(\\?["']?\s{0,5}(?:=|:(?![:/]))=?\s{0,5})/g;
// What is quoted and has no end goes on to the end of the text: searched again from each beginning, it would take the
// square of the text's length.
const assigned = /\\?"(?:[^"\\]|\\[\s\S]?)*"?|'[^']*'?|[^\s"';|&,]+/y;
/** An option behind an empty value: what it names stands behind it. */
const optionNext = /(--?[A-Za-z][\w-]{0,200})\s/y;
/** `--name value`. */
const option = /(?<![\w.-])(--?[A-Za-z][\w-]{0,200})(\s{1,20})("[^"]*"|'[^']*'|[^\s-][^\s;|&]*)/g;
/** `Authorization: Basic …`: the name's value goes on behind its first word. What looks like an option is no value. */
const header =
  /(?<![\w-])((?:Proxy-)?Authorization)(["']?\s{0,5}[:=]\s{0,5}["']?)(?!--?[a-z][\w-]{0,200}\s)(\w{1,20} )?([^\s"';|&]+)/gi;
/** What programs take without a name: `curl -u me:…`, `sshpass -p …`, `docker login -p …`, `echo me:… | chpasswd`. */
const unnamed: readonly RegExp[] = [
  /(?<=(?<![\w-])(?:-u|-U|--user|--proxy-user)[\s=]{0,5}["']?[^\s"':]{1,64}:)(?!\d{1,10}(?:[\s"']|$))[^\s"']{1,500}/g,
  /(?<=\bsshpass\s{1,5}-p\s{0,5})["']?[^\s"']{1,500}/g,
  /(?<=\blogin\s(?:[^\n;|&]{0,120}\s)?-p\s{0,5})["']?[^\s"']{1,500}/g,
  /(?<=\b(?:mysql|mysqldump|mariadb|mysqladmin)\s(?:[^\n;|&]{0,120}\s)?-p)["']?[^\s"']{1,500}/g,
  /(?<=\bredis-cli\s(?:[^\n;|&]{0,120}\s)?-a\s{1,5})["']?[^\s"']{1,500}/g,
  /(?<=\b(?:useradd|usermod)\s(?:[^\n;|&]{0,120}\s)?-p\s{1,5})["']?[^\s"']{1,500}/g,
  /(?<=[\w.-]{1,32}:)[^\s"':|]{1,200}(?=["']?\s{0,10}\|\s{0,10}(?:sudo\s{1,5})?chpasswd)/g,
];

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
    if (isSecretValue(name, value)) return text.slice(0, text.length - value.length) + mask;
  }
  const named = (all: string, name: string, sign: string, value: string) =>
    isSecretValue(name, unquoted(value)) ? `${name}${sign}${mask}` : all;
  const shown = buildArguments.test(text)
    ? text.replace(argument, (all, name: string, value: string) => named(all, name, "=", value))
    : text;
  // What has a form first: a name before it may take only a part of it.
  const plain = [...forms, ...unnamed].reduce((rest, form) => rest.replace(form, mask), shown);
  const withoutHeaders = plain.replace(
    header,
    (_, name: string, sign: string, kind: string | undefined) => name + sign + (kind ?? "") + mask,
  );
  // Where a mask stood for a part already, its first word was taken for the value.
  return withoutAssigned(withoutHeaders).replace(option, named).replaceAll(maskTwice, mask);
}

/** A value whose name says nothing may have others in it: `--env=TOKEN=…`. */
function withoutAssigned(text: string): string {
  let [shown, done] = ["", 0];
  for (const { index, 0: start, 1: name = "" } of text.matchAll(assignment)) {
    if (index < done || !isSecretName(name)) continue;
    const at = index + start.length;
    optionNext.lastIndex = at;
    if (isSecretName(optionNext.exec(text)?.[1] ?? "")) continue;
    assigned.lastIndex = at;
    const value = assigned.exec(text)?.[0] ?? "";
    if (plainValue.test(unquoted(value))) continue;
    shown += text.slice(done, at) + mask;
    done = at + value.length;
  }
  return shown + text.slice(done);
}

function unquoted(text: string): string {
  return text.replace(/^\\?["']|\\?["']$/g, "");
}

/** The words of a command without what looks like a secret: also where a word names the next one. */
export function wordsWithoutSecrets(words: readonly string[]): readonly string[] {
  return words.map((word, at) => {
    const name = words[at - 1] ?? "";
    const isNamed = /^--?[A-Za-z][\w-]{0,200}$/.test(name) && !word.startsWith("-");
    if (isNamed && isSecretValue(name, word)) return mask;
    // `-u` takes a name and a password.
    const isUser = /^(?:-u|-U|--(?:proxy-)?user)$/.test(name) && /^[^\s:/]+:(?!\d{1,10}$)[^\s/]/.test(word);
    return isUser ? `${word.slice(0, word.indexOf(":") + 1)}${mask}` : withoutSecrets(word);
  });
}
