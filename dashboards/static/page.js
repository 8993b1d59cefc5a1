// The page: keeps the address, the bars on top and the panels of one board together.

import { drawBoards, drawTrust, drawVariables } from "./controls.js";
import { html } from "./dom.js";
import { PanelView } from "./panel.js";
import { colorOf } from "./series.js";
import { rangeOf, readView, writeView } from "./view.js";

const TICK_MILLISECONDS = 1000;
const VALUES_EVERY_TICKS = 10;

const place = (id) => document.getElementById(id);
const state = { view: readView(location.search), trust: null, values: {}, panels: [], asked: "" };

async function get(address) {
  const response = await fetch(address);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

const board = () => state.look.boards.find(({ id }) => id === state.view.board) ?? state.look.boards[0];

/** Return what panels ask for: the variables and the range, as the query of an address. */
function question() {
  const range = rangeOf(state.view, state.trust);
  const given = new URLSearchParams();
  for (const name of Object.keys(state.look.variables)) {
    const value = name === "entity" && board().takes_one_entity ? oneEntity() : state.view[name];
    if (value) given.set(name, value);
  }
  if (range) {
    given.set("from", Math.floor(range.from / 1000));
    given.set("to", Math.floor(range.to / 1000));
  }
  return { range, trust: state.trust, query: given.toString() };
}

const oneEntity = () => state.view.entity || state.values.entity?.[0] || "";

function choose(change) {
  const isOtherBoard = change.board && change.board !== state.view.board;
  const isOtherRun = change.run !== undefined && change.run !== state.view.run;
  Object.assign(state.view, change);
  history.pushState(null, "", writeView(state.view));
  if (isOtherBoard) openBoard();
  if (isOtherRun) {
    state.trust = null;
    state.isDue = true;
  }
  drawControls(true);
  beat();
}

function openBoard() {
  const shown = board();
  state.panels = shown.panels.map(
    (panel) => new PanelView(panel, { look: state.look, choose, view: question }));
  state.asked = "";
  place("board").replaceChildren(...state.panels.map((panel) => panel.element));
  window.scrollTo(0, 0);
}

function drawControls(isChosen = false) {
  const form = place("variables");
  if (!isChosen && form.contains(document.activeElement)) return; // a list may be open
  const shown = board();
  const { view, look, values, trust } = state;
  const entity = shown.takes_one_entity ? oneEntity() : view.entity;
  const key = JSON.stringify([view, values, trust?.run, entity, trust?.state === "empty"]);
  if (key === state.drawnControls) return;
  state.drawnControls = key;
  drawBoards(place("boards"), look.boards, view, choose);
  drawVariables(form,
    { look, board: shown, values, view: { ...view, entity }, trust, range: question().range }, choose);
  const name = entity ? look.names[entity] ?? entity : "";
  document.title = ["Uproar", shown.title, name, view.run].filter(Boolean).join(" · ");
}

async function readValues() {
  const given = new URLSearchParams(state.view.run ? { run: state.view.run } : {});
  const { run, values } = await get(`/api/variables?${given}`);
  state.values = values;
  if (!state.view.run) state.view.run = run;
  for (const entity of values.entity) colorOf(entity, state.look);
}

let ticks = 0;
let isBeating = false;

/** Ask how far the run is; only if something new is stored, or asked for, ask the panels. */
async function beat() {
  if (isBeating || document.hidden) return;
  isBeating = true;
  try {
    if (ticks % VALUES_EVERY_TICKS === 0 || state.isDue || !state.view.run) await readValues();
    ticks += 1;
    state.isDue = false;
    const run = state.view.run;
    const trust = await get(`/api/trust?${new URLSearchParams({ run })}`);
    if (run !== state.view.run) return;
    if (state.trust?.state === "empty" && trust.state !== "empty") state.isDue = true;
    state.trust = trust;
    drawTrust(place("trust"), trust);
    drawControls();
    askPanels();
  } catch (error) {
    place("trust").replaceChildren(
      html("div", { class: "state late" }, html("i"), html("span", {}, `No answer: ${error.message}`)));
  } finally {
    isBeating = false;
  }
}

function askPanels() {
  const { range, query } = question();
  const asked = `${query} ${state.trust.stamp}`;
  if (asked === state.asked) return;
  if (!range) {
    const words = state.trust.state === "finished"
      ? "No post of this run mentions an entity, or none could be read: see the board Pipeline"
      : "Nothing is stored yet: posts show here as they come";
    for (const panel of state.panels) panel.say(words);
    return;
  }
  state.asked = asked;
  for (const panel of state.panels) panel.refresh();
}

addEventListener("popstate", () => {
  state.view = { ...readView(location.search), run: readView(location.search).run || state.view.run };
  openBoard();
  drawControls(true);
  beat();
});
document.addEventListener("visibilitychange", beat);

state.look = await get("/api/boards");
for (const entity of Object.keys(state.look.names)) colorOf(entity, state.look);
openBoard();
await beat();
setInterval(beat, TICK_MILLISECONDS);
