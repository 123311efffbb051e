// --web opens the page's address: without a shell, without a secret, and printed where there is no browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { documentOf, shellIn } from "../support/cli.js";

const id = "a83081a6-1d3b-4117-a81b-0ebcfcf0669c";
const page = "https://page.example/signing/";
const shell = shellIn("web", { OCISIGN_URL: "https://127.0.0.1:1/acme", OCISIGN_TOKEN: "the-secret-token" });
after(() => shell.remove());
const browser = shell.file("browser", '#!/bin/sh\nprintf "%s\\n" "$@" >> "$HOME/opened"\n', 0o700);

for (const [args, hash] of /** @type {[string[], string][]} */ ([
  [["signings"], "#/requests?filter=all"],
  [["signings", "--state", "waiting"], "#/requests?filter=waiting"],
  [["signings", "--state", "failed"], "#/requests?filter=ended"],
  [
    ["signings", "-q", "a & b; $(touch ran) `touch ran` \"'"],
    "#/requests?filter=all&search=a+%26+b%3B+%24%28touch+ran%29+%60touch+ran%60+%22%27",
  ],
  [["signings", "-P", "OCI SIGN", "-q", "1.2"], "#/requests?filter=all&search=OCI+SIGN+1.2"],
  [["status", id], `#/requests/${id}`],
  [["status", "not a/plain?id#"], "#/requests/not%20a%2Fplain%3Fid%23"],
])) {
  test(`${args.join(" ")} --web`, async () => {
    const printed = await shell.ocisign([...args, "--web", "--page", page]);
    assert.equal(printed.code, 0, printed.stderr);
    assert.equal(printed.stdout, `${page}${hash}\n`, "there is no browser here");
    const told = documentOf(
      await shell.ocisign([...args, "--web", "--json"], { env: { OCISIGN_PAGE: page } }),
    );
    assert.deepEqual(told, { url: `${page}${hash}`, opened: false });
    assert.ok(!JSON.stringify(told).includes("secret"));
  });
}

test("BROWSER is started with the address as one argument", async () => {
  const config = shell.file("config.json", JSON.stringify({ page }));
  const env = { BROWSER: `${browser} --new-window` };
  const { code, stdout, stderr } = await shell.ocisign(
    ["signings", "--web", "-q", "x y", "--config", config],
    { env },
  );
  assert.deepEqual([code, stdout], [0, ""], stderr);
  const url = `${page}#/requests?filter=all&search=x+y`;
  assert.ok(stderr.includes(`Opening ${url}`));
  await shell.bash('while [ "$(wc -l < opened)" != 2 ]; do :; done 2> /dev/null');
  assert.equal(readFileSync(join(shell.folder, "opened"), "utf8"), `--new-window\n${url}\n`);
  const missing = await shell.ocisign(["signings", "--web", "--page", page], {
    env: { BROWSER: "no-such-browser" },
  });
  assert.equal(missing.stdout, `${page}#/requests?filter=all\n`);
});
