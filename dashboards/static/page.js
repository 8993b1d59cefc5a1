// The page: keeps the address, the bars on top and the panels of one board together.

import { follow, get } from "./api.js";
import { drawBoards, drawMarks, drawNotice, drawTrouble, drawTrust, drawVariables } from "./controls.js";
import { alertTitle, showDetail } from "./detail.js";
import { setZone, zoneName } from "./format.js";
import { PanelView, readMarks } from "./panel.js";
import { drawRange } from "./range.js";
import { colorOf } from "./series.js";
import { offerGround } from "./ground.js";
import { between, rangeOf, readView, writeView } from "./view.js";

const VALUES_EVERY_MILLISECONDS = 10_000;
const NO_MARKS = { alerts: [], annotations: [] };
const OPEN_ALERT_POSTS = { calls_to_action: "calling_posts" };

const place = (id) => document.getElementById(id);
const state = {
  view: readView(location.search), trust: null, values: {}, panels: [], asked: "", marks: NO_MARKS,
  before: history.state?.before ?? [], live: null,
};

const board = () => state.look.boards.find(({ id }) => id === state.view.board) ?? state.look.boards[0];
const oneEntity = () => state.view.entity || state.values.entity?.[0] || "";
const entityShown = () => (board().takes_one_entity ? oneEntity() : state.view.entity);

/** Return what panels ask for: the variables and the range, as the query of an address. */
function question() {
  const range = rangeOf(state.view, state.trust);
  const given = new URLSearchParams();
  const names = Object.keys(state.look.variables);
  if (board().compares_runs) names.push("compared");
  for (const name of names) {
    const value = name === "entity" ? entityShown() : state.view[name];
    if (value) given.set(name, value);
  }
  if (range) {
    given.set("from", Math.floor(range.from / 1000));
    given.set("to", Math.floor(range.to / 1000));
  }
  return { range, trust: state.trust, query: given.toString(), marks: state.marks, board: board() };
}

/** Change what is looked at; `isBack` goes back to a range that was left by zooming. */
function choose({ isBack, isZoom, ...change }) {
  const before = { ...state.view };
  if (isBack) state.before = state.before.slice(0, -1);
  else if (isZoom) state.before = [...state.before, { range: before.range, from: before.from, to: before.to }];
  else if ("range" in change || "run" in change) state.before = [];
  Object.assign(state.view, change);
  history.pushState({ before: state.before }, "", writeView(state.view));
  show(before);
}

const zoom = (from, to) => choose({ ...between(from, to), isZoom: true });

/** Show the view, which was `before`: only what differs is drawn anew. */
function show(before) {
  if (before.zone !== state.view.zone) {
    setZone(state.view.zone);
    for (const panel of state.panels) panel.redraw(true);
    place("zone").textContent = zoneName();
  }
  if (before.board !== state.view.board) openBoard();
  if (before.run !== state.view.run) {
    state.trust = null;
    listen();
    readValues();
  }
  drawControls(true);
  if (state.trust) {
    drawTrust(place("trust"), state.trust);
    askPanels(true);
  }
}

function openBoard() {
  const context = { look: state.look, choose, zoom, view: question, values: () => state.values,
    run: () => state.view.run };
  state.panels = board().panels.map((panel) => new PanelView(panel, context));
  state.asked = "";
  place("board").replaceChildren(...state.panels.map((panel) => panel.element));
  window.scrollTo(0, 0);
}

function drawControls(isChosen = false) {
  const form = place("variables");
  const isInUse = form.contains(document.activeElement) || place("range-picker")?.matches(":popover-open");
  if (!isChosen && isInUse) return; // a list may be open
  const { view, look, values, trust, before } = state;
  const range = question().range;
  const key = JSON.stringify([view, values, trust?.run, trust?.state === "empty", !range, before]);
  if (key === state.drawnControls) return;
  state.drawnControls = key;
  const entity = entityShown();
  drawBoards(place("boards"), look.boards, view, choose);
  drawVariables(place("selects"), { look, board: board(), values, view: { ...view, entity } }, choose);
  drawRange(place("range-field"), { view, trust, range, before }, choose);
  const name = entity ? look.names[entity] ?? entity : "";
  document.title = ["Uproar", board().title, name, view.run].filter(Boolean).join(" · ");
  notice();
}

