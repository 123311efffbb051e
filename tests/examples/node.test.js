// examples/node, run with the packed package installed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { installed, readExample, ready } from "../support/examples.js";
import { groupA, productFor } from "../support/sandbox.js";

let world;
let place;

before(async () => {
  world = await ready([groupA]);
  place = await installed();
  writeFileSync(join(place.folder, "profile.json"), readExample("signing-profile.json"));
  for (const name of ["sign.mjs", "approve.mjs"]) {
    writeFileSync(join(place.folder, name), readExample(`node/${name}`));
  }
});
after(async () => {
  place?.remove();
  await world?.sandbox.close();
});

/** Starts an example as somebody; `said` resolves when it has printed that, `ended` with its code. */
function start(role, args, product = world.product.id) {
  const { token } = world.sandbox.person(role);
  const tokenFile = join(place.folder, `${role}.token`);
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const child = spawn(process.execPath, args, {
    cwd: place.folder,
    env: {
      ...process.env,
      OCISIGN_URL: world.sandbox.base,
      OCISIGN_TOKEN: token,
      OCISIGN_TOKEN_FILE: tokenFile,
      OCISIGN_PROFILE: join(place.folder, "profile.json"),
      OCISIGN_PRODUCT: product,
    },
  });
  let output = "";
  const waiting = [];
  const hear = (text) => {
    output += text;
    for (const look of waiting) look();
  };
  child.stdout.setEncoding("utf8").on("data", hear);
  child.stderr.setEncoding("utf8").on("data", hear);
  const ended = new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
  const said = (pattern) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = output.match(pattern);
        if (found) resolve(found);
      };
      waiting.push(look);
      look();
      ended.then(() => reject(new Error(`it ended, and had said: ${output}`)));
    });
  return { said, ended, answer: (text) => child.stdin.end(`${text}\n`) };
}

test("one signs and waits, another looks and approves", async () => {
  const signing = start("requester", ["sign.mjs", world.image], world.product.name);
  const [, id] = await signing.said(/^requested: (\S+)$/m);
  await signing.said(/^status 2: waiting$/m);

  const hesitant = start("approver-one", ["approve.mjs", id]);
  await hesitant.said(/Approve\?/);
  hesitant.answer("n");
  assert.deepEqual((await hesitant.ended).code, 1);

  const approving = start("approver-one", ["approve.mjs", id, "as announced"]);
  await approving.said(/Approve\?/);
  approving.answer("y");
  const { code, output } = await approving.ended;
  assert.equal(code, 0, output);
  assert.ok(output.includes(`image:  ${world.image}\nwhy:    Release\n`), output);
  assert.match(output, /Approved\.$/m);

  const end = await signing.ended;
  assert.equal(end.code, 0, end.output);
  assert.match(end.output, /^verified: Signed by the required key \(1 of 1\)/m);
  const { approvals } = await world.as("requester").signing(id);
  assert.equal(approvals[0].comment, "as announced");
});

test("what goes wrong is said with what to do", async () => {
  const { code, output } = await start("requester", ["sign.mjs", "nginx"]).ended;
  assert.equal(code, 1);
  assert.match(output, /not a registry.* Begin with the registry/);
});

test("a product that nobody has, or that two have, is not guessed", async () => {
  const image = world.image;
  const unknown = await start("requester", ["sign.mjs", image], "no such product").ended;
  assert.deepEqual(unknown, { code: 1, output: '0 products are called "no such product".\n' });
  const { name } = await world.as("requester").createProduct(productFor(world.sandbox));
  const twice = await start("requester", ["sign.mjs", image], name).ended;
  assert.deepEqual(twice, { code: 1, output: `2 products are called "${name}".\n` });
});
