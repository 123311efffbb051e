// Times as people tell them. `Intl.RelativeTimeFormat` words them otherwise in each release of Node: `2 hr. ago`, `2h ago`.

const units = [
  ["y", 365 * 86_400],
  ["mo", 30 * 86_400],
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
] as const;

/** `2 h ago`, or `in 42 min`. `now` in milliseconds since 1970. */
export function relativeTime(date: Date, now = Date.now()): string {
  const seconds = Math.round((date.valueOf() - now) / 1000);
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? (["s", 1] as const);
  const amount = `${Math.trunc(Math.abs(seconds) / size)} ${unit}`;
  return seconds > 0 ? `in ${amount}` : `${amount} ago`;
}
