// Says whether `import` and `require` give the same instance.
import { createRequire } from "node:module";
import * as esm from "ocisign";
import * as esmJournal from "ocisign/journal";

const require = createRequire(import.meta.url);
const cjs = require("ocisign");
const cjsJournal = require("ocisign/journal");
const holds = (act) => {
  try {
    act();
  } catch (error) {
    return error instanceof esm.OcisignError && error instanceof cjs.OcisignError;
  }
};
const names = Object.entries(esm).flatMap(([name, value]) => (value === cjs[name] ? [] : [name]));
// A folder is no file for a journal.
const opened = async ({ openJournal }) => {
  try {
    await openJournal(".");
  } catch (error) {
    return error instanceof esm.OcisignError ? error.code : String(error);
  }
};
const journals = [await opened(esmJournal), await opened(cjsJournal)];
console.log(
  JSON.stringify([
    names,
    holds(() => esm.parseReference("")),
    holds(() => cjs.parseReference("")),
    ...journals,
  ]),
);
