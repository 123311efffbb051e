// A number of bytes, for people.

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** `12.3 MB`; as `long`, `12.3 megabytes`. */
export function inUnits(bytes: number, unitDisplay: "short" | "long" = "short"): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(Math.abs(bytes), 1)) / 3), units.length - 1);
  const format = new Intl.NumberFormat(undefined, {
    // Shortened, bytes have no plural.
    ...{ style: "unit", unit: units[power], unitDisplay: power === 0 ? "long" : unitDisplay },
    maximumFractionDigits: 1,
  });
  return format.format(bytes / 1000 ** power);
}
