// Which stretch of time is shown: usual lengths, two ends, steps to the side, and the way back.

import { html, icon, signButton } from "./dom.js";
import { localZone, offsetAt, zoneName } from "./format.js";
import { USUAL_RANGES, between, lengthOf, nameOf, rangeName } from "./view.js";

const UNITS = [["m", "minutes"], ["h", "hours"], ["d", "days"]];

/** Draw the range's controls. `state` has view, trust, range {from, to} and before: ranges left. */
export function drawRange(place, { view, trust, range, before }, choose) {
  const chosen = rangeName(view, trust);
  const shift = (part) => choose(between(
    range.from + part * (range.to - range.from), range.to + part * (range.to - range.from)));
  const widen = () => choose(between(
    range.from - (range.to - range.from) / 2, range.to + (range.to - range.from) / 2));
  const isOff = !range;
  const back = before.at(-1);
  place.replaceChildren(
    html("span", { class: "caption", id: "range-label" }, `Range, ${zoneName()}`),
    html("div", { class: "range" },
      signButton("left", "Earlier", () => shift(-0.5), { disabled: isOff }),
      html("button", { type: "button", id: "range", popovertarget: "range-picker",
        "aria-labelledby": "range-label range" }, icon("clock"), nameOf(chosen, view)),
      signButton("right", "Later", () => shift(0.5), { disabled: isOff }),
      signButton("wider", "Twice as wide", widen, { disabled: isOff }),
      back ? html("button", { type: "button", id: "zoom-back", class: "plain",
        onclick: () => choose({ ...back, isBack: true }) },
        icon("back"), `Back to ${nameOf(rangeName(back, trust), back)}`) : null),
    picker(chosen, { view, trust, range }, choose));
}

function picker(chosen, { view, trust, range }, choose) {
  const pick = (change) => {
    document.getElementById("range-picker").hidePopover();
    choose(change);
  };
  const stand = ({ target, newState }) => {
    if (newState !== "open") return;
    const button = document.getElementById("range").getBoundingClientRect();
    const { width } = target.getBoundingClientRect();
    target.style.top = `${button.bottom + 6}px`;
    target.style.left = `${Math.max(10, Math.min(button.left, window.innerWidth - width - 10))}px`;
  };
  return html("div", { id: "range-picker", popover: "auto", role: "dialog", ontoggle: stand,
    "aria-label": "Which stretch of time" },
    html("section", {},
      html("h3", {}, "Up to the newest that is stored"),
      html("div", { class: "choices" }, ...USUAL_RANGES.map((name) =>
        html("button", { type: "button", "aria-pressed": String(name === chosen), "data-range": name,
          onclick: () => pick({ range: name }) }, nameOf(name, view)))),
      lastField(chosen, pick)),
    ends(range, pick),
    html("section", {},
      html("h3", {}, "Time zone"),
      html("div", { class: "choices" }, ...[["utc", "UTC"], ["local", localZone()]].map(([zone, name]) =>
        html("button", { type: "button", "aria-pressed": String(zone === view.zone), "data-zone": zone,
          onclick: () => pick({ zone }) }, name)))));
}

function lastField(chosen, pick) {
  const known = lengthOf(chosen) ? chosen : "3h";
  const count = html("input", { type: "number", min: 1, max: 9999, value: parseInt(known, 10),
    "aria-label": "How many" });
  const unit = html("select", { "aria-label": "Of what" }, ...UNITS.map(([value, name]) =>
    html("option", { value, selected: known.endsWith(value) }, name)));
  const set = () => {
    const next = `${count.value}${unit.value}`;
    if (lengthOf(next)) pick({ range: next });
  };
  return html("div", { class: "line" }, html("span", {}, "Last"), count, unit,
    html("button", { type: "button", class: "plain", onclick: set }, "Show"));
}

function ends(range, pick) {
  const words = html("p", { class: "wrong", role: "alert" });
  const [from, to] = [["From", range?.from], ["To", range?.to]].map(([label, at]) =>
    html("input", { type: "datetime-local", "aria-label": label, required: true,
      value: at ? new Date(at + offsetAt(at)).toISOString().slice(0, 16) : "" }));
  const read = (input) => {
    const shown = Date.parse(`${input.value}Z`);
    return shown - offsetAt(shown);
  };
  const set = () => {
    const [start, end] = [read(from), read(to)];
    if (end > start) pick(between(start, end));
    else words.textContent = "Wanted two times, the earlier one first";
  };
  return html("section", {}, html("h3", {}, `From one time to another, ${zoneName()}`),
    html("div", { class: "line" }, html("span", {}, "From"), from),
    html("div", { class: "line" }, html("span", {}, "To"), to,
      html("button", { type: "button", class: "plain", onclick: set }, "Show")), words);
}
