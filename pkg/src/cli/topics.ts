// The topics of `ocisign help`. What they list comes from where it is defined, so that no setting is forgotten.
import { Help, type Option } from "commander";
import { listOptions } from "./bulk/options.ts";
import { viaOptions } from "./digest/via-options.ts";
import { type HelpRow, items, widest } from "./help.ts";
import { certificateOptions } from "./image-certificates.ts";
import { exitCode, exitCodeOf } from "./problem.ts";
import { general } from "./run-command.ts";
import {
  connection,
  longFlag,
  registry,
  type SettingName,
  settingNames,
  settings,
  signIn,
} from "./settings.ts";
import type { topicNames } from "./topic-names.ts";
import { verifyingOptions } from "./verifying-options.ts";

type Topic = (typeof topicNames)[number];

const texts: Readonly<Record<Topic, () => readonly string[]>> = {
  certificates: certificatesText,
  connection: connectionText,
  digests: digestsText,
  environment: environmentText,
  "exit-codes": exitCodesText,
  lists: listsText,
  output: outputText,
  "signing-in": signingInText,
  verifying: verifyingText,
};

/** The text of a topic. */
export function topicText(name: string): string {
  const text = Object.entries(texts).find(([topic]) => topic === name)?.[1];
  return text ? `${text().filter(Boolean).join("\n\n")}\n` : "";
}

const tokens: readonly SettingName[] = ["token", "tokenFile", "tokenCommand"];
const tls: readonly SettingName[] = ["cert", "tlsKey", "cacert"];

function connectionText(): string[] {
  const service = connection.filter((name) => !tokens.includes(name) && !tls.includes(name));
  return [
    wrapped(
      "How ocisign reaches the service and registries. Every command takes these options, before its name or " +
        "after it. A flag overrides its environment variable, which overrides the configuration file.",
    ),
    section("Service:", service.map(settingRow)),
    section("Token, by one of these:", tokens.map(settingRow)),
    section("TLS:", tls.map(settingRow)),
    section(
      "Registry, for `verify`, `sign --verify`, `sign --from-file`, `attach`, `doctor`:",
      registry.map(settingRow),
    ),
    section(
      "General:",
      Object.values(general).map(({ make }) => [make().flags, make().description]),
    ),
    wrapped(
      "HTTPS_PROXY, HTTP_PROXY and NO_PROXY are respected. --key means --tls-key, except after `verify`, " +
        "`attach` and `sign`, where it is the public key.",
    ),
    wrapped(
      "The configuration file is ocisign/config.json in $XDG_CONFIG_HOME (~/.config; on Windows %APPDATA%): JSON " +
        `with any of ${settingNames.filter((name) => !settings[name].isSecret).join(", ")}.`,
    ),
    "Example:\n  $ export OCISIGN_URL=https://app.laavat.io/acme/api/v1\n  $ ocisign products -t @token",
  ];
}

function certificatesText(): string[] {
  return [
    wrapped(
      "A signature may carry a code-signing certificate of its key. `verify` looks at it only with " +
        "--certificate-root: then each signature needs one that leads to such a CA, and no key has to be known. With " +
        "--key or --product, it has to be a certificate of that key.",
    ),
    section(
      "Options of `verify`:",
      Object.values(certificateOptions).map(({ make }) => [make().flags, make().description]),
    ),
    wrapped(
      "Without --certificate-identity and --certificate-subject, each code-signing certificate of the CA counts. " +
        "Whether a certificate was valid when the image was signed is unknown, and so is whether it was revoked: " +
        "nothing proves the time.",
    ),
    "Example:\n  $ ocisign verify $IMAGE --certificate-root ca.pem",
  ];
}

function settingRow(name: SettingName): HelpRow {
  const { flags, help, env } = settings[name];
  return [flags, `${help} (env ${env})`];
}

/** Variables that are no setting. */
const others: readonly HelpRow[] = [
  ["OCISIGN_CONFIG", "configuration file, as --config"],
  ["OCISIGN_REGISTRY_PASSWORD", "password of --registry-username"],
  ["DOCKER_CONFIG, REGISTRY_AUTH_FILE", "where docker and podman keep sign-ins at registries"],
  ["OCISIGN_TLS_PASSPHRASE", "passphrase of an encrypted --tls-key"],
  ["OCISIGN_DEBUG", "1 adds the stack to an error"],
  ["HTTPS_PROXY, HTTP_PROXY", "proxies; also in lower case, as curl reads them"],
  ["NO_PROXY", "hosts that are reached without a proxy"],
  ["NO_COLOR, FORCE_COLOR", "no colours; colours also where there is no terminal"],
  ["BROWSER", "program that --web starts, with the page's address"],
  ["XDG_CONFIG_HOME", "folder of ocisign/config.json (default: ~/.config)"],
  ["XDG_CACHE_HOME", "folder of what completion keeps (default: ~/.cache)"],
  ["XDG_STATE_HOME", "folder of what login keeps (default: ~/.local/state)"],
];

function environmentText(): string[] {
  const own = settingNames.map((name): HelpRow => [settings[name].env, `as ${longFlag(name)}`]);
  return [
    "Environment variables that ocisign reads. A flag overrides them.",
    section("Settings:", own),
    section("Others:", others),
    "An empty variable is not set.",
  ];
}

