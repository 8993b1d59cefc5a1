// How figures, times and names read. Everything is UTC.

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const languages = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
const LANGUAGE = /^[a-z]{2,3}$/;
const SPECIAL_LANGUAGES = { und: "undetermined", other: "other" };

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Write a value in its unit; what is not known is a dash, never a zero. */
export function figure(value, unit) {
  if (value === null || value === undefined) return "–";
  if (unit === "share") return percent(value);
  if (unit === "score") return signed(value);
  if (unit === "seconds") return duration(value);
  if (unit === "time") return moment(value);
  return typeof value === "number" ? whole.format(value) : String(value);
}

/** Write a value for the axis of a chart, where there is little room. */
export function tick(value, unit) {
  if (unit === "share") return `${Math.round(value * 100)}%`;
  if (unit === "score") return signed(value, 1);
  if (unit === "seconds") return `${short.format(value)} s`;
  return short.format(Math.abs(value));
}

function percent(value) {
  const shown = value * 100;
  return `${shown > 0 && shown < 9.95 ? shown.toFixed(1) : Math.round(shown)}%`;
}

function signed(value, digits = 2) {
  const shown = value.toFixed(digits);
  if (Number(shown) === 0) return (0).toFixed(digits);
  return value > 0 ? `+${shown}` : shown.replace("-", "−");
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

/** Write a moment to the second: "20 Jan 2021 14:03:10". */
export function moment(value) {
  const at = new Date(value);
  return `${day(at)} ${at.getUTCFullYear()} ${clock(at)}:${two(at.getUTCSeconds())}`;
}

/** Write a moment to the minute: "20 Jan 2021 14:03". */
export const minuteOf = (value) => moment(value).slice(0, -3);

/** Write a moment to the minute, without the year: "20 Jan 14:03". */
export function shortMoment(value) {
  const at = new Date(value);
  return `${day(at)} ${clock(at)}`;
}

/** Write "20 Jan". */
export function day(at) {
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
}

/** Write "14:03". */
export function clock(at) {
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** Name a language by its ISO 639-1 code. */
export function language(code) {
  if (SPECIAL_LANGUAGES[code]) return SPECIAL_LANGUAGES[code];
  return LANGUAGE.test(code) ? languages.of(code) : code;
}
