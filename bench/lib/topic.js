// What a topic of the bench is.

/**
 * @typedef {import("./measure.js").Contender} Contender
 *
 * @typedef {Contender & { note?: string, aim?: number }} Beside `aim`: how many times as fast ours should be
 *
 * @typedef {object} Case one thing that is measured
 * @property {string} what
 * @property {Contender & { note?: string, most?: number }} ours `most`: what it should take at most, in the case's unit
 * @property {Beside[]} beside
 * @property {Unit} [unit] of what is measured; nanoseconds when left out
 * @property {number} [ms] how long each runs in a round, where the usual time does not do
 * @property {number} [rounds] how many rounds at most, where one takes long
 * @property {() => Promise<void> | void} [close] ends what the case started
 *
 * @typedef {"ns" | "bytes" | "count"} Unit
 *
 * @typedef {object} Topic
 * @property {string} name by which `--only` chooses it
 * @property {string} title
 * @property {(context: Context) => Promise<Case[]>} cases checks the contenders' answers, too
 * @property {() => Promise<void> | void} [close] ends what all cases share
 *
 * @typedef {object} Context
 * @property {string} folder for temporary files; it is removed
 * @property {() => Promise<string>} sandbox the path of the sandbox's program, as `npm start` runs it
 * @property {() => Promise<string>} fastSandbox the path of the sandbox's program, built for speed
 * @property {() => Promise<string | undefined>} cosign the path of cosign, where Go is there
 * @property {() => Promise<string | undefined>} crane the path of crane, where Go is there
 */

export {};
