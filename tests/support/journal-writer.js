// A process that opens a journal and writes records until it has written enough, is killed, or is told to end by the end
// of its input. With a count of 0 it writes none, and keeps the journal open.
import { OcisignError } from "ocisign";
import { openJournal } from "ocisign/journal";
import { recordsOf } from "./journals.js";

const [path = "", count = "0"] = process.argv.slice(2);
const many = Number(count);
const [head] = recordsOf(1);
let safe = 0;

/** @type {import("ocisign/journal").OpenJournal | undefined} */
let journal;
try {
  journal = await openJournal(path);
  console.log("open");
  if (many > 0 && (await journal.read().next()).done) await journal.write(head);
  for (let index = 0; index < many; index += 50) {
    const group = Array.from({ length: Math.min(50, many - index) }, (_, at) => index + at);
    await Promise.all(
      group.map(async (index) => {
        const reference = `registry.example/app${index}@sha256:${"a".repeat(64)}`;
        await journal?.write({ kind: "outcome", index, reference, state: "signed", id: `${index}` });
        safe += 1;
      }),
    );
    console.log(`safe ${safe}`);
  }
  if (many === 0) for await (const _ of process.stdin) void _;
} catch (error) {
  if (!(error instanceof OcisignError)) throw error;
  console.log(`${error.code}: ${error.message} ${error.fix}`);
  console.log(`safe ${safe}`);
}
await journal?.close();
