// `ocisign ensure` asks for one signature, however often it runs, and wherever it is killed.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { againstFake, cliSandbox, documentOf } from "../support/cli.js";
import { productOf, signingOf } from "../support/fake-service.js";
import { heldWay, isList, isRequest, moment } from "../support/held-way.js";
import { keyPair } from "../support/signatures.js";

let at;
before(async () => {
  at = await cliSandbox("ensure");
});
after(() => at?.close());

let made = 0;
/** An image that no other test has requested. */
async function freshImage() {
  const repository = `team/ensure-${++made}`;
  return `${at.sandbox.registry.domain}/${repository}@${await pushImage(at.registry, repository)}`;
}

const args = (image, ...more) => ["ensure", image, "--product", at.product.id, ...more];
const ensure = (image, ...more) => at.ocisign(args(image, ...more));

async function requestsOf(image) {
  const encoded = Buffer.from(image).toString("base64");
  const all = await at.as("admin").signings();
  return all.filter((it) => it.payload.optionalParameters[0].artifactURI === encoded);
}

/** The one request of an image: more or less than one is the fault that all of this is about. */
async function onlyRequest(image) {
  const [request, ...others] = await requestsOf(image);
  assert.ok(request, "there is a request");
  assert.deepEqual(others, [], "there is one request");
  return request;
}

async function approve(id) {
  for (const role of ["approver-one", "approver-two"]) await at.as(role).approve(id);
}

/** A trust file with one rule. */
function trustOf(name, keys, rule = {}, revokedDigests = []) {
  const images = [`${at.sandbox.registry.domain}/team/**`];
  const rules = [{ name: "team apps", images, keys: Object.keys(keys), ...rule }];
  return at.file(name, JSON.stringify({ version: 1, keys, rules, revokedDigests }));
}

/** The last value of each output. */
function outputsIn(file) {
  const lines = readFileSync(join(at.folder, file), "utf8").trimEnd().split("\n");
  return Object.fromEntries(lines.map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)]));
}

test("the limit of the wait is over: exit code 3; the next run takes the request up, and one more asks nothing", async () => {
  const image = await freshImage();
  const files = ["--outputs", "first.env", "--summary", "first.md", "--report", "first.xml"];
  const first = await ensure(image, "--timeout", "1ms", ...files);
  assert.equal(first.code, 3, first.stderr);
  assert.match(first.stderr, /Not final after 1ms[\s\S]*run the same command again/);
  const { id } = await onlyRequest(image);
  const digest = image.split("@")[1];
  assert.deepEqual(outputsIn("first.env"), {
    OCISIGN_IMAGE: image,
    OCISIGN_DIGEST: digest,
    OCISIGN_REQUEST_ID: id,
    OCISIGN_STATE: "waiting",
  });
  assert.match(readFileSync(join(at.folder, "first.md"), "utf8"), /\*\*waiting\*\*[\s\S]*run this job again/);
  assert.match(readFileSync(join(at.folder, "first.xml"), "utf8"), /<skipped>waiting/);

  const running = at.start(args(image, "--json"));
  await running.says(/is taken up/, "stderr");
  await approve(id);
  const second = await running.ended;
  assert.equal(second.code, 0, second.stderr);
  const { state, takenUp, signing, verification } = documentOf(second);
  assert.deepEqual([state, takenUp, signing.id, verification.state], ["verified", true, id, "verified"]);

  const third = await ensure(image, "--outputs", "third.env");
  assert.equal(third.code, 0, third.stderr);
  const { OCISIGN_REQUEST_ID, OCISIGN_STATE } = outputsIn("third.env");
  assert.deepEqual([OCISIGN_REQUEST_ID, OCISIGN_STATE], ["", "verified"]);
  await onlyRequest(image);
});

test("killed in the middle of the wait: the next run goes on with the same request", async () => {
  const image = await freshImage();
  const killed = at.start(args(image, "--outputs", "killed.env"));
  await killed.says(/: waiting for approval/, "stderr");
  killed.child.kill("SIGKILL");
  assert.equal((await killed.ended).code, "SIGKILL");
  const { id } = await onlyRequest(image);
  assert.deepEqual(outputsIn("killed.env").OCISIGN_REQUEST_ID, id, "it was told before the wait");
  const next = at.start(args(image));
  await next.says(/is taken up/, "stderr");
  await approve(id);
  const { code, stderr } = await next.ended;
  assert.equal(code, 0, stderr);
  await onlyRequest(image);
});

