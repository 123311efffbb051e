// Who accepts which image? The rows of `ocisign accepts`, compared with what cosign, containers/image and sigstore-go say.

import { measureRows } from "../support/acceptance.js";
import { interopJudges } from "../support/acceptance-judges.js";
import { Tools } from "../support/cosign.js";
import { dockerRegistry } from "../support/docker-registry.js";
import { testSandbox } from "../support/sandbox.js";

/** @param {import("../support/acceptance.js").Access} access @param {() => Promise<unknown>} stop */
function world(access, stop) {
  const tools = new Tools("accepts");
  tools.logIn([access]);
  const close = async () => {
    tools.close();
    await stop();
  };
  return { access, judges: interopJudges(tools, access), close };
}

measureRows("tests/interop/accepts.test.js", {
  async referrers() {
    const sandbox = await testSandbox({ name: "accepts" });
    return world(sandbox.registry, sandbox.close);
  },
  async "fallback-tag"() {
    const registry = await dockerRegistry({ username: "robot", password: "a pass:word" });
    return world(registry, registry.close);
  },
});
