// Does the line of a comparison say what differs, so that nothing unknown passes for the same?
import assert from "node:assert/strict";
import { test } from "node:test";
import { readDocument } from "../packed/support/docs.js";
import { hostileTexts } from "../support/hostile.js";
import {
  changed,
  changesOf,
  digestOf,
  layersOf,
  packageOf,
  packagesChanged,
  platformNamed,
  platformOf,
  same,
  unknown,
  unknownError,
} from "../support/image-changes.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/shown/changes.ts")} */
const { changesView, changeWords, toldText } = await importSource("pkg/src/shown/changes.ts");

/** @param {Parameters<typeof platformOf>[0]} differing */
const lineOf = (differing) => changesView(changesOf(platformOf(differing))).summary;

test("the line names layers, packages and how the image starts", () => {
  const layers = layersOf("same", "same", "same", "same", "same", "same", "same", "gone", "new", "new");
  const packages = packagesChanged("libc6", "openssl", "zlib1g");
  const entrypoint = changed(["/app"], ["/bin/sh", "-c", "/app"]);
  assert.equal(
    lineOf({ layers, packages, entrypoint }),
    "2 of 9 layers new, 3 packages changed, entrypoint changed",
  );
});

/** @type {[string, Parameters<typeof platformOf>[0], string][]} */
const lines = [
  ["nothing that is compared", {}, "3 layers the same"],
  [
    "a new build of the same",
    { created: changed("2026-11-01T08:00:00Z", "2026-11-02T08:00:00Z") },
    "3 layers the same, creation time changed",
  ],
  ["all layers", { layers: layersOf("gone", "new", "new") }, "all 2 layers new, no list of packages"],
  ["the only layer", { layers: layersOf("gone", "new") }, "the only layer new, no list of packages"],
  ["layers that are gone", { layers: layersOf("same", "gone") }, "1 layer gone, no list of packages"],
  ["layers in another order", { layers: layersOf("moved", "moved") }, "2 layers moved, no list of packages"],
  ["the user", { user: changed("app", "") }, "3 layers the same, user changed"],
  [
    "what is new",
    { healthCheck: { state: "added", after: "CMD true" } },
    "3 layers the same, health check added",
  ],
  ["what is gone", { user: { state: "removed", before: "app" } }, "3 layers the same, user removed"],
  [
    "what could not be read",
    { user: unknown(), entrypoint: unknown() },
    "3 layers the same, entrypoint unknown, user unknown",
  ],
  ["packages that could not be read", { packages: unknown() }, "3 layers the same, packages unknown"],
  [
    "packages that nobody asked for",
    { layers: layersOf("same", "new"), packages: { state: "notAsked" } },
    "1 of 2 layers new, packages not compared",
  ],
  [
    "packages that are the same",
    { layers: layersOf("same", "new"), packages: packagesChanged() },
    "1 of 2 layers new, no package changed",
  ],
  [
    "packages in several ways",
    {
      packages: {
        ...{ state: "compared", before: [], after: [], same: 0 },
        changes: [
          { name: "a", ...changed(packageOf("a", "1"), packageOf("a", "2")) },
          { name: "b", state: "added", after: packageOf("b", "1") },
          { name: "c", state: "removed", before: packageOf("c", "1") },
          { name: "d", ...unknown() },
          { name: "e", ...same(packageOf("e", "1")) },
        ],
      },
    },
    "3 layers the same, 4 packages differ (1 changed, 1 added, 1 removed, 1 unknown)",
  ],
  [
    "lists",
    { environment: [{ name: "A", ...unknown() }], ports: [{ name: "80/tcp", state: "added", after: true }] },
    "3 layers the same, 1 variable unknown, 1 port added",
  ],
  [
    "a whole list that could not be read",
    { environment: [{ name: "", ...unknown() }], labels: [{ name: "", ...unknown() }] },
    "3 layers the same, environment unknown, labels unknown",
  ],
  [
    "annotations and other settings",
    {
      annotations: [{ name: "a", ...changed("1", "2") }],
      others: [{ name: "config.OnBuild", state: "added", after: "[]" }],
    },
    "3 layers the same, 1 annotation changed, 1 other setting added",
  ],
  ["files that could not be read", { files: unknown() }, "3 layers the same, files unknown"],
  [
    "files that are the same",
    { files: { state: "compared", changes: [], total: 0 } },
    "3 layers the same, no file changed",
  ],
  [
    "files, of which not all are listed",
    { files: { state: "compared", changes: [], total: 70_000 } },
    "3 layers the same, 70000 files differ",
  ],
];

