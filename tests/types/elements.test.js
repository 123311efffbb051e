// The examples in the comments of the elements, compiled under the strictest settings; and what TypeScript
// knows of elements and events. What they do is shown in tests/browser and tests/packed.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { complaints } from "../support/typescript.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const types = readFileSync(join(root, "pkg", "dist", "elements.d.ts"), "utf8");
const given = "declare global { const portal: { token(): Promise<string> } }\nexport {};\n";

const usage = `
import type { OcisignVerify, VerifiedDetail } from "ocisign/elements";
const element: OcisignVerify | null = document.querySelector("ocisign-verify");
element?.addEventListener("ocisign-verified", ({ detail }) => {
  const told: VerifiedDetail = detail;
  if (told.verification.state === "verified") console.log(told.verification.keys[0].toUpperCase());
});
// @ts-expect-error a client is no text
if (element) element.client = "https://app.laavat.io/acme/api/v1";
// @ts-expect-error there is no such event
element?.addEventListener("ocisign-verifed", ({ detail }) => console.log(detail.verification));
`;

const examples = [...types.matchAll(/^( *) \* @example\n\1 \* ```ts\n([\s\S]*?)\n\1 \* ```$/gm)].map(
  ([, indent, code]) =>
    code
      .split("\n")
      .map((line) => line.slice(indent.length + " * ".length))
      .join("\n"),
);

// Within the project, so that they find the package as a user's file finds an installed one.
const folder = mkdtempSync(join(root, "target", "elements-"));
after(() => rmSync(folder, { recursive: true }));

test("the compiler accepts every example, and knows the elements", () => {
  assert.equal(examples.length, types.split("@example").length - 1, "an example that is not found");
  writeFileSync(join(folder, "given.d.mts"), given);
  const files = [...examples, usage].map((code, index) => {
    const file = join(folder, `example-${index}.mts`);
    writeFileSync(file, `${code}\nexport {};\n`);
    return file;
  });
  assert.deepEqual(complaints([join(folder, "given.d.mts"), ...files]), []);
});
