// NO_PROXY: the hosts that are reached without the proxy, as curl (CURLOPT_NOPROXY) and Go (x/net/http/httpproxy) read
// it. Where the two differ, a host that either of them reaches directly is reached directly. It is our own because
// undici's reads neither address blocks nor bare IPv6, and no kept library does.
import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";

/** An entry: does it hold for this host? Hosts are as {@link hostOf} gives them. */
type Entry = (host: string) => boolean;

/** Reads the list once. @returns whether a URL's host is on it */
export function readNoProxy(list: string): (url: URL) => boolean {
  const entries = list.split(/[\s,]+/).flatMap((text) => entryOf(text.toLowerCase()));
  return (url) => {
    const host = hostOf(url.hostname);
    const port = url.port || (url.protocol === "https:" ? "443" : "80");
    return entries.some(({ holds, only }) => (only === undefined || only === port) && holds(host));
  };
}

/** Nothing for what is no entry, such as a block of a length that its address does not have. */
function entryOf(text: string): { readonly holds: Entry; readonly only?: string | undefined }[] {
  if (text === "") return [];
  if (text === "*") return [{ holds: () => true }];
  const [, address = "", bits] = text.match(/^(.*)\/(\d{1,3})$/) ?? [];
  if (bits !== undefined) {
    const holds = block(unbracketed(address), Number(bits));
    return holds ? [{ holds }] : [];
  }
  // Bare, an address of IPv6 has no port: its colons are its own.
  const [, name = text, only] = isIP(text) ? [] : (text.match(/^(.+):(\d+)$/) ?? []);
  const host = unbracketed(name);
  return [{ holds: isIP(host) ? (block(host) ?? never) : domain(host), only }];
}

const never: Entry = () => false;

/** A domain and all below it, with or without `.` or `*.` in front. */
function domain(name: string): Entry {
  const bare = hostOf(name.replace(/^\*?\./, ""));
  return (host) => !isIP(host) && bare !== "" && (host === bare || host.endsWith(`.${bare}`));
}

/** Addresses that begin with the same so many bits; all of them without a number. */
function block(text: string, bits?: number): Entry | undefined {
  if (!isIP(text)) return undefined;
  const address = hostOf(text);
  // An address of IPv4 within IPv6 was made one of IPv4, without the 96 bits in front.
  const wasMapped = isIP(text) === 6 && isIP(address) === 4;
  const most = isIP(address) === 4 ? 32 : 128;
  const length = bits === undefined ? most : bits - (wasMapped ? 96 : 0);
  if (length < 0 || length > most) return undefined;
  const addresses = new BlockList();
  addresses.addSubnet(address, length, family(address));
  return (host) => isIP(host) === isIP(address) && addresses.check(host, family(host));
}

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}

/** One spelling of a host: without brackets and a dot at its end, of IPv6 the shortest, and IPv4 within it as IPv4. */
function hostOf(text: string): string {
  const host = unbracketed(text).replace(/\.$/, "");
  if (isIP(host) !== 6) return isIP(host) ? host : domainToASCII(host) || host;
  const short = unbracketed(new URL(`http://[${host.replace(/%.*/, "")}]/`).hostname);
  const [, high, low] = short.match(/^::ffff:([0-9a-f]+):([0-9a-f]+)$/) ?? [];
  if (high === undefined || low === undefined) return short;
  return [high, low]
    .map((word) => Number.parseInt(word, 16))
    .flatMap((word) => [word >> 8, word & 255])
    .join(".");
}

function unbracketed(text: string): string {
  return text.replace(/^\[(.*)\]$/, "$1");
}
