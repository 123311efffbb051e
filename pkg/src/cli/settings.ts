// The settings that commands share, each said once: its flag, its environment variable, its help. Its name is also its
// key in the configuration file.

import { Option } from "commander";

/** One setting. */
export interface SettingDefinition {
  /** As commander reads them. */
  readonly flags: string;
  readonly env: string;
  readonly help: string;
  /** A path: in the configuration file it is relative to that file's folder. */
  readonly isPath?: true;
  /** A command, which may hold a secret. */
  readonly isCommand?: true;
  /** The configuration file may not hold it. */
  readonly isSecret?: true;
}

const all = {
  url: {
    flags: "-a, --url <url>",
    env: "OCISIGN_URL",
    help: "URL of the service, such as https://app.laavat.io/<CustomerName>/api/v1",
  },
  token: {
    flags: "-t, --token <token>",
    env: "OCISIGN_TOKEN",
    help: "bearer token; @FILE reads a file, @- standard input (other users can see a process's arguments)",
    isSecret: true,
  },
  tokenFile: {
    flags: "--token-file <file>",
    env: "OCISIGN_TOKEN_FILE",
    help: "file that holds the token; read again when the token has expired",
    isPath: true,
  },
  tokenCommand: {
    flags: "--token-command <command>",
    env: "OCISIGN_TOKEN_COMMAND",
    help: "shell command that prints the token; run again when the token has expired",
    isCommand: true,
  },
  profile: {
    flags: "--profile <file|url>",
    env: "OCISIGN_PROFILE",
    help: "status codes and paths of your service, in JSON (default: only status 16 is known)",
    isPath: true,
  },
  cert: {
    flags: "--cert <file>",
    env: "OCISIGN_CERT",
    help: "client certificate for mTLS, in PEM or DER",
    isPath: true,
  },
  tlsKey: {
    flags: "--tls-key <file>",
    env: "OCISIGN_TLS_KEY",
    help: "private key of the client certificate, in PEM or DER; OCISIGN_TLS_PASSPHRASE holds its passphrase",
    isPath: true,
  },
  cacert: {
    flags: "--cacert <file>",
    env: "OCISIGN_CACERT",
    help: "CA certificates to trust in addition to the usual ones, in PEM or DER",
    isPath: true,
  },
  product: {
    flags: "-P, --product <id|name>",
    env: "OCISIGN_PRODUCT",
    help: "the product: its id, or its name",
  },
  operation: {
    flags: "--operation <id|name>",
    env: "OCISIGN_OPERATION",
    help: "its operation, if several of them sign images",
  },
  registryUrl: {
    flags: "--registry-url <url>",
    env: "OCISIGN_REGISTRY_URL",
    help: "URL of the registry, if it is not https:// and the registry's name",
  },
  registryUsername: {
    flags: "--registry-username <name>",
    env: "OCISIGN_REGISTRY_USERNAME",
    help: "user name at the registry (AWS for Amazon ECR); OCISIGN_REGISTRY_PASSWORD or a file holds the password",
  },
  registryPasswordFile: {
    flags: "--registry-password-file <file>",
    env: "OCISIGN_REGISTRY_PASSWORD_FILE",
    help: "file that holds the registry's password; - is standard input",
    isPath: true,
  },
  dockerConfig: {
    flags: "--no-docker-config",
    env: "OCISIGN_DOCKER_CONFIG",
    help: "do not sign in with what docker or podman keep; in the environment and the file: no",
  },
  trust: {
    flags: "--trust <file>",
    env: "OCISIGN_TRUST",
    help: "trust file: whose signatures count, without --key",
    isPath: true,
  },
  page: {
    flags: "--page <url>",
    env: "OCISIGN_PAGE",
    help: "URL of the approval page, for --web and links",
  },
  issuer: {
    flags: "--issuer <url>",
    env: "OCISIGN_OIDC_ISSUER",
    help: "URL of the OpenID Connect issuer where you sign in",
  },
  clientId: {
    flags: "--client-id <id>",
    env: "OCISIGN_OIDC_CLIENT_ID",
    help: "id of this program at the issuer: a public client, without a secret",
  },
  scope: {
    flags: "--scope <words>",
    env: "OCISIGN_OIDC_SCOPE",
    help: "what to ask for (default: openid profile offline_access)",
  },
  tokenKind: {
    flags: "--token <access|id>",
    env: "OCISIGN_OIDC_TOKEN",
    help: "which token the service takes (default: access)",
  },
  prompt: {
    flags: "--prompt <word>",
    env: "OCISIGN_OIDC_PROMPT",
    help: "such as consent, where refresh tokens are given only then",
  },
  redirectUri: {
    flags: "--redirect-uri <uri>",
    env: "OCISIGN_OIDC_REDIRECT_URI",
    help: "where the browser returns to (default: http://127.0.0.1/, any port)",
  },
  keychain: {
    flags: "--no-keychain",
    env: "OCISIGN_KEYCHAIN",
    help: "keep it in a file; in the environment and the configuration file: no",
  },
} as const satisfies Record<string, SettingDefinition>;

export type SettingName = keyof typeof all;

export const settings: Readonly<Record<SettingName, SettingDefinition>> = all;

export function isSettingName(text: string): text is SettingName {
  return Object.hasOwn(all, text);
}

export const settingNames: readonly SettingName[] = Object.keys(all).filter(isSettingName);

/** The setting as an option. Its value is found by the setting's name, however the flag is called. */
export function optionOf(name: SettingName): Option {
  return new SettingOption(name);
}

class SettingOption extends Option {
  readonly #name: SettingName;

  constructor(name: SettingName) {
    super(settings[name].flags, settings[name].help);
    this.#name = name;
  }

  override attributeName(): string {
    return this.#name;
  }
}

/** `--url` of `-a, --url <url>`. */
export function longFlag(name: SettingName): string {
  return settings[name].flags.match(/--[\w-]+/)?.[0] ?? name;
}

/** How the service is reached: every command has these. */
export const connection: readonly SettingName[] = [
  ...(["url", "token", "tokenFile", "tokenCommand", "profile", "cert", "tlsKey", "cacert"] as const),
];

/** Which product, and which of its operations. */
export const product: readonly SettingName[] = ["product", "operation"];

/** Whose signatures count. */
export const trust: readonly SettingName[] = ["trust"];

/** The page that --web opens. */
export const page: readonly SettingName[] = ["page"];

/** Where and as what one signs in. */
export const signIn: readonly SettingName[] = [
  ...(["issuer", "clientId", "scope", "tokenKind", "prompt", "redirectUri", "keychain"] as const),
];

/** How an image's registry is reached. */
export const registry: readonly SettingName[] = [
  ...(["registryUrl", "registryUsername", "registryPasswordFile", "dockerConfig"] as const),
];

/** A value that was given, and where: for messages. */
export interface Setting {
  readonly value: string;
  readonly from: string;
  readonly isFlag: boolean;
}

export type Settings = { readonly [Name in SettingName]?: Setting };
