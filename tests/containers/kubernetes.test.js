// The Jobs of examples/kubernetes, against Kubernetes' own schemas: a field that it does not know would be dropped.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { finish, root } from "../../tools/machine/command.js";
import { python } from "../../tools/machine/python.js";
import { temporaryFolder } from "../support/sandbox.js";

const { folder, remove } = temporaryFolder("kubernetes");
after(remove);

/** The oldest in which all that the Jobs use is stable, and the newest that the schemas are of. */
const versions = ["1.33", "1.37"];
const files = ["sign-images.yaml", "sign-report.yaml"];

/** @param {string} file @param {string} version */
function validate(file, version) {
  return finish(python(), ["-m", "kubernetes_validate", "--strict", "-k", version, file]);
}

for (const name of files) {
  const file = join(root, "examples", "kubernetes", name);
  for (const version of versions) {
    test(`${name} is valid in Kubernetes ${version}`, async () => {
      const { code, output } = await validate(file, version);
      assert.equal(code, 0, output);
      const kinds = [...readFileSync(file, "utf8").matchAll(/^kind: /gm)];
      assert.equal([...output.matchAll(/ passed for resource /g)].length, kinds.length, output);
    });
  }

  test(`${name} with a word that Kubernetes does not know is not`, async () => {
    const wrong = join(folder, name);
    writeFileSync(wrong, readFileSync(file, "utf8").replace("restartPolicy:", "restartPolice:"));
    const { code, output } = await validate(wrong, versions[0] ?? "");
    assert.notEqual(code, 0, output);
    assert.match(output, /restartPolice/);
  });
}
