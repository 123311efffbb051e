// Lists as people and programs write them: what is read, and what is told of what cannot be.
import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { documentOf, shellIn } from "../support/cli.js";
import { fakeService, productOf } from "../support/fake-service.js";
import { newSeed, randomNumbers } from "../support/random.js";
import { importSource } from "../support/source.js";

const { ImageList } = await importSource("pkg/src/cli/bulk/image-list.ts");
const { openList } = await importSource("pkg/src/cli/bulk/spool.ts");
const { partOf } = await importSource("pkg/src/cli/bulk/shard.ts");
const { hashOf, keyOf } = await importSource("pkg/src/cli/bulk/hash.ts");
const { Places } = await importSource("pkg/src/bulk/places.ts");

const product = { ...productOf("registry.example"), id: "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac" };
/** @type {ReturnType<typeof shellIn>} */
let shell;
/** @type {Awaited<ReturnType<typeof fakeService>>} */
let service;
/** @type {string[]} */
let posted = [];
before(async () => {
  service = await fakeService(({ method, path, body }) => {
    if (method === "GET") return { body: path.includes("products") ? product : [] };
    posted.push(body);
    return { status: 500 };
  });
  shell = shellIn("list", { OCISIGN_URL: service.url, OCISIGN_TOKEN: "t", OCISIGN_PRODUCT: product.id });
});
after(() => {
  service.close();
  shell.remove();
});

function imageOf(n) {
  return `registry.example/app${n}@sha256:${"0".repeat(64)}`;
}

const [one, two, three] = [1, 2, 3].map(imageOf);

/** A list, read by the program's own code. @param {string | Buffer} content @param {object} [options] */
async function listOf(content, options) {
  const path = shell.file("list", /** @type {any} */ (content));
  const file = await openList(path, "--from-file", new AbortController().signal);
  const list = await ImageList.read(file, options);
  return { list, path, close: () => list.close() };
}

async function referencesIn(content, options) {
  const { list, close } = await listOf(content, options);
  const found = [];
  for await (const reference of list.references()) found.push([list.lineOf(found.length), reference]);
  await close();
  return found;
}

test("a list reads the same with every kind of line break, mark and encoding", async () => {
  const text = `# the release\n${one}\n\n   \n\t# indented\n${two}\n${three}`;
  const expected = [
    [2, one],
    [6, two],
    [7, three],
  ];
  const utf16 = (content) => Buffer.from(`\ufeff${content}`, "utf16le");
  const crlf = text.replaceAll("\n", "\r\n");
  const cr = text.replaceAll("\n", "\r");
  for (const content of [
    text,
    `${text}\n`,
    `${text}\n\n`,
    crlf,
    `\ufeff${text}`,
    `\ufeff${crlf}`,
    utf16(text),
    utf16(crlf),
    utf16(text).swap16(),
    cr,
    `${cr}\r`,
    utf16(cr),
    text.replace("\n", "\r"),
    text.replace("\n", "\r").replaceAll("\n", "\r\n"),
    Buffer.from(text, "utf16le"),
    text.replace("# the release", `#${"x".repeat(3_000_000)}`),
    text.replace("   ", " ".repeat(3_000_000)),
    text.replace("# the release", "# \0 \ud83d\ude00 größer"),
  ]) {
    assert.deepEqual(
      await referencesIn(/** @type {any} */ (content)),
      expected,
      String(content).slice(0, 40),
    );
  }
});

test("cut into pieces anywhere, it reads the same", async () => {
  const seed = newSeed();
  const next = randomNumbers(seed);
  const lines = Array.from({ length: 20_000 }, (_, n) => {
    const kind = next(6);
    if (kind === 0) return "";
    if (kind === 1) return `# ${"é".repeat(next(200))}`;
    return imageOf(next(3) === 0 ? next(n + 1) : n);
  });
  const expected = [];
  const seen = new Set();
  lines.forEach((text, at) => {
    if (text === "" || text.startsWith("#") || seen.has(text)) return;
    seen.add(text);
    expected.push([at + 1, text]);
  });
  for (const ending of ["\n", "\r\n", "\r"]) {
    assert.deepEqual(await referencesIn(lines.join(ending)), expected, `seed ${seed}`);
    assert.deepEqual(await referencesIn(Buffer.from(`\ufeff${lines.join(ending)}`, "utf16le")), expected);
  }
});