/** Say what of the address is not there: a mistyped run would otherwise look like a calm one. */
function notice() {
  const { view, values, trust, look } = state;
  const known = values.run ?? [];
  if (!look.boards.some(({ id }) => id === view.board)) {
    return drawNotice(place("notice"), `There is no board “${view.board}”: this is ${board().title}.`, []);
  }
  if (view.run && trust?.state === "empty" && values.run && !known.includes(view.run)) {
    return drawNotice(place("notice"), known.length
      ? `No run is called “${view.run}”. These are stored:` : `No run is called “${view.run}”, and none is stored yet.`,
      known.slice(0, 8).map((run) => [run, () => choose({ run, entity: "", platform: "", lang: "", range: "" })]));
  }
  for (const [name, label] of Object.entries(look.variables)) {
    const isKnown = !view[name] || !values[name] || values[name].includes(view[name]) || name === "run";
    if (!isKnown && !(name === "entity" && look.names[view[name]])) {
      return drawNotice(place("notice"), `${label} “${view[name]}” is not in this run.`,
        [["Show all", () => choose({ [name]: "" })]]);
    }
  }
  return drawNotice(place("notice"), "", []);
}

async function readValues() {
  if (document.hidden) return;
  try {
    const given = new URLSearchParams(state.view.run ? { run: state.view.run } : {});
    const { run, values } = await get(`/api/variables?${given}`);
    if (state.view.run && run !== state.view.run) return;
    state.values = values;
    state.view.run = run;
    for (const entity of values.entity) colorOf(entity, state.look);
  } catch (error) {
    drawTrouble(place("trust"), error.message);
  }
  if (state.look && state.panels.length) {
    drawControls();
    if (state.trust) askPanels();
  }
}

/** Hear how far the run is, as long as somebody looks. */
function listen() {
  state.live?.close();
  state.live = null;
  if (document.hidden || !state.view.run) return;
  state.live = follow(state.view.run, (trust) => {
    if (state.trust?.state === "empty" && trust.state !== "empty") readValues();
    state.trust = trust;
    drawTrust(place("trust"), trust);
    drawControls();
    askPanels();
  }, (words) => drawTrouble(place("trust"), words));
}

/** Ask the panels for their rows if something new is stored, or asked for. */
function askPanels(isChosen = false) {
  const { range, query } = question();
  const asked = `${query} ${state.trust.stamp}`;
  if (asked === state.asked) return;
  if (!range) {
    const isKnown = !state.values.run || state.values.run.includes(state.view.run);
    const words = !isKnown ? "There is no such run" : state.trust.state === "finished"
      ? "No post of this run mentions an entity, or none could be read: see the board Pipeline"
      : "Nothing is stored yet: posts show here as they come";
    for (const panel of state.panels) panel.clear(words);
    drawMarks(place("marks"), NO_MARKS, openAlert);
    return;
  }
  state.asked = asked;
  askMarks(); // first, for it is drawn in all of them
  for (const panel of state.panels) panel.refresh(isChosen);
}

async function askMarks() {
  if (!board().has_annotations) return drawMarks(place("marks"), NO_MARKS, openAlert);
  if (state.isAskingMarks) {
    state.areMarksWanted = true;
    return undefined;
  }
  state.isAskingMarks = true;
  state.areMarksWanted = false;
  try {
    const found = await get(`/api/marks?${question().query}`);
    const shown = JSON.stringify([found, state.view.zone]);
    state.marks = readMarks(found, (alert) => alertTitle(alert, state.look));
    if (shown !== state.shownMarks) for (const panel of state.panels) panel.redraw();
    state.shownMarks = shown;
  } catch {
    state.marks = NO_MARKS; // the panels tell what is wrong
  } finally {
    state.isAskingMarks = false;
  }
  drawMarks(place("marks"), state.marks, openAlert);
  return state.areMarksWanted ? askMarks() : undefined;
}

function openAlert(alert) {
  const { range, query } = question();
  const given = new URLSearchParams(query);
  if (alert.entity) given.set("entity", alert.entity);
  showDetail(alert.from, Math.max(alert.to ?? range.to, alert.from + 60_000), {
    title: alert.title, note: "alert", figures: [], query: given, alert: alert.id, look: state.look, zoom,
    posts: OPEN_ALERT_POSTS[alert.signal] ?? "latest_posts",
  });
}

addEventListener("popstate", (event) => {
  const before = state.view;
  state.before = event.state?.before ?? [];
  state.view = { ...readView(location.search), run: readView(location.search).run || before.run };
  show(before);
});
document.addEventListener("visibilitychange", () => {
  listen();
  readValues();
});

offerGround(place("ground"));
setZone(state.view.zone);
place("zone").textContent = zoneName();
const values = readValues();
state.look = await get("/api/boards");
for (const entity of Object.keys(state.look.names)) colorOf(entity, state.look);
openBoard();
await values;
drawControls(true);
listen();
setInterval(readValues, VALUES_EVERY_MILLISECONDS);
