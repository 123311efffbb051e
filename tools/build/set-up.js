import { join } from "node:path";
import { cargoBuild, needRust } from "../machine/cargo.js";
import { root } from "../machine/command.js";
import { runNpm } from "../machine/npm.js";
import { runSteps, upToDate } from "../machine/steps.js";
import { buildAccepts } from "./accepts.js";
import { buildCommandLine } from "./cli.js";
import { buildDeclarations } from "./declarations.js";
import { buildElements } from "./elements.js";
import { buildJournal } from "./journal.js";
import { buildLibrary } from "./library.js";
import { copyLicences } from "./licences.js";
import { buildModule } from "./module.js";
import { writeModuleLicences } from "./module-crates.js";
import { buildPage } from "./page.js";
import { buildWhenStale } from "./stamp.js";
import { buildTrust } from "./trust.js";

/**
 * Builds what is asked for, and installs what that needs. When all is built it takes a second or two. Ends the
 * program when something failed.
 *
 * @param {{ sandbox?: boolean, page?: boolean, tests?: boolean }} wanted
 * @returns {Promise<{ sandbox?: string, testRunner?: string }>} the programs that were built
 */
export async function setUp(wanted) {
  /** @type {{ sandbox?: string, testRunner?: string }} */
  const programs = {};
  const steps = [
    { name: "npm packages", run: installPackages },
    { name: "Rust for WebAssembly", run: async () => ((await needRust()) ? undefined : upToDate) },
    { name: "the WebAssembly module", run: buildModule },
    { name: "the licences of what is in it", run: writeModuleLicences },
    { name: "the library", run: buildLibrary },
    { name: "the library's declarations", run: buildDeclarations },
    { name: "the journal", run: buildJournal },
    { name: "the part for trust files", run: buildTrust },
    { name: "who accepts an image", run: buildAccepts },
    { name: "the elements", run: buildElements },
    { name: "the command line", run: buildCommandLine },
    { name: "the package's licences", run: copyLicences },
  ];
  if (wanted.sandbox) {
    steps.push({
      name: "the sandbox",
      run: async (note) => {
        // The default members together, as the tests build them: cargo then builds each dependency once.
        const built = await cargoBuild([], { onLine: note });
        programs.sandbox = built.program("ocisign-sandbox");
        return built.fresh ? upToDate : undefined;
      },
    });
  }
  if (wanted.page) steps.push({ name: "the page", run: buildPage });
  if (wanted.tests) {
    steps.push({
      name: "the WebAssembly test runner",
      run: async (note) => {
        const built = await cargoBuild(["-p", "ocisign-wasm-test-runner"], { onLine: note });
        programs.testRunner = built.program("ocisign-wasm-test-runner");
        return built.fresh ? upToDate : undefined;
      },
    });
  }
  const failed = await runSteps(steps);
  if (failed.length) process.exit(1);
  return programs;
}

/** @param {(text: string) => void} note */
function installPackages(note) {
  return buildWhenStale(join(root, "node_modules", ".ocisign-stamp"), {
    extraInputs: [join(root, "package-lock.json")],
    build: async () => {
      await runNpm(["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"], {
        onLine: note,
      });
      return { inputs: [], outputs: [] };
    },
  });
}
