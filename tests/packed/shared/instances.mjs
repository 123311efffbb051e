// Says whether `import` and `require` give the same instance.
import { createRequire } from "node:module";
import * as esm from "ocisign";

const cjs = createRequire(import.meta.url)("ocisign");
const holds = (act) => {
  try {
    act();
  } catch (error) {
    return error instanceof esm.OcisignError && error instanceof cjs.OcisignError;
  }
};
const names = Object.entries(esm).flatMap(([name, value]) => (value === cjs[name] ? [] : [name]));
console.log(
  JSON.stringify([names, holds(() => esm.parseReference("")), holds(() => cjs.parseReference(""))]),
);
