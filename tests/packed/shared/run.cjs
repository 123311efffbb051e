// The same for CommonJS.
const ocisign = require("ocisign");

let input = "";
process.stdin.on("data", (chunk) => {
  input += chunk;
});
process.stdin.on("end", async () => {
  const { program } = await import("./program.mjs");
  console.log(JSON.stringify(await program(ocisign, JSON.parse(input))));
});
