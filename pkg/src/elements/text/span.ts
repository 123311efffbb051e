// How long something took, for people.

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** `1.5 hours`; one place behind the point where it is below ten. @param ms milliseconds */
export function span(ms: number) {
  const [unit, size] = units.find(([, size]) => ms >= size) ?? (["second", 1000] as const);
  const value = ms / size;
  const maximumFractionDigits = value < 10 && unit !== "second" ? 1 : 0;
  return new Intl.NumberFormat(undefined, {
    style: "unit",
    unit,
    unitDisplay: "long",
    maximumFractionDigits,
  }).format(value);
}
