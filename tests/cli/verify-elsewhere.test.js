// Is an image verified from a folder, an archive and a proof file, and is what is wrong with them told exactly?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { shellIn } from "../support/cli.js";
import { key, MadeLayout, name, tag } from "../support/made-layout.js";
import { keyPair } from "../support/signatures.js";

const shell = shellIn("verify-elsewhere");
after(shell.remove);
const pem = shell.file("key.pem", key.pem);

const layout = new MadeLayout();
const platforms = ["amd64", "arm64"].map((architecture) => {
  const platform = { os: "linux", architecture };
  return { digest: layout.image(architecture, null, platform), platform };
});
const digest = layout.indexOf(platforms, tag("1.0"));
layout.sign(digest);
const image = `${name}@${digest}`;
const folder = written("layout", layout);
const archive = join(shell.folder, "layout.tar");
execFileSync("tar", ["-C", folder, "-cf", archive, "."]);

/** @param {string} path @param {MadeLayout} made */
function written(path, made) {
  const root = join(shell.folder, path);
  for (const [file, bytes] of new Map([...made.held, ["index.json", made.index()]])) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), bytes);
  }
  return root;
}

/** @param {...string} args */
const verify = (...args) => shell.ocisign(["verify", ...args, "--key", pem]);

/** @param {{ code: number | null, stdout: string, stderr: string }} outcome @param {number} wanted @param {RegExp} said */
function ended({ code, stdout, stderr }, wanted, said) {
  assert.equal(code, wanted, stdout + stderr);
  assert.match(stdout + stderr, said);
}

test("a folder and an archive: by digest, by tag, and for a platform", async () => {
  for (const path of [folder, archive]) {
    ended(await verify(image, "--layout", path), 0, /verified .*Signed by the required key/s);
    ended(await verify(`${name}:1.0`, "--layout", path), 0, /verified[\s\S]*in the layout/);
    const [first] = platforms;
    const one = await verify(`${name}:1.0`, "--layout", path, "--platform", "linux/amd64");
    ended(one, 5, new RegExp(`unsigned .*${first?.digest}`));
    const covered = ["--platform", "linux/amd64", "--covered-by", image];
    ended(await verify(image, "--layout", path, ...covered), 0, /verified/);
    ended(
      await verify(image, "--layout", path, "--platform", "linux/riscv64"),
      1,
      /It has: linux\/amd64, linux\/arm64/,
    );
    ended(await verify(`${name}:2.0`, "--layout", path), 1, /OCI layout has no tag 2\.0/);
    ended(await verify(`other.example/app@${digest}`, "--layout", path), 5, /another repository/);
    const map = ["--signed-as", "other.example=registry.example/team"];
    ended(
      await verify(`other.example/app@${digest}`, "--layout", path, ...map),
      0,
      /name registry\.example\/team\/app/,
    );
  }
});

test("what is no layout, damaged or packed is told as such", async () => {
  const file = (/** @type {string} */ path, /** @type {string | Buffer} */ content) => {
    writeFileSync(join(shell.folder, path), content);
    return join(shell.folder, path);
  };
  const bytes = readFileSync(archive);
  const inner = join(shell.folder, "inner.tar");
  execFileSync("tar", ["-C", shell.folder, "-cf", inner, "layout"]);
  const twice = join(shell.folder, "twice.tar");
  execFileSync("tar", ["-C", folder, "-cf", twice, "index.json", "oci-layout", "./index.json"]);
  const linked = written("linked", layout);
  symlinkSync("/dev/zero", join(linked, "blobs", "sha256", "0".repeat(64)));
  /** @type {[args: string[], code: number, said: RegExp][]} */
  const wrong = [
    [["--layout", join(shell.folder, "nothing.json")], 1, /there is no such file/],
    [["--layout", shell.folder], 1, /no OCI layout: there is no file oci-layout/],
    [["--layout", inner], 1, /no OCI layout: there is no file oci-layout/],
    [["--layout", twice], 1, /two files index\.json/],
    [["--layout", file("empty.txt", "")], 1, /no file oci-layout|no tar/],
    [["--layout", file("text.txt", "no archive".repeat(200))], 1, /no tar archive, or a damaged one/],
    [["--layout", file("cut.txt", bytes.subarray(0, (bytes.length >> 1) + 7))], 1, /ends in the middle/],
    [["--layout", file("packed.txt", Buffer.from("1f8b0800", "hex"))], 1, /compressed with gzip/],
    [["--layout", "/dev/null"], 1, /neither a folder nor a file/],
    [["--layout", folder, "--proof", pem], 2, /--layout and --proof exclude/],
    [["--layout", folder, "--signatures-in", "team/x"], 2, /--layout and --signatures-in exclude/],
    [["--platform", "linux/amd64"], 2, /--platform needs --layout/],
    [["--layout", folder, "--platform", "amd"], 2, /not a platform/],
  ];
  for (const [args, code, said] of wrong) ended(await verify(image, ...args), code, said);
  ended(
    await verify(`${name}@sha256:${"0".repeat(64)}`, "--layout", linked),
    1,
    /cannot be read|does not hold/,
  );
});

