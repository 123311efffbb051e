// The published schema: does it say what the documentation, the defaults and the sandbox's shapes say?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { SigningClient } from "ocisign";
import { profileOf, testSandbox } from "../support/sandbox.js";
import { documentedProfiles, shapes } from "../support/shapes.js";

const schema = createRequire(import.meta.url)("ocisign/profile.schema.json");
const shapeSchema = JSON.parse(
  readFileSync(new URL("../../docs/shape.schema.json", import.meta.url), "utf8"),
);
const ajv = new Ajv.default({ strict: true, strictTypes: false, strictRequired: false });
const fits = ajv.compile(schema);
const fitsShape = ajv.compile(shapeSchema);

/** @param {unknown} profile */
const clientBy = (profile) =>
  new SigningClient({ baseUrl: "https://a.example", token: "t", profile: /** @type {any} */ (profile) });

test("what the documentation shows is a profile", () => {
  assert.equal(documentedProfiles.length, 3);
  for (const profile of documentedProfiles) {
    assert.ok(fits(profile), JSON.stringify(fits.errors));
    clientBy(profile);
  }
});

test("the defaults are a profile", () => {
  assert.ok(fits(clientBy(undefined).profile), JSON.stringify(fits.errors));
});

test("every shape without what no profile can mend is a profile, and so is what the sandbox serves", async () => {
  for (const { service, ...profile } of Object.values(shapes)) {
    assert.ok(fitsShape({ ...profile, service }), JSON.stringify(fitsShape.errors));
    assert.ok(fits(profile), JSON.stringify(fits.errors));
    clientBy(profile);
  }
  const sandbox = await testSandbox({ name: "schema" });
  const served = await profileOf(sandbox);
  await sandbox.close();
  assert.ok(fits(served), JSON.stringify(fits.errors));
  assert.equal(served.routes?.withdraw, "imagesignings/{id}/withdraw");
});

test("profile and shape share their words", () => {
  const same = ["fieldPath", "parameter", "constant", "list"];
  for (const name of same) assert.deepEqual(schema.$defs[name], shapeSchema.$defs[name], name);
  for (const name of ["replies", "keyTypes", "statuses"]) {
    const [ours, theirs] = [schema, shapeSchema].map(({ properties }) => structuredClone(properties[name]));
    for (const it of [ours, theirs]) {
      delete it.description;
      delete it.maxProperties;
    }
    assert.deepEqual(ours, theirs, name);
  }
  // The sandbox's withdrawal is its own, and no shape moves it.
  assert.deepEqual(
    Object.keys(schema.properties.routes.properties).filter((name) => name !== "withdraw"),
    Object.keys(shapeSchema.properties.routes.properties),
  );
  // What is the sandbox's own stays where it is; otherwise the paths are the same.
  const reserved = "(?!(ocisign-profile|ocisign-sandbox|registrycredentials)(/|$))";
  for (const name of ["path", "pathWithId"]) {
    assert.equal(shapeSchema.$defs[name].pattern.replace(reserved, ""), schema.$defs[name].pattern);
  }
  const { service: _, ...language } = shapeSchema.properties;
  for (const name of Object.keys(language)) assert.ok(name in schema.properties, name);
});
