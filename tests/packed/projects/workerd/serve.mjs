// Runs what wrangler would deploy in workerd, and passes requests on: a list of bodies by standard input, the list of
// answers by standard output.
import { readdirSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Miniflare } from "miniflare";

const names = readdirSync("dist").filter((name) => /\.(js|wasm)$/.test(name));
const { compatibility_date: compatibilityDate } = JSON.parse(process.argv[2]);
const worker = new Miniflare({
  // The first is the one that is started.
  modules: names
    .sort((a, b) => Number(b.endsWith(".js")) - Number(a.endsWith(".js")))
    .map((name) => ({ type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule", path: `dist/${name}` })),
  compatibilityDate,
  cf: false,
});
try {
  const answers = [];
  for (const body of JSON.parse(await text(process.stdin))) {
    const reply = await worker.dispatchFetch("http://worker/", { method: "POST", body });
    answers.push(await reply.json());
  }
  console.log(JSON.stringify(answers));
} finally {
  await worker.dispose();
}
