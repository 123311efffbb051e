// Does docs/dependencies.md name every dependency that a manifest names, with its licence, and no other?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cargoTools } from "../../tools/machine/cargo-tools.js";
import { root } from "../../tools/machine/command.js";
import * as go from "../../tools/machine/go.js";

const text = readFileSync(join(root, "docs", "dependencies.md"), "utf8");

/** The rows of all tables whose first column is called so. @param {string} column */
function rowsOf(column) {
  const tables = text.split(/\n\n/).filter((part) => part.startsWith(`| ${column} | `));
  return tables.flatMap((table) => table.split("\n").slice(2)).map((row) => row.slice(2, -2).split(" | "));
}

/** The names of a first column. @param {string[][]} rows */
function namesIn(rows) {
  return rows.flatMap(([first = ""]) => [...first.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ""));
}

/** Fails when the tables have rows for others than the manifests name. @param {string[]} told @param {string[]} named */
function assertSame(told, named) {
  const missing = named.filter((name) => !told.includes(name)).map((name) => `${name} has no row`);
  const gone = told.filter((name) => !named.includes(name)).map((name) => `no manifest names ${name}`);
  const wrong = [...missing, ...gone];
  if (wrong.length > 0) assert.fail(`docs/dependencies.md: ${wrong.join("; ")}.`);
  assert.equal(told.length, new Set(told).size, "docs/dependencies.md has a row twice");
}

test("npm packages: each has a row, with the licence that it declares", () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const rows = rowsOf("Package");
  assertSame(namesIn(rows), Object.keys(devDependencies));
  for (const row of rows) {
    const [name = ""] = namesIn([row]);
    const { license } = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
    assert.equal(row[3], license, name);
  }
});

/** What cargo says of a workspace: its own crates, and all packages. @param {string} folder */
function workspace(folder) {
  const manifest = join(folder, "Cargo.toml");
  const asked = ["metadata", "--format-version", "1", "--locked", "--manifest-path", manifest];
  // From the root: `fuzz/` asks for nightly Rust, which reading a manifest does not need.
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024, stdio: ["ignore", "pipe", "ignore"] };
  /** @type {{ packages: { id: string, name: string, license: string, dependencies: { name: string }[] }[], workspace_members: string[] }} */
  const { packages, workspace_members: ours } = JSON.parse(
    execFileSync(
      "cargo",
      asked,
      /** @type {import("node:child_process").ExecFileSyncOptions} */ (options),
    ).toString(),
  );
  return { packages, own: packages.filter(({ id }) => ours.includes(id)) };
}

test("crates: each has a row, with the licence that it declares", () => {
  const workspaces = [root, join(root, "fuzz")].map(workspace);
  const packages = workspaces.flatMap((it) => it.packages);
  const own = workspaces.flatMap((it) => it.own);
  const names = new Set(own.map(({ name }) => name));
  const named = own.flatMap((it) => it.dependencies);
  const foreign = new Set(named.map(({ name }) => name).filter((it) => !names.has(it)));
  const rows = rowsOf("Crate");
  assertSame(namesIn(rows), [...foreign]);
  for (const row of rows) {
    const [name] = namesIn([row]);
    const licences = packages.filter((it) => it.name === name).map(({ license }) => license);
    assert.ok(licences.includes(row[3] ?? ""), `${name} is under ${licences.join(", ")}`);
  }
});

test("programs: each that is compiled has a row", () => {
  const tools = Object.entries(go).flatMap(([name, value]) =>
    /Tools$/.test(name) && Array.isArray(value) ? value : [],
  );
  assertSame(
    namesIn(rowsOf("Program")),
    tools.map(({ name }) => name),
  );
});

test("programs of crates.io: each that a command uses has a row", () => {
  assertSame(
    namesIn(rowsOf("Program of crates.io")),
    cargoTools.map(({ name }) => name),
  );
});
