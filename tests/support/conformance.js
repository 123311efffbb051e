// The official conformance suite of the OCI distribution specification, run against a registry.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { goProgram } from "../../tools/machine/go.js";
import { temporaryFolder } from "./sandbox.js";

/**
 * @typedef {object} Report
 * @property {Record<string, string>} areas each API and each kind of data, and what came of it
 * @property {{ passed: number, skipped: number, failed: number }} counts
 * @property {string[]} failures what failed, in the suite's words
 * @property {string[]} skips the names of what was skipped
 */

/**
 * Runs it to its end.
 *
 * @param {import("../../demo/registry.js").RegistryAccess & { domain: string }} registry
 * @param {string} version of the specification
 * @returns {Promise<Report>}
 */
export async function runConformance(registry, version) {
  const { folder, remove } = temporaryFolder("conformance");
  try {
    await finish(folder, {
      OCI_REGISTRY: registry.domain,
      OCI_USERNAME: registry.username ?? "",
      OCI_PASSWORD: registry.password ?? "",
      OCI_TLS: "disabled",
      OCI_VERSION: version,
      OCI_RESULTS_DIR: folder,
    });
    return read(folder);
  } finally {
    remove();
  }
}

/** @param {string} folder @param {Record<string, string>} settings */
async function finish(folder, settings) {
  // Settings of the suite that a developer has set must not change what is asked.
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("OCI_"));
  const env = { ...Object.fromEntries(others), ...settings };
  const child = spawn(goProgram("oci-conformance"), [], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      said = (said + text).slice(-10_000);
    });
  }
  const [code] = await once(child, "close");
  // It ends with 1 after a failure, and with 0 when it could not even begin.
  if (code > 1 || !existsSync(join(folder, "junit.xml"))) throw new Error(`the suite broke off:\n${said}`);
}

/** @param {string} folder @returns {Report} */
function read(folder) {
  const results = parse(readFileSync(join(folder, "results.yaml"), "utf8"));
  const xml = readFileSync(join(folder, "junit.xml"), "utf8");
  const counts = countsOf(xml);
  const cases = testCases(xml);
  const failures = cases.filter((it) => it.status !== "passed" && it.status !== "skipped");
  if (cases.length === 0 || (counts.failed === 0) !== (failures.length === 0)) {
    throw new Error(`the report counts ${counts.failed} failures, and shows ${failures.length}`);
  }
  return {
    areas: { ...results.apis, ...results.data },
    counts,
    failures: failures.map((it) => `${it.name}: ${it.said}`),
    skips: cases.filter((it) => it.status === "skipped").map((it) => it.name),
  };
}

/** As the suite counts: a case that asks about two APIs counts for both. @param {string} xml @returns {Report["counts"]} */
function countsOf(xml) {
  const [, suite] = /<testsuite ([^>]*)>/.exec(xml) ?? [undefined, ""];
  // It leaves out what is 0.
  const count = (/** @type {string} */ name) => Number(attribute(suite, name) ?? 0);
  const skipped = count("skipped") + count("disabled");
  const failed = count("failures") + count("errors");
  return { passed: count("tests") - skipped - failed, skipped, failed };
}

/** The suite writes plain XML: every attribute in quotation marks, every case with an end. @param {string} xml */
function testCases(xml) {
  const cases = [...xml.matchAll(/<testcase ([^>]*)>([\s\S]*?)<\/testcase>/g)];
  return cases.map(([, attributes, content]) => ({
    name: attribute(attributes, "name") ?? "",
    status: attribute(attributes, "status"),
    said: /<system-out>([\s\S]*?)<\/system-out>/.exec(content)?.[1] ?? "",
  }));
}

/** @param {string} attributes @param {string} name */
function attribute(attributes, name) {
  return new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1];
}

/**
 * As Markdown: a row for each area, and one with the counts. An area that is off by a version's defaults is "-".
 *
 * @param {Record<string, Report>} reports by version
 */
export function conformanceTable(reports) {
  const versions = Object.keys(reports);
  const areas = Object.keys(reports[versions[0]].areas);
  const cells = (/** @type {string} */ area) =>
    versions.map((version) => reports[version].areas[area].replace("Disabled", "-"));
  const counts = versions.map((version) => {
    const { passed, skipped, failed } = reports[version].counts;
    return `${passed} passed, ${skipped} skipped, ${failed} failed`;
  });
  const rows = [
    ["", ...versions],
    ["---", ...versions.map(() => "---")],
    ...areas.map((area) => [area, ...cells(area)]),
    ["all tests", ...counts],
  ];
  return rows.map((row) => `| ${row.join(" | ")} |`.replace("|  |", "| |")).join("\n");
}
