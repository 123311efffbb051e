// What can be set for every command that needs it: as a flag, in the environment, in the configuration file.

/**
 * One thing that can be set. Its name is also its key in the configuration file.
 *
 * @typedef {object} Knob
 * @property {string} flags as commander reads them
 * @property {string} [env]
 * @property {string} help
 * @property {boolean} [isPath] in the file it is relative to the file
 * @property {boolean} [flagOnly] it cannot stand in the configuration file
 */

/** @satisfies {Record<string, Knob>} */
export const knobs = {
  url: {
    flags: "-a, --url <url>",
    env: "OCISIGN_URL",
    help: "the service, as in https://app.laavat.io/<CustomerName>/api/v1",
  },
  token: {
    flags: "-t, --token <token>",
    env: "OCISIGN_TOKEN",
    help: "bearer token; @FILE reads a file, @- standard input (others can see the arguments of a process)",
    flagOnly: true,
  },
  tokenFile: {
    flags: "--token-file <file>",
    env: "OCISIGN_TOKEN_FILE",
    help: "file with the token, read again when it has expired",
    isPath: true,
  },
  tokenCommand: {
    flags: "--token-command <command>",
    env: "OCISIGN_TOKEN_COMMAND",
    help: "shell command that prints the token, run again when it has expired",
  },
  profile: {
    flags: "--profile <file|url>",
    env: "OCISIGN_PROFILE",
    help: "what differs at your service: status codes, paths (default: only status 16 is known)",
    isPath: true,
  },
  cert: {
    flags: "--cert <file>",
    env: "OCISIGN_CERT",
    help: "client certificate for mTLS, PEM",
    isPath: true,
  },
  tlsKey: {
    flags: "--tls-key <file>",
    env: "OCISIGN_TLS_KEY",
    help: "its private key, PEM; also --key. The passphrase comes from OCISIGN_TLS_PASSPHRASE",
    isPath: true,
  },
  cacert: {
    flags: "--cacert <file>",
    env: "OCISIGN_CACERT",
    help: "CA certificates to trust beside the usual ones, PEM",
    isPath: true,
  },
  product: {
    flags: "-P, --product <id|name>",
    env: "OCISIGN_PRODUCT",
    help: "the product: its id, or its name if only one has it",
  },
  operation: {
    flags: "--operation <id|name>",
    env: "OCISIGN_OPERATION",
    help: "the product's operation; needed only when several sign images",
  },
  registryUrl: {
    flags: "--registry-url <url>",
    env: "OCISIGN_REGISTRY_URL",
    help: "where the registry is reached, when not at https:// and its name",
  },
  registryUsername: {
    flags: "--registry-username <name>",
    env: "OCISIGN_REGISTRY_USERNAME",
    help: "user of the registry (AWS for Amazon ECR); the password comes from OCISIGN_REGISTRY_PASSWORD or a file",
  },
  registryPasswordFile: {
    flags: "--registry-password-file <file>",
    env: "OCISIGN_REGISTRY_PASSWORD_FILE",
    help: "file with the registry's password; - is standard input",
    isPath: true,
  },
};

/** @typedef {keyof typeof knobs} Name */
