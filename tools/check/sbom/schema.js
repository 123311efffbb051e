// CycloneDX 1.5, as its own schema reads it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Stop } from "../../machine/command.js";

/**
 * What is written of CycloneDX here.
 *
 * @typedef {object} Component
 * @property {"library" | "application" | "framework"} type
 * @property {string} [group] @property {string} name @property {string} version
 * @property {string} bom-ref @property {string} purl
 * @property {{ expression: string }[]} [licenses]
 * @property {{ alg: string, content: string }[]} [hashes]
 * @property {{ type: string, url: string }[]} [externalReferences]
 * @property {{ name: string, value: string }[]} [properties]
 *
 * @typedef {object} Bom
 * @property {"CycloneDX"} bomFormat @property {"1.5"} specVersion @property {number} version
 * @property {{ component: Component, timestamp?: string }} metadata
 * @property {Component[]} components
 * @property {{ ref: string, dependsOn?: string[] }[]} dependencies
 */

/** Throws when a list does not fit the schema. @param {Bom} bom */
export function validate(bom) {
  const require = createRequire(import.meta.url);
  const { default: Ajv } = require("ajv");
  const schemas = join(
    dirname(require.resolve("@cyclonedx/cyclonedx-library/package.json")),
    "res",
    "schema",
  );
  const read = (/** @type {string} */ name) => JSON.parse(readFileSync(join(schemas, name), "utf8"));
  // By the names under which the schema refers to them.
  const parts = ["spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"];
  const named = parts.map((name) => [`http://cyclonedx.org/schema/${name}`, read(name)]);
  // Formats are annotations to it: nothing here has a date or an address that a person typed.
  const options = { strict: false, validateFormats: false, allErrors: true };
  const ajv = new Ajv({ ...options, schemas: Object.fromEntries(named) });
  const fits = ajv.compile(read("bom-1.5.SNAPSHOT.schema.json"));
  if (fits(bom)) return;
  throw new Stop(`the list does not fit CycloneDX's schema: ${ajv.errorsText(fits.errors)}`);
}