test("what cannot be read is told with its line and place, and nothing is sent", async () => {
  const long = "x".repeat(5_000_000);
  for (const [content, words] of /** @type {[string | Buffer, RegExp][]} */ ([
    [`${one}\n${two.replace("@", "\0@")}\n`, /list:2:22: .*control character/],
    [
      Buffer.from(`${one}\n${two}\xff\xfe\n`, "latin1"),
      /list:2:94: The line is not UTF-8 text: no character begins at byte 93\.\n {4}Save the list as UTF-8/,
    ],
    [
      Buffer.concat([
        Buffer.from("\ufeff", "utf16le"),
        Buffer.from(`${one}\n`, "utf16le"),
        Buffer.from([0, 0xd8, 0x41]),
      ]),
      /begins as UTF-16LE text, and is none further on\.\n +Save it as UTF-8/,
    ],
    [
      `${one}\n${long}/${long}\n`,
      /list:2:1: The line has 10000001 bytes, more than any reference\.\n {4}Write one image a line/,
    ],
    [`${long}`, /list:1:1: The line has 5000000 bytes/],
    [`${one}\n   ${two}`, /list:2:1: .*white space/i],
    [`${one}\n${" ".repeat(20_000)}${two}`, /list:2:1: The line has 20093 bytes/],
    [`${one}\n${two}\nother.example/x@sha256:${"0".repeat(64)}\n`, /list:3: .*other\.example/],
    ["# nothing\n\n", /names no image/],
    ["", /names no image/],
  ])) {
    shell.file("list", /** @type {any} */ (content));
    const { code, stderr, stdout } = await shell.ocisign(["sign", "--from-file", "list"]);
    assert.equal(code, 1);
    assert.match(stderr, words);
    assert.ok(stderr.length < 5000, `${stderr.length}`);
    assert.equal(stdout, "");
  }
  assert.deepEqual(posted, []);
});

test("of very many wrong lines the first hundred are told, and how many more there are", async () => {
  shell.file(
    "list",
    [one, ...Array.from({ length: 5000 }, (_, n) => `registry.example/app${n}:tag`)].join("\n"),
  );
  const told = await shell.ocisign(["sign", "--from-file", "list"]);
  assert.match(told.stderr, /5000 lines of list do not name an image\./);
  assert.equal(told.stderr.match(/list:\d+:\d+: /g)?.length, 100);
  assert.match(told.stderr, /… and 4900 more lines\n/);
  const { error } = documentOf(await shell.ocisign(["sign", "--from-file", "list", "--json"]));
  assert.deepEqual([error.lines.length, error.lines[99].line], [100, 101]);
  const elsewhere = Array.from(
    { length: 300 },
    (_, n) => `r${n % 3}.example/app${n}@sha256:${"0".repeat(64)}`,
  );
  shell.file("list", [one, ...elsewhere].join("\n"));
  const registries = await shell.ocisign(["sign", "--from-file", "list"]);
  assert.match(registries.stderr, /300 images of list cannot be signed with this product/);
  assert.match(registries.stderr, /list:2: .*\n[\s\S]*list:101: .*\n.*… and 200 more lines/);
  const repeated = Array.from({ length: 50 }, () => one);
  shell.file("list", [...repeated, "wrong"].join("\n"));
  assert.deepEqual(posted, []);
});

