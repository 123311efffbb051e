// A list signed by eight: the Kubernetes Job, the GitHub matrix and GitLab's parallel jobs. The command of each is run
// for every index, as it stands, and the last step merges their journals.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { decodeArtifactUri } from "ocisign";
import { parse, parseAllDocuments } from "yaml";
import { finish } from "../../tools/machine/command.js";
import { readExample } from "../support/examples.js";
import { checkout } from "../support/jobs.js";
import { pushMany } from "../support/many-images.js";

const shards = 8;
const count = 20;

let world;
let secret;
/** Of this test. */
let images;
let list = 0;

before(async () => {
  world = await checkout([]);
  secret = world.sandbox.person("requester").token;
});
after(() => world?.close());

beforeEach(async () => {
  list += 1;
  images = await pushMany(world.sandbox.registry, `many/list-${list}`, count);
  writeFileSync(join(world.folder, "images.txt"), `${images.join("\n")}\n`);
});
afterEach(() => {
  for (const name of readdirSync(world.folder)) {
    if (/^shard-.*\.jsonl/.test(name)) rmSync(join(world.folder, name));
  }
});

/** The requests for this test's images, by image. */
async function requested() {
  const all = await world.as("requester").signings();
  const artifacts = all.map(({ payload, state }) => {
    const image = decodeArtifactUri(payload.optionalParameters[0].artifactURI);
    return { image, state };
  });
  return artifacts.filter(({ image }) => images.includes(image));
}

/** Each image has one request, and it is signed. */
async function allSignedOnce() {
  const found = await requested();
  assert.deepEqual(found.map(({ image }) => image).sort(), [...images].sort());
  assert.ok(
    found.every(({ state }) => state === "signed"),
    JSON.stringify(found),
  );
}

/** The summary, and JUnit's report, name each image once. @param {string} output @param {string} report its path */
function tellsAll(output, report) {
  assert.match(output, new RegExp(`\\b${count} signed`), output);
  const xml = readFileSync(report, "utf8");
  assert.equal([...xml.matchAll(/<testcase\b/g)].length, count, xml);
  for (const image of images) assert.ok(xml.includes(image), image);
}

describe("Kubernetes", () => {
  /** The container of a Job in a file. @param {string} file */
  function jobIn(file) {
    const documents = parseAllDocuments(world.adapt(readExample(`kubernetes/${file}`))).map((it) =>
      it.toJS(),
    );
    const job = documents.find(({ kind }) => kind === "Job");
    const [container, ...others] = job.spec.template.spec.containers;
    assert.deepEqual(others, []);
    return { job, container };
  }

  /**
   * Runs a container's command, with a folder for each of its volumes.
   *
   * @param {string} root @param {any} container @param {Record<string, string>} [environment] that the cluster adds
   */
  function run(root, container, environment = {}) {
    const places = new Map(
      container.volumeMounts.map(({ name, mountPath }) => [mountPath, join(root, name)]),
    );
    for (const place of places.values()) mkdirSync(place, { recursive: true });
    const mounted = new RegExp(`(?<![\\w/.-])(${[...places.keys()].join("|")})(?=[/"'\\s:]|$)`, "g");
    const here = (text) => text.replace(mounted, (_, path) => places.get(path));
    const given = Object.fromEntries(container.env.map(({ name, value }) => [name, here(value)]));
    const [program, ...options] = container.command;
    return finish(program, [...options, ...container.args.map(here)], {
      cwd: root,
      env: {
        ...{ ...given, ...world.pinned, ...environment },
        // Where this machine has its programs.
        PATH: `${given.PATH}:${process.env.PATH}`,
        // None of this machine's sign-ins at registries.
        ...{ HOME: root, XDG_RUNTIME_DIR: root },
      },
    });
  }

  test("each index signs its shard, a second start requests nothing, and the report merges the journals", async () => {
    const { job, container } = jobIn("sign-images.yaml");
    assert.deepEqual([job.spec.completionMode, job.spec.completions], ["Indexed", shards]);
    const root = join(world.folder, "cluster");
    mkdirSync(join(root, "signing"), { recursive: true });
    mkdirSync(join(root, "token"));
    for (const name of ["images.txt", "signing-profile.json", "install-ocisign.sh"]) {
      writeFileSync(join(root, "signing", name), readFileSync(join(world.folder, name)));
    }
    writeFileSync(join(root, "token", "token"), secret);
    for (let index = 0; index < shards; index += 1) {
      const { code, output } = await run(root, container, { JOB_COMPLETION_INDEX: String(index) });
      assert.equal(code, 0, output);
      assert.ok(!output.includes(secret));
    }
    await allSignedOnce();
    const again = await run(root, container, { JOB_COMPLETION_INDEX: "0" });
    assert.equal(again.code, 0, again.output);
    await allSignedOnce();

    const report = await run(root, jobIn("sign-report.yaml").container);
    assert.equal(report.code, 0, report.output);
    tellsAll(report.output, join(root, "journals", "report.xml"));
  });

  test("the pods read what the README creates, and the report reads where they write", () => {
    const [sign, report] = ["sign-images.yaml", "sign-report.yaml"].map(
      (file) => jobIn(file).job.spec.template.spec,
    );
    const readme = readExample("kubernetes/README.md");
    for (const { configMap, secret: from, persistentVolumeClaim } of [...sign.volumes, ...report.volumes]) {
      if (configMap) assert.ok(readme.includes(`kubectl create configmap ${configMap.name} `));
      if (from) assert.ok(readme.includes(`kubectl create secret generic ${from.secretName} `));
      if (persistentVolumeClaim) assert.equal(persistentVolumeClaim.claimName, "signing-journals");
    }
    // No secret stands in the environment, where whoever may read the Job reads it.
    for (const { containers } of [sign, report]) {
      for (const { name, value } of containers[0].env) {
        assert.ok(!/TOKEN$|PASSWORD|SECRET/.test(name), `${name}=${value}`);
      }
    }
  });
});

