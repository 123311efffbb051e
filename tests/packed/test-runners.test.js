// The packed package in Jest and Vitest, as docs/install.md shows it: in Node's environment, in jsdom and in happy-dom.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { commandsOf, filesOf } from "./support/docs.js";
import { openProject } from "./support/project.js";

const heading = "Jest and Vitest";
const documented = filesOf(heading);
const [inJest = "", inVitest = ""] = commandsOf(heading);
const image = `registry.example/team/app@sha256:${"ab".repeat(32)}`;

/** What a portal's tests do without a page; `load` is how the runner's modules are loaded. @param {string} load */
const withoutPage = (load) => `${load}
test("the library reads an image, and its errors are its own", () => {
  expect(ocisign.parseReference("${image}").repository).toBe("team/app");
  expect(() => ocisign.parseReference("nginx")).toThrow(ocisign.OcisignError);
});
test("there are no elements, and who makes one is told", () => {
  expect(typeof customElements).toBe("undefined");
  expect(() => new elements.OcisignVerify()).toThrow(/no custom elements/);
});
`;

/** The same with a page. @param {string} load */
const withPage = (load) => `${load}
test("the library reads an image, and its errors are its own", () => {
  expect(ocisign.parseReference("${image}").repository).toBe("team/app");
  expect(() => ocisign.parseReference("nginx")).toThrow(ocisign.OcisignError);
});
test("every element is registered, and draws", async () => {
  for (const name of ["request", "approvals", "signing", "verify"]) {
    const element = document.createElement("ocisign-" + name);
    document.body.append(element);
    await element.updateComplete;
    expect(element.shadowRoot.textContent.trim()).not.toBe("");
    element.remove();
  }
});
test("the elements read references by the library's one module", async () => {
  const element = document.createElement("ocisign-verify");
  element.reference = "${image}x";
  document.body.append(element);
  await element.updateComplete;
  element.shadowRoot.querySelector("form").dispatchEvent(new Event("submit", { cancelable: true }));
  for (let turn = 0; turn < 200 && !element.shadowRoot.querySelector("[part=reference-error]"); turn += 1) {
    await new Promise((later) => setTimeout(later));
  }
  expect(element.shadowRoot.querySelector("[part=reference-error]")).not.toBeNull();
});
test("a client without fetch says so, or reaches the network", async () => {
  const client = new ocisign.SigningClient({ baseUrl: "https://127.0.0.1:1/a", token: "a-token", retry: { attempts: 1 } });
  const error = await client.products().catch((error) => error);
  expect(error).toBeInstanceOf(ocisign.OcisignError);
  expect(error.code).toBe("network");
  if (typeof fetch === "undefined") expect(error.message).toMatch(/there is no fetch here/);
});
`;

const required = `const ocisign = require("ocisign");
const elements = require("ocisign/elements");`;
const imported = `import * as ocisign from "ocisign";
import * as elements from "ocisign/elements";`;

for (const name of ["jest", "jest-29"]) {
  describe(name, () => {
    /** @type {Promise<import("./support/project.js").Project> | undefined} */
    let opening;
    const open = () => {
      opening ??= openProject({
        name,
        files: {
          ...documented,
          "page.test.js": withPage(required),
          "node.test.js": withoutPage(required),
          "page.test.mjs": withPage(imported),
        },
      });
      return opening;
    };
    after(async () => (await opening)?.remove());

    // The configuration that is documented is only for ES modules.
    const plain = "--config '{}'";

    test("the documented test, by the documented command", async () => {
      const { stderr } = await (await open()).run(inJest.replace("jest ", `jest ${plain} `));
      assert.match(stderr, /1 passed, 1 total/);
    });

    test("jsdom", async () => {
      const { stderr } = await (await open()).run(`npx jest ${plain} --env=jsdom page.test.js`);
      assert.match(stderr, /4 passed, 4 total/);
    });

    test("Node's environment", async () => {
      const { stderr } = await (await open()).run(`npx jest ${plain} --env=node node.test.js`);
      assert.match(stderr, /2 passed, 2 total/);
    });

    test("ES modules in jsdom, with the documented configuration", async () => {
      const env = { NODE_OPTIONS: "--experimental-vm-modules" };
      const { stderr } = await (await open()).run("npx jest --testMatch '**/page.test.mjs'", { env });
      assert.match(stderr, /4 passed, 4 total/);
    });
  });
}

describe("Vitest", () => {
  /** @type {Promise<import("./support/project.js").Project> | undefined} */
  let opening;
  const vitest = `import { expect, test } from "vitest";\n${imported}`;
  const open = () => {
    opening ??= openProject({
      name: "vitest",
      files: { ...documented, "page.spec.js": withPage(vitest), "node.spec.js": withoutPage(vitest) },
    });
    return opening;
  };
  after(async () => (await opening)?.remove());

  test("the documented test, by the documented command", async () => {
    const { stdout } = await (await open()).run(inVitest);
    assert.match(stdout, /Tests {2}1 passed/);
  });

  for (const environment of ["jsdom", "happy-dom"]) {
    test(`${environment}, in each of its pools`, async () => {
      for (const pool of ["forks", "vmThreads"]) {
        const command = `npx vitest run --environment ${environment} --pool ${pool} page.spec.js`;
        const { stdout } = await (await open()).run(command);
        assert.match(stdout, /Tests {2}4 passed/, pool);
      }
    });
  }

  test("Node's environment", async () => {
    const { stdout } = await (await open()).run("npx vitest run --environment node node.spec.js");
    assert.match(stdout, /Tests {2}2 passed/);
  });
});
