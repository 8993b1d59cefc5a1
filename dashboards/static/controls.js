// The bars on top: boards, variables, range, trust.

import { html } from "./dom.js";
import { duration, figure, language, minuteOf, moment } from "./format.js";
import { RANGES, rangeName, writeView } from "./view.js";

/** Draw the links to the boards. */
export function drawBoards(place, boards, view, choose) {
  place.replaceChildren(
    ...boards.map((board) =>
      html("a", {
        href: writeView({ ...view, board: board.id }), title: board.why,
        "aria-current": board.id === view.board ? "page" : null,
        onclick: (event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          choose({ board: board.id });
        },
      }, board.title)));
}

/** Draw what can be chosen: run, entity, platform, language, range. */
export function drawVariables(place, { look, board, values, view, trust, range }, choose) {
  const fields = Object.entries(look.variables).map(([name, label]) => {
    const options = [...(values[name] ?? [])];
    if (view[name] && !options.includes(view[name])) options.push(view[name]);
    const hasAll = name !== "run" && !(name === "entity" && board.takes_one_entity);
    const read = name === "lang" ? language : (value) => look.names[value] ?? value;
    const choices = options.map((value) => [value, read(value)]);
    return field(label, hasAll ? [["", "All"], ...choices] : choices, view[name], (value) =>
      choose(name === "run" ? { run: value, entity: "", platform: "", lang: "", range: "" }
        : { [name]: value }));
  });
  const chosen = rangeName(view, trust);
  fields.push(field("Range", Object.entries(RANGES), chosen, (value) =>
    choose(value === "custom" ? customRange(range) : { range: value })));
  if (chosen === "custom") fields.push(...limits(view, choose));
  place.replaceChildren(...fields);
}

function field(label, choices, chosen, choose) {
  const select = html("select",
    { "aria-label": label, onchange: (event) => choose(event.target.value) },
    ...choices.map(([value, text]) =>
      html("option", { value, selected: value === chosen }, text)));
  return html("label", {}, html("span", {}, label), select);
}

function customRange(range) {
  const [from, to] = [range?.from ?? Date.now() - 3_600_000, range?.to ?? Date.now()];
  return { range: "custom", from: Math.floor(from / 1000), to: Math.ceil(to / 1000) };
}

function limits(view, choose) {
  return [["from", "From, UTC"], ["to", "To, UTC"]].map(([name, label]) =>
    html("label", {}, html("span", {}, label),
      html("input", {
        type: "datetime-local", value: new Date(view[name] * 1000).toISOString().slice(0, 16),
        onchange: (event) => {
          const at = Date.parse(`${event.target.value}Z`) / 1000;
          const next = { from: view.from, to: view.to, [name]: at };
          if (next.to > next.from) choose({ range: "custom", ...next });
        },
      })));
}

/** Draw whether the figures can be believed. */
export function drawTrust(place, trust) {
  const items = [
    html("div", { class: `state ${trust.state}` }, html("i"), html("span", {}, trust.sentence)),
  ];
  const fact = (label, value, kind = "") =>
    items.push(html("div", { class: `fact ${kind}` },
      html("span", {}, label), html("b", {}, value)));
  if (trust.watermark && trust.state !== "finished") {
    fact("Stored up to", `${moment(trust.watermark)} UTC`);
  }
  if (trust.state === "finished" && trust.first_at) {
    fact("Covers", `${minuteOf(trust.first_at)} to ${minuteOf(trust.last_at)} UTC`);
  }
  if (trust.behind_seconds !== null && trust.state !== "finished") {
    fact("Behind now", duration(Math.max(trust.behind_seconds, 0)));
  }
  if (trust.silent_seconds !== null && ["late", "interrupted"].includes(trust.state)) {
    fact("Last news", `${duration(trust.silent_seconds)} ago`);
  }
  fact("Records read", figure(trust.read_records, "records"));
  fact("Posts kept", figure(trust.kept_posts, "records"));
  fact("Dead letters", figure(trust.dead_letters, "records"), trust.dead_letters ? "bad" : "");
  place.replaceChildren(...items);
}
