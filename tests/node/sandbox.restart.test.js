// What a kill leaves behind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { publicKey, SigningClient } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { startSandbox } from "../../demo/sandbox.js";
import { prove } from "../support/proof.js";
import { clientsOf, productFor, profileOf, program, quick, temporaryFolder } from "../support/sandbox.js";

test("killed and started again on the same data, it has lost nothing and finishes its work", async () => {
  const { folder, remove } = temporaryFolder("killed");
  let running = await startSandbox({ program, data: folder });
  try {
    const stopped = running;
    const clients = await clientsOf(running);
    const made = await clients("requester").createProduct(productFor(running));
    const target = `${running.registry.domain}/team/app@${await pushImage(new Registry(running.registry), "team/app")}`;
    const request = await clients("requester").requestSigning({ productId: made.id, artifact: target });
    await clients("approver-one").approve(request.id);
    const before = await clients("requester").signing(request.id);
    const tokens = running.people.map(({ token }) => token);
    await running.stop("SIGKILL");

    running = await startSandbox({
      program,
      data: folder,
      listen: new URL(stopped.base).host,
      registryListen: stopped.registry.domain,
    });
    const profile = await profileOf(running);
    const again = (token) => new SigningClient({ baseUrl: running.base, profile, token });
    // Tokens that were given out before hold on, too.
    assert.deepEqual(await again(tokens[0]).signing(request.id), before);
    assert.deepEqual(await again(tokens[0]).product(made.id), made);
    await again(running.person("approver-two").token).approve(request.id);
    const end = await again(tokens[0]).waitForSignature(request.id, quick);
    assert.equal(end.state, "signed", String(end.reason));
    await prove(new Registry(running.registry), target, publicKey(made, undefined, profile).pem);
  } finally {
    await running.stop();
    remove();
  }
});
