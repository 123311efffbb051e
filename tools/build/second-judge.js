import { cargoBuild } from "../machine/cargo.js";

/**
 * The second judge of signatures, for tests. It is built with the sandbox, whose crates it uses with the same features:
 * alone, it would compile them once more.
 *
 * @param {import("../machine/command.js").RunOptions} [options] @returns {Promise<string>} the program
 */
export async function buildSecondJudge(options) {
  const name = "ocisign-second-judge";
  const built = await cargoBuild(["-p", "ocisign-sandbox", "-p", name], options);
  return built.program(name);
}
