// examples/github-actions and examples/gitlab: their YAML is read, and the commands in it are run.
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse } from "yaml";
import { finish } from "../../tools/machine/command.js";
import { readExample } from "../support/examples.js";
import { checkout } from "../support/jobs.js";
import { groupA, program, temporaryFolder } from "../support/sandbox.js";

let world;
let secret;

before(async () => {
  world = await checkout([groupA]);
  secret = world.sandbox.person("requester").token;
  const { code, output } = await world.run("sh install-ocisign.sh && ocisign key > release.pub", {
    ...world.pinned,
    OCISIGN_URL: world.sandbox.base,
    OCISIGN_PRODUCT: world.product.id,
    OCISIGN_TOKEN: secret,
  });
  assert.equal(code, 0, output);
});
after(() => world?.close());

/** The job's end, when somebody decided on its request as soon as there was one. */
async function decided(job, description, act) {
  const client = world.as("approver-one");
  let isOver = false;
  job.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const request = (await client.signings()).find((it) => it.description === description && !it.final);
    if (!request) continue;
    await act(client, request.id);
    break;
  }
  return job;
}

const approve = (client, id) => client.approve(id);
const reject = (client, id) => client.reject(id, { comment: "not this build" });

describe("GitHub Actions", () => {
  const read = () => parse(world.adapt(readExample("github-actions/sign.yml")));
  const contexts = {
    "steps.push.outputs.digest": () => world.digest,
    "vars.REGISTRY_USERNAME": () => world.sandbox.registry.username,
    "secrets.REGISTRY_PASSWORD": () => world.sandbox.registry.password,
  };
  const filled = (variables = {}) =>
    Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [
        name,
        value.replace(/\$\{\{ (.+?) \}\}/g, (_, context) => contexts[context]()),
      ]),
    );

  before(() => {
    // Azure's program prints a token; it is asked as the workflow says.
    const asked = "account get-access-token --scope api://signing/.default --query accessToken --output tsv";
    world.program("az", `[ "$*" = "${asked}" ] || exit 9\nprintf '%s\\n' '${secret}'`);
  });

  const stepNamed = (wanted) => {
    const workflow = read();
    const step = workflow.jobs.sign.steps.find(({ name }) => name === wanted);
    const env = {
      ...{ ...filled(workflow.env), ...world.pinned },
      ...{ ...filled(workflow.jobs.sign.env), ...filled(step.env) },
    };
    return (release) => world.run(step.run, { ...env, GITHUB_REF_NAME: release, GITHUB_SHA: "3fbc6321" });
  };

  test("every step that runs commands is run here", () => {
    const { jobs, on } = read();
    assert.deepEqual(Object.keys(jobs), ["sign"]);
    assert.deepEqual(on, { push: { tags: ["v*"] } });
    const names = jobs.sign.steps.filter(({ run }) => run).map(({ name }) => name);
    assert.deepEqual(names, ["Install ocisign", "Sign", "Verify"]);
  });

  test("the job installs the tarball that it expects", async () => {
    const { code, output } = await stepNamed("Install ocisign")("v1");
    assert.equal(code, 0, output);
  });

  test("what is rejected fails the job", async () => {
    const { code, output } = await decided(stepNamed("Sign")("v1"), "Release v1", reject);
    assert.equal(code, 4, output);
    assert.match(output, /rejected/);
    assert.match(output, /not this build/);
    const verified = await stepNamed("Verify")("v1");
    assert.equal(verified.code, 5, verified.output);
  });

  test("what is approved is signed and verified", async () => {
    const { code, output } = await decided(stepNamed("Sign")("v2"), "Release v2", approve);
    assert.equal(code, 0, output);
    assert.match(output, /signed/);
    assert.ok(!output.includes(secret));
    const verified = await stepNamed("Verify")("v2");
    assert.equal(verified.code, 0, verified.output);
    assert.match(verified.output, /verified/);
  });
});

