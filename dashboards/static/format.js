// How figures, times and names read. Times are UTC, or those of the reader's own clock.

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const languages = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
const LANGUAGE = /^[a-z]{2,3}$/;
const SPECIAL_LANGUAGES = { und: "undetermined", other: "other" };

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

let isLocal = false;

/** Show times in "local", the zone of this browser, or else in UTC. */
export function setZone(name) {
  isLocal = name === "local";
}

/** Name the zone in which times are shown. */
export function zoneName() {
  if (!isLocal) return "UTC";
  const parts = new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(new Date());
  return parts.find(({ type }) => type === "timeZoneName").value;
}

/** Name the zone of this browser: "Europe/Paris". */
export const localZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Return by how many milliseconds the clock shown is ahead of UTC at a moment. */
export const offsetAt = (at) => (isLocal ? -new Date(at).getTimezoneOffset() * MINUTE : 0);

/** Return a Date whose UTC parts are what the clock shows. */
function shown(value) {
  const at = +new Date(value);
  return new Date(at + offsetAt(at));
}

/** Write a value in its unit; what is not known is a dash, never a zero. */
export function figure(value, unit) {
  if (value === null || value === undefined) return "–";
  if (unit === "share") return percent(value);
  if (unit === "score") return signed(value);
  if (unit === "seconds") return duration(value);
  if (unit === "time") return moment(value);
  if (unit === "times") return `${rounded(value)}×`;
  if (unit === "rate") return `${rounded(value)}/s`;
  if (typeof value !== "number") return String(value);
  return whole.format(Number.isInteger(value) ? value : Number(value.toPrecision(3)));
}

/** Write a value for the axis of a chart, where there is little room. */
export function tick(value, unit) {
  if (unit === "share") return `${Math.round(value * 100)}%`;
  if (unit === "score") return signed(value, 1);
  if (unit === "seconds") return `${short.format(value)} s`;
  if (unit === "rate") return `${short.format(value)}/s`;
  return short.format(Math.abs(value));
}

function rounded(value) {
  const written = Math.abs(value) < 10 ? value.toFixed(1) : whole.format(Math.round(value));
  return written.replace("-", "−");
}

function percent(value) {
  const part = value * 100;
  return `${part > 0 && part < 9.95 ? part.toFixed(1) : Math.round(part)}%`;
}

function signed(value, digits = 2) {
  const written = value.toFixed(digits);
  if (Number(written) === 0) return (0).toFixed(digits);
  return value > 0 ? `+${written}` : written.replace("-", "−");
}

/** Write a length of time, in seconds, by its largest unit. */
export function duration(seconds) {
  if (seconds < 0.95) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 90) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** Write an interval as people say it: "minute", "5 minutes", "2 hours", "day". */
export function interval(seconds) {
  for (const [name, length] of [["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    if (seconds % length === 0) {
      return seconds === length ? name : `${seconds / length} ${name}s`;
    }
  }
  return `${seconds} seconds`;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const two = (number) => String(number).padStart(2, "0");
const date = (at) => `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
const time = (at) => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;

/** Write a moment to the second: "20 Jan 2021 14:03:10". */
export function moment(value) {
  const at = shown(value);
  return `${date(at)} ${at.getUTCFullYear()} ${time(at)}:${two(at.getUTCSeconds())}`;
}

/** Write a moment to the minute: "20 Jan 2021 14:03". */
export const minuteOf = (value) => moment(value).slice(0, -3);

/** Write a moment to the minute, without the year: "20 Jan 14:03". */
export const shortMoment = (value) => `${date(shown(value))} ${time(shown(value))}`;

/** Write "20 Jan". */
export const day = (value) => date(shown(value));

/** Write "14:03". */
export const clock = (value) => time(shown(value));

/** Write a stretch of time, the day once where it is one day. */
export function stretch(from, to) {
  const [one, other] = [minuteOf(from), minuteOf(to)];
  return day(from) === day(to) ? `${one} – ${clock(to)}` : `${one} – ${other}`;
}

/** Name a language by its ISO 639-1 code. */
export function language(code) {
  if (SPECIAL_LANGUAGES[code]) return SPECIAL_LANGUAGES[code];
  return LANGUAGE.test(code) ? languages.of(code) : code;
}

/** Make words of a name in code: "unique_authors" reads "Unique authors". */
export function words(name) {
  const spaced = String(name).replaceAll("_", " ").trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
