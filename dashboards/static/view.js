// What is looked at: board, variables and range. It lives in the page's address.

import { DAY, HOUR, MINUTE } from "./format.js";

export const RANGES = {
  run: "Whole run",
  "15m": "Last 15 minutes",
  "1h": "Last hour",
  "6h": "Last 6 hours",
  "1d": "Last day",
  "7d": "Last 7 days",
  custom: "Custom",
};
const LENGTHS = { "15m": 15 * MINUTE, "1h": HOUR, "6h": 6 * HOUR, "1d": DAY, "7d": 7 * DAY };
const LIVE_SHOWS_AT_MOST = 6 * HOUR;
const VARIABLES = ["run", "entity", "platform", "lang"];

/** Read the view from an address; what is missing is empty. */
export function readView(search) {
  const given = new URLSearchParams(search);
  const view = { board: given.get("board") ?? "overview", range: given.get("range") ?? "" };
  for (const name of VARIABLES) view[name] = given.get(name) ?? "";
  const [from, to] = [Number(given.get("from")), Number(given.get("to"))];
  if (from > 0 && to > from) Object.assign(view, { range: "custom", from, to });
  else if (!RANGES[view.range] || view.range === "custom") view.range = "";
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
  return `?${given}`;
}

/** Return the range to show, in milliseconds, or null while nothing is stored. */
export function rangeOf(view, trust) {
  if (view.range === "custom") return { from: view.from * 1000, to: view.to * 1000 };
  if (!trust?.first_at) return null;
  const first = Date.parse(trust.first_at);
  const to = Math.max(endOf(trust), first + MINUTE);
  const length = LENGTHS[rangeName(view, trust)];
  return { from: length ? to - length : first, to };
}

/** Name the range in force: a live run that is long shows its last hours, any other all of it. */
export function rangeName(view, trust) {
  if (view.range) return view.range;
  if (!trust?.first_at || trust.run !== "live") return "run";
  return endOf(trust) - Date.parse(trust.first_at) > LIVE_SHOWS_AT_MOST ? "6h" : "run";
}

/** A run that goes on ends at its watermark: what comes after it is not complete. */
function endOf(trust) {
  const last = Date.parse(trust.last_at) + MINUTE - 1;
  return trust.state === "finished" || !trust.watermark ? last : Date.parse(trust.watermark);
}
