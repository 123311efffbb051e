// Another day, and folders that list their files from the end: Node loads this before a build that must not notice.
const fs = require("node:fs");

const days = 40;
const later = days * 24 * 60 * 60_000;

globalThis.Date = new Proxy(Date, {
  construct: (kind, given) => Reflect.construct(kind, given.length > 0 ? given : [kind.now() + later]),
  get: (kind, name) => (name === "now" ? () => kind.now() + later : Reflect.get(kind, name)),
});

/** @param {unknown} listed */
const reversed = (listed) => (Array.isArray(listed) ? listed.reverse() : listed);

Object.assign(fs, {
  readdirSync: new Proxy(fs.readdirSync, {
    apply: (list, self, given) => reversed(Reflect.apply(list, self, given)),
  }),
  readdir: new Proxy(fs.readdir, {
    apply: (list, self, given) => {
      const done = given.at(-1);
      const told = (/** @type {unknown} */ error, /** @type {unknown} */ listed) =>
        done(error, reversed(listed));
      return Reflect.apply(list, self, [...given.slice(0, -1), told]);
    },
  }),
});
Object.assign(fs.promises, {
  readdir: new Proxy(fs.promises.readdir, {
    apply: async (list, self, given) => reversed(await Reflect.apply(list, self, given)),
  }),
});
require("node:module").syncBuiltinESMExports();