test("killed between the POST and its reply: the next run takes up what the service accepted", async () => {
  const image = await freshImage();
  const accepted = moment();
  const way = await heldWay(at.sandbox.base, {
    after: (call) => {
      if (!isRequest(call)) return undefined;
      accepted.happen();
      return new Promise(() => {});
    },
  });
  const killed = at.start(args(image), { env: { OCISIGN_URL: way.base } });
  await accepted.come;
  killed.child.kill("SIGKILL");
  await killed.ended;
  way.close();
  const { id } = await onlyRequest(image);
  await approve(id);
  const next = await ensure(image);
  assert.equal(next.code, 0, next.stderr);
  await onlyRequest(image);
});

test("killed before the POST has arrived: the next run waits for it, by what the killed one wrote down", async () => {
  const image = await freshImage();
  const [sent, delivered, gone] = [moment(), moment(), moment()];
  let looks = 0;
  const way = await heldWay(at.sandbox.base, {
    async before(call) {
      if (!isRequest(call)) return;
      sent.happen();
      await gone.come;
    },
    after(call) {
      if (isRequest(call)) delivered.happen();
      // The next run has looked twice, and found nothing: without the journal it would post now.
      else if (isList(call) && ++looks === 4) gone.happen();
    },
  });
  const env = { OCISIGN_URL: way.base };
  const killed = at.start(args(image), { env });
  await sent.come;
  killed.child.kill("SIGKILL");
  await killed.ended;
  assert.deepEqual([await requestsOf(image), looks], [[], 2]);
  const next = at.start(args(image), { env });
  await delivered.come;
  await next.says(/: waiting for approval/, "stderr");
  const { id } = await onlyRequest(image);
  await approve(id);
  const { code, stderr } = await next.ended;
  way.close();
  assert.equal(code, 0, stderr);
  await onlyRequest(image);
});

test("two runs that start at once on one machine make one request", async () => {
  const image = await freshImage();
  const runs = [0, 1, 2].map(() => at.start(args(image)));
  await Promise.all(runs.map((run) => run.says(/: waiting for approval/, "stderr")));
  const { id } = await onlyRequest(image);
  await approve(id);
  for (const { ended } of runs) {
    const { code, stderr } = await ended;
    assert.equal(code, 0, stderr);
  }
  await onlyRequest(image);
});

test("two machines that ask at the same moment: the younger request is withdrawn, and both wait for the older", async () => {
  const image = await freshImage();
  const both = moment();
  let asking = 0;
  const way = await heldWay(at.sandbox.base, {
    async before(call) {
      if (!isRequest(call)) return;
      // Each has looked when neither had asked.
      if (++asking === 2) both.happen();
      await both.come;
    },
  });
  const machines = ["one", "other"].map((name) =>
    at.start(args(image, "--state-dir", join(at.folder, name)), { env: { OCISIGN_URL: way.base } }),
  );
  await Promise.all(machines.map((run) => run.says(/: waiting for approval/, "stderr")));
  const requests = await requestsOf(image);
  assert.equal(requests.length, 2);
  const [open, ...others] = requests.filter(({ final }) => !final);
  assert.deepEqual(others, [], "approvers are asked once");
  await approve(open.id);
  for (const { ended } of machines) {
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`request ${open.id}`));
  }
  way.close();
});

test("what was rejected is told, and asked for again only with --again", async () => {
  const image = await freshImage();
  await ensure(image, "--timeout", "1ms");
  const { id } = await onlyRequest(image);
  await at.as("approver-one").reject(id, { comment: "not this build" });
  for (const _ of ["the next run", "and one more"]) {
    const { code, stdout, stderr } = await ensure(image, "--outputs", "rejected.env");
    assert.equal(code, 4, stderr);
    assert.match(stdout, new RegExp(`request ${id}: rejected`));
    assert.equal(outputsIn("rejected.env").OCISIGN_STATE, "rejected");
  }
  await onlyRequest(image);
  for (const _ of ["anew", "and taken up"]) {
    const again = await ensure(image, "--again", "--timeout", "1ms");
    assert.equal(again.code, 3, again.stderr);
    assert.equal((await requestsOf(image)).length, 2);
  }
});

