// What a call looks like on its way to the service: URL, headers and body.
import assert from "node:assert/strict";
import { test } from "node:test";
import { service, serviceClient } from "../support/scripted-service.js";

test("the headers are those of the reference's curl, and a POST says that it is JSON", async () => {
  service.answers = [{}];
  service.asked = [];
  await serviceClient().signing("r1");
  await serviceClient().approve("r1", { comment: "ja – gut" });
  const [get, post] = service.asked;
  assert.equal(get.url, "/acme/api/v1/imagesignings/r1");
  assert.equal(get.headers.accept, "application/json");
  assert.equal(get.headers.authorization, "Bearer the-token");
  assert.equal(get.headers["content-type"], undefined);
  assert.equal(post.url, "/acme/api/v1/imagesignings/r1/approve");
  assert.equal(post.headers["content-type"], "application/json");
  assert.equal(post.body, '{"comment":"ja – gut"}');
});

test("ids and filters cannot leave their place in the URL", async () => {
  service.answers = [{ body: '{"id":"../../x?y#z","status":16}' }, { body: "[]" }];
  service.asked = [];
  await serviceClient().signing("../../x?y#z");
  await serviceClient().signings({ status: 2, productId: "a&b=c", nothing: undefined });
  assert.equal(service.asked[0].url, "/acme/api/v1/imagesignings/..%2F..%2Fx%3Fy%23z");
  assert.equal(service.asked[1].url, "/acme/api/v1/imagesignings?status=2&productId=a%26b%3Dc");
  for (const id of ["", ".", ".."]) await assert.rejects(serviceClient().signing(id), { code: "bad-input" });
});
