// How near an address is to this machine. A server that is far away must not send us to what only we can reach.

/** What an address belongs to. */
export type Nearness = "this machine" | "this link" | "a private network" | "the internet";

/** Names of this machine: RFC 6761 §6.3, and what systems write into their table of hosts. */
const ownName = /^(.*\.)?(localhost|localdomain|localhost[46]|ip6-localhost|ip6-loopback)$/;

/** From the nearest to the farthest. */
const order: readonly Nearness[] = ["this machine", "this link", "a private network", "the internet"];

/** IPv4 by its first bits (IANA IPv4 Special-Purpose Address Registry); the first that fits counts. */
const ipv4: readonly (readonly [address: string, bits: number, Nearness])[] = [
  // "This host on this network": systems take it for the loopback address.
  ["0.0.0.0", 8, "this machine"],
  ["127.0.0.0", 8, "this machine"],
  ["169.254.0.0", 16, "this link"],
  // Multicast, reserved and broadcast.
  ["224.0.0.0", 3, "this link"],
  ["10.0.0.0", 8, "a private network"],
  ["172.16.0.0", 12, "a private network"],
  ["192.168.0.0", 16, "a private network"],
  // A provider's own (RFC 6598), of protocols, and of benchmarks.
  ["100.64.0.0", 10, "a private network"],
  ["192.0.0.0", 24, "a private network"],
  ["198.18.0.0", 15, "a private network"],
];

/** The same of IPv6. */
const ipv6: readonly (readonly [address: string, bits: number, Nearness])[] = [
  ["::", 127, "this machine"],
  ["fe80::", 10, "this link"],
  ["ff00::", 8, "this link"],
  ["fc00::", 7, "a private network"],
  // Site-local, of old (RFC 3879).
  ["fec0::", 10, "a private network"],
  // NAT64 of one's own network (RFC 8215).
  ["64:ff9b:1::", 48, "a private network"],
];

/** Where IPv6 addresses carry one of IPv4: their first bits, and the byte at which it begins. */
const carrying: readonly (readonly [address: string, bits: number, at: number])[] = [
  // Mapped, translated, compatible, NAT64 (RFC 4291, RFC 2765, RFC 6052, RFC 8215), 6to4 (RFC 3056).
  ["::ffff:0:0", 96, 12],
  ["::ffff:0:0:0", 96, 12],
  ["::", 96, 12],
  ["64:ff9b::", 96, 12],
  ["64:ff9b:1::", 48, 12],
  ["2002::", 16, 2],
];

/** What a host belongs to, as it stands in a URL or as it was resolved; undefined for a name that says nothing. */
export function nearnessOf(host: string): Nearness | undefined {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (ownName.test(name)) return "this machine";
  const bytes = bytesOfAddress(name);
  return bytes && nearest(bytes);
}

/** Are these addresses, at least one, all of this machine? */
export function areHere(addresses: readonly string[]): boolean {
  return addresses.length > 0 && addresses.every((address) => nearnessOf(address) === "this machine");
}

/** The nearest of an address and of those that it carries. */
function nearest(bytes: readonly number[]): Nearness {
  const isIpv4 = bytes.length === 4;
  const table = isIpv4 ? ipv4 : ipv6;
  const own = table.find(([address, bits]) => isWithin(bytes, address, bits))?.[2] ?? "the internet";
  const all = isIpv4 ? [own] : [own, ...carriedIn(bytes).map(nearest)];
  return order.find((it) => all.includes(it)) ?? own;
}

function carriedIn(bytes: readonly number[]): (readonly number[])[] {
  const carried = carrying.filter(([address, bits]) => isWithin(bytes, address, bits));
  const addresses = carried.map(([, , at]) => bytes.slice(at, at + 4));
  const last = bytes.slice(12);
  // ISATAP (RFC 5214 §6.1): the middle of the interface's part is 5efe.
  if (bytes[10] === 0x5e && bytes[11] === 0xfe) addresses.push(last);
  // Teredo (RFC 4380 §4): its server, and the client with every bit turned.
  if (isWithin(bytes, "2001::", 32))
    addresses.push(
      bytes.slice(4, 8),
      last.map((byte) => 255 - byte),
    );
  return addresses;
}

/** Do the first bits agree? */
function isWithin(bytes: readonly number[], address: string, bits: number): boolean {
  const first = bytesOfAddress(address) ?? [];
  return bytes.every((byte, index) => {
    const left = Math.min(Math.max(bits - 8 * index, 0), 8);
    return byte >> (8 - left) === (first[index] ?? 0) >> (8 - left);
  });
}

/** The 4 or 16 bytes of an address in any form that URLs have for it, with or without brackets and zone. */
function bytesOfAddress(text: string): readonly number[] | undefined {
  const bare = text.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const host = hostOf(bare.includes(":") ? `[${bare}]` : bare);
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host.split(".").map(Number);
  return host.startsWith("[") ? bytesOfIpv6(host.slice(1, -1)) : undefined;
}

/** As the URL's own parser writes a host: four decimal numbers, or hexadecimal groups. */
function hostOf(host: string): string {
  try {
    return new URL(`http://${host}/`).hostname;
  } catch {
    return "";
  }
}

function bytesOfIpv6(text: string): readonly number[] {
  const [before = [], after = []] = text.split("::").map((half) => half.split(":").filter(Boolean));
  const zeros: string[] = Array(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].flatMap((group) => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
}
