import { openJournal } from "ocisign/journal";
import { SigningClient } from "ocisign";
import { everyOne } from "/work/wt/core15/bench/lib/at-once.js";
import { images } from "/work/wt/core15/bench/lib/bulk-load.js";
import { rmSync } from "node:fs";
const count = Number(process.env.N ?? 10000), rounds = Number(process.env.R ?? 4);
const product = { id: "p", name: "P", enabled: true, productOperations: [{ id: "o", name: "sign", operationType: "SignOCI" }], productConfigItems: [{ name: "RegistryURL", value: "registry.example" }] };
let nn = 0;
const fetch = async (url, init) => { await new Promise((r) => setImmediate(r)); const text = init.method === "POST" ? `{"id":"r-${nn++}","status":1,${init.body.slice(1)}` : JSON.stringify(product); return { status: 200, headers: { get: () => null }, text: async () => text }; };
const client = () => new SigningClient({ baseUrl: "http://127.0.0.1:1/x", token: "a.b.c", fetch, profile: { statuses: { 1: "waiting" } } });
let j = 0;
async function ours(withJournal) {
  const file = `/tmp/core15/tp-${process.pid}-${j++}.journal`;
  const journal = withJournal ? await openJournal(file) : undefined;
  for await (const { state } of client().signAll([...images(count)], { productId: "p", concurrency: 16, journal, skip: [] })) if (state !== "waiting") throw new Error(state);
  if (journal) { await journal.close(); rmSync(file); }
}
const marks = [{name:"ocisign-batch",value:"abcdefghijklmnop"},{name:"ocisign-request",value:"abcdefghijklmnop/0123456789abcdef"}];
const ways = {
  fake: () => everyOne([...images(count)], 16, async (i) => (JSON.parse(await (await fetch("", { method: "POST", body: JSON.stringify({ payload: { metadata: marks, optionalParameters: [{ artifactURI: btoa(i) }] } }) })).text()))),
  requestSigning: () => { const c = client(); return everyOne([...images(count)], 16, (i) => c.requestSigning({ product, artifact: i, metadata: marks })); },
  "signAll no journal": () => ours(false),
  "signAll journal": () => ours(true),
};
const only = process.env.ONLY?.split(",");
const names = Object.keys(ways).filter((w) => !only || only.includes(w));
for (const w of names) await ways[w]();
const c = {};
for (let r = 0; r < rounds; r++) for (const w of names) { const s = process.cpuUsage(); await ways[w](); const d = process.cpuUsage(s); (c[w] ??= []).push((d.user + d.system) / count); }
const med = (a) => [...a].sort((x, y) => x - y)[a.length >> 1];
for (const w of names) console.log(w.padEnd(26), "cpu us", med(c[w]).toFixed(0), "min", Math.min(...c[w]).toFixed(0));
process.exit();