function exitCodesText(): string[] {
  const rows: HelpRow[] = [
    [String(exitCode.done), "done: requested, approved, rejected as asked; signed; verified"],
    [String(exitCode.error), "an error; for `verify` also: the registry could not be read"],
    [String(exitCode.usage), "wrong usage"],
    [String(exitCode.waiting), "not final: still waiting, or an unknown status"],
    [String(exitCode.refused), "rejected or failed"],
    [String(exitCode.notVerified), "unsigned, or no valid signature"],
    [String(exitCode.different), "`diff`: the images differ, in nothing notable"],
    [String(exitCode.notable), "`diff`: they differ in something notable, or not all could be read"],
    [String(exitCodeOf.SIGINT), "interrupted by Ctrl-C; the request continues"],
    [String(exitCodeOf.SIGTERM), "ended by SIGTERM"],
    [String(exitCodeOf.SIGPIPE), "the reader of its output went away"],
  ];
  return [
    section("Exit codes:", rows),
    wrapped(
      "`sign` ends with 0 when the signature is requested; a list by its worst image. With --wait, and for `status`: 0 signed, 3 not final, " +
        "4 rejected or failed. With --verify also 5 and 1, as `verify`. A registry that could not be read is " +
        "never called unsigned.",
    ),
  ];
}

function digestsText(): string[] {
  return [
    wrapped(
      "`sign --via digest` has an operation of type DigestSigning sign a digest. It requests that, waits, attaches " +
        "the signature to the image from here, and verifies. Run again, it goes on: a request that the service " +
        "has already, signed or not decided, is taken up. --skip none requests it anew.",
    ),
    section(
      "Options of `sign`:",
      Object.values(viaOptions).map((option) => optionRow(option.make())),
    ),
    wrapped(
      "Each format signs bytes of its own, and is a request of its own. Exit codes are those of `sign --verify`.",
    ),
    wrapped(
      "Without the service: `payload` prints what a signer signs, or its digest; `attach` verifies the signature, " +
        "and pushes it beside those that are there.",
    ),
    'Example:\n  $ ocisign sign $IMAGE --via digest --format both --product "OCI SIGN"',
  ];
}

function optionRow({ flags, description, argChoices = [] }: Option): HelpRow {
  return [flags, `${description}: ${argChoices.join(", ")}`];
}

function listsText(): string[] {
  return [
    wrapped(
      "A list has one image a line; # begins a comment. It is checked as a whole: if a line is wrong, nothing is " +
        "sent. An image that is named twice is requested, or verified, once.",
    ),
    section(
      "Options, with --from-file:",
      Object.values(listOptions).map(({ make }) => [make().flags, make().description]),
    ),
    wrapped(
      "`verify` takes --keep-going, --shard, --concurrency (images of one registry at the same time) and --report.",
    ),
    wrapped(
      "`approve` and `reject` of several requests take --concurrency (default: 4), --settle and --patience.",
    ),
    wrapped(
      "With --journal, a run that was stopped in any way goes on where it was. Without one, the command that " +
        "Ctrl-C prints does, by its batch id. No image is requested twice: where it is not known whether the " +
        "service has accepted a request, the request is looked for, and else reported as doubtful.",
    ),
    wrapped(
      "A part of a list (--shard) needs a journal of its own; `ocisign report` merges journals. An image belongs " +
        "to the same part on every machine.",
    ),
    "Example:\n  $ ocisign sign --from-file images.txt --shard 2/8 --journal images-2.journal",
  ];
}

function signingInText(): string[] {
  return [
    wrapped(
      "`login` signs you in at an OpenID Connect issuer, for the service of --url. From then on, commands for that " +
        "service find the token by themselves, if no other one is given, and renew it while the issuer lets them.",
    ),
    section("Options, also in the configuration file:", signIn.map(settingRow)),
    wrapped(
      "The browser opens, and returns to a port of this machine (PKCE). With --device, or where there is no browser, " +
        "you enter a code on any other device.",
    ),
    wrapped(
      "Tokens are sealed by a key in the system's keychain (secret-tool, or security on macOS). Without one they stand " +
        "in a file that only you can read, in $XDG_STATE_HOME/ocisign/login (~/.local/state). A file that others " +
        "can read is refused. `logout` revokes them where the issuer can, and removes them.",
    ),
    "Example:\n  $ ocisign login --issuer $ISSUER --client-id ocisign --device",
  ];
}

function verifyingText(): string[] {
  return [
    wrapped(
      "An image is verified if as many different keys have signed it as --threshold says. With these options, `verify` " +
        "asks for more, or counts more, or looks elsewhere.",
    ),
    section(
      "Options:",
      Object.values(verifyingOptions).map(({ make }) => [make().flags, make().description]),
    ),
    "Example:\n  $ ocisign verify $PLATFORM --covered-by $INDEX --key ocisign.pem",
  ];
}

function outputText(): string[] {
  return [
    wrapped(
      "Results go to standard output; progress, questions, hints and errors go to standard error. Hints about the " +
        "next command are for terminals only.",
    ),
    wrapped(
      "On a terminal, lists are tables that fit its width: what is too long ends with …, and times are told as in " +
        "`2 h ago`. A request's id is shown by its first characters; commands take 8 or more of them.",
    ),
    wrapped(
      "In a pipe or a file, a list has one line a row, without heads: whole values, separated by tabs, times in " +
        "RFC 3339. `signings`: id, state, image, name, requester, product, requested at, product's id, requester's " +
        "id, batch. `products`: id, name, registry, key types, enabled. A missing value is -.",
    ),
    wrapped(
      "--json prints one JSON document, also for an error: { error: { code, message, fix, exitCode, … } }. " +
        "If the service's list has elements that cannot be read, the document is { signings, unreadable } or " +
        "{ products, unreadable } instead of the list. `watch` prints a document a line.",
    ),
    wrapped("What a text hides is written out, as in \\u{202e}: invisible characters and look-alikes."),
  ];
}

const helper = new Help();
helper.helpWidth = widest;

function section(heading: string, rows: readonly HelpRow[]): string {
  return items(heading, rows, helper);
}

function wrapped(text: string): string {
  return helper.boxWrap(text, widest);
}
