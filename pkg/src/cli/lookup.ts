// Finds the addresses of a host. All below `localhost` is this machine (RFC 6761 §6.3): many systems do not know that, and
// a name server may say otherwise. Such hosts are asked without TLS, so that nothing may leave the machine.
import dns from "node:dns";
import type { LookupFunction } from "node:net";
import { areHere } from "../http/nearness.ts";

export const lookup: LookupFunction = (host, options, done) => {
  dns.lookup(host, options, (error, found, family) => {
    if (!/\.localhost$/i.test(host) || (!error && areHere(addressesIn(found)))) done(error, found, family);
    else dns.lookup("localhost", options, done);
  });
};

function addressesIn(found: string | readonly dns.LookupAddress[]): readonly string[] {
  return typeof found === "string" ? [found] : found.map(({ address }) => address);
}
