// Random layers over each other: is told what differs between the trees that they make?
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inFake } from "../support/changing.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { compareLayers, filesOf } from "../support/layers.js";
import { newSeed, randomNumbers } from "../support/random.js";

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let fake;
before(async () => {
  fake = await fakeRegistry();
});
after(() => fake?.close());

/** @typedef {Map<string, string>} Tree by path: what a file holds; a folder is `/`, a link begins with `>` */

/** Whatever is at a path, and beneath it, is gone. @param {Tree} tree @param {string} path */
function remove(tree, path) {
  for (const other of tree.keys()) if (other === path || other.startsWith(`${path}/`)) tree.delete(other);
}

/** Lays one layer over a tree: what it takes away goes first, then it brings what it brings. @param {Tree} tree @param {(limit: number) => number} random */
function layerOver(tree, random) {
  const names = ["a", "b", "c"];
  const path = () => Array.from({ length: 1 + random(3) }, () => names[random(3)]).join("/");
  /** @type {any[]} */
  const entries = [];
  const below = new Map(tree);
  for (let count = random(4); count > 0; count--) {
    const at = path();
    const isOpaque = random(3) === 0;
    const folder = at.includes("/") ? at.slice(0, at.lastIndexOf("/") + 1) : "";
    entries.push({ name: isOpaque ? `${at}/.wh..wh..opq` : `${folder}.wh.${at.slice(folder.length)}` });
    if (!isOpaque) remove(below, at);
    else for (const other of below.keys()) if (other.startsWith(`${at}/`)) below.delete(other);
  }
  /** @type {Tree} */
  const own = new Map();
  for (let count = random(6); count > 0; count--) {
    const at = path();
    // A layer that contradicts itself says nothing of a tree.
    const parents = at
      .split("/")
      .map((_, end, all) => all.slice(0, end).join("/"))
      .slice(1);
    const isBlocked = parents.some((parent) => own.has(parent) && own.get(parent) !== "/");
    if (isBlocked || own.has(at) || [...own.keys()].some((other) => other.startsWith(`${at}/`))) continue;
    for (const parent of parents) {
      if (own.has(parent)) continue;
      own.set(parent, "/");
      entries.push({ name: `${parent}/` });
    }
    const what = random(4);
    if (what === 0) entries.push({ name: `${at}/` });
    else if (what === 1) entries.push({ name: at, type: "2", target: `t${random(2)}` });
    else entries.push({ name: at, content: `content ${random(3)}` });
    const { type, target, content } = entries.at(-1);
    own.set(at, type === "2" ? `>${target}` : (content ?? "/"));
  }
  for (const [at, what] of own) {
    if (what !== "/") remove(below, at);
    below.set(at, what);
  }
  // Whiteouts concern the layers below, wherever in the layer they stand.
  for (let at = entries.length - 1; at > 0; at--) {
    const isWhiteout = (/** @type {any} */ entry) => entry.name.includes(".wh.");
    const other = random(at + 1);
    if (isWhiteout(entries[at]) || isWhiteout(entries[other])) {
      [entries[at], entries[other]] = [entries[other], entries[at]];
    }
  }
  return { entries, tree: below };
}

/** @param {(limit: number) => number} random */
function imageOf(random) {
  /** @type {Tree} */
  let tree = new Map();
  const layers = [];
  for (let count = 1 + random(4); count > 0; count--) {
    const { entries, tree: next } = layerOver(tree, random);
    layers.push(entries);
    tree = next;
  }
  // Each image has a layer of its own at the bottom, so that no two of them share one.
  return { layers: [[{ name: `own${random(2 ** 31)}`, content: "x" }], ...layers], tree };
}

test("trees of random layers", async (t) => {
  const seed = newSeed();
  t.diagnostic(`OCISIGN_SEED=${seed}`);
  const random = randomNumbers(seed);
  for (let round = 0; round < 150; round++) {
    const [was, is] = [imageOf(random), imageOf(random)];
    // What both have in common is not read, and left out here: an entry tells the layers of the two apart.
    const apart = (/** @type {any[][]} */ layers, /** @type {string} */ mark) =>
      layers.map((entries) => [...entries, { name: `mark${mark}`, content: mark }]);
    const { files } = await compareLayers(fakeHolder(), apart(was.layers, "1"), apart(is.layers, "2"), {
      files: true,
    });
    const told = filesOf(files)
      .filter((line) => !/ (own|mark)/.test(line))
      .map((line) => line.split(" ").slice(0, 2).join(" "));
    const expected = [];
    for (const path of new Set([...was.tree.keys(), ...is.tree.keys()])) {
      const [before, after] = [was.tree.get(path), is.tree.get(path)];
      if (before === after) continue;
      expected.push(`${before === undefined ? "+" : after === undefined ? "-" : "~"} ${path}`);
    }
    assert.deepEqual(told.sort(), expected.sort(), JSON.stringify([was, is].map(({ layers }) => layers)));
  }
});

const fakeHolder = () => inFake(fake);
