// What the crate offers to others, as text: the names and types that `cargo doc` shows. cargo-public-api reads them from
// rustdoc's JSON, which only nightly Rust writes.
import { join } from "node:path";
import { cargoPublicApi, needCargoTool } from "../machine/cargo-tools.js";
import { finish, root, run } from "../machine/command.js";

/** The file that keeps it. */
export const crateFile = "crate.txt";

/** Why it cannot be asked here; nothing when it can. @returns {Promise<string | undefined>} */
export async function whyNoCrateApi() {
  const nightly = await finish("rustc", ["+nightly", "--version"]).catch(() => undefined);
  return nightly?.code === 0 ? undefined : "there is no nightly Rust here: rustup toolchain install nightly";
}

/** @param {(text: string) => void} note @returns {Promise<string>} a line for each item, in their order */
export async function crateApi(note) {
  const program = await needCargoTool(cargoPublicApi, note);
  // Nightly's own folder: it would undo what the usual Rust compiled.
  const env = { CARGO_TARGET_DIR: join(root, "target", "nightly"), RUSTUP_TOOLCHAIN: "nightly" };
  // Without what is derived, and what every type has.
  const asked = ["--package", "ocisign", "-sss", "--color", "never"];
  const { stdout } = await run(program, asked, { env, onLine: note, quietStdout: true, background: true });
  return stdout;
}
