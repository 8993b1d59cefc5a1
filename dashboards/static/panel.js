// One panel of a board: asks for its rows, one request at a time, and draws them.

import { get } from "./api.js";
import { drawChart } from "./chart.js";
import { showDetail } from "./detail.js";
import { html, icon, sentence, signButton } from "./dom.js";
import { figure, interval } from "./format.js";
import { drawMultiples } from "./multiples.js";
import { drawPosts } from "./posts.js";
import { readSeries } from "./series.js";
import { drawRanking, drawSeriesTable, drawStats, drawTable } from "./shapes.js";

const REST = 4; // a panel rests this many times as long as its query took
const LEAST_REST_MILLISECONDS = 900; // a reader's queries a minute are limited
const OVER_TIME = ["bars", "line", "combined", "multiples"];
const NEAR = "600px 0px"; // a panel further from what is seen asks when it comes nearer
const CALLS = /call|asked|words/;

/**
 * A panel in the page. `context` has look, choose(change), values() and
 * view() -> {range, trust, query, marks, board}.
 */
export class PanelView {
  constructor(panel, context) {
    this.panel = panel;
    this.context = context;
    this.hidden = new Set();
    this.isTable = false;
    this.isOverTime = OVER_TIME.includes(panel.shape);
    this.legend = html("div", { class: "legend" });
    this.body = html("div", { class: `body is-${panel.shape}` },
      html("div", { class: "waiting", "aria-hidden": "true" }));
    this.csv = html("a", { class: "sign", title: "Download as CSV",
      "aria-label": `Download as CSV: ${panel.title}` }, icon("download"));
    this.swap = this.isOverTime
      ? signButton("table", "As a table", () => this.asTable(), { "aria-pressed": "false" }) : null;
    this.heading = html("h2", { id: `panel-${panel.id}` }, panel.title);
    this.element = html("section", {
      class: `card is-${panel.shape}`, "data-panel": panel.id, "aria-labelledby": `panel-${panel.id}`,
    }, html("header", {}, html("div", {}, this.heading, html("small", {}, ...sentence(panel.why))),
      html("div", { class: "signs" }, this.swap, this.csv)), this.legend, this.body);
    this.element.style.setProperty("--width", panel.width);
    this.element.style.setProperty("--height", `${panel.height * 30}px`);
    new ResizeObserver(() => this.redraw()).observe(this.body);
    new IntersectionObserver(([seen]) => this.come(seen.isIntersecting), { rootMargin: NEAR })
      .observe(this.element);
  }

  /** Come near to what is seen, or leave it. */
  come(isNear) {
    this.isNear = isNear;
    if (isNear && this.isDue) this.refresh(true);
  }

  /** Forget what was shown, and say why. */
  clear(words) {
    this.isDue = false;
    this.shown = this.answer = undefined;
    this.legend.replaceChildren();
    this.say(words);
  }

  /**
   * Ask for the rows and draw them. Something new was stored: then one request at a time, and a rest
   * as long as it cost. `isChosen`: a person waits for it, so what was asked before is dropped.
   */
  async refresh(isChosen = false) {
    this.isDue = !this.isNear;
    if (this.isDue) return;
    if (isChosen) this.asking?.abort();
    else if (this.asking || this.isResting) {
      this.isWanted = true;
      return;
    }
    const asking = new AbortController();
    this.asking = asking;
    this.isWanted = false;
    const began = performance.now();
    try {
      const { query } = this.context.view();
      const answer = await get(`/api/panel/${this.panel.id}?${query}`, asking.signal);
      this.csv.href = `/api/panel/${this.panel.id}/csv?${query}`;
      const shown = JSON.stringify(answer);
      if (shown !== this.shown) {
        this.shown = shown;
        this.answer = answer;
        this.draw();
      }
      this.element.classList.remove("stale");
    } catch (error) {
      if (asking.signal.aborted) return; // another question has taken its place
      this.element.classList.add("stale");
      if (!this.answer) this.say(error.message);
    }
    this.asking = undefined;
    this.rest(Math.max(REST * (performance.now() - began), LEAST_REST_MILLISECONDS));
  }

  rest(milliseconds) {
    clearTimeout(this.waking);
    this.isResting = true;
    this.waking = setTimeout(() => {
      this.isResting = false;
      if (this.isWanted && this.element.isConnected) this.refresh();
    }, milliseconds);
  }

  /** Draw again what is known: the room, the marks or the time zone are others now. */
  redraw(isAll = false) {
    if (this.answer && (isAll || (this.isOverTime && !this.isTable))) this.draw();
  }

  draw() {
    const { panel, answer, body } = this;
    const { look } = this.context;
    body.classList.remove("is-empty");
    if (!answer.rows.length) {
      this.legend.replaceChildren();
      this.say(panel.empty);
    } else if (panel.shape === "stats") drawStats(body, panel, answer);
    else if (panel.shape === "ranking") drawRanking(body, panel, answer, look, this.openers());
    else if (panel.shape === "posts") drawPosts(body, panel, answer, look);
    else if (panel.shape === "table") drawTable(body, panel, answer, look, this.openers());
    else this.drawTimes();
  }

