// Does the embedded registry pass the official suite, and does the documentation say what came of it?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { conformanceTable, runConformance } from "../support/conformance.js";
import { testSandbox } from "../support/sandbox.js";

const versions = ["1.1", "dev"];
const page = readFileSync(new URL("../../docs/registry-conformance.md", import.meta.url), "utf8");

/** @type {Record<string, import("../support/conformance.js").Report>} */
const reports = {};

for (const version of versions) {
  test(`version ${version}: the embedded registry fails nothing`, async () => {
    const sandbox = await testSandbox({ name: "conformance" });
    try {
      const report = await runConformance({ ...sandbox.registry }, version);
      reports[version] = report;
      assert.deepEqual(report.failures, []);
    } finally {
      await sandbox.close();
    }
  });
}

test("the documented table is what came of it", () => {
  const [documented] = /^\| \| 1\.1 [\s\S]*?(?=\n\n)/m.exec(page) ?? assert.fail("the page has no table");
  assert.equal(documented, conformanceTable(reports), "replace the table in docs/registry-conformance.md");
});

test("every skip of version 1.1 is explained", () => {
  const kinds = new Set(reports["1.1"].skips.map((name) => name.slice(name.lastIndexOf("/") + 1)));
  const explained = [...page.matchAll(/^- `([^`]+)`: skipped/gm)].map(([, kind]) => kind);
  assert.deepEqual([...kinds], explained);
});
