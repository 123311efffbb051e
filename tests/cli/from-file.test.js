// Many images from a file: all checked first, and nothing lost of what was requested.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { cliSandbox, documentOf, shellIn } from "../support/cli.js";
import { fakeService, signingOf } from "../support/fake-service.js";

let at;
let images;
before(async () => {
  at = await cliSandbox("from-file");
  images = [];
  for (const name of ["one", "two", "three"]) {
    images.push(
      `${at.sandbox.registry.domain}/batch/${name}@${await pushImage(at.registry, `batch/${name}`)}`,
    );
  }
});
after(() => at?.close());

const count = async () => (await at.as("requester").signings()).length;

test("one request a line; comments, blank lines and repetitions are none", async () => {
  const file = at.file(
    "images.txt",
    `# a release\n${images[0]}\n\n  \n${images[1]}\r\n${images[0]}\n${images[2]}`,
  );
  const before = await count();
  const done = await at.ocisign(["sign", "--from-file", file, "-P", at.product.id]);
  assert.equal(done.code, 0, done.stderr);
  assert.equal(await count(), before + 3);
  const lines = done.stdout.trim().split("\n");
  assert.deepEqual(
    lines.map((line) => line.split(/ {2,}/).at(-1)),
    images,
  );
  assert.match(done.stderr, /Line 6 repeats line 2/);
  assert.match(done.stderr, /3 of 3 images requested\./);
});

test("from standard input, waited for, as one document", async () => {
  const done = await at.ocisign(["sign", "--from-file", "-", "-P", "automatic", "--wait", "--json"], {
    input: images.join("\n"),
  });
  assert.equal(done.code, 0, done.stderr);
  const { requested, failed, notRequested } = documentOf(done);
  assert.deepEqual(
    requested.map(({ line, reference, signing }) => [line, reference, signing.state]),
    images.map((image, index) => [index + 1, image, "signed"]),
  );
  assert.deepEqual([failed, notRequested], [[], []]);
});

test("every line that is wrong is told, with its place, before anything is sent", async () => {
  const before = await count();
  const file = at.file("wrong.txt", `${images[0]}\nnginx\n\n${images[1].replace("batch", "Batch")}\n`);
  const refused = await at.ocisign(["sign", "--from-file", file, "-P", at.product.id]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /2 lines of .*wrong\.txt do not name an image/);
  assert.match(
    refused.stderr,
    /wrong\.txt:2:1: .* is not a registry\. The digest is missing at byte 5\.\n +Begin with/,
  );
  assert.match(refused.stderr, /wrong\.txt:4:\d+: /);
  const { error } = documentOf(
    await at.ocisign(["sign", "--from-file", file, "-P", at.product.id, "--json"]),
  );
  assert.deepEqual(
    error.lines.map(({ line, text, code }) => [line, text, code]),
    [
      [2, "[withheld]", "registry-missing"],
      [4, images[1].replace("batch", "Batch"), "repository-uppercase"],
    ],
  );
  const elsewhere = at.file("elsewhere.txt", `${images[0]}\nregistry.example/x@${at.digest}\n`);
  const other = await at.ocisign(["sign", "--from-file", elsewhere, "-P", at.product.id]);
  assert.equal(other.code, 1);
  assert.match(other.stderr, /elsewhere\.txt:2: /);
  const told = await at.ocisign(["sign", "--from-file", elsewhere, "-P", at.product.id, "--json"]);
  const [{ line, reference, code }] = documentOf(told).error.lines;
  assert.deepEqual([line, reference, code], [2, `registry.example/x@${at.digest}`, "registry-mismatch"]);
  const empty = await at.ocisign([
    "sign",
    "--from-file",
    at.file("empty.txt", "# nothing\n"),
    "-P",
    at.product.id,
  ]);
  assert.equal(empty.code, 1);
  assert.match(empty.stderr, /names no image/);
  assert.equal(await count(), before);
});

