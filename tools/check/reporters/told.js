// A reporter for Node's test runner: as "spec" tells it, without the sums at the end of each file.
import { Readable } from "node:stream";
import { spec } from "node:test/reporters";

/** @param {AsyncIterable<{ type: string, data: any }>} events */
export default async function* told(events) {
  yield* Readable.from(withoutSums(events)).compose(new spec());
}

/** @param {AsyncIterable<{ type: string, data: any }>} events */
async function* withoutSums(events) {
  for await (const event of events) {
    const isSum = event.type === "test:diagnostic" && event.data.nesting === 0 && !event.data.file;
    if (!isSum) yield event;
  }
}
