// A process that requests many images and says how much memory it had at most.
import { openJournal } from "ocisign/journal";
import { clientOf, images } from "./bulk-load.js";

/** What a person asks for: nothing more, what is there by default, or to wait for the end. @type {Record<string, object>} */
const ways = { requests: { skip: [] }, defaults: {}, wait: { skip: [], wait: true } };

const [url = "", count = "", file = "", way = "requests"] = process.argv.slice(2);
const client = clientOf(url);
const journal = await openJournal(file);
// Given one after the other, as a list in a file is: no array of all.
const list = () => images(Number(count));
const wanted = way === "wait" ? "signed" : "waiting";
for await (const { state } of client.signAll(list, { productId: "p", journal, ...ways[way] })) {
  if (state !== wanted) throw new Error(`an image is ${state}`);
}
await journal.close();
process.send?.(process.resourceUsage().maxRSS * 1024);
process.disconnect?.();