for (const [what, differing, line] of lines) {
  test(`the line tells of ${what}`, () => {
    const view = changesView(changesOf(platformOf(differing)));
    assert.equal(view.summary, line);
    assert.equal(view.platforms[0]?.summary, line);
    assert.equal(view.hasUnknown, line.includes("unknown"), line);
  });
}

test("the same digest has nothing that could differ", () => {
  assert.equal(changesView({ ...changesOf(), identical: true }).summary, changeWords.identical);
});

test("images without a platform in common say so, and never that they are the same", () => {
  assert.equal(changesView(changesOf()).summary, "no difference found");
  const other = {
    state: /** @type {const} */ ("added"),
    after: platformOf({ platform: platformNamed("linux/arm64/v8") }),
    platform: platformNamed("linux/arm64/v8"),
  };
  const gone = {
    state: /** @type {const} */ ("removed"),
    before: platformOf(),
    platform: platformNamed("linux/amd64"),
  };
  const view = changesView(
    changesOf(gone, other, { ...unknown(), platform: platformNamed("windows/amd64") }),
  );
  assert.equal(
    view.summary,
    "platform linux/amd64 gone; platform linux/arm64/v8 new; platform windows/amd64 unknown",
  );
  assert.deepEqual(
    view.platforms.map(({ state }) => state),
    ["removed", "added", "unknown"],
  );
  assert.ok(view.hasUnknown);
});

test("platforms with the same changes share a line, others are named", () => {
  const user = changed("app", "root");
  const named = (/** @type {string} */ name, differing = {}) =>
    platformOf({ platform: platformNamed(name), ...differing });
  assert.equal(
    changesView(changesOf(named("linux/amd64", { user }), named("linux/arm64", { user }))).summary,
    "3 layers the same, user changed",
  );
  assert.equal(
    changesView(changesOf(named("linux/amd64", { user }), named("linux/arm64"), named("linux/s390x")))
      .summary,
    "linux/amd64: 3 layers the same, user changed; linux/arm64, linux/s390x: 3 layers the same",
  );
  const many = ["a", "b", "c", "d", "e"].map((os, at) =>
    named(`${os}/x`, { layers: layersOf(...Array(at + 1).fill("new")), packages: packagesChanged() }),
  );
  assert.match(
    changesView(changesOf(...many)).summary,
    /c\/x: all 3 layers new, no package changed; 2 more platforms$/,
  );
});

test("platforms with the same digest are named beside those that differ", () => {
  const alike = (/** @type {number} */ count) =>
    Array.from({ length: count }, (_, at) => platformNamed(`linux/p${at}`));
  const one = { ...changesOf(platformOf()), samePlatforms: alike(2) };
  assert.equal(changesView(one).summary, "linux/amd64: 3 layers the same; linux/p0, linux/p1 the same");
  assert.match(changesView({ ...one, samePlatforms: alike(12) }).summary, /; 12 platforms the same$/);
});

test("a whole list that could not be read is named in its part", () => {
  const view = changesView(changesOf(platformOf({ labels: [{ name: "", ...unknown() }] })));
  const part = view.platforms[0]?.parts.find(({ key }) => key === "labels");
  assert.equal(part?.brief, "unknown");
  assert.deepEqual(
    part.rows.map(({ name, error }) => [name.text, error?.code]),
    [["labels", "bad-reply"]],
  );
});

