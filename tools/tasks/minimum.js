// The oldest Rust and Node that the manifests promise: does the workspace compile with the one, and the package run in
// the other?
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setUp } from "../build/set-up.js";
import { wasmTarget } from "../machine/cargo.js";
import { finish, root, run, Stop, which } from "../machine/command.js";
import { oldestNode } from "../machine/oldest-node.js";
import { readOptions, refuse } from "../machine/options.js";
import { runSteps } from "../machine/steps.js";

const subjects = ["rust", "node"];
const { only } = readOptions(
  `Compiles the workspace with the oldest Rust, and runs the package in the oldest Node, that the manifests promise.
rustup installs that Rust, and npm brings that Node.

  npm run minimum [-- --only rust,node]

  --only  one of the two
  --help  this text

Compiling takes minutes; nothing of it touches what other versions built.`,
  { only: { type: "string", default: subjects.join(",") } },
);
const wanted = only.split(",").map((name) => name.trim());
const unknown = wanted.find((name) => !subjects.includes(name));
if (unknown !== undefined) refuse(`there is no subject ${unknown}, only ${subjects.join(", ")}`);

const rust = /^rust-version = "(.+)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))?.[1] ?? "";
const { engines } = JSON.parse(readFileSync(join(root, "pkg", "package.json"), "utf8"));
const node = /^>=(\d+)$/.exec(engines.node)?.[1] ?? "";

/** @type {import("../machine/steps.js").Step[]} */
const ofRust = [
  { name: `Rust ${rust}`, run: installRust },
  {
    name: `the crate as a module, by Rust ${rust}`,
    run: (note) => check(["-p", "ocisign", "--target", wasmTarget], note),
  },
  { name: `the crates and their tests, by Rust ${rust}`, run: (note) => check(["--all-targets"], note) },
];

/** @type {import("../machine/steps.js").Step[]} */
const ofNode = [
  { name: `Node ${node}.0.0`, run: async (note) => void (await oldestNode(node, note)) },
  { name: "the library and the command line in it", run: tryPackage },
];

if (wanted.includes("node")) await setUp({});
const steps = [...(wanted.includes("rust") ? ofRust : []), ...(wanted.includes("node") ? ofNode : [])];
if ((await runSteps(steps)).length > 0) process.exitCode = 1;

/** @param {(text: string) => void} note */
async function installRust(note) {
  if (!which("rustup"))
    throw new Stop(`rustup is missing, which installs Rust ${rust}: see https://rustup.rs.`);
  const args = ["toolchain", "install", rust, "--profile", "minimal", "--target", wasmTarget];
  const { code, output } = await finish("rustup", args, { onLine: note });
  if (code !== 0) throw new Stop(`rustup could not install Rust ${rust}:\n${output.trim()}`);
}

/** @param {string[]} what @param {(text: string) => void} note */
async function check(what, note) {
  const env = {
    RUSTUP_TOOLCHAIN: rust,
    // Newer versions of Rust find their own work as they left it.
    CARGO_TARGET_DIR: join(root, "target", `rust-${rust}`),
  };
  await run("cargo", ["check", "--locked", ...what], { env, onLine: note, background: true });
}

/** @param {(text: string) => void} note */
async function tryPackage(note) {
  const program = await oldestNode(node, note);
  const dist = join(root, "pkg", "dist");
  const digest = `sha256:${"3f".repeat(32)}`;
  const image = `registry.example/team/app@${digest}`;
  const read = `console.log(parseReference(${JSON.stringify(image)}).digest)`;
  const library = JSON.stringify(join(dist, "node.js"));
  const required = JSON.stringify(join(dist, "node.cjs"));
  const ways = [
    ["--input-type=module", "--eval", `import { parseReference } from ${library}; ${read}`],
    ["--eval", `const { parseReference } = require(${required}); ${read}`],
    [join(dist, "cli", "main.js"), "payload", image],
  ];
  for (const args of ways) {
    const { stdout } = await run(program, args);
    if (!stdout.includes(digest)) throw new Error(`node ${args.join(" ")} printed ${stdout}`);
  }
}