test("4 when one of them is rejected, 3 when one still waits", async () => {
  const file = at.file("wait.txt", images.slice(0, 2).join("\n"));
  const waiting = at.start(["sign", "--from-file", file, "-P", at.product.id, "--wait"]);
  await waiting.says(/requested \S+ +.*batch\/two/, "stderr");
  const ids = [...waiting.said.stderr.matchAll(/^requested (\S+)/gm)].map(([, id]) => id);
  for (const id of ids) await at.as("approver-one").reject(id, { comment: "no" });
  assert.equal((await waiting.ended).code, 4);
  const late = await at.ocisign([
    "sign",
    "--from-file",
    file,
    "-P",
    at.product.id,
    "--wait",
    "--timeout",
    "50ms",
  ]);
  assert.equal(late.code, 3);
  assert.match(late.stdout, /waiting for approval/);
});

/** A service that takes as many requests as it is told to. */
async function limited(answers, work) {
  const product = {
    id: "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac",
    productOperations: [{ id: "o", operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: "registry.example" }],
  };
  let taken = 0;
  const service = await fakeService(({ method, body }) => {
    if (method === "GET") return { body: product };
    const next = answers[taken++] ?? {};
    if (next.status || next.hang) return next;
    const uri = JSON.parse(body).payload.optionalParameters[0].artifactURI;
    return { body: signingOf(Buffer.from(uri, "base64").toString(), { id: `request-${taken}` }) };
  });
  const shell = shellIn("limited", {
    OCISIGN_URL: service.url,
    OCISIGN_TOKEN: "t",
    OCISIGN_PRODUCT: product.id,
  });
  shell.file(
    "images.txt",
    [1, 2, 3, 4].map((n) => `registry.example/app${n}@sha256:${`${n}`.repeat(64)}`).join("\n"),
  );
  try {
    return await work(shell, service);
  } finally {
    service.close();
    shell.remove();
  }
}

test("a failure in the middle loses nothing; what failed for one does not stop the others", async () => {
  await limited([{}, { status: 409, body: { message: "already" } }], async (shell) => {
    const done = await shell.ocisign(["sign", "--from-file", "images.txt", "--json"]);
    assert.equal(done.code, 1);
    const { requested, failed, notRequested } = documentOf(done);
    assert.deepEqual(
      requested.map(({ signing }) => signing.id),
      ["request-1", "request-3", "request-4"],
    );
    assert.deepEqual([failed[0].line, failed[0].error.code, notRequested], [2, "conflict", []]);
  });
  await limited([{}, {}, { status: 403 }], async (shell) => {
    const done = await shell.ocisign(["sign", "--from-file", "images.txt"]);
    assert.equal(done.code, 1);
    assert.match(done.stdout, /^request-1 .*\nrequest-2 .*\n$/);
    assert.match(done.stderr, /2 of 4 images requested, 1 failed, 1 not requested, from line 4 on\./);
  });
});

test("Ctrl-C in the middle loses nothing", async () => {
  for (const [args, json] of /** @type {[string[], boolean][]} */ ([
    [[], false],
    [["--json"], true],
  ])) {
    await limited([{}, { hang: true }], async (shell, service) => {
      const running = shell.start(["sign", "--from-file", "images.txt", ...args]);
      await running.says(/requesting 2 of 4/, "stderr");
      while (service.asked.length < 3) await new Promise((resolve) => setImmediate(resolve));
      running.child.kill("SIGINT");
      const ended = await running.ended;
      assert.equal(ended.code, 130);
      if (json)
        assert.deepEqual(
          documentOf(ended).requested.map(({ signing }) => signing.id),
          ["request-1"],
        );
      else assert.match(ended.stdout, /^request-1 /);
      assert.match(
        ended.stderr,
        /registry\.example\/app2@\S+ was in progress; the service may have accepted it/,
      );
      assert.match(ended.stderr, /1 of 4 images requested, 3 not requested, from line 2 on/);
    });
  }
});

test("a reader that goes away in the middle loses nothing", async () => {
  await limited([], async (shell) => {
    const { stdout, stderr } = await shell.bash("ocisign sign --from-file images.txt | true");
    assert.equal(stdout, "");
    const [, requested] = stderr.match(/(\d) of 4 images requested/) ?? assert.fail(stderr);
    const told = [...stderr.matchAll(/^requested request-\d/gm)];
    assert.equal(told.length, Number(requested));
    assert.ok(!/^ +at /m.test(stderr));
  });
});
