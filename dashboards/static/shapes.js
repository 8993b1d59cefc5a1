// What is not a chart over time: figures, rankings, tables.

import { html, signButton, webAddress } from "./dom.js";
import { figure, language, minuteOf, moment, shortMoment, words, zoneName } from "./format.js";
import { colorOf } from "./series.js";

const LONG_LETTERS = 12;

/** Draw one row of figures; a figure that changed lights up. */
export function drawStats(body, panel, answer) {
  const row = answer.rows[0] ?? [];
  const before = body.shownFigures ?? {};
  body.shownFigures = {};
  body.replaceChildren(
    html("dl", { class: "stats" },
      ...panel.columns.map((column) => {
        const shown = figure(row[answer.columns.indexOf(column.name)], column.unit);
        body.shownFigures[column.name] = shown;
        const hasChanged = before[column.name] !== undefined && before[column.name] !== shown;
        return html("div", { class: hasChanged ? "stat changed" : "stat" },
          html("dt", {}, column.label),
          html("dd", { class: shown.length > LONG_LETTERS ? "long" : "", style: column.color ? { color: `var(--${column.color})` } : {} }, shown));
      })));
}

/** Draw bars across, each as long as its part of the longest (or, for shares, of the whole). */
export function drawRanking(body, panel, answer, look, openers) {
  const [name, value] = panel.columns;
  const longest = value.unit === "share"
    ? 1 : Math.max(...answer.rows.map((row) => row[1] ?? 0), Number.MIN_VALUE);
  body.replaceChildren(
    html("ol", { class: "ranking" },
      ...answer.rows.map(([key, amount]) =>
        html("li", {},
          html("span", { class: "label", title: key, dir: "auto" },
            opened(name, readable(name, key, look), key, openers)),
          html("span", { class: "track" },
            html("span", { class: "fill", style: {
              width: `${Math.min((100 * (amount ?? 0)) / longest, 100)}%`,
              background: name.name === "entity" ? colorOf(key, look) : "var(--blue)",
            } })),
          html("b", {}, figure(amount, value.unit))))));
}

/**
 * Draw a table. `openers` has what a click on a value opens, by what its column says that it opens;
 * its `row` is called with all values of a row, by their names.
 */
export function drawTable(body, panel, answer, look, openers) {
  const columns = panel.columns.filter(({ name }) => answer.columns.includes(name) && name !== "id");
  const places = columns.map((column) => answer.columns.indexOf(column.name));
  const times = places.filter((_, index) => columns[index].unit === "time");
  const moments = answer.rows.flatMap((row) => times.map((place) => row[place])).filter(Boolean);
  const isOfYears = new Set(moments.map((value) => value.slice(0, 4))).size > 1;
  const longest = places.map((place) => Math.max(...answer.rows.map((row) => Number(row[place]) || 0)));
  const head = columns.map((column) =>
    html("th", { scope: "col", class: isNumber(column) ? "number" : "" }, column.label));
  const lines = answer.rows.map((row) => {
    const cells = columns.map((column, index) => {
      const value = row[places[index]];
      const inside = cell(column, value, longest[index], look, isOfYears);
      return html("td", { class: `in-${column.unit} ${isNumber(column) ? "number" : ""}`,
        "data-label": column.label }, opened(column, inside, value, openers));
    });
    if (openers.row) cells.unshift(html("td", { class: "in-row" },
      signButton("look", "What lies behind it", () => openers.row(byName(answer, row)))));
    return html("tr", {}, ...cells);
  });
  if (openers.row) head.unshift(html("th", {}, html("span", { class: "unseen" }, "What lies behind it")));
  fillTable(body, panel.title, head, lines);
}

/** Draw a chart's series as a table, the newest first: what a screen reader reads, or a person. */
export function drawSeriesTable(body, chart) {
  const starts = [...new Set(chart.series.flatMap(({ values }) => [...values.keys()]))];
  const head = [html("th", { scope: "col" }, "From"), ...chart.series.map((one) =>
    html("th", { scope: "col", class: "number" }, one.label))];
  const lines = starts.sort((one, other) => other - one).map((start) =>
    html("tr", {},
      html("td", { class: "in-time", "data-label": "From" }, minuteOf(start)),
      ...chart.series.map((one) =>
        html("td", { class: "number", "data-label": one.label },
          figure(one.values.get(start) ?? (one.mark === "bar" ? 0 : null), chart.unit)))));
  fillTable(body, chart.title, head, lines);
}

function opened(column, inside, value, openers) {
  const open = value ? openers[column.opens] : null;
  return open ? html("button", { type: "button", class: "open", onclick: () => open(value) }, inside)
    : inside;
}

const byName = (answer, row) =>
  Object.fromEntries(answer.columns.map((name, index) => [name, row[index]]));

function fillTable(body, title, head, lines) {
  const old = body.querySelector(":scope > .scroll");
  const [left, top] = [old?.scrollLeft ?? 0, old?.scrollTop ?? 0];
  const scroll = html("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": title },
    html("table", {}, html("thead", {}, html("tr", {}, ...head)), html("tbody", {}, ...lines)));
  if (old?.contains(document.activeElement)) return; // who is in it by keyboard is not thrown out
  body.replaceChildren(scroll);
  scroll.scrollTo(left, top);
}

function cell(column, value, longest, look, isOfYears) {
  if (column.name === "direction") return html("span", { class: `pill ${value}` }, value);
  if (column.unit === "state") {
    return html("span", { class: `pill state-${String(value).split(/[ ,]/)[0]}` }, value);
  }
  if (column.name === "entity" && value) {
    return html("span", { class: "entity" },
      html("i", { style: { background: colorOf(value, look) } }), look.names[value] ?? value);
  }
  if (column.color && typeof value === "number") {
    const whole = column.unit === "share" ? 1 : longest || 1;
    return html("span", { class: "gauge" },
      html("span", { class: "track" }, html("span", { class: "fill", style: {
        width: `${(100 * Math.max(value, 0)) / whole}%`, background: `var(--${column.color})` } })),
      html("span", {}, figure(value, column.unit)));
  }
  if (column.unit === "time") {
    if (!value) return "–";
    return html("time", { datetime: value, title: `${moment(value)} ${zoneName()}` },
      isOfYears ? minuteOf(value) : shortMoment(value));
  }
  const address = column.name === "url" || column.name === "link" ? webAddress(value) : null;
  if (address) {
    return html("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, value);
  }
  return column.unit === "text" ? html("bdi", {}, readable(column, value, look))
    : readable(column, value, look);
}

function readable(column, value, look) {
  if (column.name === "entity") return look.names[value] ?? value;
  if (column.name === "language") return language(value);
  if (column.name === "signal") return words(value);
  if (column.name === "author") return shortName(value);
  return Array.isArray(value) ? value.join(", ") : figure(value, column.unit);
}

/** Shorten a pseudonym to what the eye can tell apart. */
export function shortName(author) {
  return author.length > 12 ? `${author.slice(0, 10)}…` : author || "unknown";
}

function isNumber(column) {
  return ["posts", "authors", "records", "share", "score", "seconds", "times", "rate"].includes(column.unit);
}
