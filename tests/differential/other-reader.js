// A program in Go that answers many questions at a time: see go/batches/batches.go for how they travel.
import { spawn } from "node:child_process";

export class OtherReader {
  #child;
  /** What has come of the answers that are waited for. @type {Buffer} */
  #parts = Buffer.alloc(0);
  /** Those who wait, in the order of their questions. @type {{ resolve: (answers: string[]) => void, reject: (error: Error) => void }[]} */
  #waiting = [];
  #said = "";

  /** @param {string | string[]} command a program, and its arguments @param {NodeJS.ProcessEnv} [env] in place of this process's */
  constructor(command, env = process.env) {
    const [program = "", ...args] = [command].flat();
    this.#child = spawn(program, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stdout.on("data", (/** @type {Buffer} */ part) => this.#take(part));
    this.#child.stderr.on("data", (part) => {
      this.#said = `${this.#said}${part}`.slice(-4000);
    });
    this.#child.stdin.on("error", () => {});
    const end = (/** @type {string} */ how) => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(`${program} ${how}: ${this.#said}`));
    };
    this.#child.on("error", ({ message }) => end(message));
    this.#child.on("close", (code) => end(`ended with code ${code}`));
  }

  /** The answers, in the order of the questions. @param {Uint8Array[]} questions @returns {Promise<string[]>} */
  ask(questions) {
    const { promise, ...waiting } = withResolvers();
    this.#waiting.push(waiting);
    this.#child.stdin.write(framed(questions));
    return promise;
  }

  close() {
    this.#child.stdin.end();
  }

  /** @param {Buffer} part */
  #take(part) {
    this.#parts = this.#parts.length === 0 ? part : Buffer.concat([this.#parts, part]);
    while (this.#parts.length >= 4) {
      const end = 4 + this.#parts.readUInt32LE();
      if (this.#parts.length < end) return;
      // Each answer has a line feed behind it.
      const answers = this.#parts.toString("utf8", 4, end - 1).split("\n");
      this.#parts = this.#parts.subarray(end);
      this.#waiting.shift()?.resolve(answers);
    }
  }
}

/** @param {Uint8Array[]} questions */
function framed(questions) {
  const length = questions.reduce((sum, { byteLength }) => sum + 4 + byteLength, 4);
  const frame = Buffer.allocUnsafe(length);
  let at = frame.writeUInt32LE(questions.length);
  for (const question of questions) {
    at = frame.writeUInt32LE(question.byteLength, at);
    frame.set(question, at);
    at += question.byteLength;
  }
  return frame;
}

// Promise.withResolvers comes with Node 22.
function withResolvers() {
  /** @type {(answers: string[]) => void} */
  let resolve = () => {};
  /** @type {(error: Error) => void} */
  let reject = () => {};
  /** @type {Promise<string[]>} */
  const promise = new Promise((right, wrong) => {
    resolve = right;
    reject = wrong;
  });
  return { promise, resolve, reject };
}