test("with --keep-going the good lines are requested, and the others told as failed", async () => {
  posted = [];
  shell.file("list", `${one}\nregistry.example/app:1\nother.example/x@sha256:${"0".repeat(64)}\n${two}\n`);
  const done = await shell.ocisign([
    "sign",
    "--from-file",
    "list",
    "--keep-going",
    "--json",
    "--patience",
    "1ms",
  ]);
  assert.equal(done.code, 1);
  const { failed } = documentOf(done);
  assert.deepEqual(
    failed
      .slice(0, 3)
      .map(({ line, error }) => [line, error.code])
      .filter(([, code]) => !/server/.test(code)),
    [
      [2, "digest-missing"],
      [3, "registry-mismatch"],
    ],
  );
  assert.ok(posted.length > 0);
});

test("standard input is copied to a private file that is gone at the end, also after Ctrl-C", async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith("ocisign-list-"));
  const running = shell.start(["sign", "--from-file", "-"], { stdin: "pipe" });
  running.child.stdin.write(`${one}\n`);
  // Its copy is there before the list has ended.
  const made = () =>
    readdirSync(tmpdir()).filter((name) => name.startsWith("ocisign-list-") && !before.includes(name));
  while (made().length === 0) await new Promise((resolve) => setImmediate(resolve));
  running.child.kill("SIGINT");
  assert.equal((await running.ended).code, 130);
  assert.deepEqual(made(), []);
  const wrong = await shell.ocisign(["sign", "--from-file", "-"], { input: `${one}\nnginx\n` });
  assert.match(wrong.stderr, /1 line of standard input does not name an image\.\n.*standard input:2:1: /);
  const piped = await shell.bash("ocisign sign --from-file <(printf 'nginx\\n')");
  assert.match(piped.stderr, /\/dev\/fd\/\d+:1:1: /);
  assert.deepEqual(made(), []);
  const nowhere = await shell.ocisign(["sign", "--from-file", "-"], {
    input: one,
    env: { TMPDIR: "/nowhere" },
  });
  assert.match(
    nowhere.stderr,
    /A copy of standard input cannot be kept in \/nowhere \(ENOENT\)\.\n +Make room there, or set TMPDIR/,
  );
});

test("a file that changes between the two readings is refused at the line", async () => {
  const lines = Array.from({ length: 5000 }, (_, n) => imageOf(n));
  for (const [change, line] of /** @type {[(path: string) => void, number][]} */ ([
    [(path) => writeFileSync(path, lines.with(3999, one).join("\n").replace(one, `${one}`)), 4000],
    [(path) => writeFileSync(path, lines.with(4100, imageOf("new")).join("\n")), 4101],
    [(path) => appendFileSync(path, `\n${imageOf("more")}`), 5001],
    [(path) => writeFileSync(path, lines.slice(0, 4500).join("\n")), 4501],
    [(path) => writeFileSync(path, lines.toReversed().join("\n")), 1],
    [(path) => writeFileSync(path, lines.with(10, "nginx").join("\n")), 11],
  ])) {
    const { list, path, close } = await listOf(lines.join("\n"));
    change(path);
    let count = 0;
    await assert.rejects(
      async () => {
        for await (const reference of list.references()) assert.equal(reference, lines[count++]);
      },
      (error) => {
        assert.ok(error instanceof Error);
        // A line that now repeats an earlier one is noticed at the next that should be there.
        assert.match(error.message, /list was changed while it was read: line \d+ is not what it was\./);
        const said = Number(/line (\d+)/.exec(error.message)?.[1]);
        assert.ok(said === line || said === line + 1, `${said} ${line}`);
        return true;
      },
    );
    await close();
  }
  // A comment more is no change.
  const { list, path, close } = await listOf(lines.join("\n"));
  writeFileSync(path, ["# more", ...lines].join("\n"));
  let count = 0;
  for await (const reference of list.references()) assert.equal(reference, lines[count++]);
  assert.equal(count, lines.length);
  await close();
});

