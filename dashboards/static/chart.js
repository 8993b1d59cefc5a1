// Charts over time, in SVG: stacked bars and lines. Drag to zoom, point to read.

import { html, svg } from "./dom.js";
import { figure, interval, minuteOf, tick } from "./format.js";
import { bucketStarts, niceTicks, timeTicks } from "./scale.js";

const MARGIN = { top: 10, right: 10, bottom: 24, left: 46 };
const tooltip = document.getElementById("tooltip");
const drawn = new Set();

/**
 * Draw `chart` {shape, unit, title, series, from, to, step, watermark, hidden, onZoom} into
 * `body`. Series that are hidden, by name, are left out of the drawing.
 */
export function drawChart(body, chart) {
  const plot = layOut(body, chart);
  const root = svg("svg", {
    class: "chart", width: plot.width, height: plot.height, role: "img",
    "aria-label": `${chart.title}. ${describe(chart)}`,
  });
  root.append(...gridLines(plot), ...timeLabels(plot));
  if (chart.watermark && chart.watermark < chart.to) root.append(...unstored(plot));
  root.append(...(chart.shape === "bars" ? [...bars(plot), ...peak(plot)] : lines(plot)));
  const band = svg("rect", { class: "band", y: MARGIN.top, height: plot.innerHeight, width: 0 });
  root.append(band);
  body.replaceChildren(root);
  const view = { plot, band, root };
  for (const other of drawn) if (!other.root.isConnected) drawn.delete(other);
  drawn.add(view);
  listen(view);
}

function layOut(body, chart) {
  const width = Math.max(body.clientWidth, 220);
  const height = Math.max(body.clientHeight, 150);
  const innerWidth = width - MARGIN.left - MARGIN.right;
  const innerHeight = height - MARGIN.top - MARGIN.bottom;
  const shown = chart.series.filter((series) => !chart.hidden.has(series.name));
  const starts = bucketStarts(chart.from, chart.to, chart.step);
  const first = starts[0] ?? chart.from;
  const last = (starts.at(-1) ?? chart.to) + chart.step;
  const [low, high] = extent(chart, shown, starts);
  const ticks = niceTicks(low, high, height < 190 ? 3 : 5, chart.unit === "posts");
  const floor = Math.min(low, ticks[0]);
  const ceiling = ticks.at(-1);
  const x = (at) => MARGIN.left + ((at - first) / (last - first)) * innerWidth;
  const y = (value) => MARGIN.top + ((ceiling - value) / (ceiling - floor)) * innerHeight;
  return {
    ...{ chart, shown, starts, first, last, ticks, x, y },
    ...{ width, height, innerWidth, innerHeight },
  };
}

function extent(chart, shown, starts) {
  let [low, high] = [0, 0];
  for (const start of starts) {
    let [down, up] = [0, 0];
    for (const series of shown) {
      const value = series.values.get(start) ?? 0;
      if (chart.shape === "bars" && series.isDown) down -= value;
      else if (chart.shape === "bars") up += value;
      else [down, up] = [Math.min(down, value), Math.max(up, value)];
    }
    [low, high] = [Math.min(low, down), Math.max(high, up)];
  }
  if (chart.unit === "score") {
    const reach = Math.max(-low, high, 0.2);
    return [-reach, reach];
  }
  return [low, high || 1];
}

function gridLines({ chart, ticks, width, y }) {
  return ticks.flatMap((value) => {
    const at = Math.round(y(value)) + 0.5;
    const kind = value === 0 ? "axis" : "grid";
    return [
      svg("line", { class: kind, x1: MARGIN.left, x2: width - MARGIN.right, y1: at, y2: at }),
      svg("text", { class: "tick", x: MARGIN.left - 8, y: at + 4, "text-anchor": "end" },
        tick(value, chart.unit)),
    ];
  });
}

function timeLabels({ first, last, width, height, innerWidth, x }) {
  const most = Math.max(2, Math.floor(innerWidth / 68));
  return timeTicks(first, last, most).flatMap(({ at, label, isStrong }) => {
    const place = Math.round(x(at)) + 0.5;
    if (place < MARGIN.left || place > width - 24) return [];
    return [
      svg("line", { class: "grid", x1: place, x2: place, y1: height - 24, y2: height - 19 }),
      svg("text", { class: isStrong ? "tick strong" : "tick", x: place, y: height - 6,
        "text-anchor": place < MARGIN.left + 24 ? "start" : "middle" }, label),
    ];
  });
}

function unstored({ chart, x, width, innerHeight }) {
  const from = Math.max(x(chart.watermark), MARGIN.left);
  return [
    svg("rect", { class: "unstored", x: from, y: MARGIN.top, height: innerHeight,
      width: Math.max(width - MARGIN.right - from, 0) }),
    svg("line", { class: "watermark", x1: from, x2: from, y1: MARGIN.top,
      y2: MARGIN.top + innerHeight }),
    svg("title", {}, "Not stored yet"),
  ];
}

