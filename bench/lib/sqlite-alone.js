// What SQLite takes to read requests from a sandbox's file, with nothing around it: Python's own module, which is the
// thinnest that is everywhere.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { which } from "../../tools/machine/command.js";

const run = promisify(execFile);

const program = `
import sqlite3, sys, time
store = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
count, often = int(sys.argv[2]), int(sys.argv[3])
took = []
for _ in range(often):
    began = time.process_time_ns()
    ids = "SELECT id FROM signing ORDER BY sequence DESC LIMIT ?"
    rows = store.execute("SELECT * FROM signing ORDER BY sequence DESC LIMIT ?", (count,)).fetchall()
    steps = store.execute("SELECT * FROM history WHERE signing_id IN (" + ids + ")", (count,)).fetchall()
    store.execute("SELECT * FROM approval WHERE signing_id IN (" + ids + ")", (count,)).fetchall()
    took.append(time.process_time_ns() - began)
    assert len(rows) == count and len(steps) >= count
print(sorted(took)[often // 2])
`;

export const hasSqliteAlone = () => which("python3") !== undefined;

/**
 * The processor time of one reading of so many requests with all that belongs to them, in nanoseconds.
 *
 * @param {string} file @param {number} count @param {number} often
 */
export async function sqliteAlone(file, count, often) {
  const { stdout, stderr } = await run("python3", ["-c", program, file, String(count), String(often)]);
  const nanoseconds = Number(stdout);
  if (!nanoseconds) throw new Error(`SQLite alone did not read ${file}: ${stderr}`);
  return nanoseconds;
}
