// Does the search find what is hidden from chance? A fault behind four comparisons in a row, which no random text meets.
import assert from "node:assert/strict";
import { test } from "node:test";
import { randomNumbers } from "../support/random.js";
import { Counters } from "./engine/instrument.js";
import { search } from "./engine/search.js";
import { faultOf, shrunk } from "./engine/shrink.js";

/** @param {string} text of TypeScript @returns {Promise<{ counters: Counters, read: (text: string) => unknown }>} */
async function instrumented(text) {
  const counters = new Counters();
  // The counters' own global is named when the plugin is taken.
  assert.equal(counters.plugin.name, "counters");
  const { transformSync } = await import("esbuild");
  const { code } = transformSync(counters.instrument("given.ts", text), { loader: "ts", format: "esm" });
  const { read } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return { counters, read };
}

const hidden = `export function read(text: string): string {
  if (!text.startsWith("{")) return "no object";
  for (let at = 1; at < text.length; at++) {
    if (text[at] === "k") if (text[at + 1] === "e") if (text[at + 2] === "y") if (text[at + 3] === "!") throw new Error("found");
  }
  return text.length > 3 ? "long" : "short";
}`;

test("a fault behind several comparisons is found, by what the counters say", async () => {
  const { counters, read } = await instrumented(hidden);
  const given = { seeds: [Buffer.from("{}")], counters, seconds: 60, random: randomNumbers(1), longest: 64 };
  const { finding, executions } = await search({
    ...given,
    judge: (input) => read(input.toString("latin1")),
  });
  assert.match(String(finding?.error), /found/);
  assert.match(String(finding?.input.toString("latin1")), /^\{.*key!/s);
  assert.ok(executions > 1);
});

test("the few inputs that are kept pass all places that were passed", async () => {
  const { counters, read } = await instrumented(hidden.replace("throw", "return"));
  const seeds = ["{}", "{", "x", "{abc", "{key", "{key!", "{key!?"].map((text) => Buffer.from(text));
  const judge = (/** @type {Buffer} */ input) => read(input.toString());
  const { corpus, places } = await search({ judge, seeds, counters, seconds: 0, random: randomNumbers(1) });
  assert.ok(corpus.length < seeds.length);
  const again = await search({ judge, seeds: corpus, counters, seconds: 0, random: randomNumbers(1) });
  assert.equal(again.places, places);
});

test("the sources do the same with counters as without", async () => {
  const text = `export const read = (text: string) => {
    const list: (string | undefined)[] = [];
    for (const it of text) { switch (it) { case "a": list.push("A"); break; default: list.push(it === "b" ? "B" : undefined); } }
    try { if (text === "") throw new Error("empty"); else list.push("full"); } catch { list.push("caught"); }
    return list.map((it) => it ?? (text && "none")).filter((it) => it !== "full" || text.length > 1).join();
  };`;
  const { read } = await instrumented(text);
  assert.equal(read("abc"), "A,B,none,full");
  assert.equal(read("a"), "A");
  assert.equal(read(""), "caught");
});

test("an input that breaks a target is made small, and still breaks it alike", async () => {
  const judge = (/** @type {Buffer} */ input) => {
    if (input.length > 40) throw new RangeError("too long");
    if (input.includes("<") && input.includes(">>")) throw new Error("found");
  };
  const thrown = (/** @type {Buffer} */ input) => {
    try {
      return judge(input);
    } catch (error) {
      return error;
    }
  };
  const found = Buffer.from("some text <with> much >> in it");
  const fault = faultOf(thrown(found));
  const small = await shrunk(found, async (input) => faultOf(thrown(input)) === fault);
  assert.equal(small.toString(), "<>>");
  const long = Buffer.alloc(4000, "a");
  const tooLong = await shrunk(long, async (input) => faultOf(thrown(input)) === faultOf(thrown(long)));
  assert.equal(tooLong.length, 41);
});