  drawTimes() {
    const { panel, answer, body } = this;
    const { trust, marks, board } = this.context.view();
    const series = readSeries(panel, answer, this.context.look, this.context.run());
    const title = panel.title.replace("per interval", `per ${interval(answer.interval_seconds)}`);
    this.heading.textContent = title;
    const chart = {
      title, unit: panel.unit, series, hidden: this.hidden,
      from: Date.parse(answer.from_at), to: Date.parse(answer.to_at),
      step: answer.interval_seconds * 1000,
      watermark: trust?.watermark && trust.state !== "finished" ? Date.parse(trust.watermark) : null,
      ...(board.has_annotations ? marks : {}),
      onZoom: (from, to) => this.context.zoom(from, to),
      onPick: (from, to, one) => this.pick(chart, from, to, one),
    };
    if (panel.shape === "multiples") this.legend.replaceChildren();
    else this.drawLegend(series);
    if (this.isTable) drawSeriesTable(body, chart);
    else if (panel.shape === "multiples") drawMultiples(body, chart, this.openers().entity);
    else drawChart(body, chart);
  }

  asTable() {
    this.isTable = !this.isTable;
    this.swap.setAttribute("aria-pressed", String(this.isTable));
    this.body.classList.toggle("is-as-table", this.isTable);
    this.body.replaceChildren();
    this.draw();
  }

  /** Show what lies behind a bar; `one` is the series that was pointed at, if one was. */
  pick(chart, from, to, one) {
    const { look } = this.context;
    const query = new URLSearchParams(this.context.view().query);
    const isEntity = one && this.context.values().entity?.includes(one.name);
    if (isEntity) query.set("entity", one.name);
    const told = chart.series
      .map((each) => [each.label, each.values.get(from)])
      .filter(([, value]) => value)
      .map(([label, value]) => [label, figure(value, chart.unit)]);
    const name = query.get("entity");
    this.detail(from, to, {
      title: isEntity ? one.label : look.names[name] ?? name ?? "All entities",
      note: chart.title, figures: told, query,
    });
  }

  detail(from, to, what) {
    showDetail(from, to, {
      figures: [], look: this.context.look,
      posts: CALLS.test(this.panel.id) ? "calling_posts" : "latest_posts",
      zoom: (start, end) => this.context.zoom(start, end), ...what,
    });
  }

  drawLegend(series) {
    if (series.length < 2) return this.legend.replaceChildren();
    return this.legend.replaceChildren(
      ...series.map((one) =>
        html("button", {
          type: "button", "aria-pressed": String(!this.hidden.has(one.name)),
          onclick: () => {
            if (!this.hidden.delete(one.name)) this.hidden.add(one.name);
            this.draw();
            this.legend.querySelectorAll("button")[series.indexOf(one)]?.focus();
          },
        }, html("i", { class: one.isDown ? "down" : one.mark, style: { background: one.color } }),
        one.label, one.mark === "bar" ? html("b", {}, figure(one.total, this.panel.unit)) : null)));
  }

  /** Return what a click on a value opens, by what the column names; `row` has all its values. */
  openers() {
    const { choose } = this.context;
    const openers = {
      entity: (entity) => choose({ board: "entity", entity }),
      run: (run) => choose({ board: "overview", run, entity: "", platform: "", lang: "", range: "" }),
    };
    if (["alerts", "spikes"].includes(this.panel.id)) openers.row = (row) => this.openRow(row);
    return openers;
  }

  openRow(row) {
    const { range } = this.context.view();
    const [from, to] = [row.started_at, row.ended_at ?? new Date(range.to).toISOString()].map(Date.parse);
    const query = new URLSearchParams(this.context.view().query);
    if (row.entity) query.set("entity", row.entity);
    this.detail(from, Math.max(to, from + 60_000), {
      title: this.context.look.names[row.entity] ?? row.entity ?? "The run",
      note: this.panel.id === "alerts" ? "alert" : "spike", alert: row.id, query,
    });
  }

  say(words) {
    this.body.shownPosts = undefined;
    this.body.classList.add("is-empty");
    this.body.replaceChildren(html("p", { class: "empty" }, words));
  }
}

/** Read what `/api/marks` answers, for charts. */
export function readMarks({ alerts, annotations }, titleOf) {
  return {
    alerts: alerts.map((alert) => ({
      ...alert, kind: "alert", title: titleOf(alert), from: Date.parse(alert.time),
      to: alert.ended_at ? Date.parse(alert.ended_at) : null,
    })),
    annotations: annotations.map((event) => ({
      ...event, kind: "event", from: Date.parse(event.time),
      to: event.ended_at ? Date.parse(event.ended_at) : null,
    })),
  };
}
