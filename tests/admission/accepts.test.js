// Which image does a cluster admit? The rows of `ocisign accepts`, compared with what the programs of Kyverno and
// policy-controller say.

import { measureRows } from "../support/acceptance.js";
import { admissionJudges } from "../support/acceptance-judges.js";
import { openDockerRegistry } from "../support/docker-registry.js";
import { temporaryFolder, testSandbox } from "../support/sandbox.js";

/** @param {import("../support/acceptance.js").Access} access @param {() => Promise<unknown>} stop */
function world(access, stop) {
  const { folder, remove } = temporaryFolder("accepts");
  const adapt = (/** @type {string} */ text) => text.replaceAll("registry.example", access.domain);
  const close = async () => {
    remove();
    await stop();
  };
  return { access, judges: admissionJudges(folder, adapt), close };
}

measureRows("tests/admission/accepts.test.js", {
  async referrers() {
    const sandbox = await testSandbox({ name: "accepts" });
    return world(sandbox.registry, sandbox.close);
  },
  async "fallback-tag"() {
    const registry = await openDockerRegistry();
    return world(registry, registry.close);
  },
});
