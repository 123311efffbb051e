// ci/: the GitHub action and the GitLab component, whose steps are run as they are written: twice, and killed in between.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { root } from "../../tools/machine/command.js";
import { jobOf, outputsOf, readAction, readComponent, runScript, stepsOf } from "../support/blocks.js";
import { cliSandbox } from "../support/cli.js";

let at;
before(async () => {
  at = await cliSandbox("blocks");
  mkdirSync(join(at.folder, "fake"));
  at.file("fake/ocisign", "#!/bin/sh\nprintf '%s\\0' \"$@\"\n");
  chmodSync(join(at.folder, "fake", "ocisign"), 0o755);
});
after(() => at?.close());

let made = 0;
async function freshImage() {
  const repository = `team/blocks-${++made}`;
  return `${at.sandbox.registry.domain}/${repository}@${await pushImage(at.registry, repository)}`;
}

async function onlyRequest(image) {
  const encoded = Buffer.from(image).toString("base64");
  const all = await at.as("admin").signings();
  const [request, ...others] = all.filter((it) => it.payload.optionalParameters[0].artifactURI === encoded);
  assert.ok(request, "there is a request");
  assert.deepEqual(others, [], "there is one request");
  return request;
}

async function approve(id) {
  for (const role of ["approver-one", "approver-two"]) await at.as(role).approve(id);
}

/** What a job has in its environment. */
const ofJob = (bin = "bin") => ({
  PATH: `${join(at.folder, bin)}:${process.env.PATH}`,
  HOME: at.folder,
  OCISIGN_TOKEN: at.token("requester"),
});
const ofService = (image) => ({
  image,
  url: at.sandbox.base,
  profile: `${at.sandbox.base}/ocisign-profile`,
  product: at.product.id,
});

/** What a shell would run, or part, if it read it. */
const hostile = `$(touch touched) \`touch touched\` "; touch touched; ' \\ * $HOME`;