test("a damaged layer in a folder or an archive is never verified", async () => {
  const made = new MadeLayout();
  const whole = made.image("one", tag("1.0"));
  made.sign(whole);
  const [path = "", bytes = new Uint8Array()] =
    [...made.held].sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
  made.held.set(path, Buffer.concat([bytes.subarray(0, -1), Buffer.from("!")]));
  const root = written("damaged", made);
  execFileSync("tar", ["-C", root, "-cf", `${root}.tar`, "."]);
  for (const place of [root, `${root}.tar`]) {
    ended(
      await verify(`${name}@${whole}`, "--layout", place),
      1,
      /unreachable.*holds something else under the digest/s,
    );
  }
});

test("a proof file is written once verified, the same each time, and verified without anything else", async () => {
  const bundle = (/** @type {string[]} */ ...args) =>
    shell.ocisign(["bundle", image, "--layout", archive, "--key", pem, ...args]);
  const made = await bundle();
  ended(made, 0, /verified/);
  assert.equal((await bundle()).stdout, made.stdout);
  const path = shell.file("proof.json", made.stdout);
  ended(await verify(image, "--proof", path), 0, /^verified /);
  ended(await verify("--proof", path), 0, /compare the one that is named here/);
  const piped = await shell.ocisign(["verify", image, "--key", pem, "--proof", "-"], { input: made.stdout });
  ended(piped, 0, /^verified /);
  const out = join(shell.folder, "out.json");
  ended(await bundle("--output", out), 0, /verified/);
  assert.equal(readFileSync(out, "utf8"), made.stdout);
  ended(await bundle("--output", out), 1, /is there already/);
  const other = shell.file("other.pem", keyPair("P-256").pem);
  const not = await shell.ocisign(["bundle", image, "--layout", archive, "--key", other]);
  ended(not, 5, /invalid/);
  assert.equal(not.stdout, "");
  /** @type {[args: string[], code: number, said: RegExp][]} */
  const wrong = [
    [
      [
        image,
        "--proof",
        shell.file("changed.json", made.stdout.replace("registry.example", "registry.examplf")),
      ],
      5,
      /checksum|another image/,
    ],
    [[image, "--proof", shell.file("cut.json", made.stdout.slice(0, -20))], 5, /damaged: it is not JSON/],
    [[image, "--proof", shell.file("none.json", "{}")], 5, /no proof file/],
    [[`${name}@sha256:${"1".repeat(64)}`, "--proof", path], 5, /of another image/],
    [[`${name}2@${digest}`, "--proof", path], 5, /of another image/],
    [[image, "--proof", path, "--recursive"], 1, /proof file does not hold the image/],
    [[image, "--proof", path, "--covered-by", image], 2, /--proof and --covered-by exclude/],
    [["--from-file", path, "--proof", path], 2, /--proof and --from-file exclude/],
  ];
  for (const [args, code, said] of wrong) ended(await verify(...args), code, said);
  const lines = "# the mirrors\nother.example = registry.example/team\n\n";
  const map = ["--signed-as", shell.file("mirrors.txt", lines), "--layout", folder];
  ended(await verify(`other.example/app@${digest}`, ...map), 0, /name registry\.example\/team\/app/);
  // A rule that is passed over would let the image's own name count.
  for (const comment of ["# the mirrors\r", "# the mirrors\r\n", "\r# the\r\r"]) {
    const rules = `${comment}registry.example/team=other.example\nx.example=y.example\n`;
    const elsewhere = ["--signed-as", shell.file("elsewhere.txt", rules), "--layout", folder];
    ended(await verify(image, ...elsewhere), 5, /another repository/);
  }
  for (const given of ["a=b=c", "=x", "x="])
    ended(await verify(image, "--signed-as", given), 2, /two prefixes/);
  const both = ["--signed-as", "a.example=b.example", "--signed-as", "a.example=c.example"];
  ended(await verify(image, ...both), 2, /stands for something else already/);
  const bad = shell.file("bad.txt", "a.example\n");
  ended(await verify(image, "--signed-as", bad), 2, /bad\.txt:1 has something else than two prefixes/);
});

test("an archive is read to its end, and not to that of its file", async () => {
  const long = join(shell.folder, "long.tar");
  copyFileSync(archive, long);
  // Holes, which take no room on the disk.
  truncateSync(long, 2 ** 39);
  ended(await verify(image, "--layout", long), 0, /verified .*Signed by the required key/s);
});

test("what is piped in without an end is refused", async () => {
  for (const line of [
    `yes | ocisign verify ${image} --key ${pem} --proof -`,
    `yes | ocisign verify ${image} --layout ${folder} --key -`,
    `yes | ocisign attach ${image} --key ${pem} --signature -`,
  ]) {
    const { code, stderr } = await shell.bash(line);
    assert.equal(code, 1, line);
    assert.match(stderr, /standard input is larger than 64 MiB/, line);
  }
});
