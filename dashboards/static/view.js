// What is looked at: board, variables, range and time zone. It lives in the page's address.

import { DAY, HOUR, MINUTE, stretch } from "./format.js";

const LENGTHS = { m: MINUTE, h: HOUR, d: DAY };
const LENGTH_NAMES = { m: "minute", h: "hour", d: "day" };
const RELATIVE = /^([1-9]\d{0,3})([mhd])$/;
const LIVE_SHOWS_AT_MOST = 6 * HOUR;
const SHORTEST = MINUTE;
const VARIABLES = ["run", "entity", "platform", "lang", "compared"];

export const USUAL_RANGES = ["15m", "1h", "6h", "1d", "7d", "30d", "run"];

/** Read the view from an address; what is missing is empty, and so is a range that is none. */
export function readView(search) {
  const given = new URLSearchParams(search);
  const view = { board: given.get("board") ?? "overview", range: given.get("range") ?? "" };
  for (const name of VARIABLES) view[name] = given.get(name) ?? "";
  view.zone = given.get("tz") === "local" ? "local" : "utc";
  const [from, to] = [Number(given.get("from")), Number(given.get("to"))];
  if (from > 0 && to > from) Object.assign(view, { range: "custom", from, to });
  else if (view.range !== "run" && !lengthOf(view.range)) view.range = "";
  return view;
}

/** Write the view as the query of an address. */
export function writeView(view) {
  const given = new URLSearchParams();
  for (const name of ["board", ...VARIABLES]) if (view[name]) given.set(name, view[name]);
  if (view.range === "custom") {
    given.set("from", view.from);
    given.set("to", view.to);
  } else if (view.range) given.set("range", view.range);
  if (view.zone === "local") given.set("tz", "local");
  return `?${given}`;
}

/** Return the length of a range such as "6h" in milliseconds, or 0. */
export function lengthOf(range) {
  const [, count, unit] = RELATIVE.exec(range) ?? [];
  return count ? Number(count) * LENGTHS[unit] : 0;
}

/** Name a range: "Last 6 hours", "Whole run", or its ends. */
export function nameOf(range, view) {
  if (range === "custom") return stretch(view.from * 1000, view.to * 1000);
  const [, count, unit] = RELATIVE.exec(range) ?? [];
  if (!count) return "Whole run";
  return count === "1" ? `Last ${LENGTH_NAMES[unit]}` : `Last ${count} ${LENGTH_NAMES[unit]}s`;
}

/** Return the range to show, in milliseconds, or null while nothing is stored. */
export function rangeOf(view, trust) {
  if (view.range === "custom") return { from: view.from * 1000, to: view.to * 1000 };
  if (!trust?.first_at) return null;
  const first = Date.parse(trust.first_at);
  const to = Math.max(endOf(trust), first + MINUTE);
  const length = lengthOf(rangeName(view, trust));
  return { from: length ? to - length : first, to };
}

/** Name the range in force: a live run that is long shows its last hours, any other all of it. */
export function rangeName(view, trust) {
  if (view.range) return view.range;
  if (!trust?.first_at || trust.run !== "live") return "run";
  return endOf(trust) - Date.parse(trust.first_at) > LIVE_SHOWS_AT_MOST ? "6h" : "run";
}

/** Return a change of view to the range between two moments, in milliseconds, to whole minutes. */
export function between(from, to) {
  const start = Math.max(Math.floor(from / MINUTE) * MINUTE, MINUTE);
  const end = Math.max(Math.ceil(to / MINUTE) * MINUTE, start + SHORTEST);
  return { range: "custom", from: start / 1000, to: end / 1000 };
}

/** A run that goes on ends at its watermark: what comes after it is not complete. */
function endOf(trust) {
  const last = Date.parse(trust.last_at) + MINUTE - 1;
  return trust.state === "finished" || !trust.watermark ? last : Date.parse(trust.watermark);
}
