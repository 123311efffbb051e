// The three command lines of the service's reference, as they stand there: only the program's name and the URL differ.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cliSandbox, documentOf } from "../support/cli.js";

let at;
before(async () => {
  at = await cliSandbox("reference");
});
after(() => at?.close());

const id = (text) => text.match(/^request +([0-9a-f-]{36})$/m)[1];

/** Without a profile, as somebody who has only the reference. */
async function shell(line) {
  const names = { PRODUCT: at.product.id, OPERATION: at.product.productOperations[0].id };
  const tokens = { TOKEN: at.token("requester"), APPROVERTOKEN: at.token("approver-one") };
  const env = { ...names, ...tokens, URL: at.sandbox.base, OCISIGN_URL: "", OCISIGN_TOKEN: "" };
  const known = {
    ...env,
    OCISIGN_PROFILE: "",
    SECOND: at.token("approver-two"),
    PROFILE: `${at.sandbox.base}/ocisign-profile`,
  };
  return at.bash(line, { env: known });
}

for (const [name, encode] of /** @type {[string, (image: string) => string][]} */ ([
  ["as `echo … | base64` makes it", (image) => Buffer.from(`${image}\n`).toString("base64")],
  ["without padding", (image) => Buffer.from(`${image}\n`).toString("base64").replaceAll("=", "")],
  ["wrapped over two lines", (image) => Buffer.from(image).toString("base64").replace(/.{76}/, "$&\n")],
])) {
  test(`add, approve, get: an artifact URI ${name}`, async () => {
    const artifact = encode(at.image);
    const added = await shell(
      `ocisign -c -t $TOKEN -a $URL imagesigning add SignOCI \\
     -P $PRODUCT --operid $OPERATION -A '${artifact}'`,
    );
    assert.equal(added.code, 0, added.stderr);
    assert.ok(added.stdout.includes(at.image));

    const request = id(added.stdout);
    const waiting = await shell(`ocisign -c -t $TOKEN -a $URL imagesigning get \\
    -I ${request}`);
    assert.equal(waiting.code, 3, waiting.stderr);
    assert.match(waiting.stdout, /^state +unknown \(status 2\)$/m);
    assert.match(waiting.stderr, /neither waiting nor failed/);

    const approved = await shell(`ocisign -c -t $APPROVERTOKEN -a $URL imagesigning approve \\
    -I ${request}`);
    assert.equal(approved.code, 0, approved.stderr);
    assert.ok(approved.stderr.includes(at.image), "what was approved is shown");

    const second = await shell(`ocisign -c -t $SECOND -a $URL imagesigning approve -I ${request}`);
    assert.equal(second.code, 0, second.stderr);
    const end = await shell(`ocisign -t $TOKEN -a $URL --profile $PROFILE status ${request} --wait`);
    assert.equal(end.code, 0, end.stderr);

    const signed = await shell(`ocisign -c -t $TOKEN -a $URL imagesigning get -I ${request}`);
    assert.equal(signed.code, 0, signed.stderr);
    assert.match(signed.stdout, /^state +signed \(status 16\)$/m);
  });
}

test("reject, with its reason, and both vocabularies show the same", async () => {
  const { id: request } = await at
    .as("requester")
    .requestSigning({ productId: at.product.id, artifact: at.image });
  const mute = await shell(`ocisign -t $APPROVERTOKEN -a $URL imagesigning reject -I ${request}`);
  assert.equal(mute.code, 2);
  assert.match(mute.stderr, /--comment/);
  const rejected = await shell(
    `ocisign -t $APPROVERTOKEN -a $URL imagesigning reject -I ${request} --comment "wrong branch"`,
  );
  assert.equal(rejected.code, 0, rejected.stderr);
  const [reference, ours] = await Promise.all([
    at.ocisign(["imagesigning", "get", "-I", request, "--json"]),
    at.ocisign(["status", request, "--json"]),
  ]);
  assert.deepEqual([reference.code, ours.code], [4, 4]);
  assert.deepEqual(documentOf(reference), documentOf(ours));
  assert.match(documentOf(ours).reason, /wrong branch/);
});

test("what is no artifact is said with its place, and nothing is sent", async () => {
  for (const [artifact, message] of /** @type {[string, RegExp][]} */ ([
    ["!!!", /base64/],
    [Buffer.from("nginx").toString("base64"), /is not a registry\./],
    [Buffer.from("library/nginx").toString("base64"), /`library` at byte 0 is not a registry[\s\S]*\^/],
  ])) {
    const refused = await shell(
      `ocisign -t $TOKEN -a $URL imagesigning add SignOCI -P $PRODUCT -A '${artifact}'`,
    );
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, message);
  }
  const type = await shell("ocisign -t $TOKEN -a $URL imagesigning add SignPDF -P $PRODUCT -A x");
  assert.equal(type.code, 2);
  assert.match(type.stderr, /Allowed choices are SignOCI/);
});
