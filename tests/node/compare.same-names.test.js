// Are packages of one name told apart, where their names alone say less than the lists do?
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { inFake } from "../support/changing.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { compareLayers, linesOf } from "../support/layers.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/compare/packages/statement.ts")} */
const { openBill } = await importSource("pkg/src/compare/packages/statement.ts");

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let fake;
beforeEach(async () => {
  fake = await fakeRegistry();
});
afterEach(() => fake.close());

test("packages of one name and version for two machines", async () => {
  const paragraph = (/** @type {string} */ name, /** @type {string} */ machine) =>
    `Package: ${name}\nStatus: install ok installed\nArchitecture: ${machine}\nVersion: 1\n`;
  const dpkg = (/** @type {string[][]} */ ...list) => [
    {
      name: "var/lib/dpkg/status",
      content: list.map(([name = "", machine = ""]) => paragraph(name, machine)).join("\n"),
    },
  ];
  const told = async (/** @type {any[]} */ was, /** @type {any[]} */ is) =>
    linesOf((await compareLayers(inFake(fake), [was], [is], { packages: "layers" })).packages);
  const [one, two] = [dpkg(["a", "amd64"], ["b", "all"]), dpkg(["a", "amd64"], ["a", "i386"], ["b", "all"])];
  assert.deepEqual(await told(one, two), ["- a 1", "+ a:amd64 1", "+ a:i386 1"]);
  const third = dpkg(["a", "amd64"], ["a", "i386"], ["a", "arm64"], ["b", "all"]);
  assert.deepEqual(await told(two, third), ["+ a:arm64 1"]);
  assert.deepEqual(await told(two, [...two, { name: "x" }]), []);
});

const spdx2 = (/** @type {string} */ name, /** @type {string} */ purl) => ({
  spdxVersion: "SPDX-2.3",
  packages: [{ name, versionInfo: "1", externalRefs: [{ referenceType: "purl", referenceLocator: purl }] }],
});
const spdx3 = (/** @type {string} */ name, /** @type {string} */ purl) => ({
  "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
  "@graph": [{ type: "software_Package", name, software_packageVersion: "1", software_packageUrl: purl }],
});
const cyclonedx = (/** @type {string} */ name, /** @type {string} */ purl) => ({
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  components: [{ type: "library", name, version: "1", purl }],
});

test("a namespace that stands in the package URL alone", async () => {
  for (const [name, purl, whole] of /** @type {const} */ ([
    ["text", "pkg:maven/org.apache.commons/text@1", "org.apache.commons/text"],
    ["text", "pkg:maven/evil.example/text@1?type=jar", "evil.example/text"],
    ["@scope/a", "pkg:npm/%40scope/a@1", "@scope/a"],
    ["a", "pkg:npm/%40scope/a@1", "@scope/a"],
    ["github.com/a/b", "pkg:golang/github.com/a/b@1", "github.com/a/b"],
    ["b", "pkg:golang/github.com/a/b@1#sub", "github.com/a/b"],
    ["org.example:lib", "pkg:maven/org.example/lib@1", "org.example:lib"],
    ["curl", "pkg:deb/debian/curl@1?arch=amd64", "curl"],
    ["curl", "pkg:rpm/redhat/curl@1", "curl"],
    ["requests", "pkg:pypi/requests@1", "requests"],
    ["a", "pkg:npm/%zz/a@1", "%zz/a"],
  ])) {
    for (const format of [spdx2, spdx3, cyclonedx]) {
      const bytes = new TextEncoder().encode(JSON.stringify(format(name, purl)));
      const opened = await openBill(bytes, "none");
      assert.deepEqual(
        opened?.bill.packages.map((one) => one.name),
        [whole],
        purl,
      );
    }
  }
});
