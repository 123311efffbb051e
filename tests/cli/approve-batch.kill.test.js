// A program that is killed while it approves a batch: the same command again approves the rest, and sends nothing twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { idOf, requestOf } from "../support/batch-service.js";
import { against, wordsIn } from "../support/batch-shell.js";
import { cliSandbox, documentOf } from "../support/cli.js";
import { newSeed, randomNumbers } from "../support/random.js";

const count = 24;

test("killed three times at any approval, which the service had taken: each is sent once", async () => {
  const seed = newSeed();
  console.log(`seed ${seed}`);
  const random = randomNumbers(seed);
  let left = Number.POSITIVE_INFINITY;
  let reached = () => {};
  const requests = Array.from({ length: count }, (_, n) => requestOf(n + 1));
  const fake = await against(requests, ({ method, path, held }) => {
    if (method !== "POST") return undefined;
    left -= 1;
    if (left > 0) return undefined;
    // The service takes it, and the program never hears of it.
    held.get(path.match(/imagesignings\/([^/?]+)/)?.[1] ?? "").approvals.push({ objectId: "me", name: "Me" });
    reached();
    return { hang: true };
  });
  try {
    const words = wordsIn((await fake.ocisign(fake.args("approve", "--batch", "nightly"))).stderr);
    const args = fake.args("approve", "--batch", "nightly", "--confirm", words, "--json");
    for (let kills = 0; kills < 3; kills += 1) {
      left = 1 + random(7);
      const isThere = new Promise((resolve) => {
        reached = () => resolve(undefined);
      });
      const running = fake.start(args);
      await isThere;
      running.child.kill("SIGKILL");
      assert.equal((await running.ended).code, "SIGKILL");
    }
    left = Number.POSITIVE_INFINITY;
    const last = await fake.ocisign(args);
    assert.equal(last.code, 0, last.stderr);
    const { counts, requests: told } = documentOf(last);
    assert.deepEqual([counts, told.length], [{ approved: count }, count]);
    const sent = fake.posts().map(({ path }) => path);
    assert.deepEqual([sent.length, new Set(sent).size], [count, count], "each once");
    for (let n = 1; n <= count; n += 1) assert.equal(fake.held.get(idOf(n)).approvals.length, 1);
  } finally {
    fake.close();
  }
});

test("killed in the middle, against a service that judges: the rest is approved, and nothing twice", async () => {
  const at = await cliSandbox("approve-batch-kill");
  try {
    const ids = [];
    for (let n = 0; n < count; n += 1) {
      const input = { productId: at.product.id, artifact: at.image, description: "Release 1.2" };
      const metadata = [{ name: "ocisign-batch", value: "killed" }];
      ids.push((await at.as("requester").requestSigning({ ...input, metadata })).id);
    }
    const approver = { env: { OCISIGN_TOKEN: at.token("approver-one") } };
    const shown = await at.ocisign(["approve", "--batch", "killed"], approver);
    const args = ["approve", "--batch", "killed", "--confirm", wordsIn(shown.stderr)];
    const running = at.start([...args, "--concurrency", "2"], approver);
    await running.says(/(?:^approved {2}.*\n){3}/m);
    running.child.kill("SIGKILL");
    assert.equal((await running.ended).code, "SIGKILL");
    const approvals = async (id) => (await at.as("requester").signing(id)).approvals?.length;
    const before = await Promise.all(ids.map(approvals));
    assert.ok(before.includes(1), "some were approved");
    const again = await at.ocisign(args, approver);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, new RegExp(`^${count} requests: ${count} approved\\.$`, "m"));
    assert.deepEqual(await Promise.all(ids.map(approvals)), Array(count).fill(1));
  } finally {
    await at.close();
  }
});
