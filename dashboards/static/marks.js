// What is drawn in a chart: bars, lines, points, and over them what is known of the time.

import { svg } from "./dom.js";
import { figure, minuteOf } from "./format.js";

const LEAST_WIDTH = 3;
const NAME_LETTERS = 40;

/** Draw every series by its mark: bars first, so that lines and points stand before them. */
export function series(plot) {
  const by = (mark) => plot.shown.filter((one) => one.mark === mark);
  return [...bars(plot, by("bar")), ...lines(plot, by("line")), ...points(plot, by("point"))];
}

function bars({ chart, starts, x, y }, shown) {
  const up = new Map();
  const down = new Map();
  const width = starts.length ? x(starts[0] + chart.step) - x(starts[0]) : 0;
  const gap = width > 14 ? 2 : width > 5 ? 1 : 0;
  return shown.map((one) => {
    const stack = one.isDown ? down : up;
    const sign = one.isDown ? -1 : 1;
    let path = "";
    for (const start of starts) {
      const value = one.values.get(start);
      if (!value) continue;
      const base = stack.get(start) ?? 0;
      stack.set(start, base + value * sign);
      const left = Math.round(x(start));
      const right = Math.max(Math.round(x(start + chart.step)) - gap, left + 1);
      const [from, to] = [y(base), y(base + value * sign)].map((at) => at.toFixed(1));
      path += `M${left} ${from}V${to}H${right}V${from}Z`;
    }
    return svg("path", { d: path, class: one.isDown ? "bar down" : "bar",
      style: { fill: one.color } });
  });
}

function placed({ starts, x, y, chart }, one) {
  return starts
    .map((start) => [x(start + chart.step / 2), one.values.get(start)])
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([at, value]) => [at.toFixed(1), y(value).toFixed(1)]);
}

function lines(plot, shown) {
  return shown.flatMap((one) => {
    const points = placed(plot, one);
    if (!points.length) return [];
    const d = `M${points.map((point) => point.join(" ")).join("L")}`;
    const parts = [];
    if (plot.chart.unit === "score" && shown.length === 1) {
      const zero = plot.y(0).toFixed(1);
      parts.push(svg("path", { class: "fill", style: { fill: one.color },
        d: `M${points[0][0]} ${zero}L${d.slice(1)}L${points.at(-1)[0]} ${zero}Z` }));
    }
    const isOver = plot.shown.some(({ mark }) => mark === "bar");
    if (isOver) parts.push(svg("path", { class: "line halo", d }));
    parts.push(svg("path", { class: "line", d, style: { stroke: one.color } }));
    const [lastX, lastY] = points.at(-1);
    if (!isOver) parts.push(svg("circle", { cx: lastX, cy: lastY, r: 3, style: { fill: one.color } }));
    return parts;
  });
}

function points(plot, shown) {
  return shown.flatMap((one) =>
    placed(plot, one).map(([cx, cy]) =>
      svg("circle", { class: "point", cx, cy, r: 5, style: { fill: one.color } })));
}

/** Say how high the highest stack is, and when. */
export function peak({ chart, shown, starts, x, y, width }) {
  const stacked = shown.filter((one) => one.mark === "bar" && !one.isDown);
  const height = (start) => stacked.reduce((sum, one) => sum + (one.values.get(start) ?? 0), 0);
  if (!stacked.length || starts.length < 12) return [];
  const highest = starts.reduce((best, start) => (height(start) > height(best) ? start : best));
  if (height(highest) < 3) return [];
  const isRight = x(highest) > width - 190;
  const at = isRight ? x(highest) - 6 : x(highest + chart.step) + 6;
  return [svg("text", { class: "peak", x: at, y: y(height(highest)) + 10,
    "text-anchor": isRight ? "end" : "start" },
    `${figure(height(highest), chart.unit)} on ${minuteOf(highest)}`)];
}

/** Shade what is not stored yet. */
export function unstored({ chart, margin, x, width, innerHeight }) {
  if (!chart.watermark || chart.watermark >= chart.to) return [];
  const from = Math.max(x(chart.watermark), margin.left);
  const bottom = margin.top + innerHeight;
  return [
    svg("rect", { class: "unstored", x: from, y: margin.top, height: innerHeight,
      width: Math.max(width - margin.right - from, 0) }, svg("title", {}, "Not stored yet")),
    svg("line", { class: "watermark", x1: from, x2: from, y1: margin.top, y2: bottom }),
  ];
}

/** Shade the stretches in which an alert lasted, behind the values: once, however many did. */
export function alertBands(plot) {
  const { chart, margin, width, innerHeight } = plot;
  const stretches = (chart.alerts ?? [])
    .map((alert) => limits(plot, alert.from, alert.to ?? chart.to))
    .filter(([left, right]) => right > margin.left && left < width - margin.right)
    .sort(([one], [other]) => one - other);
  const together = [];
  for (const [left, right] of stretches) {
    const last = together.at(-1);
    if (last && left <= last[1] + LEAST_WIDTH) last[1] = Math.max(last[1], right);
    else together.push([left, Math.max(right, left + LEAST_WIDTH)]);
  }
  return together.flatMap(([left, right]) => [
    svg("rect", { class: "alert-band", x: left, y: margin.top, height: innerHeight,
      width: right - left }),
    svg("rect", { class: "alert-bar", x: left, y: margin.top - 3, height: 3, width: right - left }),
  ]);
}

/** Draw a line and a flag where something known happened, with its name where there is room. */
export function annotations(plot) {
  const { chart, margin, x, width, innerHeight } = plot;
  let free = 0;
  const inOrder = [...(chart.annotations ?? [])].sort((one, other) => one.from - other.from);
  return inOrder.flatMap((event) => {
    const at = Math.round(x(event.from)) + 0.5;
    if (at < margin.left || at > width - margin.right) return [];
    const name = event.title.length > NAME_LETTERS
      ? `${event.title.slice(0, NAME_LETTERS - 1)}…` : event.title;
    const hasRoom = at >= free && at + name.length * 6.6 + 12 < width;
    if (hasRoom) free = at + name.length * 6.6 + 16;
    return [
      svg("line", { class: "event", x1: at, x2: at, y1: margin.top - 8, y2: margin.top + innerHeight }),
      svg("path", { class: "event-flag", d: `M${at} ${margin.top - 12}h7l-2 3l2 3h-7z` }),
      hasRoom ? svg("text", { class: "event-name", x: at + 10, y: margin.top - 4 }, name) : null,
    ].filter(Boolean);
  });
}

function limits({ x, margin, width }, from, to) {
  const inside = (at) => Math.min(Math.max(x(at), margin.left), width - margin.right);
  return [inside(from), inside(to)];
}