describe("GitHub Actions", () => {
  const read = () => parse(world.adapt(readExample("github-actions/sign-many.yml")));
  const step = (job, wanted) => job.steps.find(({ name }) => name === wanted);
  const github = { GITHUB_REF_NAME: "v1", GITHUB_SHA: "3fbc6321" };

  before(() => {
    const asked = "account get-access-token --scope api://signing/.default --query accessToken --output tsv";
    world.program("az", `[ "$*" = "${asked}" ] || exit 9\nprintf '%s\\n' '${secret}'`);
  });

  test("every step that runs commands is run here, and journals go from job to job", () => {
    const { jobs } = read();
    assert.deepEqual(Object.keys(jobs), ["sign", "report"]);
    const commands = (job) => job.steps.flatMap(({ name, run }) => (run ? [name] : []));
    assert.deepEqual(commands(jobs.sign), ["Install ocisign", "Sign"]);
    assert.deepEqual(commands(jobs.report), ["Install ocisign", "Report"]);
    const uses = (job, action) => job.steps.find((it) => it.uses?.startsWith(`${action}@`)).with;
    const kept = `shard-$${"{{ matrix.shard }}"}.jsonl`;
    assert.equal(uses(jobs.sign, "actions/cache/restore").path, kept);
    assert.equal(uses(jobs.sign, "actions/cache/save").path, kept);
    assert.equal(uses(jobs.sign, "actions/upload-artifact").path, kept);
    assert.equal(uses(jobs.report, "actions/download-artifact").pattern, "journal-*");
    assert.deepEqual(
      jobs.sign.strategy.matrix.shard,
      Array.from({ length: shards }, (_, at) => at + 1),
    );
  });

  test("each of the matrix signs its shard, and the report merges the journals", async () => {
    const { jobs, env } = read();
    const install = await world.run(step(jobs.sign, "Install ocisign").run, world.pinned);
    assert.equal(install.code, 0, install.output);
    for (const shard of jobs.sign.strategy.matrix.shard) {
      const { code, output } = await world.run(step(jobs.sign, "Sign").run, {
        ...{ ...env, ...jobs.sign.env, ...world.pinned, ...github },
        SHARD: String(shard),
      });
      assert.equal(code, 0, output);
      assert.ok(!output.includes(secret));
    }
    await allSignedOnce();
    const report = await world.run(step(jobs.report, "Report").run, { ...env, ...github });
    assert.equal(report.code, 0, report.output);
    tellsAll(report.output, join(world.folder, "report.xml"));
  });
});

describe("GitLab", () => {
  test("each of the parallel jobs signs its shard, and the report merges the journals", async () => {
    const { variables, sign, report } = parse(world.adapt(readExample("gitlab/sign-many.gitlab-ci.yml")));
    // Entra's endpoint, as curl reaches it.
    world.program(
      "curl",
      `[ "$(cat)" = "who this job is" ] || exit 9\nprintf '{"access_token":"%s"}' '${secret}'`,
    );
    const run = (job, more) =>
      world.run([...(job.before_script ?? []), ...job.script].join("\n"), {
        ...{ ...variables, ...world.pinned, CI_COMMIT_TAG: "v1", CI_COMMIT_SHA: "3fbc6321" },
        ...{ ENTRA_TENANT: "our-tenant", ENTRA_CLIENT: "our-client", GITLAB_SAYS: "who this job is" },
        ...more,
      });
    assert.equal(sign.parallel, shards);
    for (let index = 1; index <= shards; index += 1) {
      const numbers = { CI_NODE_INDEX: String(index), CI_NODE_TOTAL: String(shards) };
      const { code, output } = await run(sign, numbers);
      assert.equal(code, 0, output);
      assert.ok(!output.includes(secret));
    }
    await allSignedOnce();
    const merged = await run(report);
    assert.equal(merged.code, 0, merged.output);
    tellsAll(merged.output, join(world.folder, report.artifacts.reports.junit));
  });
});
