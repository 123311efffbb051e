import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { finish, root, run, Stop, which } from "./command.js";

export const wasmTarget = "wasm32-unknown-unknown";

/**
 * Cargo's own folder, as cargo finds it: an empty variable is none, and a relative path begins where cargo runs.
 *
 * @param {NodeJS.ProcessEnv} [env]
 */
export function cargoHome({ CARGO_HOME } = process.env) {
  return resolve(root, CARGO_HOME || join(homedir(), ".cargo"));
}

/** Cargo locks its folder: of all jobs with cargo one runs at a time, and the others do not wait in its place. */
export const cargoLock = "cargo";

/**
 * Builds with cargo and tells what came out. Cargo's own messages name the files: the target folder can be anywhere.
 *
 * @param {string[]} args @param {import("./command.js").RunOptions} [options]
 */
export function cargoBuild(args, options) {
  return build("build", args, options);
}

/**
 * The library as a module. Asked for here and not in Cargo.toml, where it would also be made, and fail to link, on
 * every machine that only tests the library.
 *
 * @param {string[]} args @param {import("./command.js").RunOptions} [options]
 */
export function cargoBuildModule(args, options) {
  return build("rustc", ["--crate-type", "cdylib", "--target", wasmTarget, "--lib", ...args], options);
}

/** @param {string} subcommand @param {string[]} args @param {import("./command.js").RunOptions} [options] */
async function build(subcommand, args, options) {
  const format = "--message-format=json-render-diagnostics";
  const { stdout } = await run("cargo", [subcommand, "--locked", format, ...args], {
    ...options,
    quietStdout: true,
  });
  const artifacts = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line))
    .filter((message) => message.reason === "compiler-artifact");
  return {
    fresh: artifacts.every((artifact) => artifact.fresh),
    /** @param {string} name of the crate's program */
    program: (name) =>
      found(name, artifacts.find((it) => it.target.name === name && it.executable)?.executable),
    /** @param {string} name of the crate's library */
    module: (name) =>
      found(
        name,
        artifacts
          .filter((it) => it.target.name === name)
          .flatMap((it) => it.filenames)
          .find((file) => file.endsWith(".wasm")),
      ),
  };
}

/** @param {string} name @param {string | undefined} file @returns {string} */
function found(name, file) {
  if (file) return file;
  throw new Error(`cargo built no ${name}`);
}

/** Makes sure that Rust is here and can build for WebAssembly. @returns whether something was installed */
export async function needRust() {
  if (!which("cargo") || !which("rustc")) {
    throw new Stop("Rust is missing: install it from https://rustup.rs, then run this command again.");
  }
  // Not `rustup target list`: a distribution's own Rust can have the target, and has no rustup.
  const { stdout } = await run("rustc", ["--print", "target-libdir", "--target", wasmTarget]);
  if (existsSync(stdout.trim())) return false;
  if (!which("rustup")) {
    throw new Stop(
      `This Rust cannot build for ${wasmTarget} and there is no rustup to add it: install Rust from https://rustup.rs, then run this command again.`,
    );
  }
  const added = await finish("rustup", ["target", "add", wasmTarget]);
  if (added.code !== 0) {
    const reason = added.output.trim().split("\n").at(-1);
    throw new Stop(
      `\`rustup target add ${wasmTarget}\` failed (${reason}): run it yourself, or see https://rustup.rs.`,
    );
  }
  return true;
}
