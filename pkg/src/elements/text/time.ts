// Times for people, in their language and zone.

const units = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** To make one takes long, and a list asks for hundreds of times. */
const formats: Map<string, Intl.RelativeTimeFormat> = new Map();

/** `3 hours ago`, or `3h ago` where there is little room. `now` in milliseconds since 1970. */
export function ago(date: Date, now = Date.now(), style: Intl.RelativeTimeFormatStyle = "long") {
  const seconds = Math.round((date.valueOf() - now) / 1000);
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? (["second", 1] as const);
  const format = formats.get(style) ?? new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style });
  formats.set(style, format);
  return format.format(Math.trunc(seconds / size), unit);
}

/** `22 Nov 2026, 14:02:11 GMT+2`. */
export function fullTime(date: Date) {
  return new Intl.DateTimeFormat(undefined, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  }).format(date);
}

/** `14:02:11`. */
export function timeOfDay(date: Date) {
  return new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }).format(date);
}
