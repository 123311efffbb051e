// Compares the rows of pkg/src/accepts/consumers.ts with what the tools themselves say of an image in each situation. A
// row that says something else fails; so does one that no image here is in. What was measured and has no row is told.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { readPublicKey, verifyImage } from "ocisign";
import { whoAccepts } from "ocisign/accepts";
import { attestationKinds, imageIn, keyOf, keyTypesFor, recipes } from "./situations.js";
import { importSource } from "./source.js";

/** @typedef {import("../../demo/registry.js").RegistryAccess & { domain: string }} Access */
/** @typedef {import("./acceptance-judges.js").Judge} Judge */
/** @typedef {{ access: Access, judges: Record<string, Judge>, close: () => Promise<unknown> }} World */

/** @type {{ consumers: readonly import("../../pkg/src/accepts/consumer.ts").Consumer[] }} */
const { consumers } = await importSource("pkg/src/accepts/consumers.ts");
/** @type {typeof import("../../pkg/src/accepts/situation.ts")} */
const { situationsOf } = await importSource("pkg/src/accepts/situation.ts");
/** @type {typeof import("../../pkg/src/accepts/consumer.ts")} */
const { nameOf } = await importSource("pkg/src/accepts/consumer.ts");

/**
 * Defines the tests.
 *
 * @param {import("../../pkg/src/accepts/consumer.ts").Measure} file whose rows they are
 * @param {Partial<Record<import("../../pkg/src/accepts/situation.ts").ReferrersPlace, () => Promise<World>>>} worlds
 * @param {(consumer: import("../../pkg/src/accepts/consumer.ts").Consumer) => boolean} [isHere]
 * @param {(recipe: import("./acceptance-judges.js").Recipe) => boolean} [isTried]
 */
export function measureRows(file, worlds, isHere = () => true, isTried = () => true) {
  const measured = consumers.filter((one) => one.basis.measured === file && isHere(one));
  const rows = new Rows(measured);
  for (const [place, open] of Object.entries(worlds)) {
    describe(place, () => {
      /** @type {World} */
      let world;
      before(async () => {
        world = await open();
      });
      after(() => world?.close());
      for (const traits of recipes.filter((one) => place === "referrers" || isListed(one))) {
        const keyTypes = keyTypesFor(traits, place);
        for (const keyType of keyTypes.filter((keyType) => isTried({ traits, keyType, place }))) {
          for (const kind of traits.includes("attestation") ? attestationKinds : [undefined]) {
            const name = [nameOf(traits), keyType, ...(kind ? [`the attestation is ${kind}`] : [])];
            test(name.join(", "), () => compare(world, rows, { traits, keyType, kind, place }));
          }
        }
      }
    });
  }
  test("each row was measured", (t) => {
    for (const missing of rows.missing()) t.diagnostic(missing);
    assert.deepEqual(rows.faults(), []);
  });
}

/** Does it matter where referrers are listed? @param {readonly string[]} traits */
function isListed(traits) {
  return traits.some((trait) => /bundle|^attestation$/.test(trait));
}

/** @param {World} world @param {Rows} rows @param {{ traits: readonly any[], keyType: any, kind: any, place: string }} recipe */
async function compare({ access, judges }, rows, { traits, keyType, kind, place }) {
  const key = keyOf(keyType);
  const image = await imageIn(access, traits, key, keyType, kind);
  const keys = [readPublicKey(key.pem)];
  const { url, username, password } = access;
  const registry = { url, ...(username && { username, password: password ?? "" }) };
  const verification = await verifyImage(image, { keys, registry });
  const [situation] = situationsOf(verification, keys);
  assert.equal(situation?.unclear, undefined);
  const told = whoAccepts(verification, { keys });
  for (const id of rows.ids) {
    const judge = judges[id];
    assert.ok(judge, `nothing judges for ${id}`);
    const row = told.find((one) => one.id === id);
    assert.ok(row);
    const answer = await judge(key.pem, image, [], { traits, keyType, place });
    if (!answer) continue;
    const { accepts, said } = answer;
    rows.note(id, { name: nameOf(situation.traits), place: situation.place, keyType, accepts });
    if (row.verdict === "unknown") continue;
    assert.equal(accepts ? "accepts" : "refuses", row.verdict, `${id}: ${said}`);
    const [mend] = row.mends.filter(({ command }) => !command.startsWith("ocisign "));
    if (!mend) continue;
    const options = mend.command.split(" ").slice(rows.lengthOfCommand(id), -1);
    const mended = await judge(key.pem, image, options, { traits, keyType, place });
    assert.ok(mended?.accepts, `${id} ${options.join(" ")}: ${mended?.said}`);
  }
}

