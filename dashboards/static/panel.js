// One panel of a board: asks for its rows, one request at a time, and draws them.

import { drawChart } from "./chart.js";
import { html } from "./dom.js";
import { figure, interval } from "./format.js";
import { drawPosts } from "./posts.js";
import { readSeries } from "./series.js";
import { drawRanking, drawStats, drawTable } from "./shapes.js";

const REST = 4; // a panel rests this many times as long as its query took

/** A panel in the page. `context` has look, choose(change), and view() -> {range, trust, query}. */
export class PanelView {
  constructor(panel, context) {
    this.panel = panel;
    this.context = context;
    this.hidden = new Set();
    this.shown = "";
    this.isBusy = false;
    this.isWanted = false;
    this.subtitle = html("small", {}, panel.why);
    this.legend = html("div", { class: "legend" });
    this.body = html("div", { class: `body is-${panel.shape}` });
    this.element = html("section", {
      class: `card is-${panel.shape}`, "data-panel": panel.id,
    }, html("header", {}, html("h2", {}, panel.title), this.subtitle), this.legend, this.body);
    this.element.style.setProperty("--width", panel.width);
    this.element.style.setProperty("--height", `${panel.height * 30}px`);
    new ResizeObserver(() => this.redraw()).observe(this.body);
  }

  /** Ask for the rows and draw them; while a request is under way, note that another is due. */
  async refresh() {
    if (this.isBusy) {
      this.isWanted = true;
      return;
    }
    this.isBusy = true;
    const began = performance.now();
    try {
      const response = await fetch(`/api/panel/${this.panel.id}?${this.context.view().query}`);
      const text = await response.text();
      const answer = JSON.parse(text);
      if (!response.ok) throw new Error(answer.error);
      if (text !== this.shown) {
        this.shown = text;
        this.answer = answer;
        this.draw();
      }
      this.element.classList.remove("stale");
    } catch (error) {
      this.element.classList.add("stale");
      if (!this.answer) this.say(error.message);
    }
    const rest = REST * (performance.now() - began);
    setTimeout(() => {
      this.isBusy = false;
      if (this.isWanted && this.element.isConnected) {
        this.isWanted = false;
        this.refresh();
      }
    }, rest);
  }

  redraw() {
    if (this.answer && ["bars", "line"].includes(this.panel.shape)) this.draw();
  }

  draw() {
    const { panel, answer, body } = this;
    const { look } = this.context;
    if (!answer.rows.length) {
      this.legend.replaceChildren();
      this.say(panel.empty);
    } else if (panel.shape === "stats") drawStats(body, panel, answer);
    else if (panel.shape === "ranking") drawRanking(body, panel, answer, look);
    else if (panel.shape === "posts") drawPosts(body, panel, answer, look);
    else if (panel.shape === "table") drawTable(body, panel, answer, look, this.opener());
    else this.drawTimes();
  }

  drawTimes() {
    const { panel, answer } = this;
    const { trust } = this.context.view();
    const series = readSeries(panel, answer, this.context.look);
    this.drawLegend(series);
    const heading = panel.title.replace("per interval", `per ${interval(answer.interval_seconds)}`);
    this.element.querySelector("h2").textContent = heading;
    drawChart(this.body, {
      shape: panel.shape, unit: panel.unit, title: heading, series, hidden: this.hidden,
      from: Date.parse(answer.from_at), to: Date.parse(answer.to_at),
      step: answer.interval_seconds * 1000,
      watermark: trust?.watermark && trust.state !== "finished" ? Date.parse(trust.watermark) : null,
      onZoom: (from, to) =>
        this.context.choose({ range: "custom", from: from / 1000, to: to / 1000 }),
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
          },
        }, html("i", { class: one.isDown ? "down" : "", style: { background: one.color } }), one.label,
        this.panel.shape === "bars" ? html("b", {}, figure(one.total, this.panel.unit)) : null)));
  }

  opener() {
    const first = this.panel.columns[0].name;
    if (this.panel.id === "entities") {
      return (entity) => this.context.choose({ board: "entity", entity });
    }
    if (this.panel.id === "runs" && first === "run") {
      return (run) => this.context.choose(
        { board: "overview", run, entity: "", platform: "", lang: "", range: "" });
    }
    return null;
  }

  say(words) {
    this.body.shownPosts = undefined;
    this.body.replaceChildren(html("p", { class: "empty" }, words));
  }
}
