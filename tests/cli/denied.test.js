// A decision that the service accepts, and whose answer shows the opposite: is nobody told that it was done?
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { shellIn } from "../support/cli.js";
import { fakeService, productOf, signingOf } from "../support/fake-service.js";

const image = `registry.example/team/app@sha256:${"1".repeat(64)}`;
const request = signingOf(image, { productId: "p" });
const statuses = { 2: "waiting", 4: "approved", 8: "signing", 32: "rejected", 64: "failed" };
const routes = { withdraw: "imagesignings/{id}/withdraw" };

let answer = 2;
let service;
/** @type {ReturnType<typeof shellIn>} */
let shell;
before(async () => {
  service = await fakeService(({ method, path }) => {
    if (method === "POST") return { body: { ...request, status: answer } };
    return { body: path.includes("/products/") ? productOf("registry.example") : request };
  });
  shell = shellIn("denied", { OCISIGN_URL: service.url, OCISIGN_TOKEN: "the-token" });
  shell.file("profile.json", JSON.stringify({ statuses, routes }));
});
after(() => {
  service?.close();
  shell?.remove();
});

const approve = ["approve", request.id, "--yes"];
const reject = ["reject", request.id, "--comment", "no"];
const withdraw = ["withdraw", request.id, "--yes"];
const byId = ["imagesigning", "approve", "-I", request.id];

for (const [args, status, said] of /** @type {[string[], number, RegExp | undefined][]} */ ([
  [approve, 32, /approval was accepted, but the service shows the request as rejected \(status 32\)/],
  [byId, 32, /approval was accepted, but the service shows the request as rejected/],
  [reject, 16, /rejection was accepted, but the service shows the request as signed/],
  [reject, 8, /rejection was accepted, but the service shows the request as being signed/],
  [reject, 4, /rejection was accepted, but the service shows the request as approved/],
  [withdraw, 16, /withdrawal was accepted, but the service shows the request as signed/],
  // It waits for others, or for a while.
  [approve, 2, undefined],
  [approve, 16, undefined],
  [approve, 64, undefined],
  [approve, 99, undefined],
  [reject, 2, undefined],
  [reject, 32, undefined],
  [reject, 64, undefined],
  [reject, 99, undefined],
  [withdraw, 64, undefined],
])) {
  test(`${args.slice(0, args === byId ? 2 : 1).join(" ")}, answered by status ${status}`, async () => {
    answer = status;
    const { code, stderr } = await shell.ocisign([...args, "--profile", "profile.json"]);
    assert.equal(code, said ? 1 : 0, stderr);
    if (said) assert.match(stderr, said);
    assert.equal(/^(Approved|Rejected|Withdrawn)\.$/m.test(stderr), said === undefined, stderr);
  });
}