/** @typedef {{ name: string, place: string | undefined, keyType: string, accepts: boolean }} Outcome */

/** What was measured of some tools. */
class Rows {
  #consumers;
  /** @type {Map<string, Outcome[]>} */
  #outcomes = new Map();

  /** @param {readonly import("../../pkg/src/accepts/consumer.ts").Consumer[]} consumers */
  constructor(consumers) {
    this.#consumers = consumers;
  }

  get ids() {
    return [...new Set(this.#consumers.map(({ id }) => id))];
  }

  /** How many words stand before its options. @param {string} id */
  lengthOfCommand(id) {
    return this.#consumers.find((one) => one.id === id)?.command?.length ?? 0;
  }

  /** @param {string} id @param {Outcome} outcome */
  note(id, outcome) {
    const of = this.#outcomes.get(id) ?? [];
    of.push(outcome);
    this.#outcomes.set(id, of);
  }

  /** What is wrong with the rows beside what each says. */
  faults() {
    return this.#consumers.flatMap((consumer) => this.#unmeasured(consumer, this.#outcomesOf(consumer)));
  }

  /** The situations that were measured, and that have no row. */
  missing() {
    return this.#consumers.flatMap((consumer) => this.#missing(consumer, this.#outcomesOf(consumer)));
  }

  /** @param {import("../../pkg/src/accepts/consumer.ts").Consumer} consumer */
  #outcomesOf({ id, keyTypes }) {
    const all = this.#outcomes.get(id) ?? [];
    return all.filter(({ keyType }) => keyTypes.some((type) => type === keyType));
  }

  /** @param {import("../../pkg/src/accepts/consumer.ts").Consumer} consumer @param {Outcome[]} outcomes */
  #unmeasured(consumer, outcomes) {
    const { id, accepts, refuses, depends = [], keyTypes, places } = consumer;
    const named = [...accepts, ...refuses.flatMap(({ when }) => when)];
    const rows = [...named, ...depends.flatMap(({ when }) => when)];
    const twice = rows.filter((name, at) => rows.indexOf(name) !== at);
    const ofName = (/** @type {string} */ name) => outcomes.filter((one) => one.name === name);
    const varies = (/** @type {string} */ name) =>
      new Set(ofName(name).map(({ accepts }) => accepts)).size > 1;
    return [
      ...twice.map((name) => `${id}: ${name} stands there twice`),
      ...rows.filter((name) => ofName(name).length === 0).map((name) => `${id}: ${name} was not measured`),
      ...depends
        .flatMap(({ when }) => when)
        .filter((name) => ofName(name).length > 0 && !varies(name))
        .map((name) => `${id}: ${name} depends on nothing`),
      ...keyTypes
        .filter((type) => !outcomes.some(({ keyType }) => keyType === type))
        .map((type) => `${id}: ${type} was not measured`),
      ...places
        .filter((place) => !outcomes.some((one) => one.place === place))
        .map((place) => `${id}: ${place} was not measured`),
    ];
  }

  /** @param {import("../../pkg/src/accepts/consumer.ts").Consumer} consumer @param {Outcome[]} outcomes */
  #missing({ id, accepts, refuses, depends = [] }, outcomes) {
    const rows = new Set([...accepts, ...[...refuses, ...depends].flatMap(({ when }) => when)]);
    const missing = outcomes.filter(({ name }) => !rows.has(name));
    return [...new Set(missing.map(({ name }) => name))].map((name) => {
      const verdicts = new Set(missing.filter((one) => one.name === name).map(({ accepts }) => accepts));
      const said = verdicts.size > 1 ? "it depends" : verdicts.has(true) ? "it accepts" : "it refuses";
      return `${id}: ${name} has no row, and ${said}`;
    });
  }
}
