// What cosign, crane and skopeo save is an OCI layout that is verified here, and a damaged one is not.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { goProgram } from "../../tools/machine/go.js";
import { shellIn } from "../support/cli.js";
import { key, repositoryAt, tagFor, wholeImage } from "../support/copying.js";
import { Tools } from "../support/cosign.js";
import { openDockerRegistry } from "../support/docker-registry.js";

let registry, tools, shell, at, made, pem;
before(async () => {
  registry = await openDockerRegistry();
  tools = new Tools("interop-layout");
  shell = shellIn("interop-layout");
  at = repositoryAt(registry, "team/app");
  made = await wholeImage(at);
  pem = shell.file("key.pem", key.pem);
});
after(async () => {
  tools?.close();
  shell?.remove();
  await registry?.close();
});

/** @param {string} program @param {...string} args */
const run = (program, ...args) =>
  execFileSync(program, args, { env: tools.env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** @param {string} digest @param {string} layout @param {...string} args */
const verify = (digest, layout, ...args) =>
  shell.ocisign(["verify", `${at.name}@${digest}`, "--layout", layout, "--key", pem, ...args]);

/** @param {string[]} copied each a tag, or a tag and the digest that it is copied from @param {string} to */
const skopeo = (to, ...copied) => {
  for (const tag of copied) {
    const tls = ["--all", "--preserve-digests", "--src-tls-verify=false"];
    run("skopeo", "copy", ...tls, `docker://${at.name}:${tag}`, `${to}:${tag}`);
  }
};

for (const cosign of ["cosign-v2", "cosign-v3"]) {
  test(`${cosign} save: an index, and an image of one platform`, async () => {
    for (const [of, { digest }] of Object.entries({ index: made.index, arm: made.arm })) {
      const folder = join(tools.folder, `${cosign}-${of}`);
      run(goProgram(cosign), "save", "--dir", folder, "--allow-insecure-registry", `${at.name}@${digest}`);
      const { code, stdout, stderr } = await verify(digest, folder);
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /simple-signing, found by tag/);
    }
  });
}

test("skopeo: a folder and an archive, with the signature's tag beside the image's", async () => {
  const { digest } = made.index;
  const folder = join(tools.folder, "skopeo");
  skopeo(`oci:${folder}`, "1.0", tagFor(digest));
  const tag = await verify(digest, folder, "--recursive");
  assert.equal(tag.code, 5, "the platforms' signatures were not copied");
  const whole = await verify(digest, folder);
  assert.equal(whole.code, 0, whole.stdout + whole.stderr);
  const archive = `${folder}.tar`;
  run("tar", "-C", folder, "-cf", archive, ".");
  assert.equal((await verify(digest, archive)).code, 0);
});

test("a layout that skopeo wrote, and that somebody changed, is never verified", async () => {
  const { digest } = made.index;
  const folder = join(tools.folder, "changed");
  skopeo(`oci:${folder}`, "1.0", tagFor(digest));
  const blobs = join(folder, "blobs", "sha256");
  for (const name of readdirSync(blobs)) {
    const good = readFileSync(join(blobs, name));
    if (good.length === 0) continue;
    writeFileSync(
      join(blobs, name),
      Buffer.concat([good.subarray(0, -1), Buffer.from([(good.at(-1) ?? 0) ^ 1])]),
    );
    const { code, stdout } = await verify(digest, folder);
    // The config of a signature's manifest says nothing, and is not read.
    const isConfigOfSignature = code === 0 && JSON.parse(good.toString()).rootfs?.diff_ids !== undefined;
    assert.ok(code !== 0 || isConfigOfSignature, `${name}: ${stdout}`);
    writeFileSync(join(blobs, name), good);
  }
  assert.equal((await verify(digest, folder)).code, 0);
});
