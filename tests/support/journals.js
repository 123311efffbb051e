// Journals to open, damage and fight for.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OcisignError } from "ocisign";
import { openJournal, readJournal } from "ocisign/journal";
import { temporaryFolder } from "./sandbox.js";

const digest = `sha256:${"a".repeat(64)}`;

/** The records of a run of `count` images, of which all but the last one have come to an end. */
export function recordsOf(count) {
  const head = {
    ...{ kind: "run", version: 1, batch: "b4tch", service: "https://service.example/api/v1" },
    ...{ productId: "p", operationId: "o", list: "0".repeat(64), count },
  };
  const outcomes = Array.from({ length: count - 1 }, (_, index) => {
    const error = { code: "conflict", message: "Nämlich: \u2028 “no”.", fix: "Ask." };
    return {
      ...{ kind: "outcome", index, reference: `registry.example/app${index}@${digest}` },
      ...(index % 3 === 2 ? { state: "failed", error } : { state: "signed", id: `request-${index}` }),
    };
  });
  return /** @type {import("ocisign/journal").JournalRecord[]} */ ([
    head,
    { kind: "intent", from: 0, to: count },
    ...outcomes,
  ]);
}

/**
 * A folder with a journal in it.
 *
 * @param {readonly import("ocisign/journal").JournalRecord[]} [records]
 */
export async function journalIn(name, records = []) {
  const { folder, remove } = temporaryFolder(name);
  const path = join(folder, "run.journal");
  const journal = await openJournal(path);
  for (const record of records) await journal.write(record);
  await journal.close();
  return { folder, path, remove };
}

/** What is in it, opened as a run does. */
export async function opened(path) {
  const journal = await openJournal(path);
  try {
    return await all(journal.read());
  } finally {
    await journal.close();
  }
}

/** What is in it, opened as a report does. */
export function looked(path) {
  return all(readJournal(path));
}

/** @template T @param {AsyncIterable<T>} iterable */
export async function all(iterable) {
  /** @type {T[]} */
  const found = [];
  for await (const it of iterable) found.push(it);
  return found;
}

/** Changes a file's bytes. @param {string} path @param {(bytes: Buffer) => Buffer} change */
export function change(path, change) {
  writeFileSync(path, change(readFileSync(path)));
}

/** Is it an error of this code and with these words? @returns {(error: unknown) => true} */
export function refusal(code, words) {
  return (error) => {
    if (!(error instanceof OcisignError)) throw error;
    const said = `${error.code}: ${error.message} ${error.fix}`;
    if (error.code !== code || !words.test(said)) throw new Error(`${words} was expected, not ${said}`);
    return true;
  };
}

const writer = fileURLToPath(new URL("journal-writer.js", import.meta.url));

/**
 * Another process that writes a journal; `wrapped` starts it, such as a shell with a limit. Its first line says that
 * the journal is open, or why not; at the end it tells how many records were safe.
 *
 * @param {string} path @param {{ wrapped?: string[], count?: number, uid?: number }} [options]
 */
export function anotherWriter(path, { wrapped = [], count = 0, uid } = {}) {
  const [program = "", ...args] = [...wrapped, process.execPath, writer, path, String(count)];
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], uid });
  /** @type {string[]} */
  const lines = [];
  /** @type {(() => void)[]} */
  let waiting = [];
  let text = "";
  const wake = () => {
    for (const it of waiting) it();
    waiting = [];
  };
  child.stdout.setEncoding("utf8").on("data", (piece) => {
    const parts = (text + piece).split("\n");
    text = parts.pop() ?? "";
    lines.push(...parts);
    wake();
  });
  const ended = new Promise((resolve) => {
    child.on("close", (code, signal) => {
      wake();
      resolve(code ?? signal);
    });
  });
  return {
    child,
    lines,
    ended,
    /** The next line that it says; nothing when it has ended. @returns {Promise<string | undefined>} */
    async next() {
      while (lines.length === 0 && child.exitCode === null && child.signalCode === null) {
        await new Promise((resolve) => waiting.push(() => resolve(undefined)));
      }
      return lines.shift();
    },
  };
}
