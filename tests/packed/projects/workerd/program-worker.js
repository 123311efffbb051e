// The program as a worker, and what the package calls its parts there.
import * as ocisign from "ocisign";
import { program } from "./program.mjs";

export default {
  async fetch(request) {
    const task = await request.json();
    return Response.json(task ? await program(ocisign, task) : Object.keys(ocisign));
  },
};