test("what cannot count is not asked for: another key, another registry, an image that is not there", async () => {
  const image = await freshImage();
  const other = await at.ocisign(["key", "-P", "automatic"]);
  const key = at.file("other.pem", other.stdout);
  const mismatch = await ensure(image, "--key", key, "--outputs", "mismatch.env");
  assert.equal(mismatch.code, 1, mismatch.stderr);
  assert.match(
    mismatch.stderr,
    /signs with the key .* not one of those that count[\s\S]*Nothing was requested/,
  );
  assert.equal(outputsIn("mismatch.env").OCISIGN_STATE, "error");
  assert.deepEqual(await requestsOf(image), []);

  const own = at.file("own.pem", (await at.ocisign(["key", "-P", at.product.id])).stdout);
  const both = await ensure(image, "--key", own, "--key", key, "--timeout", "1ms");
  assert.equal(both.code, 3, both.stderr);

  const absent = image.replace(/@.*/, `@sha256:${"a".repeat(64)}`);
  const missing = await ensure(absent, "--outputs", "missing.env", "--summary", "missing.md");
  assert.equal(missing.code, 1, missing.stderr);
  assert.equal(outputsIn("missing.env").OCISIGN_STATE, "unreachable");
  assert.match(readFileSync(join(at.folder, "missing.md"), "utf8"), /Nothing was requested/);
  assert.deepEqual(await requestsOf(absent), []);
});

test("files that cannot be written are refused before anything is asked; a tag is, too", async () => {
  const image = await freshImage();
  const nowhere = await ensure(image, "--outputs", join("no-folder", "outputs"));
  assert.equal(nowhere.code, 2, nowhere.stderr);
  assert.match(nowhere.stderr, /--outputs: .*cannot be written \(ENOENT\)/);
  const blocked = await ensure(image, "--state-dir", join(at.file("a-file", ""), "state"));
  assert.equal(blocked.code, 1, blocked.stderr);
  assert.match(blocked.stderr, /--state-dir[\s\S]*Nothing was requested/);
  assert.deepEqual(await requestsOf(image), []);
  const tag = await ensure(image.replace(/@.*/, ":1.0"));
  assert.equal(tag.code, 2, tag.stderr);
});

test("a list that cannot be read whole ends the run before it asks; what a service says is shown as text", async () => {
  const image = `${at.sandbox.registry.domain}/team/app@${at.digest}`;
  const key = at.file("fake.pem", (await at.ocisign(["key", "-P", at.product.id])).stdout);
  const product = productOf(at.sandbox.registry.domain);
  const against = (list, ...more) =>
    againstFake(
      ({ method, path }) => {
        if (method === "POST") return { body: { ...signingOf(image), productId: product.id } };
        if (/imagesignings(\?|$)/.test(path)) return list;
        if (path.includes("imagesignings")) return { body: hostile };
        return { body: path.includes("products/") ? product : [product] };
      },
      ["ensure", image, "--product", product.id, "--key", key, ...more],
    );
  const outputs = join(at.folder, "fake.env");
  const summary = join(at.folder, "fake.md");
  const id = "x\nOCISIGN_STATE=verified\n| `<b>` @all";
  const hostile = { ...signingOf(image), id, productId: product.id, status: 2 };

  for (const list of [{ status: 403, body: { message: "no" } }, { body: [{ id: "y" }] }]) {
    const { code, stderr, posts } = await against(list);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /is requested already is not known[\s\S]*Nothing was requested/);
    assert.deepEqual(posts, []);
  }

  // Its code is explained by no profile: it may stand for one that waits.
  const unexplained = await against(
    { body: [hostile] },
    "--timeout",
    "1ms",
    "--outputs",
    outputs,
    "--summary",
    summary,
  );
  assert.equal(unexplained.code, 3, unexplained.stderr);
  assert.deepEqual(unexplained.posts, []);
  assert.equal(outputsIn("fake.env").OCISIGN_STATE, "unexplained");
  assert.match(readFileSync(outputs, "utf8"), /^OCISIGN_REQUEST_ID=x\\nOCISIGN_STATE=verified\\n/m);
  const text = readFileSync(summary, "utf8");
  for (const raw of ["<b>", "@all", "| `"]) assert.ok(!text.includes(raw), text);
});

