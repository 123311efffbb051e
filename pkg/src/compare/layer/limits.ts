// What reading a layer may cost. A layer is a few hundred megabytes at most, and unpacks to three times as much.
import { Fault } from "../../strict/fault.ts";

export interface Limits {
  /** The most bytes of a layer as it is stored. */
  readonly packed: number;
  /** The most bytes that it unpacks to. */
  readonly unpacked: number;
  /**
   * As often as much as what came may it unpack to, once that is more than `free`: no real layer is 100 times as large.
   * What is unpacked and done with stays in a browser's memory until it looks for it, so that `free` counts there.
   */
  readonly ratio: number;
  readonly free: number;
  /** The most entries of a layer. */
  readonly entries: number;
  /** The most bytes of a package database. */
  readonly database: number;
  /** The most memory that lists of files may take, in bytes. */
  readonly listed: number;
}

const [kilo, mega, giga] = [1024, 1024 ** 2, 1024 ** 3];

export const usual: Limits = {
  packed: 4 * giga,
  unpacked: 16 * giga,
  ratio: 100,
  free: 48 * mega,
  entries: 1000 * kilo,
  database: 48 * mega,
  listed: 48 * mega,
};

/** Says that there is more than is read. Whatever follows, it is not looked at. */
export class Beyond extends Fault {
  override name = "Beyond";
}

/** Says that it is gzip in several parts, of which the platform unpacks the first one only. */
export class InParts extends Fault {
  override name = "InParts";
}

export function beyond(reason: string): never {
  throw new Beyond(reason);
}