describe("GitLab", () => {
  const passwordFile = () => {
    const file = join(world.folder, "registry-password");
    writeFileSync(file, world.sandbox.registry.password);
    return file;
  };

  const run = (release) => {
    const pipeline = parse(world.adapt(readExample("gitlab/.gitlab-ci.yml")));
    assert.deepEqual(Object.keys(pipeline), ["variables", "sign"]);
    const { before_script, script } = pipeline.sign;
    return world.run([...before_script, ...script].join("\n"), {
      ...{ ...pipeline.variables, ...world.pinned },
      DIGEST: world.digest,
      CI_COMMIT_TAG: release,
      CI_COMMIT_SHA: "3fbc6321",
      ENTRA_TENANT: "our-tenant",
      ENTRA_CLIENT: "our-client",
      GITLAB_SAYS: "who this job is",
      REGISTRY_USERNAME: world.sandbox.registry.username,
      REGISTRY_PASSWORD_FILE: passwordFile(),
    });
  };

  test("without a token the job fails at once", async () => {
    world.program("curl", "echo 'curl: (22) 401' >&2; exit 22");
    const { code, output } = await run("v3");
    assert.notEqual(code, 0);
    assert.match(output, /curl: \(22\) 401/);
    assert.doesNotMatch(output, /requested|signed/);
  });

  test("the job signs and verifies", async () => {
    // Entra's endpoint, as curl reaches it: the assertion comes on standard input, where nobody else can read it.
    world.program(
      "curl",
      `[ "$(cat)" = "who this job is" ] || exit 9
case "$*" in *https://login.microsoftonline.com/our-tenant/oauth2/v2.0/token*client_id=our-client*) ;; *) exit 8 ;; esac
printf '{"access_token":"%s"}' '${secret}'`,
    );
    const { code, output } = await decided(run("v4"), "Release v4", approve);
    assert.equal(code, 0, output);
    assert.match(output, /signed[\s\S]*verified/);
    assert.ok(!output.includes(secret));
  });
});

describe("GitHub Actions with a sandbox of the portal's own", () => {
  const steps = () => parse(readExample("github-actions/sandbox.yml")).jobs.test.steps;
  const named = (wanted) => steps().find(({ name }) => name === wanted).run;

  test("every action is pinned by its commit, and every step that runs commands is run here", () => {
    for (const { uses } of steps().filter((step) => step.uses)) assert.match(uses, /@[0-9a-f]{40}$/);
    const names = steps().flatMap(({ name, run }) => (run ? [name] : []));
    // Building is what `npm run sandbox` does before every test, too; here the program is there already.
    assert.deepEqual(names, ["Build the sandbox", "Start the sandbox", "Test", "Stop the sandbox"]);
    assert.match(named("Build the sandbox"), /cargo install --locked --path ocisign\/sandbox --root/);
  });

  test("it starts the program, waits for its file, gives the tests URL and token, and stops it", async () => {
    const { folder, remove } = temporaryFolder("workflow");
    try {
      mkdirSync(join(folder, ".tools", "bin"), { recursive: true });
      symlinkSync(program, join(folder, ".tools", "bin", "ocisign-sandbox"));
      const tests = `
const reply = await fetch(process.env.OCISIGN_URL + "/products", { headers: { authorization: "Bearer " + process.env.OCISIGN_TOKEN } });
console.log("answered", reply.status);`;
      writeFileSync(join(folder, "test.mjs"), tests);
      writeFileSync(join(folder, "package.json"), '{ "scripts": { "test": "node test.mjs" } }');
      const script = ["Start the sandbox", "Test", "Stop the sandbox"].map(named).join("\n");
      const { code, output } = await finish("bash", ["-e", "-o", "pipefail", "-c", script], { cwd: folder });
      assert.equal(code, 0, output);
      assert.match(output, /answered 200/);
      assert.match(output, /"message":"answered"/, "the log is shown");
    } finally {
      remove();
    }
  });

  test("a sandbox that does not start fails the step, with its log", async () => {
    const { folder, remove } = temporaryFolder("workflow");
    try {
      mkdirSync(join(folder, ".tools", "bin"), { recursive: true });
      symlinkSync(program, join(folder, ".tools", "bin", "ocisign-sandbox"));
      const env = { OCISIGN_SANDBOX_WWW: "/nowhere" };
      const { code, output } = await finish("bash", ["-e", "-c", named("Start the sandbox")], {
        cwd: folder,
        env,
      });
      assert.equal(code, 1, output);
      assert.match(output, /no index\.html/);
    } finally {
      remove();
    }
  });
});
