// Does Kyverno accept what the rows of `ocisign accepts` say? Its own packages for signatures are asked, since its program
// takes ten minutes to compile: `npm run test:admission` asks that about the same images.

import { measureRows } from "../support/acceptance.js";
import { isTriedByKyverno, kyvernoLibraryJudges } from "../support/acceptance-judges.js";
import { temporaryFolder, testSandbox } from "../support/sandbox.js";

const worlds = {
  async referrers() {
    const { registry, close } = await testSandbox({ name: "kyverno" });
    const { folder, remove } = temporaryFolder("kyverno");
    const adapt = (/** @type {string} */ text) => text.replaceAll("registry.example", registry.domain);
    return {
      access: registry,
      judges: kyvernoLibraryJudges(folder, adapt),
      async close() {
        remove();
        await close();
      },
    };
  },
};

measureRows("tests/admission/accepts.test.js", worlds, ({ name }) => name === "Kyverno", isTriedByKyverno);
