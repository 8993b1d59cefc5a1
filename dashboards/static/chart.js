// Charts over time, in SVG. Drag to zoom, point to read, choose a bar to see its posts; or the same
// by keyboard.

import { html, svg } from "./dom.js";
import { figure } from "./format.js";
import { alertBands, annotations, peak, series, unstored } from "./marks.js";
import { gridLines, layOut, timeLabels } from "./plot.js";
import { listen, point } from "./pointer.js";

const HOW = "Arrow keys go from bar to bar, Enter shows the posts of one, Z looks closer.";

/**
 * Draw `chart` into `body`: {title, unit, series, from, to, step, hidden: Set of names left out,
 * watermark, alerts, annotations, isSmall, extent, onZoom(from, to), onPick(from, to, series)}.
 * What holds the keyboard or the pointer stays where it is when the chart is drawn anew.
 */
export function drawChart(body, chart) {
  let holder = body.querySelector(":scope > .plot");
  if (!holder) {
    holder = html("div", { class: "plot", tabindex: 0, role: "application",
      "aria-roledescription": "chart" });
    body.replaceChildren(holder);
    listen(holder);
  }
  const plot = layOut(chart, holder.clientWidth, holder.clientHeight);
  holder.setAttribute("aria-label", `${chart.title}. ${describe(chart)}. ${HOW}`);
  const root = svg("svg", {
    class: "chart", width: plot.width, height: plot.height, "aria-hidden": "true",
  });
  const band = svg("rect", {
    class: "band", y: plot.margin.top, height: plot.innerHeight, width: 0,
  });
  root.append(
    ...gridLines(plot), ...timeLabels(plot), ...unstored(plot), ...alertBands(plot),
    ...series(plot), ...(chart.isSmall ? [] : peak(plot)), ...annotations(plot), band);
  holder.replaceChildren(root);
  holder.view = { plot, band, root };
  point(holder);
}

function describe(chart) {
  const totals = chart.series.map((one) =>
    one.mark === "bar" ? `${one.label}: ${figure(one.total, chart.unit)}` : one.label);
  return totals.join("; ");
}
