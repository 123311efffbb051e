// Tools by others read what was copied: crane the image and its parts, skopeo all platforms, cosign the signatures. And a
// layout that skopeo wrote is copied into a registry.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyImage } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { goProgram } from "../../tools/machine/go.js";
import { documentOf, shellIn } from "../support/cli.js";
import { key, repositoryAt, wholeImage } from "../support/copying.js";
import { Tools } from "../support/cosign.js";
import { openDockerRegistry } from "../support/docker-registry.js";

const large = randomBytes(9 * 1024 * 1024);

let one, two, tools, shell, made, from, to, image;
before(async () => {
  [one, two] = await Promise.all([openDockerRegistry(), openDockerRegistry()]);
  tools = new Tools("interop-copy");
  shell = shellIn("interop-copy");
  from = repositoryAt(one, "team/app");
  to = repositoryAt(two, "mirror/app");
  made = await wholeImage(from, { large });
  image = `${from.name}@${made.index.digest}`;
  assert.equal((await copyImage(image, `${to.name}:1.0`)).state, "copied");
});
after(async () => {
  tools?.close();
  shell?.remove();
  await one?.close();
  await two?.close();
});

const run = (program, ...args) =>
  execFileSync(program, args, { env: tools.env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const crane = (...args) => run(goProgram("crane"), ...args);

test("crane reads every layer of every platform, checking each, and finds the same tags' digests", () => {
  crane("pull", "--format=oci", `${to.name}:1.0`, join(tools.folder, "by-crane"));
  assert.equal(crane("digest", `${to.name}:1.0`).trim(), made.index.digest);
  const signatures = `${made.index.digest.replace(":", "-")}.sig`;
  assert.equal(crane("digest", `${to.name}:${signatures}`), crane("digest", `${from.name}:${signatures}`));
  assert.deepEqual(
    crane("ls", to.name).trim().split("\n").toSorted(),
    crane("ls", from.name).trim().split("\n").toSorted(),
  );
});

test("skopeo reads all platforms and blobs, checking each", () => {
  const layout = join(tools.folder, "by-skopeo");
  run(
    "skopeo",
    "copy",
    "--all",
    "--preserve-digests",
    "--src-tls-verify=false",
    `docker://${to.name}:1.0`,
    `oci:${layout}:1.0`,
  );
});

for (const [cosign, form, ...args] of [
  // Simple signing names the repository that it was made in, which cosign does not compare unless it is told to.
  ["cosign-v2", "simple signing", "--new-bundle-format=false"],
  ["cosign-v2", "bundle v0.3", "--new-bundle-format"],
  ["cosign-v3", "bundle v0.3", "--new-bundle-format"],
]) {
  test(`${cosign} verifies the copied ${form}`, () => {
    const pem = tools.file("key.pem", key.pem);
    // Where there are bundles, cosign 2 looks at nothing else.
    const { digest } = form === "simple signing" ? made.arm : made.index;
    const root = form !== "simple signing" ? ["--trusted-root", tools.trustedRoot] : [];
    const verified = run(
      goProgram(cosign),
      ...[
        "verify",
        "--key",
        pem,
        "--insecure-ignore-tlog",
        "--allow-insecure-registry",
        ...args,
        ...root,
        `${to.name}@${digest}`,
      ],
    );
    assert.match(verified, new RegExp(digest));
  });
}

test("a layout that skopeo wrote is copied into a registry, and what is wrong in it is not", async () => {
  const layout = join(shell.folder, "layout");
  run(
    "skopeo",
    "copy",
    "--all",
    "--preserve-digests",
    "--src-tls-verify=false",
    `docker://${from.name}:1.0`,
    `oci:${layout}:1.0`,
  );
  const place = `${two.domain}/from/layout`;
  const done = await shell.ocisign(["copy", image, `${place}:1.0`, "--layout", layout, "--json"]);
  assert.equal(done.code, 0, done.stderr);
  assert.equal(documentOf(done).state, "copied");
  crane("pull", "--format=oci", `${place}:1.0`, join(tools.folder, "from-layout"));
  const blob = join(layout, "blobs", "sha256", digestOf(large).slice("sha256:".length));
  shell.file(blob.slice(shell.folder.length + 1), Buffer.concat([large.subarray(1), Buffer.from([0])]));
  const wrong = await shell.ocisign(["copy", image, `${two.domain}/from/wrong:1.0`, "--layout", layout]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, new RegExp(digestOf(large)));
  assert.equal((await repositoryAt(two, "from/wrong").read("1.0")).status, 404);
});
