// Pointing at a chart, with a mouse, a finger or the keyboard; all charts show the same moment.

import { html } from "./dom.js";
import { figure, interval, minuteOf, zoneName } from "./format.js";

const tooltip = document.getElementById("tooltip");
const holders = new Set();
let pointed = null; // {from, to}: the starts of the first and last interval pointed at

/** Let a chart's holder be pointed at; `holder.view` has what is drawn in it. */
export function listen(holder) {
  for (const other of holders) if (!other.isConnected) holders.delete(other);
  holders.add(holder);
  let held = null;
  holder.addEventListener("pointerdown", (event) => {
    if (event.button === 0) held = startAt(holder, event);
  });
  holder.addEventListener("pointermove", (event) => {
    const at = startAt(holder, event);
    show({ from: Math.min(held ?? at, at), to: Math.max(held ?? at, at) });
    if (held === null || held === at) showTooltip(holder, at, event.clientX, event.clientY);
    else tooltip.hidden = true;
  });
  holder.addEventListener("pointerup", (event) => {
    const [one, other] = [held, startAt(holder, event)];
    held = null;
    if (one === null) return;
    tooltip.hidden = true;
    const { plot } = holder.view;
    if (one === other) plot.chart.onPick(one, one + plot.chart.step, seriesAt(plot, one, holder, event));
    else plot.chart.onZoom(Math.min(one, other), Math.max(one, other) + plot.chart.step);
  });
  const leave = () => {
    held = null;
    hide();
  };
  holder.addEventListener("pointerleave", leave);
  holder.addEventListener("pointercancel", leave);
  holder.addEventListener("blur", () => {
    holder.left = pointed;
    hide();
  });
  holder.addEventListener("focus", () => {
    if (holder.left && holder.matches(":focus-visible")) show(holder.left);
  });
  holder.addEventListener("keydown", (event) => onKey(holder, event));
}

/** Show in a chart drawn anew what is pointed at. */
export function point(holder) {
  const { plot, band } = holder.view;
  if (!pointed) return band.setAttribute("width", 0);
  const left = Math.max(plot.x(pointed.from), plot.margin.left);
  const end = plot.x(pointed.to + plot.chart.step);
  const right = Math.min(end, plot.width - plot.margin.right);
  band.setAttribute("x", left);
  return band.setAttribute("width", Math.max(right - left, 0));
}

function show(next) {
  pointed = next;
  for (const holder of holders) if (holder.view) point(holder);
}

function hide() {
  tooltip.hidden = true;
  show(null);
}

function startAt({ view: { plot, root } }, event) {
  const inside = event.clientX - root.getBoundingClientRect().left - plot.margin.left;
  const part = Math.min(Math.max(inside / plot.innerWidth, 0), 0.9999);
  const at = plot.first + part * (plot.last - plot.first);
  return Math.floor(at / plot.chart.step) * plot.chart.step;
}

/** Return the series whose bar is under the pointer, if one is. */
function seriesAt(plot, start, { view: { root } }, event) {
  const height = event.clientY - root.getBoundingClientRect().top;
  let [up, down] = [0, 0];
  for (const one of plot.shown.filter(({ mark }) => mark === "bar")) {
    const value = one.values.get(start) ?? 0;
    const base = one.isDown ? down : up;
    const top = base + (one.isDown ? -value : value);
    if (one.isDown) down = top;
    else up = top;
    const [high, low] = [Math.min(plot.y(base), plot.y(top)), Math.max(plot.y(base), plot.y(top))];
    if (value && height >= high && height <= low) return one;
  }
  return null;
}

function onKey(holder, event) {
  const { plot } = holder.view;
  const { chart, starts } = plot;
  const at = pointed ? starts.indexOf(pointed.to) : -1;
  const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
  let next = null;
  if (event.key in steps) next = at < 0 ? busiest(plot) : at + steps[event.key];
  else if (event.key === "Home") next = 0;
  else if (event.key === "End") next = starts.length - 1;
  else if (event.key === "Escape") return hide();
  else if (event.key === "Enter" && at >= 0) chart.onPick(pointed.from, pointed.to + chart.step, null);
  else if (event.key.toLowerCase() === "z" && at >= 0) {
    chart.onZoom(pointed.from - 2 * chart.step, pointed.to + 3 * chart.step);
  } else return undefined;
  event.preventDefault();
  if (next === null) return undefined;
  const to = starts[Math.min(Math.max(next, 0), starts.length - 1)];
  show({ from: event.shiftKey && pointed ? Math.min(pointed.from, to) : to, to });
  const box = holder.getBoundingClientRect();
  return showTooltip(holder, to, box.left + plot.x(to + chart.step), box.top + 24);
}

function busiest({ shown, starts }) {
  const height = (start) => shown.reduce((sum, one) => sum + (one.values.get(start) ?? 0), 0);
  return starts.indexOf(starts.reduce((best, one) => (height(one) > height(best) ? one : best)));
}

function showTooltip({ view: { plot } }, start, x, y) {
  const { chart, shown } = plot;
  const end = start + chart.step;
  const rows = shown
    .map((one) => ({ one, value: one.values.get(start) }))
    .filter(({ one, value }) => (one.mark === "bar" ? value : value !== undefined && value !== null));
  const known = [
    ...(chart.alerts ?? []).filter((alert) => alert.from < end && (alert.to ?? Infinity) >= start),
    ...(chart.annotations ?? []).filter(({ from }) => from >= start && from < end),
  ];
  tooltip.replaceChildren(
    html("strong", {}, `${minuteOf(start)} ${zoneName()}`),
    html("small", {}, interval(chart.step / 1000)),
    ...rows.map(({ one, value }) =>
      html("div", {},
        html("i", { style: { background: one.color } }),
        html("span", {}, one.label),
        html("b", {}, figure(value, chart.unit)))),
    ...(rows.length ? [] : [html("div", {}, html("span", {}, "nothing"))]),
    ...known.slice(0, 4).map(({ title, kind }) => html("div", { class: `known ${kind}` }, title)),
  );
  tooltip.hidden = false;
  const box = tooltip.getBoundingClientRect();
  const isRight = x + box.width + 24 > window.innerWidth;
  tooltip.style.left = `${Math.max(4, isRight ? x - box.width - 14 : x + 14)}px`;
  tooltip.style.top = `${Math.max(4, Math.min(y - 20, window.innerHeight - box.height - 4))}px`;
}
