import { openJournal } from "ocisign/journal";
import { everyOne } from "/work/wt/core15/bench/lib/at-once.js";
import { clientOf, images, loopOf } from "/work/wt/core15/bench/lib/bulk-load.js";
import { service } from "/work/wt/core15/bench/lib/service.js";
import { rmSync } from "node:fs";
const count = Number(process.env.N ?? 3000), rounds = Number(process.env.R ?? 6);
const { url, close } = await service();
let j = 0;
async function ours() {
  const file = `/tmp/core15/tp-${process.pid}-${j++}.journal`;
  const journal = await openJournal(file);
  let n = 0;
  for await (const { state } of clientOf(url).signAll([...images(count)], { productId: "p", concurrency: 16, journal, skip: [] })) if (state === "waiting") n++;
  await journal.close(); rmSync(file);
  if (n !== count) throw new Error(String(n));
}
const loop = loopOf(url);
const raw = () => everyOne([...images(count)], 16, loop);
async function timed(f) { const c = process.cpuUsage(), t = performance.now(); await f(); const d = process.cpuUsage(c); return [performance.now() - t, (d.user + d.system) / 1000]; }
if (process.env.ONLY === "ours") { for (let i = 0; i < rounds; i++) console.log(await timed(ours)); close(); process.exit(); }
await ours(); await raw();
const rs = [], cs = [];
for (let i = 0; i < rounds; i++) { const a = i % 2 ? await timed(raw) : await timed(ours); const b = i % 2 ? await timed(ours) : await timed(raw); const [o, r] = i % 2 ? [b, a] : [a, b];
  rs.push(r[0] / o[0]); cs.push(r[1] / o[1]); console.log(`ours ${o.map(x=>x.toFixed(0))} raw ${r.map(x=>x.toFixed(0))} ratio ${(r[0]/o[0]).toFixed(2)} cpu ${(r[1]/o[1]).toFixed(2)}`); }
const med = (a) => a.sort((x, y) => x - y)[a.length >> 1]; console.log("median", med(rs).toFixed(3), "cpu", med(cs).toFixed(3));
close(); process.exit();
