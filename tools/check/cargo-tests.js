// Tests that cargo runs, as jobs.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findChromium, flags } from "../machine/browser.js";
import { cargoLock, wasmTarget } from "../machine/cargo.js";
import { finish, root } from "../machine/command.js";
import { judge, noTests } from "./node-tests.js";
import { inShort } from "./reporters/counts.js";

/** The workspace's default members, as the set-up builds them; the two build tools have no tests. */
export const rustTests = cargoTestJob("cargo test", []);

/** By name: without it cargo leaves this one out, since it needs SoftHSM. */
export const hsmTests = cargoTestJob("keys in SoftHSM", ["--test", "hsm"]);

/** @param {string} runner */
export function wasmTestsInNode(runner) {
  // As ES modules: the crate's own JavaScript is written as such.
  return wasmTestJob("the core in Node", runner, () => ({ WASM_BINDGEN_USE_NODE_EXPERIMENTAL: "1" }));
}

/** @param {string} runner */
export function wasmTestsInChromium(runner) {
  return wasmTestJob("the core in Chromium", runner, browserMode);
}

function browserMode() {
  const capabilities = join(root, "target", "webdriver.json");
  const options = { binary: findChromium(), args: flags.map((flag) => flag.slice(2)) };
  mkdirSync(join(root, "target"), { recursive: true });
  writeFileSync(capabilities, JSON.stringify({ "goog:chromeOptions": options }));
  return {
    WASM_BINDGEN_USE_BROWSER: "1",
    WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities,
    // A cold browser on a busy machine takes longer than the runner's own 20 seconds.
    WASM_BINDGEN_TEST_TIMEOUT: "120",
    WASM_BINDGEN_TEST_DRIVER_TIMEOUT: "30",
  };
}

/** @param {string} name @param {string} runner @param {() => Record<string, string>} env */
function wasmTestJob(name, runner, env) {
  // As a list: the environment variable for this is split at spaces, which a path may contain.
  const config = `target.${wasmTarget}.runner=[${JSON.stringify(runner)}]`;
  return cargoTestJob(
    name,
    ["-p", "ocisign", "--target", wasmTarget, "--test", "wasm", "--config", config],
    env,
  );
}

/**
 * @param {string} name @param {string[]} args @param {() => Record<string, string>} [env]
 * @returns {import("./pool.js").Job}
 */
function cargoTestJob(name, args, env = () => ({})) {
  return {
    name,
    alone: cargoLock,
    run: async () => {
      const run = (/** @type {string[]} */ more, background = false) =>
        finish("cargo", ["test", "--locked", "--no-fail-fast", ...more, ...args], { env: env(), background });
      // A compiler can wait for other tests. Tests cannot: some give up on what takes too long.
      const compiled = await run(["--no-run"], true);
      if (compiled.code !== 0) return judge(noTests, compiled);
      const finished = await run([]);
      const output = finished.code === 0 ? finished.stdout : finished.output;
      return { ...judge(countTests(finished.stdout), { ...finished, output }), wrong: wrongIn(output) };
    },
  };
}

/**
 * How many tests ran, by libtest's last lines. The one count that is read from printed text: its JSON is for nightly
 * Rust only. Whether they passed is not read here, the exit code says it.
 *
 * @param {string} text
 */
function countTests(text) {
  const counts = { ...noTests };
  const line = /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm;
  for (const [, passed, failed, ignored] of text.matchAll(line)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
    counts.skipped += Number(ignored);
  }
  return counts;
}

/** Each test that failed, and the first words of why. @param {string} text @returns {string[]} */
export function wrongIn(text) {
  const told = text.matchAll(/^---- (\S+) stdout ----\n([\s\S]*?)(?=^---- |^failures:$)/gm);
  // That ends the process; the thread is called like what it was given.
  const deep = [...text.matchAll(/^thread '(.+)' .*has overflowed its stack$/gm)];
  const ended = deep.map(([, thread]) => `${thread}: its stack overflowed`);
  const failed = [...told].map(([, name, said = ""]) => {
    // What threads of the test said stands before its own last words.
    const [words = ""] =
      said
        .split(/ panicked at .*\n/)
        .at(-1)
        ?.split(/^(?:note: |stack backtrace:)/m) ?? [];
    return `${name}: ${inShort(words)}`;
  });
  return [...ended, ...failed];
}