function bars({ chart, shown, starts, x, y }) {
  const up = new Map();
  const down = new Map();
  const gap = x(starts[0] + chart.step) - x(starts[0]) > 5 ? 1 : 0;
  return shown.map((series) => {
    const stack = series.isDown ? down : up;
    const sign = series.isDown ? -1 : 1;
    let path = "";
    for (const start of starts) {
      const value = series.values.get(start);
      if (!value) continue;
      const base = stack.get(start) ?? 0;
      stack.set(start, base + value * sign);
      const left = Math.round(x(start));
      const right = Math.max(Math.round(x(start + chart.step)) - gap, left + 1);
      const [from, to] = [y(base), y(base + value * sign)].map((at) => at.toFixed(1));
      path += `M${left} ${from}V${to}H${right}V${from}Z`;
    }
    return svg("path", { d: path, class: series.isDown ? "bar down" : "bar",
      style: { fill: series.color } });
  });
}

/** Say how high the highest stack is, and when. */
function peak({ shown, starts, x, y, width, chart }) {
  const height = (start) => shown.reduce(
    (sum, series) => sum + (series.isDown ? 0 : series.values.get(start) ?? 0), 0);
  const highest = starts.reduce((best, start) => height(start) > height(best) ? start : best);
  if (starts.length < 12 || height(highest) < 3) return [];
  const isRight = x(highest) > width - 190;
  const at = isRight ? x(highest) - 6 : x(highest + chart.step) + 6;
  return [svg("text", { class: "peak", x: at, y: y(height(highest)) + 10,
    "text-anchor": isRight ? "end" : "start" },
    `${figure(height(highest), chart.unit)} on ${minuteOf(highest)}`)];
}

function lines(plot) {
  return plot.shown.flatMap((series) => {
    const points = plot.starts
      .map((start) => [plot.x(start + plot.chart.step / 2), series.values.get(start)])
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([at, value]) => [at.toFixed(1), plot.y(value).toFixed(1)]);
    if (!points.length) return [];
    const d = `M${points.map((point) => point.join(" ")).join("L")}`;
    const parts = [];
    if (plot.chart.unit === "score") {
      const zero = plot.y(0).toFixed(1);
      parts.push(svg("path", { class: "fill", style: { fill: series.color },
        d: `M${points[0][0]} ${zero}L${d.slice(1)}L${points.at(-1)[0]} ${zero}Z` }));
    }
    parts.push(svg("path", { class: "line", d, style: { stroke: series.color } }));
    const [lastX, lastY] = points.at(-1);
    parts.push(svg("circle", { cx: lastX, cy: lastY, r: 3, style: { fill: series.color } }));
    return parts;
  });
}

function listen(view) {
  const { root, plot } = view;
  let held = null;
  const startAt = (event) => {
    const inside = event.clientX - root.getBoundingClientRect().left - MARGIN.left;
    const part = Math.min(Math.max(inside / plot.innerWidth, 0), 0.9999);
    const at = plot.first + part * (plot.last - plot.first);
    return Math.floor(at / plot.chart.step) * plot.chart.step;
  };
  root.addEventListener("pointerdown", (event) => {
    held = startAt(event);
  });
  root.addEventListener("pointermove", (event) => {
    const at = startAt(event);
    const from = held === null ? at : Math.min(held, at);
    for (const other of drawn) mark(other, from, Math.max(held ?? at, at));
    if (held === null) showTooltip(view, at, event);
    else tooltip.hidden = true;
  });
  root.addEventListener("pointerup", (event) => {
    const [one, other] = [held, startAt(event)];
    held = null;
    if (one === null || one === other) return;
    plot.chart.onZoom(Math.min(one, other), Math.max(one, other) + plot.chart.step);
  });
  root.addEventListener("pointerleave", () => {
    held = null;
    tooltip.hidden = true;
    for (const other of drawn) other.band.setAttribute("width", 0);
  });
}

function mark({ plot, band }, from, to) {
  const left = Math.max(plot.x(from), MARGIN.left);
  const right = Math.min(plot.x(to + plot.chart.step), plot.width - MARGIN.right);
  band.setAttribute("x", left);
  band.setAttribute("width", Math.max(right - left, 0));
}

function showTooltip({ plot: { chart, shown } }, start, event) {
  const rows = shown
    .map((series) => ({ series, value: series.values.get(start) }))
    .filter(({ value }) => (chart.shape === "bars" ? value : value !== undefined && value !== null));
  tooltip.replaceChildren(
    html("strong", {}, `${minuteOf(start)} UTC`),
    html("small", {}, interval(chart.step / 1000)),
    ...rows.map(({ series, value }) =>
      html("div", {},
        html("i", { style: { background: series.color } }),
        html("span", {}, series.label),
        html("b", {}, figure(value, chart.unit)))),
    ...(rows.length ? [] : [html("div", {}, html("span", {}, "nothing"))]),
  );
  tooltip.hidden = false;
  const box = tooltip.getBoundingClientRect();
  const isRight = event.clientX + box.width + 24 > window.innerWidth;
  tooltip.style.left = `${Math.max(4, isRight ? event.clientX - box.width - 14 : event.clientX + 14)}px`;
  tooltip.style.top = `${Math.max(4, Math.min(event.clientY - 20, window.innerHeight - box.height - 4))}px`;
}

function describe(chart) {
  return chart.series
    .map((series) => chart.shape === "bars"
      ? `${series.label}: ${figure(series.total, chart.unit)}` : series.label)
    .join("; ");
}
