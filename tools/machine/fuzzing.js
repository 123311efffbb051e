// What fuzzing in Rust needs of the machine: nightly Rust, whose compiler counts what is covered, and cargo-fuzz.
import { cargoFuzz, needCargoTool } from "./cargo-tools.js";
import { finish, run, Stop, which } from "./command.js";
import { upToDate } from "./steps.js";

/** Has rustup's programs use nightly Rust. */
export const nightly = { RUSTUP_TOOLCHAIN: "nightly" };

/** The steps that install what is missing. @returns {import("./steps.js").Step[]} */
export function fuzzingSteps() {
  return [
    { name: "nightly Rust", run: needNightly },
    { name: `${cargoFuzz.name} ${cargoFuzz.version}`, run: (note) => needCargoTool(cargoFuzz, note) },
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
