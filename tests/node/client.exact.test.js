// One approval is bound to what was shown, to the last digit: what JavaScript loses in reading JSON was not shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fake as scripted } from "../support/scripted-fetch.js";

const request =
  '{"id":"r1","status":2,"name":"n","productId":"p","priority":0,"history":[],' +
  '"payload":{"name":"OCI sign request","metadata":[],"optionalParameters":[{"artifactURI":"Z29vZA=="}]}}';
const product = '{"id":"p","name":"product","limit":0}';
const decided = '{"id":"r1","status":16}';

/** @param {string[]} replies */
function fake(replies) {
  const answers = replies.map((text) => new Response(text));
  return scripted(answers, { profile: { routes: { withdraw: "imagesignings/{id}/withdraw" } } });
}
const methods = (/** @type {{ init: { method: string } }[]} */ calls) => calls.map(({ init }) => init.method);

for (const [what, change] of /** @type {[string, (json: string) => string][]} */ ([
  [
    "a number that JavaScript cannot keep",
    (json) => json.replace('"priority":0', '"priority":9007199254740993'),
  ],
  ["a number that is too exact", (json) => json.replace('"priority":0', '"priority":1.00000000000000000001')],
  ["a field twice", (json) => json.replace('"priority":0', '"priority":1,"priority":0')],
  ["an image twice", (json) => json.replace("[{", '[{"artifactURI":"YmFk",')],
  // Readers such as Go's take either for the image.
  ["an image twice, in another case", (json) => json.replace("[{", '[{"artifacturi":"YmFk",')],
  ["an image twice, the other one last", (json) => json.replace('=="}', '==","ARTIFACTURI":"YmFk"}')],
  ["a payload twice, in another case", (json) => json.replace('"payload"', '"Payload":{},"payload"')],
  [
    "a description that Go takes for one",
    (json) => json.replace('"name"', '"de\u017fcription":"a","description":"b","name"'),
  ],
])) {
  test(`a request with ${what} looks like another one: it is not approved, and can be rejected`, async () => {
    const { client, calls } = fake([change(request), change(request)]);
    const expect = await client.signing("r1");
    await assert.rejects(client.approve("r1", { expect }), (/** @type {any} */ error) => {
      assert.equal(error.code, "bad-reply");
      assert.equal(error.taken, "no");
      assert.match(error.message, /so that nobody can be shown all of it/);
      return true;
    });
    assert.deepEqual(methods(calls), ["GET", "GET"]);

    for (const decide of /** @type {((client: any, options: object) => Promise<any>)[]} */ ([
      (client, options) => client.reject("r1", { comment: "odd", ...options }),
      (client, options) => client.withdraw("r1", options),
    ])) {
      const other = fake([change(request), decided]);
      await decide(other.client, { expect });
      assert.deepEqual(methods(other.calls), ["GET", "POST"]);
    }
  });
}

test("fields that nobody reads by name may differ in case", async () => {
  const odd = request.replace('"metadata":[]', '"metadata":[],"labels":{"app":"a","App":"b","APP":"c"}');
  const { client, calls } = fake([odd, decided]);
  await client.approve("r1", { expect: JSON.parse(odd) });
  assert.deepEqual(methods(calls), ["GET", "POST"]);
});

test("a product with such a number was not shown either", async () => {
  const { client, calls } = fake([request, product.replace('"limit":0', '"limit":9007199254740993')]);
  const options = { expect: JSON.parse(request), expectProduct: JSON.parse(product) };
  await assert.rejects(client.approve("r1", options), { code: "bad-reply" });
  assert.deepEqual(methods(calls), ["GET", "GET"]);
});

test("how a number is spelled, and what moves by itself, hinders nothing", async () => {
  const odd = request
    .replace('"priority":0', '"priority":0.0e5')
    .replace('"history":[]', '"history":[{"at":1732900000.1234567891,"at":1}]');
  const { client, calls } = fake([odd, product, decided]);
  const options = { expect: JSON.parse(request), expectProduct: JSON.parse(product) };
  await client.approve("r1", options);
  assert.deepEqual(methods(calls), ["GET", "GET", "POST"]);
});

test("the look has the tokens of its client: nobody is asked for one again", async () => {
  let asked = 0;
  const token = () => {
    asked += 1;
    return "token";
  };
  const { client } = scripted(
    [request, request, decided].map((text) => new Response(text)),
    { token },
  );
  const expect = await client.signing("r1");
  await client.approve("r1", { expect });
  assert.equal(asked, 1);
});
