// A process that requests many images and says how much memory it had at most.
import { openJournal } from "ocisign/journal";
import { clientOf, images } from "./bulk-load.js";

const [url = "", count = "", file = ""] = process.argv.slice(2);
const client = clientOf(url);
const journal = await openJournal(file);
// Given one after the other, as a list in a file is: no array of all.
const list = () => images(Number(count));
for await (const { state } of client.signAll(list, { productId: "p", journal, skip: [] })) {
  if (state !== "waiting") throw new Error(`an image is ${state}`);
}
await journal.close();
process.send?.(process.resourceUsage().maxRSS * 1024);
process.disconnect?.();