test("each part says how much of it differs, and rows have both sides", () => {
  const [platform] = changesView(
    changesOf(
      platformOf({
        layers: layersOf("same", "gone", "new"),
        entrypoint: changed(["/app"], ["/bin/sh", "-c", "x\u202ey"]),
        environment: [
          { name: "TOKEN", ...changed({ masked: true }, { masked: true }) },
          { name: "LANG", state: "added", after: { value: "C", masked: false } },
        ],
        labels: [{ name: "url", state: "added", after: "https://example.com/" }],
        packages: packagesChanged("zlib1g"),
        user: changed("app", ""),
      }),
    ),
  ).platforms;
  assert.ok(platform);
  const part = (/** @type {string} */ key) => {
    const found = platform.parts.find((one) => one.key === key);
    assert.ok(found, key);
    return found;
  };
  assert.equal(part("layers").brief, "1 new, 1 gone, 1 the same");
  const rows = (/** @type {string} */ key) =>
    part(key)
      .rows.filter(({ state }) => state !== "same")
      .map(({ name, state, before, after }) => [
        toldText(name),
        state,
        before && toldText(before),
        after && toldText(after),
      ]);
  assert.deepEqual(rows("start"), [
    ["entrypoint", "changed", '["/app"]', '["/bin/sh","-c","x\\u{202e}y"]'],
    ["user", "changed", "app", "not set, so root"],
  ]);
  assert.deepEqual(rows("environment"), [
    ["TOKEN", "changed", changeWords.masked, changeWords.masked],
    ["LANG", "added", undefined, "C"],
  ]);
  assert.deepEqual(rows("labels"), [["url", "added", undefined, "https://example.com/"]]);
  assert.deepEqual(rows("packages"), [["zlib1g", "changed", "1.0", "1.1"]]);
  assert.equal(part("packages").note, changeWords.byList);
  assert.equal(part("network").state, "same");
  assert.equal(part("files").state, "unread");
  assert.equal(part("files").costBytes, 4_200_000);
  assert.match(part("files").note, /takes 4\.2 MB/);
});

test("a part that could not be read has its error, and is never the same", () => {
  const [platform] = changesView(
    changesOf(platformOf({ packages: unknown(), files: unknown(), user: unknown(), base: unknown() })),
  ).platforms;
  for (const key of ["packages", "files", "start", "layers"]) {
    const part = platform?.parts.find((one) => one.key === key);
    assert.equal(part?.state, "unknown", key);
    const error = part.error ?? part.rows.find(({ state }) => state === "unknown")?.error;
    assert.equal(error?.message, unknownError().message, key);
  }
});

test("a licence that changed and a file's marks stand beside them", () => {
  const file = {
    path: "usr/bin/x",
    kind: /** @type {const} */ ("file"),
    sizeBytes: 12,
    mode: 0o4755,
    uid: 0,
  };
  const [platform] = changesView(
    changesOf(
      platformOf({
        packages: {
          ...{ state: "compared", before: [], after: [], same: 0 },
          changes: [
            { name: "a", ...changed(packageOf("a", "1"), { ...packageOf("a", "2"), licences: ["GPL-3.0"] }) },
          ],
        },
        files: {
          ...{ state: "compared", total: 3 },
          changes: [
            { change: { state: "added", after: file }, marks: ["setuid", "executable"] },
            {
              change: {
                state: "changed",
                before: { ...file, kind: "symlink", target: "../../x\u200b" },
                after: file,
              },
              marks: [],
            },
          ],
        },
      }),
    ),
  ).platforms;
  const rows = (platform?.parts ?? []).flatMap(({ rows }) => rows);
  const told = (/** @type {string} */ key) =>
    rows
      .filter((row) => row.key === key)
      .map(({ before, after, remarks }) => [before, after, ...remarks].map((one) => one && toldText(one)));
  assert.deepEqual(told("a"), [["1", "2", "deb", "licence", "MIT", "->", "GPL-3.0"]]);
  assert.deepEqual(told("usr/bin/x"), [
    [undefined, "file, 4755, user 0, 12 bytes", changeWords.marks.setuid, "executable"],
    ["symbolic link, 4755, user 0 -> ../../x\\u{200b}", "file, 4755, user 0, 12 bytes"],
  ]);
  assert.equal(platform?.parts.find(({ key }) => key === "files")?.note, "1 more file not listed here");
});