/** The files that a script of the repository is without its head. */
function bodyOf(file) {
  return readFileSync(join(root, file), "utf8").replace(/^(#.*\n)+/, "");
}

describe("GitHub", () => {
  let runs = 0;
  /** The step that signs. */
  function step(given, bin) {
    const files = { GITHUB_OUTPUT: `output-${++runs}`, GITHUB_STEP_SUMMARY: `summary-${runs}.md` };
    const { run, env } = stepsOf(given).at(-1);
    const running = runScript(run, at.folder, { ...ofJob(bin), ...files, ...env });
    const read = (name) => readFileSync(join(at.folder, name), "utf8");
    return {
      ...running,
      outputs: () => outputsOf(read(files.GITHUB_OUTPUT)),
      summary: () => read(files.GITHUB_STEP_SUMMARY),
    };
  }

  test("inputs stand in the environment only, and each is used", () => {
    const { inputs, runs } = readAction();
    const used = new Set();
    for (const { run, env = {}, uses } of runs.steps) {
      assert.equal(uses, undefined, "nothing of others runs here");
      assert.doesNotMatch(run, /\$\{\{/);
      for (const value of Object.values(env)) {
        const [, name] = value.match(/^\$\{\{ inputs\.([\w-]+) \}\}$/) ?? assert.fail(value);
        used.add(name);
      }
    }
    assert.deepEqual([...used].sort(), Object.keys(inputs).sort());
  });

  test("every input reaches the program as it is", async () => {
    const given = Object.fromEntries(
      Object.keys(readAction().inputs).map((name) => [name, `${name} ${hostile}`]),
    );
    const lists = ["key", "metadata", "certificate-root", "certificate-identity"];
    for (const name of lists) given[name] = `${name} ${hostile}\n\nsecond of ${name}`;
    const { code, stdout, stderr } = await step(
      { ...given, again: "true", "require-repository": "true" },
      "fake",
    ).ended;
    assert.equal(code, 0, stderr);
    const [command, ...words] = stdout.split("\0").slice(0, -1);
    assert.deepEqual([command, ...words.splice(-2)], ["ensure", "--", given.image]);
    for (const [name, value] of Object.entries(given)) {
      if (["image", "package", "integrity", "again", "require-repository"].includes(name)) continue;
      for (const one of value.split("\n").filter(Boolean)) {
        const place = words.indexOf(one);
        assert.equal(words[place - 1], `--${name}`, `${name}: ${words.join("|")}`);
      }
    }
    for (const flag of ["--again", "--require-repository", "--outputs", "--summary"])
      assert.ok(words.includes(flag));
    assert.throws(() => readFileSync(join(at.folder, "touched")), /ENOENT/);
  });

  test("no input is taken for an option, so that none ends the step well", async () => {
    const given = ofService("r.example/app@$DIGEST");
    for (const wrong of ["--help", "--version", "-h"]) {
      for (const name of ["image", "key", "url", "timeout"]) {
        const { code, stderr } = await step({ ...given, [name]: wrong }).ended;
        assert.ok(code === 1 || code === 2, `${name} ${wrong}: ${code} ${stderr}`);
      }
    }
  });

  test("a word that is neither true nor false asks for nothing less", async () => {
    const given = ofService("r.example/app@$DIGEST");
    for (const name of ["require-repository", "again"]) {
      for (const word of ["True", "yes", "1", "true ", "not true", "false true", "-"]) {
        const { code, stdout, stderr } = await step({ ...given, [name]: word }, "fake").ended;
        assert.deepEqual([code, stdout], [2, ""], `${name}: ${word}`);
        assert.match(stderr, new RegExp(`The input ${name} is neither true nor false`));
      }
      const off = await step({ ...given, [name]: "false" }, "fake").ended;
      assert.ok(!off.stdout.includes(`--${name}`));
    }
  });

  test("the first step installs nothing but the expected bytes", async () => {
    const file = at.file("other.tgz", "not the tarball");
    const [install, ...others] = stepsOf({ ...ofService("i"), package: file, integrity: "sha512-AAAA" });
    assert.equal(others.length, 1);
    const { code, stderr } = await runScript(install.run, at.folder, { ...ofJob(), ...install.env }).ended;
    assert.equal(code, 1, stderr);
    assert.match(stderr, /Nothing was installed/);
  });

  test("the limit is over, then a kill in the wait, then it is approved, then it runs once more: one request", async () => {
    const image = await freshImage();
    const inputs = { ...ofService(image), description: hostile };
    const limited = step({ ...inputs, timeout: "1ms" });
    const first = await limited.ended;
    assert.equal(first.code, 3, first.stderr);
    const { id, description } = await onlyRequest(image);
    assert.equal(description, hostile);
    const digest = image.split("@")[1];
    assert.deepEqual(limited.outputs(), { image, digest, "request-id": id, state: "waiting" });
    assert.match(limited.summary(), /waiting[\s\S]*run this job again/);

    const killed = step(inputs);
    await killed.says(/: waiting for approval/, "stderr");
    killed.kill();
    await killed.ended;
    assert.deepEqual(killed.outputs(), { image, digest, "request-id": id, state: "waiting" });

    const resumed = step(inputs);
    await resumed.says(/is taken up/, "stderr");
    await approve(id);
    const { code, stderr } = await resumed.ended;
    assert.equal(code, 0, stderr);
    assert.deepEqual(resumed.outputs(), { image, digest, "request-id": id, state: "verified" });
    assert.match(resumed.summary(), /\*\*verified\*\*/);

    const once = step(inputs);
    assert.equal((await once.ended).code, 0);
    assert.deepEqual(once.outputs(), { image, digest, "request-id": "", state: "verified" });
    await onlyRequest(image);
  });

  test("by a trust file: one that accepts; a retired key only and no rule end with 5, and nothing is requested", async () => {
    const image = await freshImage();
    const publicKey = (await at.ocisign(["key", "-P", at.product.id])).stdout;
    const retired = { at: "2026-01-01T00:00:00Z", reason: "rotated" };
    for (const [trust, said] of /** @type {const} */ ([
      [
        trustOf("retired.json", { publicKey, retired }),
        /rule "team apps".*release is retired since .*: rotated/,
      ],
      [trustOf("none.json", { publicKey }, "registry.example/**"), /none\.json has no rule for /],
    ])) {
      for (const _ of ["run", "run again"]) {
        const refused = step({ ...ofService(image), trust });
        const { code, stderr } = await refused.ended;
        assert.equal(code, 5, stderr);
        assert.match(stderr, said);
        assert.equal(refused.outputs().state, "error");
        assert.match(refused.summary(), said);
      }
    }
    const trust = trustOf("accepts.json", { publicKey });
    const running = step({ ...ofService(image), trust });
    await running.says(/: waiting for approval/, "stderr");
    const { id } = await onlyRequest(image);
    await approve(id);
    const { code, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
    assert.match(running.summary(), /as the rule .*team apps.* asks/);
    const again = step({ ...ofService(image), trust });
    assert.equal((await again.ended).code, 0);
    assert.equal(again.outputs().state, "verified");
    await onlyRequest(image);
  });
});

/** A trust file for the images here. */
function trustOf(name, key, images = `${at.sandbox.registry.domain}/team/**`) {
  const rules = [{ name: "team apps", images: [images], keys: ["release"] }];
  return at.file(name, JSON.stringify({ version: 1, keys: { release: key }, rules }));
}

describe("GitLab", () => {
  const start = (given, bin) => {
    const pipeline = { DIGEST: "sha256:of-the-build", CI_COMMIT_SHA: "3fbc6321", CI_PIPELINE_ID: "7" };
    const { script, variables } = jobOf(given, pipeline);
    return runScript(script, at.folder, { ...ofJob(bin), ...pipeline, ...variables });
  };
  const artifact = (name) => readFileSync(join(at.folder, ".ocisign", name), "utf8");

  test("its scripts are those of the repository, and no input stands in them", () => {
    const { pipeline } = readComponent();
    const [job] = Object.values(pipeline);
    const [, install] = job.before_script[1].match(/<<'INSTALL'\n([\s\S]*)^INSTALL$/m);
    assert.equal(install, bodyOf("examples/install-ocisign.sh"));
    const [, ensure] = job.script[0].match(/<<'ENSURE'\n([\s\S]*)^ENSURE$/m);
    assert.equal(ensure, bodyOf("ci/ensure.sh"));
    assert.doesNotMatch([...job.before_script, ...job.script].join("\n"), /\$\[\[/);
  });

  test("both blocks give the script what it reads", () => {
    const read = new Set(bodyOf("ci/ensure.sh").match(/INPUT_\w+/g));
    const [job] = Object.values(readComponent().pipeline);
    const { env, run } = readAction().runs.steps.at(-1);
    const ofGitHub = new Set([...Object.keys(env), ...run.match(/INPUT_\w+/g)]);
    const ofGitLab = new Set(Object.keys(job.variables).filter((name) => name.startsWith("INPUT_")));
    // GitHub's jobs have the password of the registry from docker/login-action, or as a variable.
    assert.deepEqual(
      [...read].filter((name) => !ofGitHub.has(name)),
      ["INPUT_REGISTRY_PASSWORD_FILE"],
    );
    assert.deepEqual([...read].sort(), [...ofGitLab].sort());
    for (const name of ofGitHub) assert.ok(read.has(name), name);
  });

  test("every input reaches the program as it is; variables of the pipeline work in names", async () => {
    const token = `printf %s "$OCISIGN_ID_TOKEN"`;
    const { code, stdout, stderr } = await start(
      {
        image: "r.example/app@$DIGEST",
        "token-command": token,
        key: "a b\nc",
        trust: "of us.json",
        again: "true",
      },
      "fake",
    ).ended;
    assert.equal(code, 0, stderr);
    const words = stdout.split("\0");
    assert.equal(words[0], "ensure");
    assert.deepEqual(words.slice(-3, -1), ["--", "r.example/app@sha256:of-the-build"]);
    assert.equal(words[words.indexOf("--token-command") + 1], token);
    assert.equal(words[words.indexOf("--metadata") + 1], "Commit=3fbc6321");
    assert.equal(words[words.indexOf("--trust") + 1], "of us.json");
    assert.deepEqual(
      words.flatMap((word, index) => (word === "--key" ? [words[index + 1]] : [])),
      ["a b", "c"],
    );
    assert.ok(words.includes("--again"));
  });

  test("a job that is killed in the wait, and tried again: one request, and its artifacts", async () => {
    const image = await freshImage();
    const killed = start(ofService(image));
    await killed.says(/: waiting for approval/, "stderr");
    killed.kill();
    await killed.ended;
    const { id } = await onlyRequest(image);
    assert.match(artifact("outputs.env"), new RegExp(`^OCISIGN_REQUEST_ID=${id}$`, "m"));
    const retried = start(ofService(image));
    await retried.says(/is taken up/, "stderr");
    await approve(id);
    const { code, stderr } = await retried.ended;
    assert.equal(code, 0, stderr);
    assert.match(artifact("outputs.env"), /OCISIGN_STATE=verified\n$/);
    assert.match(artifact("report.xml"), /<testcase [^>]*\/>/);
    assert.match(artifact("summary.md"), /\*\*verified\*\*/);
    await onlyRequest(image);
  });
});
