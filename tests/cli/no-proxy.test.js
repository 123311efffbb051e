// NO_PROXY: which hosts are reached without the proxy?
import assert from "node:assert/strict";
import { test } from "node:test";
import { importSource } from "../support/source.js";

const { readNoProxy } = await importSource("pkg/src/cli/no-proxy.ts");

for (const [list, direct, proxied] of /** @type {[string, string[], string[]][]} */ ([
  ["", [], ["a.example"]],
  ["*", ["a.example", "10.0.0.1", "[2001:db8::1]"], []],
  ["b.example, *", ["a.example"], []],
  // Domains, and all below them.
  [
    "corp.example",
    ["corp.example", "api.corp.example", "CORP.example", "corp.example:8443"],
    ["xcorp.example"],
  ],
  [".corp.example", ["api.corp.example", "a.b.corp.example", "corp.example"], ["xcorp.example", "example"]],
  ["*.corp.example", ["api.corp.example"], ["xcorp.example"]],
  ["CORP.Example.", ["api.corp.example", "corp.example."], []],
  ["m\u00fcnchen.example", ["xn--mnchen-3ya.example", "a.xn--mnchen-3ya.example"], []],
  ["corp.example:8443", ["corp.example:8443", "a.corp.example:8443"], ["corp.example", "corp.example:443"]],
  ["corp.example:443", ["corp.example"], ["corp.example:8443"]],
  // White space, and empty entries.
  [" a.example ,,\tb.example\n c.example ", ["a.example", "b.example", "c.example"], ["d.example"]],
  // Addresses.
  ["10.1.2.3", ["10.1.2.3"], ["10.1.2.4", "10.1.2.30"]],
  ["10.1.2.3:8443", ["10.1.2.3:8443"], ["10.1.2.3"]],
  ["10.0.0.0/8", ["10.1.2.3", "10.255.255.255"], ["11.0.0.1", "a.example"]],
  ["10.1.2.3/8", ["10.200.0.1"], ["11.0.0.1"]],
  ["192.168.4.0/22", ["192.168.4.1", "192.168.7.255"], ["192.168.8.0", "192.168.3.255"]],
  ["0.0.0.0/0", ["8.8.8.8"], ["[2001:db8::1]", "a.example"]],
  ["10.1.2.3/32", ["10.1.2.3"], ["10.1.2.4"]],
  ["10.0.0.0/33, 10.0.0.0/x, 10.0.0/8, a.example/8", [], ["10.0.0.1", "a.example"]],
  ["2001:db8::1", ["[2001:db8::1]", "[2001:0DB8:0:0::0001]", "[2001:db8::1]:8443"], ["[2001:db8::2]"]],
  ["[2001:db8::1]", ["[2001:db8::1]"], ["[2001:db8::2]"]],
  ["[2001:db8::1]:8443", ["[2001:db8::1]:8443"], ["[2001:db8::1]"]],
  ["2001:DB8:0::/48", ["[2001:db8:0:1::5]"], ["[2001:db8:1::5]"]],
  ["[fd00::]/8", ["[fd12::1]"], ["[fe80::1]"]],
  ["::/0", ["[2001:db8::1]"], ["10.0.0.1"]],
  // IPv4 within IPv6 is the same host.
  ["10.0.0.0/8", ["[::ffff:10.1.2.3]", "[::ffff:a01:203]"], ["[::ffff:11.0.0.1]"]],
  ["::ffff:10.1.2.3", ["10.1.2.3", "[::ffff:10.1.2.3]"], ["10.1.2.4"]],
  ["::ffff:10.0.0.0/104", ["10.9.9.9"], ["11.0.0.1"]],
  // An address is no domain, and a domain no address.
  ["2.3", [], ["10.1.2.3"]],
  ["example", ["a.example"], ["example.org"]],
])) {
  test(`NO_PROXY=${JSON.stringify(list)}`, () => {
    const isDirect = readNoProxy(list);
    for (const host of direct) assert.equal(isDirect(new URL(`https://${host}/a`)), true, host);
    for (const host of proxied) assert.equal(isDirect(new URL(`https://${host}/a`)), false, host);
  });
}
