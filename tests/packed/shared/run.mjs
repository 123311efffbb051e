// The program for runtimes with a command line: a task comes by standard input, the report leaves by standard output.
import process from "node:process";
import * as ocisign from "ocisign";
import { program } from "./program.mjs";

let input = "";
for await (const chunk of process.stdin) input += chunk;
console.log(JSON.stringify(await program(ocisign, JSON.parse(input))));
