// Time of the readers of foreign text, by its length: one, two and four megabytes that were made to be slow.
import { readersInTypeScript } from "../hostile/typescript.js";

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "hostile",
  title: "What a byte of hostile text costs: 4 MB beside 2 and 1",
  async cases() {
    return [...(await readersInTypeScript())];
  },
};
