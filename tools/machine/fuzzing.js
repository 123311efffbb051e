// What fuzzing in Rust needs of the machine: nightly Rust, whose compiler counts what is covered, and cargo-fuzz.
import { finish, run, Stop, which } from "./command.js";
import { upToDate } from "./steps.js";

/** MIT or Apache-2.0, kept by the Rust Fuzzing Authority. */
export const cargoFuzz = "0.13.2";

/** Has rustup's programs use nightly Rust. */
export const nightly = { RUSTUP_TOOLCHAIN: "nightly" };

/** The steps that install what is missing. @returns {import("./steps.js").Step[]} */
export function fuzzingSteps() {
  return [
    { name: "nightly Rust", run: needNightly },
    { name: `cargo-fuzz ${cargoFuzz}`, run: needCargoFuzz },
  ];
}

/** @param {(line: string) => void} note */
async function needNightly(note) {
  if (!which("rustup")) {
    throw new Stop(
      "Only rustup brings nightly Rust: install Rust from https://rustup.rs, then run this command again.",
    );
  }
  const found = await finish("rustc", ["--version"], { env: nightly });
  if (found.code === 0 && found.stdout.includes("nightly")) return upToDate;
  return run("rustup", ["toolchain", "install", "nightly", "--profile", "minimal"], { onLine: note });
}

/** @param {(line: string) => void} note */
async function needCargoFuzz(note) {
  if (which("cargo-fuzz")) {
    const { stdout } = await finish("cargo-fuzz", ["--version"]);
    if (stdout.trim().endsWith(` ${cargoFuzz}`)) return upToDate;
  }
  return run("cargo", ["install", "--locked", `cargo-fuzz@${cargoFuzz}`], { onLine: note, background: true });
}
