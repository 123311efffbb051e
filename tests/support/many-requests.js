// A process that requests many images of a service with very many requests, and says what memory it took: resident bytes
// at a quarter of its work, at the end, and at the most.
import { rmSync } from "node:fs";
import { openJournal } from "ocisign/journal";
import { endlessService, images } from "./endless-service.js";

/** @type {Record<string, object>} */
const ways = {
  requests: { skip: [] },
  // What the registry proves is not looked at: the product shows no key.
  defaults: {},
  wait: { wait: true },
  batch: { batch: "tonight", settleMs: 0 },
  "batch again": { batch: "tonight", settleMs: 0 },
};

const [way = "", count = "", others = "", file = ""] = process.argv.slice(2);
const wanted = Number(count);
let quarter = 0;
const rss = () => process.memoryUsage.rss();
const service = endlessService({
  ...{ others: Number(others), own: way === "wait" ? 2 : 1 },
  onPost: (posts) => {
    if (posts === Math.ceil(wanted / 4)) quarter = rss();
  },
});
const run = async () => {
  const journal = await openJournal(file);
  const client = service.client();
  let told = 0;
  for await (const { state } of client.signAll(() => images(wanted), {
    productId: "p",
    journal,
    ...ways[way],
  })) {
    if (state !== (way === "wait" ? "signed" : "waiting")) throw new Error(`an image is ${state}`);
    told += 1;
  }
  await journal.close();
  rmSync(file);
  return told;
};
const told = await run();
if (way === "batch again") await run();
process.send?.({
  told,
  posts: service.posts,
  quarter,
  end: rss(),
  most: process.resourceUsage().maxRSS * 1024,
});
process.disconnect?.();
