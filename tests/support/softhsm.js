// A SoftHSM of its own for a test file, which runs in a process of its own.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./sandbox.js";

const places = [
  "/usr/lib/softhsm/libsofthsm2.so",
  "/usr/lib64/softhsm/libsofthsm2.so",
  "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];

/** Makes a token. Every program that this process starts from now on sees it. @param {{ pin?: string }} [options] */
export function softHsm({ pin = "correct-horse" } = {}) {
  const module = process.env.SOFTHSM2_MODULE ?? places.find((path) => existsSync(path));
  if (!module)
    throw new Error("SoftHSM's module is missing: install softhsm2, or name it in SOFTHSM2_MODULE");
  const { folder, remove } = temporaryFolder("softhsm");
  const tokens = join(folder, "tokens");
  mkdirSync(tokens);
  const configuration = join(folder, "softhsm2.conf");
  writeFileSync(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\n`);
  process.env.SOFTHSM2_CONF = configuration;
  const token = ["--init-token", "--free", "--label", "interop", "--so-pin", "12345678", "--pin", pin];
  execFileSync("softhsm2-util", token, { stdio: "pipe" });
  const pinFile = join(folder, "pin");
  writeFileSync(pinFile, pin);
  return { args: ["--pkcs11-module", module, "--pin", `@${pinFile}`], module, close: remove };
}
