import { openJournal } from "ocisign/journal";
import { everyOne } from "/work/wt/core15/bench/lib/at-once.js";
import { clientOf, images, loopOf } from "/work/wt/core15/bench/lib/bulk-load.js";
import { service } from "/work/wt/core15/bench/lib/service.js";
import { rmSync } from "node:fs";
const count = 3000, rounds = Number(process.env.R ?? 4);
const { url, close } = await service();
let j = 0;
const product = { id: "p", name: "P", enabled: true, productOperations: [{ id: "o", name: "sign", operationType: "SignOCI" }], productConfigItems: [{ name: "RegistryURL", value: "registry.example" }] };
async function ours(withJournal) {
  const file = `/tmp/core15/tp-${process.pid}-${j++}.journal`;
  const journal = withJournal ? await openJournal(file) : undefined;
  let n = 0;
  for await (const { state } of clientOf(url).signAll([...images(count)], { productId: "p", concurrency: 16, journal, skip: [] })) if (state === "waiting") n++;
  if (journal) { await journal.close(); rmSync(file); }
}
const loop = loopOf(url);
const headers = { accept: "application/json", authorization: "Bearer a.b.c", "content-type": "application/json" };
const bodyOf = (image) => JSON.stringify({ name: "OCI signing", idProductOperation: "o", description: "", payload: { name: "OCI sign request", metadata: [{name:"ocisign-batch",value:"abcdefghijklmnop"},{name:"ocisign-request",value:"abcdefghijklmnop/0123456789abcdef"}], optionalParameters: [{ artifactURI: btoa(image) }] }, productId: "p" });
const more = { redirect: "manual", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };
const shared = new AbortController().signal;
const ways = {
  raw: () => everyOne([...images(count)], 16, loop),
  "raw+marks": () => everyOne([...images(count)], 16, async (i) => { const r = await fetch(`${url}/imagesignings`, { method: "POST", headers, body: bodyOf(i) }); return r.json(); }),
  "raw+marks+travel": () => everyOne([...images(count)], 16, async (i) => { const r = await fetch(`${url}/imagesignings`, { method: "POST", headers, body: bodyOf(i), ...more }); return r.json(); }),
  "raw+marks+travel-nostore": () => everyOne([...images(count)], 16, async (i) => { const r = await fetch(`${url}/imagesignings`, { method: "POST", headers, body: bodyOf(i), ...more, cache: "default" }); return r.json(); }),
  "raw+signal": () => everyOne([...images(count)], 16, async (i) => { const c = new AbortController(); const r = await fetch(`${url}/imagesignings`, { method: "POST", headers, body: bodyOf(i), ...more, signal: c.signal }); return r.json(); }),
  "raw+signal+timer": () => everyOne([...images(count)], 16, async (i) => { const c = new AbortController(); const t = setTimeout(() => c.abort(), 30000); const r = await fetch(`${url}/imagesignings`, { method: "POST", headers, body: bodyOf(i), ...more, signal: c.signal }); const v = await r.json(); clearTimeout(t); return v; }),
  "sig+timer+text": () => everyOne([...images(count)], 16, async (i) => { const c = new AbortController(); const t = setTimeout(() => c.abort(), 30000); const r = await fetch(`${url}/imagesignings`, { method: "POST", headers, body: bodyOf(i), ...more, signal: c.signal }); const x = r.status; r.headers.get("retry-after"); r.headers.get("link"); const v = JSON.parse(await r.text()); clearTimeout(t); return v; }),
  "sig+timer+text+slowheaders": () => everyOne([...images(count)], 16, async (i) => { const c = new AbortController(); const t = setTimeout(() => c.abort(), 30000); const r = await fetch(`${url}/imagesignings`, { method: "POST", headers: {...headers}, body: bodyOf(i), signal: c.signal, redirect: "follow" }); const x = r.status; r.headers.get("retry-after"); r.headers.get("link"); const v = JSON.parse(await r.text()); clearTimeout(t); return v; }),
  requestSigning: () => { const c = clientOf(url); return everyOne([...images(count)], 16, (i) => c.requestSigning({ product, artifact: i, metadata: [{name:"ocisign-batch",value:"abcdefghijklmnop"},{name:"ocisign-request",value:"abcdefghijklmnop/0123456789abcdef"}] })); },
  "signAll no journal": () => ours(false),
  "signAll journal": () => ours(true),
};
const only = process.env.ONLY?.split(",");
const names = Object.keys(ways).filter((w) => !only || only.includes(w));
for (const w of names) await ways[w]();
const c = {}, ts = {};
for (let r = 0; r < rounds; r++) for (const w of r % 2 ? [...names].reverse() : names) { const s = process.cpuUsage(), t = performance.now(); await ways[w](); const d = process.cpuUsage(s); (c[w] ??= []).push((d.user + d.system) / count); (ts[w] ??= []).push((performance.now() - t) * 1000 / count); }
const med = (a) => [...a].sort((x, y) => x - y)[a.length >> 1];
for (const w of names) console.log(w.padEnd(26), "cpu us", med(c[w]).toFixed(0), "min", Math.min(...c[w]).toFixed(0), "wall us", med(ts[w]).toFixed(0), "min", Math.min(...ts[w]).toFixed(0));
close(); process.exit();