test("what is notable of all platforms is told of each, where its sides are not the same", () => {
  const starting = (/** @type {string} */ name, /** @type {string} */ program) =>
    platformOf({ platform: platformNamed(name), entrypoint: changed(["/app"], [program]) });
  const told = (/** @type {string[]} */ ...programs) => {
    const platforms = programs.map((program, at) =>
      starting(["linux/amd64", "linux/arm64"][at] ?? "", program),
    );
    return changesView({ ...changesOf(...platforms), notable: [{ code: "entrypoint" }] }).notable.map(
      ({ after, platforms }) => [after?.text, ...platforms],
    );
  };
  assert.deepEqual(told("/app2", "/evil"), [
    ['["/app2"]', "linux/amd64"],
    ['["/evil"]', "linux/arm64"],
  ]);
  assert.deepEqual(told("/app2", "/app2"), [['["/app2"]']]);
  assert.deepEqual(told("/app2"), [['["/app2"]']]);
});

test("what is notable stands once for all platforms, with both sides", () => {
  const user = changed("app", "root");
  const named = (/** @type {string} */ name) => platformOf({ platform: platformNamed(name), user });
  const of = (/** @type {string[]} */ ...platforms) =>
    platforms.map((platform) => ({ code: "user", platform }));
  const whole = changesOf(named("linux/amd64"), named("linux/arm64"));
  const view = changesView({ ...whole, notable: of("linux/amd64", "linux/arm64") });
  assert.equal(view.notable.length, 1);
  assert.deepEqual(view.notable[0]?.platforms, []);
  assert.deepEqual(
    [view.notable[0]?.before, view.notable[0]?.after].map((one) => one?.text),
    ["app", "root"],
  );
  const one = changesView({ ...whole, notable: of("linux/arm64") });
  assert.deepEqual(one.notable[0]?.platforms, ["linux/arm64"]);
  const added = changesView({
    ...changesOf(named("linux/amd64")),
    notable: [{ code: "platform-added", platform: "linux/arm64" }],
  });
  assert.deepEqual(added.notable[0]?.platforms, ["linux/arm64"]);
  const other = changesView({ ...whole, notable: [{ code: "not-known-yet", subject: "x\u202e" }] });
  assert.equal(other.notable[0]?.text, "not-known-yet");
  assert.deepEqual(other.notable[0]?.subject, { kind: "exact", text: "x\u202e" });
});

test("foreign text never reaches the line, and is written out in the rest", () => {
  const hiding = hostileTexts.map(({ text }) => text).join("");
  const view = changesView({
    ...changesOf(
      platformOf({
        entrypoint: changed([hiding], [hiding, hiding]),
        environment: [{ name: hiding, state: "added", after: { value: hiding, masked: false } }],
        labels: [{ name: hiding, state: "added", after: hiding }],
        packages: packagesChanged(hiding),
        base: changed({ name: hiding, layers: 1 }, { digest: digestOf("11"), layers: 1 }),
      }),
    ),
    notable: [{ code: "entrypoint", subject: hiding }],
  });
  assert.match(view.summary, /^[ -~]+$/);
  const told = view.platforms
    .flatMap(({ parts }) => parts.flatMap(({ rows }) => rows))
    .flatMap(({ name, before, after, remarks }) => [name, before, after, ...remarks])
    .concat(view.notable.flatMap(({ subject, before, after }) => [subject, before, after]));
  for (const one of told) if (one) assert.doesNotMatch(toldText(one), /[\p{Cc}\p{Cf}]/u);
});

test("words of a page replace ours", () => {
  const words = { ...changeWords, newLayers: (/** @type {number} */ count) => `${count} uutta` };
  assert.equal(
    changesView(changesOf(platformOf({ layers: layersOf("new") })), words).summary,
    "1 uutta, no list of packages",
  );
});

test("every code that docs/changes.md lists has words", () => {
  const codes = readDocument("changes.md")
    .rowsOf("What is notable")
    .map(([code = ""]) => code.replaceAll("`", ""));
  assert.ok(codes.length > 10);
  assert.deepEqual(Object.keys(changeWords.notable), codes);
});
