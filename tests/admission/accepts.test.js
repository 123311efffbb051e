// Which image does a cluster admit? The rows of `ocisign accepts`, compared with what the programs of Kyverno,
// policy-controller and Ratify say. For `npm run test:kyverno`, another version of Kyverno judges alone.

import { otherKyvernos, pinnedKyverno } from "../../tools/machine/kyverno.js";
import { measureRows } from "../support/acceptance.js";
import { admissionJudges } from "../support/acceptance-judges.js";
import { kyvernoVersion } from "../support/admission.js";
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

/**
 * Of a version that we know, its own rows; of a new one, all of Kyverno.
 *
 * @param {{ name: string, versions: readonly string[] }} consumer
 */
function isAsked({ name, versions }) {
  if (kyvernoVersion === pinnedKyverno) return true;
  return name === "Kyverno" && (versions.includes(kyvernoVersion) || !otherKyvernos.includes(kyvernoVersion));
}

const worlds = {
  async referrers() {
    const sandbox = await testSandbox({ name: "accepts" });
    return world(sandbox.registry, sandbox.close);
  },
  async "fallback-tag"() {
    const registry = await openDockerRegistry();
    return world(registry, registry.close);
  },
};

measureRows("tests/admission/accepts.test.js", worlds, isAsked);
