// Services of many shapes, those that were thought of and some by chance: is the profile that they show enough?
import { test } from "node:test";
import { newSeed, randomNumbers } from "../support/random.js";
import { randomShape } from "../support/random-shape.js";
import { fromProductToProof } from "../support/shaped-flow.js";
import { shapes } from "../support/shapes.js";

for (const [name, shape] of Object.entries(shapes)) {
  test(`${name}: from the product to the verified signature`, (t) => fromProductToProof(t, name, shape));
}

const seed = newSeed();
const random = randomNumbers(seed);
for (let index = 0; index < 3; index++) {
  const shape = randomShape(random);
  test(`a shape by chance (OCISIGN_SEED=${seed}, ${index}): ${JSON.stringify(shape)}`, (t) =>
    fromProductToProof(t, "random", shape));
}
