// Where things stand in a chart: sizes, scales, axes. Nothing is drawn here but the axes.

import { svg } from "./dom.js";
import { tick } from "./format.js";
import { bucketStarts, niceTicks, timeTicks } from "./scale.js";

const FULL = { top: 14, right: 10, bottom: 24, left: 46 };
const SMALL = { top: 6, right: 4, bottom: 18, left: 30 };
const LOW = 190; // a chart lower than this has fewer lines

/** Return the layout of `chart` in a box: series shown, scales x(at) and y(value), margins. */
export function layOut(chart, boxWidth, boxHeight) {
  const margin = chart.isSmall ? SMALL : FULL;
  const width = Math.max(boxWidth, 120);
  const height = Math.max(boxHeight, chart.isSmall ? 70 : 150);
  const innerWidth = width - margin.left - margin.right;
  const innerHeight = height - margin.top - margin.bottom;
  const shown = chart.series.filter((series) => !chart.hidden.has(series.name));
  const starts = bucketStarts(chart.from, chart.to, chart.step);
  const first = starts[0] ?? chart.from;
  const last = (starts.at(-1) ?? chart.to) + chart.step;
  const [low, high] = chart.extent ?? extent(chart.unit, shown, starts);
  const most = chart.isSmall ? 2 : height < LOW ? 3 : 5;
  const ticks = niceTicks(low, high, most, chart.unit === "posts");
  const floor = Math.min(low, ticks[0]);
  const ceiling = ticks.at(-1);
  const x = (at) => margin.left + ((at - first) / (last - first)) * innerWidth;
  const y = (value) => margin.top + ((ceiling - value) / (ceiling - floor)) * innerHeight;
  return {
    ...{ chart, margin, shown, starts, first, last, ticks, x, y },
    ...{ width, height, innerWidth, innerHeight },
  };
}

/** Return the lowest and highest value drawn: bars add up, lines and points stand by themselves. */
export function extent(unit, shown, starts) {
  let [low, high] = [0, 0];
  for (const start of starts) {
    let [down, up] = [0, 0];
    for (const series of shown) {
      const value = series.values.get(start) ?? 0;
      if (series.mark !== "bar") [low, high] = [Math.min(low, value), Math.max(high, value)];
      else if (series.isDown) down -= value;
      else up += value;
    }
    [low, high] = [Math.min(low, down), Math.max(high, up)];
  }
  if (unit === "score") {
    const reach = Math.max(-low, high, 0.2);
    return [-reach, reach];
  }
  return [low, high || 1];
}

/** Draw the lines behind the values, and their figures. */
export function gridLines({ chart, margin, ticks, width, y }) {
  return ticks.flatMap((value) => {
    const at = Math.round(y(value)) + 0.5;
    const kind = value === 0 ? "axis" : "grid";
    return [
      svg("line", { class: kind, x1: margin.left, x2: width - margin.right, y1: at, y2: at }),
      svg("text", { class: "tick", x: margin.left - 8, y: at + 4, "text-anchor": "end" },
        tick(value, chart.unit)),
    ];
  });
}

/** Draw the times below. */
export function timeLabels({ chart, margin, first, last, width, height, innerWidth, x }) {
  const most = Math.max(2, Math.floor(innerWidth / (chart.isSmall ? 76 : 68)));
  return timeTicks(first, last, most).flatMap(({ at, label, isStrong }) => {
    const place = Math.round(x(at)) + 0.5;
    if (place < margin.left || place > width - 24) return [];
    const below = height - margin.bottom;
    return [
      svg("line", { class: "grid", x1: place, x2: place, y1: below, y2: below + 5 }),
      svg("text", { class: isStrong ? "tick strong" : "tick", x: place, y: height - 5,
        "text-anchor": place < margin.left + 24 ? "start" : "middle" }, label),
    ];
  });
}
