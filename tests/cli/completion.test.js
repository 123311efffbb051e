// Completion of what only the service knows: ids of requests and names of products. In silence, by GET alone, and soon.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { shellIn } from "../support/cli.js";
import { fakeService, productOf, signingOf } from "../support/fake-service.js";

const image = `registry.example/team/app:1.2@sha256:${"ab".repeat(32)}`;
const waiting = "a83081a6-1d3b-4117-a81b-0ebcfcf0669c";
const signed = "a93081a6-1d3b-4117-a81b-0ebcfcf0669c";
const secondProduct = "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac";

/** @type {Awaited<ReturnType<typeof fakeService>>} */
let service;
/** @type {ReturnType<typeof shellIn>} */
let shell;
/** @type {"well" | "hang" | "refuse"} */
let mood = "well";

before(async () => {
  service = await fakeService(({ path }) => {
    if (mood === "hang") return { hang: true };
    if (mood === "refuse") return { status: 500, body: { message: "broken" } };
    if (path.includes("/products")) {
      const product = productOf("registry.example");
      return {
        body: [
          { ...product, id: "f0000000-b569-4da7-8a70-6eb910dad8ac", name: "OCI SIGN" },
          { ...product, id: secondProduct, name: "$(touch ran)" },
          { ...product, id: "f2000000-b569-4da7-8a70-6eb910dad8ac", name: "twice" },
          { ...product, id: "f3000000-b569-4da7-8a70-6eb910dad8ac", name: "twice" },
          { ...product, id: "f4000000-b569-4da7-8a70-6eb910dad8ac", name: "`touch ran`; x" },
        ],
      };
    }
    return {
      body: [
        signingOf(image, { id: waiting, description: "two\nlines\tof $(touch ran)" }),
        signingOf(image, { id: signed, status: 16 }),
        signingOf(image, { id: "$(touch ran)" }),
      ],
    };
  });
  shell = shellIn("completion", { OCISIGN_URL: service.url });
  shell.file("token", "the-token");
});
after(() => {
  service?.close();
  shell?.remove();
});

/** @param {string[]} words @param {Record<string, string>} [env] */
async function complete(words, env = { OCISIGN_TOKEN: "the-token" }) {
  const { code, stdout, stderr } = await shell.ocisign(["complete", "--", ...words], { env });
  assert.deepEqual([code, stderr], [0, ""], words.join(" "));
  const lines = stdout.trimEnd().split("\n");
  assert.match(lines.pop() ?? "", /^:\d+$/);
  return lines.map((line) => line.split("\t")[0] ?? "");
}

test("commands, options, choices and topics, without any request", async () => {
  const before = service.asked.length;
  for (const [words, value] of /** @type {[string[], string][]} */ ([
    [["si"], "sign"],
    [["verify", "--thr"], "--threshold"],
    [["imagesigning", ""], "approve"],
    [["signings", "--state", ""], "waiting"],
    [["help", "conn"], "connection"],
    [["completion", ""], "fish"],
  ])) {
    assert.ok((await complete(words)).includes(value), words.join(" "));
  }
  assert.equal(service.asked.length, before);
});

test("ids of requests: those that can be decided, and for status all", async () => {
  for (const [words, ids] of /** @type {[string[], string[]][]} */ ([
    [["approve", ""], [waiting]],
    [["approve", "a8"], [waiting]],
    [["approve", "--yes", ""], [waiting]],
    [["reject", ""], [waiting]],
    [["withdraw", ""], [waiting]],
    [
      ["status", ""],
      [waiting, signed],
    ],
    [["status", "--wait", "a9"], [signed]],
    [["status", "b"], []],
    [
      ["imagesigning", "get", "-I", ""],
      [waiting, signed],
    ],
    [["imagesigning", "approve", "-I", "a"], [waiting]],
    [["imagesigning", "reject", "--id", ""], [waiting]],
  ])) {
    assert.deepEqual(await complete(words), ids, words.join(" "));
  }
});

