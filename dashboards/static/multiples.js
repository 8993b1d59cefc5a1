// Small multiples: one small chart for each series, all on one scale, so that sizes compare.

import { drawChart } from "./chart.js";
import { html } from "./dom.js";
import { figure } from "./format.js";
import { extent } from "./plot.js";
import { bucketStarts } from "./scale.js";

/** Draw `chart` (see drawChart) as one chart a series; `open(series)` follows its name, if given. */
export function drawMultiples(body, chart, open) {
  const starts = bucketStarts(chart.from, chart.to, chart.step);
  const extents = chart.series.map((one) => extent(chart.unit, [one], starts));
  const shared = [Math.min(...extents.map(([low]) => low)), Math.max(...extents.map(([, high]) => high))];
  const grid = body.querySelector(":scope > .multiples") ?? html("div", { class: "multiples" });
  const kept = new Map([...grid.children].map((cell) => [cell.seriesName, cell]));
  const cells = chart.series.map((one) => {
    const cell = kept.get(one.name) ?? emptyCell(one, open);
    cell.querySelector("b").textContent = figure(one.total, chart.unit);
    return cell;
  });
  if (cells.some((cell, index) => grid.children[index] !== cell) || grid.children.length !== cells.length) {
    grid.replaceChildren(...cells);
  }
  if (!grid.isConnected) body.replaceChildren(grid);
  chart.series.forEach((one, index) => {
    drawChart(cells[index].querySelector(".small"), {
      ...chart, title: `${chart.title}: ${one.label}`, series: [one], extent: shared, isSmall: true,
      hidden: new Set(), annotations: [],
      alerts: chart.alerts?.filter(({ entity }) => entity === one.name),
      onPick: (from, to) => chart.onPick(from, to, one),
    });
  });
}

function emptyCell(one, open) {
  const name = open
    ? html("button", { type: "button", class: "open", onclick: () => open(one.name) }, one.label)
    : html("span", {}, one.label);
  const cell = html("figure", { class: "multiple" },
    html("figcaption", {}, html("i", { style: { background: one.color } }), name, html("b", {}, "")),
    html("div", { class: "small" }));
  cell.seriesName = one.name;
  return cell;
}
