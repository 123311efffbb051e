// Real packages, built by dpkg-deb and installed by dpkg into roots that GNU tar packs: is exactly told what was done?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { compareImages } from "ocisign";
import { inReal, only } from "../support/changing.js";
import { openDockerRegistry } from "../support/docker-registry.js";
import { filesOf, holdLayers, linesOf } from "../support/layers.js";
import { temporaryFolder } from "../support/sandbox.js";

/** @type {Awaited<ReturnType<typeof openDockerRegistry>>} */
let registry;
/** @type {ReturnType<typeof temporaryFolder>} */
let place;
before(async () => {
  registry = await openDockerRegistry();
  place = temporaryFolder("debian");
});
after(async () => {
  place?.remove();
  await registry?.close();
});

/** Builds a package. @param {string} name @param {string} version @param {Record<string, [content: string, mode: number]>} files */
function packageOf(name, version, files) {
  const tree = join(place.folder, `${name}_${version}`);
  mkdirSync(join(tree, "DEBIAN"), { recursive: true });
  chmodSync(join(tree, "DEBIAN"), 0o755);
  const control = [
    `Package: ${name}`,
    `Version: ${version}`,
    "Architecture: all",
    "Maintainer: Nobody <nobody@a.example>",
    `Description: ${name} by hand`,
    " Version: 9 is no field, but a line of the description",
    "",
  ];
  writeFileSync(join(tree, "DEBIAN", "control"), control.join("\n"));
  for (const [path, [content, mode]] of Object.entries(files)) {
    mkdirSync(join(tree, path, ".."), { recursive: true });
    writeFileSync(join(tree, path), content);
    chmodSync(join(tree, path), mode);
  }
  const file = `${tree}.deb`;
  execFileSync("dpkg-deb", ["--root-owner-group", "--build", tree, file], { stdio: "ignore" });
  return file;
}

/** A root that dpkg works in. @param {string} name */
function rootOf(name) {
  const root = join(place.folder, name);
  for (const folder of ["var/lib/dpkg/info", "var/lib/dpkg/updates"])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ["status", "available"]) writeFileSync(join(root, "var/lib/dpkg", file), "");
  /** @param {string[]} args */
  const dpkg = (...args) =>
    execFileSync(
      "dpkg",
      [`--root=${root}`, "--force-not-root", "--force-bad-path", `--log=${place.folder}/log`, ...args],
      { stdio: "ignore" },
    );
  const pack = () => {
    const tar = execFileSync(
      "tar",
      [
        "--numeric-owner",
        "--owner=0",
        "--group=0",
        "--exclude=./var/lib/dpkg/lock*",
        "--exclude=./var/lib/dpkg/triggers",
        "-C",
        root,
        "-c",
        ".",
      ],
      { maxBuffer: 1 << 28 },
    );
    return gzipSync(tar);
  };
  return { root, dpkg, pack };
}

test("installed, upgraded and removed", async () => {
  const [one, two] = [rootOf("one"), rootOf("two")];
  const hello = packageOf("hello", "1.0-1", {
    "usr/bin/hello": ["hello 1", 0o755],
    "etc/hello.conf": ["a", 0o644],
  });
  const newer = packageOf("hello", "1.0-2", {
    "usr/bin/hello": ["hello 2", 0o755],
    "etc/hello.conf": ["a", 0o644],
  });
  const same = packageOf("same", "2:3.4~rc1", { "usr/share/same": ["same", 0o644] });
  const old = packageOf("old", "7", { "usr/lib/old.so": ["old", 0o644] });
  const tool = packageOf("tool", "0.1", {
    "usr/bin/tool": ["tool", 0o4755],
    "usr/share/tool/ä": ["data", 0o644],
  });
  for (const { dpkg } of [one, two]) dpkg("-i", hello, same, old);
  const base = one.pack();
  two.dpkg("-i", newer, tool);
  two.dpkg("--remove", "old");
  const there = inReal(registry);
  const [was, is] = [await holdLayers(there, [base]), await holdLayers(there, [two.pack()])];
  const changes = await compareImages(was.reference, is.reference, { packages: "layers", files: true });
  const { packages, files } = only(changes);
  assert.deepEqual(linesOf(packages), ["hello 1.0-1 → 1.0-2", "- old 7", "+ tool 0.1"]);
  assert.ok(packages.state === "compared" && packages.same === 1);
  const told = filesOf(files).filter((line) => !line.includes("var/lib/dpkg"));
  assert.deepEqual(told, [
    "+ usr/bin/tool setuid executable",
    "~ usr/bin/hello",
    "- usr/lib (directory)",
    "- usr/lib/old.so",
    "+ usr/share/tool (directory)",
    "+ usr/share/tool/ä",
  ]);
  assert.deepEqual(
    changes.notable.filter(({ code }) => code.startsWith("file-")),
    [{ code: "file-setuid", subject: "usr/bin/tool" }],
  );
  // What dpkg itself says is installed.
  const listed = execFileSync("dpkg-query", [`--admindir=${two.root}/var/lib/dpkg`, "-W"], {
    encoding: "utf8",
  });
  assert.deepEqual(listed.trim().split("\n").sort(), ["hello\t1.0-2", "same\t2:3.4~rc1", "tool\t0.1"]);
});

test("a removed package that leaves its configuration is gone", async () => {
  const { root, dpkg, pack } = rootOf("conf");
  const tree = packageOf("conf", "1", { "etc/conf": ["x", 0o644] });
  // Only a file that is named as one is configuration.
  const source = tree.replace(/\.deb$/, "");
  writeFileSync(join(source, "DEBIAN", "conffiles"), "/etc/conf\n");
  execFileSync("dpkg-deb", ["--root-owner-group", "--build", source, tree], { stdio: "ignore" });
  dpkg("-i", tree);
  const before = pack();
  dpkg("--remove", "conf");
  assert.match(readFileSync(join(root, "var/lib/dpkg/status"), "utf8"), /deinstall ok config-files/);
  const there = inReal(registry);
  const [was, is] = [await holdLayers(there, [before]), await holdLayers(there, [before, pack()])];
  const { packages } = only(await compareImages(was.reference, is.reference, { packages: "layers" }));
  assert.deepEqual(linesOf(packages), ["- conf 1"]);
  rmSync(root, { recursive: true });
});