test("the parts of a list are disjoint and whole, and an image is always in the same part", async () => {
  const lines = Array.from({ length: 3000 }, (_, n) => imageOf(n));
  for (const count of [1, 2, 7, 8, 100]) {
    const parts = [];
    for (let index = 1; index <= count; index += 1) {
      parts.push((await referencesIn(lines.join("\n"), { shard: { index, count } })).map(([, text]) => text));
    }
    assert.deepEqual(parts.flat().sort(), lines.toSorted());
    const sizes = parts.map(({ length }) => length);
    assert.ok(Math.max(...sizes) < (3 * 3000) / count + 20, `${sizes}`);
    const [first] = parts;
    const shuffled = ["# another list", ...lines.toReversed(), imageOf("more")].join("\n");
    const again = (await referencesIn(shuffled, { shard: { index: 1, count } })).map(([, text]) => text);
    assert.deepEqual(again.filter((text) => !text.includes("more")).toReversed(), first);
  }
  // As documented: anybody can split a list so.
  assert.equal(
    partOf(hashOf(one), 8),
    1 + Number(BigInt(`0x${hashOf(one).toString("hex").slice(16, 32)}`) % 8n),
  );
});

test("a set of hashes knows each again, and its place", () => {
  const places = new Places();
  const texts = Array.from({ length: 20_000 }, (_, n) => `text ${n}`);
  for (const [index, text] of texts.entries()) {
    assert.equal(places.add(keyOf(hashOf(text)), index * 7), undefined);
    assert.equal(places.size, index + 1);
  }
  for (const [index, text] of texts.entries()) {
    assert.equal(places.of(keyOf(hashOf(text))), index * 7);
    assert.equal(places.add(keyOf(hashOf(text)), 1), index * 7, "the first place stays");
  }
  assert.equal(places.of(keyOf(hashOf("another"))), undefined);
  assert.equal(places.size, texts.length);
});

test("what could be a secret of a line that names no image reaches no journal, report or summary", async () => {
  const secrets = ["hunter2pass", "hunter3pass", "sekrit99", "swordfish-plain"];
  const lines = [
    "https://robot:hunter2pass@registry.example/app",
    "https://robot:hunter3pass@sha256:5000/app",
    "registry.example/app?token=sekrit99",
    "robot:swordfish-plain",
  ];
  const folder = dirname(shell.file("secret.txt", lines.join("\n")));
  const signed = await shell.ocisign([
    ...["sign", "--from-file", "secret.txt", "--keep-going", "--journal", "secret.journal"],
    ...["--report", "secret.jsonl", "--report", "secret.xml", "--report", "secret.csv"],
  ]);
  assert.equal(signed.code, 1);
  assert.match(signed.stderr, /4 images: 4 failed/);
  const merged = await shell.ocisign(["report", "secret.journal", "--report", "merged.jsonl"]);
  assert.match(merged.stderr + merged.stdout, /4 failed/);
  const kept = ["secret.journal", "secret.jsonl", "secret.xml", "secret.csv", "merged.jsonl"].map((name) =>
    readFileSync(join(folder, name), "utf8"),
  );
  const all = [...kept, signed.stdout, signed.stderr, merged.stdout, merged.stderr].join("\n");
  for (const secret of secrets) assert.ok(!all.includes(secret), `${secret} is told`);
});

test("a report does not take the place of the list or the journal, by whichever name", async () => {
  const list = shell.file("taken.csv", `${one}\n`);
  symlinkSync(list, join(dirname(list), "link.csv"));
  posted = [];
  for (const args of [
    ["--report", "taken.csv"],
    ["--report", "link.csv"],
    ["--report", `./x/../taken.csv`],
    ["--journal", "new.jsonl", "--report", "new.jsonl"],
  ]) {
    const refused = await shell.ocisign(["sign", "--from-file", "taken.csv", ...args]);
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /is a file that this run reads or keeps/);
  }
  assert.equal(readFileSync(list, "utf8"), `${one}\n`);
  assert.deepEqual(posted, []);
});
