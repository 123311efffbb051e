// A shell with an issuer, and a person who signs in at it from the outside.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { shellIn } from "./cli.js";
import { cliClientId, startIssuer } from "./issuer.js";
import { Visitor } from "./issuer-visitor.js";

const quick = pathToFileURL(new URL("quick-pauses.js", import.meta.url).pathname).href;
/** The program's pauses between two questions take a hundredth of their time. */
export const quickly = { NODE_OPTIONS: `--import ${quick}` };

/** @param {string} service @param {Parameters<typeof startIssuer>[0]} [options] */
export async function signInWorld(service, options) {
  const issuer = await startIssuer(options);
  const shell = shellIn("login", {
    OCISIGN_URL: service,
    OCISIGN_OIDC_ISSUER: issuer.url,
    OCISIGN_OIDC_CLIENT_ID: cliClientId,
    // With it, this issuer gives refresh tokens.
    OCISIGN_OIDC_PROMPT: "consent",
    // No keychain of the person who runs the tests.
    OCISIGN_KEYCHAIN: "no",
  });
  return {
    ...shell,
    issuer,
    folder: shell.folder,
    kept: join(shell.folder, ".local", "state", "ocisign", "login"),
    close() {
      issuer.close();
      shell.remove();
    },
    /** Signs in by a device code. @param {string[]} [args] @param {Record<string, string>} [env] */
    async login(args = [], env = {}) {
      const running = shell.start(["login", "--device", ...args], { env: { ...quickly, ...env } });
      await running.says(/Or open \S+/, "stderr");
      const visitor = new Visitor();
      const visited = await visitor.signIn(linkIn(running.said.stderr));
      return { ...(await running.ended), visitor, visited };
    },
  };
}

/** The address with the code in it. @param {string} said */
export function linkIn(said) {
  return said.match(/Or open (\S+)/)?.[1] ?? "";
}

/** Every file below a folder, with its mode and its content. @param {string} folder */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      return { path, mode: statSync(path).mode & 0o777, text: readFileSync(path, "latin1") };
    });
}
