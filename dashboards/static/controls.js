// The bars on top: boards, variables, trust, and what stands out.

import { html, icon } from "./dom.js";
import { duration, figure, language, minuteOf, moment, stretch, zoneName } from "./format.js";
import { writeView } from "./view.js";

const MOST_MARKS = 4;
const SEVERITIES = ["critical", "warning"];

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

/** Draw what can be chosen: run, entity, platform, language, and a run to compare with. */
export function drawVariables(place, { look, board, values, view }, choose) {
  const variables = { ...look.variables };
  if (board.compares_runs) variables.compared = look.compared_label;
  place.replaceChildren(...Object.entries(variables).map(([name, label]) => {
    const options = [...(values[name] ?? [])];
    if (view[name] && !options.includes(view[name])) options.push(view[name]);
    const hasAll = !["run", "compared"].includes(name) && !(name === "entity" && board.takes_one_entity);
    const read = name === "lang" ? language : (value) => look.names[value] ?? value;
    const choices = options.map((value) => [value, name === "compared" && value === view.run
      ? "none" : read(value)]);
    if (name === "compared" && !options.includes(view.run)) choices.unshift(["", "none"]);
    return field(label, hasAll ? [["", "All"], ...choices] : choices,
      name === "compared" ? view.compared || (options.includes(view.run) ? view.run : "") : view[name],
      (value) => choose(name === "run"
        ? { run: value, entity: "", platform: "", lang: "", range: "" } : { [name]: value }));
  }));
}

function field(label, choices, chosen, choose) {
  const select = html("select",
    { "aria-label": label, onchange: (event) => choose(event.target.value) },
    ...choices.map(([value, text]) =>
      html("option", { value, selected: value === chosen }, text)));
  return html("label", {}, html("span", { class: "caption" }, label), select);
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
    fact("Stored up to", `${moment(trust.watermark)} ${zoneName()}`);
  }
  if (trust.state === "finished" && trust.first_at) {
    fact("Covers", `${minuteOf(trust.first_at)} to ${minuteOf(trust.last_at)} ${zoneName()}`);
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

/** Say in the trust bar that there is no answer. */
export function drawTrouble(place, words) {
  place.replaceChildren(
    html("div", { class: "state late" }, html("i"), html("span", {}, `No answer: ${words}`)));
}

/** Draw the alerts of the range and the known events, each as a way to what lies behind it. */
export function drawMarks(place, { alerts, annotations }, openAlert) {
  place.hidden = !alerts.length && !annotations.length;
  const shown = [...alerts].sort(byWeight).slice(0, MOST_MARKS);
  const chips = shown.map((alert) =>
    html("button", { type: "button", class: `chip alert ${alert.to ? "" : "lasts"}`,
      "data-alert": alert.id, title: `${alert.title}: what lies behind it`,
      onclick: () => openAlert(alert) },
    icon("alert"), html("b", {}, alert.title),
    html("span", {}, alert.to ? stretch(alert.from, alert.to) : `since ${minuteOf(alert.from)}`)));
  if (alerts.length > shown.length) {
    const rest = alerts.length - shown.length;
    chips.push(html("button", { type: "button", class: "open more", onclick: showAlerts },
      `and ${rest} more ${rest === 1 ? "alert" : "alerts"}`));
  }
  chips.push(...annotations.slice(0, MOST_MARKS).map((event) =>
    html("span", { class: "chip event", title: event.text },
      icon("flag"), html("b", {}, html("bdi", {}, event.title)), html("span", {}, minuteOf(event.from)))));
  place.replaceChildren(...chips);
}

/** Order alerts: those that last, then by severity, spikes first, then by how far they went. */
function byWeight(one, other) {
  const weight = (alert) => [
    alert.to ? 1 : 0, (SEVERITIES.indexOf(alert.severity) + 3) % 3, alert.signal === "spike" ? 0 : 1,
    -alert.peak_value / (alert.expected || 1),
  ];
  const [mine, its] = [weight(one), weight(other)];
  const differs = mine.findIndex((value, index) => value !== its[index]);
  return differs < 0 ? 0 : mine[differs] - its[differs];
}

function showAlerts() {
  const panel = document.querySelector('[data-panel="alerts"]');
  panel?.scrollIntoView({ behavior: "smooth", block: "center" });
}

/** Say what of the address is not there, and offer what is. */
export function drawNotice(place, words, choices) {
  place.hidden = !words;
  place.replaceChildren(...(words ? [html("p", {}, words),
    ...choices.map(([label, act]) => html("button", { type: "button", class: "plain", onclick: act }, label))]
    : []));
}
