// A home in which docker and podman keep sign-ins, and what the command line finds there.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { temporaryFolder } from "./sandbox.js";
import { importSource } from "./source.js";

const { KeptSignIns } = await importSource("pkg/src/cli/registry-sign-in/kept-sign-ins.ts");

/** As docker and podman write a user and a password. @param {string} user @param {string} password */
export const auth = (user, password) => ({ auth: Buffer.from(`${user}:${password}`).toString("base64") });

/** Everything that says where sign-ins are kept. */
const variables = [
  ...["HOME", "PATH", "DOCKER_CONFIG", "DOCKER_AUTH_CONFIG", "REGISTRY_AUTH_FILE"],
  ...["XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"],
];

/** A home of its own: this process, and all that it starts, has no other one until it is removed. */
export function signInHome() {
  const { folder, remove } = temporaryFolder("sign-in");
  const before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  /** @param {Record<string, string | undefined>} values */
  const setAll = (values) => {
    for (const name of variables) {
      const value = values[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  /** @param {Record<string, string>} [env] more of it, in place of what there was */
  const useEnvironment = (env = {}) =>
    setAll({
      HOME: folder,
      PATH: `${bin}${delimiter}${before.PATH}`,
      XDG_RUNTIME_DIR: join(folder, "run"),
      ...env,
    });
  useEnvironment();
  return {
    folder,
    useEnvironment,
    /** @param {string} path in the home @param {unknown} content a text, or what becomes JSON @returns {string} */
    file(path, content) {
      const full = join(folder, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o600 });
      return full;
    },
    /** A helper that is a script for sh. @param {string} name @param {string} script */
    helper(name, script) {
      const path = join(bin, `docker-credential-${name}`);
      writeFileSync(path, `#!/bin/sh\n${script}\n`);
      chmodSync(path, 0o755);
      return path;
    },
    /**
     * What is found for a place, and where: read anew.
     *
     * @param {string} place `registry/repository` @param {number} [callTimeoutMs]
     */
    async find(place, callTimeoutMs) {
      const slash = place.indexOf("/");
      const [registry, repository] = slash < 0 ? [place] : [place.slice(0, slash), place.slice(slash + 1)];
      const kept = new KeptSignIns({ signal: new AbortController().signal, callTimeoutMs });
      return kept.find({ registry, repository });
    },
    remove() {
      setAll(before);
      remove();
    },
  };
}