test("names of products that only one has, else ids; nothing that a shell could take for more", async () => {
  for (const words of [
    ["sign", image, "--product"],
    ["sign", "-P"],
    ["key", "-P"],
    ["verify", image, "--product"],
  ]) {
    const values = await complete([...words, ""]);
    assert.ok(values.includes("OCI SIGN") && values.includes(secondProduct), values.join());
    assert.ok(!values.some((value) => /[$`;]|twice/.test(value)), values.join());
  }
  assert.deepEqual(await complete(["products", "O"]), ["OCI SIGN"]);
  assert.deepEqual(await complete(["signings", "-P", "e1"]), [secondProduct]);
});

test("it takes the settings that were typed, and never a secret's place for one", async () => {
  const nothing = { OCISIGN_URL: "", OCISIGN_TOKEN: "" };
  assert.deepEqual(await complete(["--url", service.url, "-t", "the-token", "approve", ""], nothing), [
    waiting,
  ]);
  assert.deepEqual(await complete([`--url=${service.url}`, "-t", "@token", "approve", ""], nothing), [
    waiting,
  ]);
  assert.deepEqual(await complete(["approve", "--url", service.url, "--token-file", "token", ""], nothing), [
    waiting,
  ]);
  for (const words of [
    ["approve", ""],
    ["--url", "ftp://x", "approve", ""],
    ["-t", "@-", "approve", ""],
  ]) {
    assert.deepEqual(
      await complete(words, { ...nothing, OCISIGN_URL: words.includes("@-") ? service.url : "" }),
      [],
    );
  }
});

test("what fails or takes too long completes nothing, and says nothing", async () => {
  for (const how of /** @type {const} */ (["refuse", "hang"])) {
    mood = how;
    try {
      assert.deepEqual(await complete(["approve", ""]), []);
      assert.deepEqual(await complete(["sign", "-P", ""]), []);
    } finally {
      mood = "well";
    }
  }
  assert.deepEqual(
    await complete(["approve", ""], { OCISIGN_TOKEN: "", OCISIGN_TOKEN_COMMAND: "exit 1" }),
    [],
  );
  assert.deepEqual(
    await complete(["approve", ""], { OCISIGN_TOKEN: "", OCISIGN_TOKEN_COMMAND: "exec sleep 60" }),
    [],
  );
  assert.deepEqual(
    await complete(["approve", ""], { OCISIGN_TOKEN: "t", OCISIGN_CONFIG: "nowhere.json" }),
    [],
  );
  assert.deepEqual(
    await complete(["approve", ""], { OCISIGN_TOKEN: "t", OCISIGN_URL: "http://127.0.0.1:1/x" }),
    [],
  );
});

test("it sends nothing but GET", () => {
  assert.ok(service.asked.length > 0);
  for (const { method } of service.asked) assert.equal(method, "GET");
});

test("for half a minute the same is answered from a file that holds no secret", async () => {
  const env = {
    OCISIGN_TOKEN: "",
    OCISIGN_TOKEN_COMMAND: "echo run >> runs; echo the-secret-token",
    XDG_CACHE_HOME: join(shell.folder, "cache"),
  };
  const asked = service.asked.length;
  for (let press = 0; press < 3; press++) assert.deepEqual(await complete(["approve", ""], env), [waiting]);
  assert.deepEqual(await complete(["status", ""], env), [waiting, signed]);
  assert.equal(service.asked.length, asked + 1);
  assert.equal(readFileSync(join(shell.folder, "runs"), "utf8"), "run\n");
  const folder = join(shell.folder, "cache", "ocisign");
  for (const file of readdirSync(folder)) {
    const path = join(folder, file);
    assert.equal(statSync(path).mode & 0o077, 0, "for nobody else");
    assert.doesNotMatch(readFileSync(path, "utf8"), /secret|echo/);
  }
  // Another service is another matter, and a damaged file is none.
  shell.file("cache/ocisign/completion-requests.json", "{ damaged");
  assert.deepEqual(await complete(["approve", ""], env), [waiting]);
  assert.deepEqual(await complete(["--url", "http://127.0.0.1:1/x", "approve", ""], env), []);
});

test("a token that is given itself leaves nothing behind", async () => {
  const XDG_CACHE_HOME = join(shell.folder, "no-cache");
  assert.deepEqual(await complete(["approve", ""], { OCISIGN_TOKEN: "the-token", XDG_CACHE_HOME }), [
    waiting,
  ]);
  assert.ok(!existsSync(XDG_CACHE_HOME));
});

const bashCompletion = [
  "/usr/share/bash-completion/bash_completion",
  "/opt/homebrew/etc/profile.d/bash_completion.sh",
];

/** What bash-completion does of what the script needs, for where it is not installed. */
const stub = `_get_comp_words_by_ref() { words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD; cur="\${words[cword]}"; prev="\${words[cword-1]}"; }`;

/** What bash would offer for a line, one a line, as it would insert it. @param {string[]} words */
async function inBash(words) {
  const library = bashCompletion.find((file) => existsSync(file));
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const line = [
    library ? `. ${library}` : stub,
    'eval "$(ocisign completion bash)"',
    `COMP_WORDS=(ocisign ${quoted}); COMP_CWORD=${words.length}; COMP_LINE="\${COMP_WORDS[*]}"; COMP_POINT=\${#COMP_LINE}`,
    // Outside of a completion bash has no options of one to change.
    "compopt() { :; }",
    "__ocisign_complete",
    `printf '%s\\n' "\${COMPREPLY[@]}"`,
  ].join("\n");
  const { stdout, stderr, code } = await shell.bash(line, { env: { OCISIGN_TOKEN: "the-token" } });
  assert.equal(code, 0, stderr);
  return stdout.trimEnd().split("\n");
}

test("in bash: values are inserted quoted, and nothing of a service is run", async () => {
  const script = await shell.bash(
    "ocisign completion bash > script && bash -n script && . ./script && complete -p ocisign",
  );
  assert.equal(script.code, 0, script.stderr);
  assert.match(script.stdout, /complete .*ocisign/);
  assert.deepEqual(await inBash(["approve", ""]), [waiting]);
  assert.deepEqual(await inBash(["sign", "-P", "O"]), ["OCI\\ SIGN"]);
  assert.deepEqual(await inBash(["app"]), ["approve"]);
  assert.ok((await inBash(["sign", "-P", ""])).includes(secondProduct));
  assert.deepEqual(await inBash(["status", "x"]), [""]);
  assert.ok(!existsSync(join(shell.folder, "ran")));
});

test("scripts for the other shells", async () => {
  for (const [name, telling] of /** @type {[string, RegExp][]} */ ([
    ["zsh", /"completions" completions\s/],
    ["fish", /complete -c ocisign/],
    ["powershell", /Register-ArgumentCompleter/],
  ])) {
    const { code, stdout } = await shell.ocisign(["completion", name]);
    assert.equal(code, 0);
    assert.match(stdout, telling);
    assert.doesNotMatch(stdout, /completions -Q/);
  }
});
