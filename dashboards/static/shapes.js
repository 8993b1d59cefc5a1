// What is not a chart over time: figures, rankings, tables.

import { html } from "./dom.js";
import { figure, language, minuteOf } from "./format.js";
import { colorOf } from "./series.js";

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
          html("dd", { style: column.color ? { color: `var(--${column.color})` } : {} }, shown));
      })));
}

/** Draw bars across, each as long as its part of the longest (or, for shares, of the whole). */
export function drawRanking(body, panel, answer, look) {
  const [name, value] = panel.columns;
  const longest = value.unit === "share"
    ? 1 : Math.max(...answer.rows.map((row) => row[1] ?? 0), Number.MIN_VALUE);
  body.replaceChildren(
    html("ol", { class: "ranking" },
      ...answer.rows.map(([key, amount]) =>
        html("li", {},
          html("span", { class: "label", title: key }, readable(name, key, look)),
          html("span", { class: "track" },
            html("span", { class: "fill", style: {
              width: `${Math.min((100 * (amount ?? 0)) / longest, 100)}%`,
              background: name.name === "entity" ? colorOf(key, look) : "var(--blue)",
            } })),
          html("b", {}, figure(amount, value.unit))))));
}

/** Draw a table; `open(row)` is called when a row is chosen, if given. */
export function drawTable(body, panel, answer, look, open) {
  const places = panel.columns.map((column) => answer.columns.indexOf(column.name));
  const longest = places.map((place) => Math.max(...answer.rows.map((row) => Number(row[place]) || 0)));
  const head = panel.columns.map((column) =>
    html("th", { scope: "col", class: isNumber(column) ? "number" : "" }, column.label));
  const lines = answer.rows.map((row) => {
    const cells = panel.columns.map((column, index) => {
      const inside = cell(column, row[places[index]], longest[index], look);
      const isLink = index === 0 && open;
      return html("td", { class: `in-${column.unit} ${isNumber(column) ? "number" : ""}` },
        isLink ? html("button", { type: "button", class: "open", onclick: () => open(row[places[0]]) },
          inside) : inside);
    });
    return html("tr", {}, ...cells);
  });
  body.replaceChildren(
    html("div", { class: "scroll" },
      html("table", {}, html("thead", {}, html("tr", {}, ...head)), html("tbody", {}, ...lines))));
}

function cell(column, value, longest, look) {
  if (column.name === "direction") return html("span", { class: `pill ${value}` }, value);
  if (column.name === "entity") {
    return html("span", { class: "entity" },
      html("i", { style: { background: colorOf(value, look) } }), look.names[value] ?? value);
  }
  if (column.color && typeof value === "number") {
    const whole = column.unit === "share" ? 1 : longest || 1;
    return html("span", { class: "gauge" },
      html("span", { class: "track" }, html("span", { class: "fill", style: {
        width: `${(100 * value) / whole}%`, background: `var(--${column.color})` } })),
      html("span", {}, figure(value, column.unit)));
  }
  if (column.unit === "time") {
    return value ? html("span", { title: figure(value, "time") }, minuteOf(value)) : "–";
  }
  return readable(column, value, look);
}

function readable(column, value, look) {
  if (column.name === "entity") return look.names[value] ?? value;
  if (column.name === "language") return language(value);
  if (column.name === "author") return shortName(value);
  return figure(value, column.unit);
}

/** Shorten a pseudonym to what the eye can tell apart. */
export function shortName(author) {
  return author.length > 12 ? `${author.slice(0, 10)}…` : author || "unknown";
}

function isNumber(column) {
  return ["posts", "authors", "records", "share", "score", "seconds"].includes(column.unit);
}