test("runs leave their state in a folder that only its user reads, and no secret in it", async () => {
  const image = await freshImage();
  const folder = join(at.folder, "state");
  await ensure(image, "--state-dir", folder, "--timeout", "1ms");
  const files = readdirSync(folder);
  assert.equal(files.length, 1, files.join());
  const text = readFileSync(join(folder, files[0]), "utf8");
  assert.ok(text.includes(image));
  assert.ok(!text.includes(at.token("requester")));
  const usual = await at.ocisign(args(await freshImage(), "--timeout", "1ms"), {
    env: { XDG_STATE_HOME: join(at.folder, "xdg") },
  });
  assert.equal(usual.code, 3, usual.stderr);
  assert.ok(existsSync(join(at.folder, "xdg", "ocisign", "ensure")));
});

test("a trust file that accepts: it is requested once, and verified by its rule", async () => {
  const image = await freshImage();
  const publicKey = (await at.ocisign(["key", "-P", at.product.id])).stdout;
  const trust = trustOf("accepts.json", { product: { publicKey } });
  const first = await ensure(image, "--trust", trust, "--timeout", "1ms");
  assert.equal(first.code, 3, first.stderr);
  const { id } = await onlyRequest(image);
  await approve(id);
  const second = await ensure(image, "--trust", trust, "--json");
  assert.equal(second.code, 0, second.stderr);
  const { state, verification } = documentOf(second);
  assert.deepEqual([state, verification.trust.rule], ["verified", "team apps"]);
  const third = await at.ocisign(args(image), { env: { OCISIGN_TRUST: trust } });
  assert.match(third.stdout, /Signed by product, as the rule "team apps" asks/, third.stderr);
  await onlyRequest(image);
});

test("what cannot count by the trust file is never requested, and each run says the same, with the rule and why", async () => {
  const image = await freshImage();
  const digest = image.split("@")[1];
  const publicKey = (await at.ocisign(["key", "-P", at.product.id])).stdout;
  const other = { publicKey: keyPair("P-256").pem };
  const retired = { at: "2026-01-01T00:00:00Z", reason: "rotated" };
  const old = { publicKey, retired };
  const isOld = /old is retired since 2026-01-01T00:00:00Z: rotated/;
  const elsewhere = ["registry.example/elsewhere/**"];
  for (const [name, file, code, said] of /** @type {const} */ ([
    [
      "no-rule",
      trustOf("no-rule.json", { other }, { images: elsewhere }),
      "no-trust-rule",
      /no rule for .*Add /s,
    ],
    [
      "retired",
      trustOf("retired.json", { old }),
      "never-verified",
      /retired\.json: the rule "team apps" asks for a key, and none of its keys counts: old is retired since .*: rotated\./,
    ],
    [
      "too-few",
      trustOf("too-few.json", { old, other }, { threshold: 2 }),
      "never-verified",
      /asks for 2 keys, and only 1 of its keys counts: old is retired/,
    ],
    [
      "mismatch",
      trustOf("mismatch.json", { old, other }),
      "key-mismatch",
      /the product signs with the key old \(sha256:\w+\), which is retired since .*: rotated \(the rule "team apps"\)/,
    ],
    [
      "unnamed",
      trustOf("unnamed.json", { other }),
      "key-mismatch",
      /the product signs with the key sha256:\w+, which the rule "team apps" does not name/,
    ],
    [
      "revoked",
      trustOf("revoked.json", { product: { publicKey } }, {}, [{ digest, reason: "CVE-2026-1" }]),
      "never-verified",
      /is revoked: CVE-2026-1 \(.*revoked\.json: revokedDigests\[0\]\)/,
    ],
  ])) {
    for (const _ of ["the first run", "the next"]) {
      const outcome = await ensure(image, "--trust", file, "--json", "--outputs", `${name}.env`);
      assert.equal(outcome.code, 5, outcome.stderr);
      const { error } = documentOf(outcome);
      assert.equal(error.code, code);
      assert.match(`${error.message} ${error.fix}`, said);
      if (name !== "no-rule") assert.match(error.fix, /Nothing was requested\.$/);
      assert.equal(outputsIn(`${name}.env`).OCISIGN_STATE, "error");
    }
    assert.deepEqual(await requestsOf(image), []);
  }
  assert.match((await ensure(image, "--trust", trustOf("text.json", { old }))).stderr, isOld);
  const then = ["--trust-time", "2025-12-01", "--timeout", "1ms"];
  const counted = await ensure(image, "--trust", trustOf("then.json", { old }), ...then);
  assert.equal(counted.code, 3, counted.stderr);
  await onlyRequest(image);
});
