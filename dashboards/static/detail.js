// What lies behind a bar, a spike or an alert: its figures, its explanation, its posts.

import { get } from "./api.js";
import { html, signButton, webAddress } from "./dom.js";
import { figure, minuteOf, moment, stretch, words, zoneName } from "./format.js";
import { card, readPosts } from "./posts.js";

const dialog = document.getElementById("detail");
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const SHARE = /share(_before)?$/;
// What stands above, ids of posts, which stand below with their texts, and what leads here.
const NOT_FOR_READING = ["since", "until", "seen", "expected", "samples", "board", "grafana"];
const MOST_ITEMS = 12;
const LONG_LETTERS = 40;
let asked = 0;

/**
 * Show what lies behind the stretch from `from` to `to`, in milliseconds.
 * `what` has title, note, figures [[label, value], …], query (URLSearchParams without a range),
 * posts (the panel whose posts show), alert (the id of one, or none), look and zoom(from, to).
 */
export async function showDetail(from, to, what) {
  const mine = ++asked;
  const query = new URLSearchParams(what.query);
  query.set("from", Math.floor(from / 1000));
  query.set("to", Math.ceil(to / 1000) - 1);
  const figures = html("dl", { class: "figures" }, ...what.figures.flatMap(pair));
  const explanations = html("div", { class: "explanations" });
  const posts = html("div", { class: "behind" }, html("p", { class: "empty" }, "Asking …"));
  dialog.replaceChildren(
    html("header", {},
      html("div", {}, html("h2", { id: "detail-title" }, what.title),
        html("small", {}, `${stretch(from, to)} ${zoneName()}${what.note ? ` · ${what.note}` : ""}`)),
      html("div", { class: "signs" },
        html("button", { type: "button", class: "plain", onclick: () => {
          dialog.close();
          what.zoom(from, to);
        } }, "Look closer at this stretch"),
        signButton("close", "Close", () => dialog.close(), { autofocus: true }))),
    figures, explanations, posts);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  await Promise.all([
    fill(posts, mine, () => get(`/api/panel/${what.posts}?${query}`), (answer) => behind(answer, what)),
    fill(explanations, mine, () => get(`/api/alerts?${query}`), ({ alerts }) => alerts
      .filter(({ id }) => !what.alert || id === what.alert)
      .map((alert) => explain(alert, what.look))),
  ]);
}

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close(); // beside it
});

async function fill(place, mine, ask, draw) {
  let found;
  try {
    found = draw(await ask());
  } catch (error) {
    found = [html("p", { class: "empty" }, error.message)];
  }
  if (mine === asked) place.replaceChildren(...found);
}

function behind(answer, what) {
  const posts = readPosts(answer);
  if (!posts.length) return [html("p", { class: "empty" }, "No post in this stretch")];
  return [html("h3", {}, posts.length < 60 ? `The ${posts.length === 1 ? "post" : `${posts.length} posts`} in it` : "The newest 60 posts in it"),
    ...posts.map((post) => card(post, what.look))];
}

const pair = ([label, value]) => [html("div", {}, html("dt", {}, label), html("dd", {}, value))];

/** Return the title of an alert, as it is read everywhere. */
export function alertTitle(alert, look) {
  const name = alert.entity ? look.names[alert.entity] ?? alert.entity : "The run";
  const term = alert.term ? ` “${alert.term}”` : "";
  return `${name}: ${words(alert.signal).toLowerCase()}${term}`;
}

function explain(alert, look) {
  const isShare = alert.signal.endsWith("share");
  const value = (one) => figure(one, isShare ? "share" : "posts");
  const facts = [
    ["Severity", alert.severity], ["Since", `${minuteOf(alert.time)} ${zoneName()}`],
    ["Until", alert.ended_at ? minuteOf(alert.ended_at) : "it lasts"],
    ["Seen", value(alert.value)], [alert.signal === "spike" ? "Expected" : "Limit", value(alert.expected)],
    ["Highest", value(alert.peak_value)], ["Not delivered", alert.silence],
  ];
  return html("section", { class: "explanation" },
    html("h3", {}, alertTitle(alert, look)),
    html("dl", { class: "figures" }, ...facts.filter(([, one]) => one).flatMap(pair)),
    alert.explanation ? html("div", { class: "reasons" }, told(alert.explanation)) : null);
}

/** Write any value of an explanation: figures with their labels, lists as lists, texts as text. */
function told(value, name = "") {
  if (Array.isArray(value)) return list(value, name);
  if (value === null || typeof value !== "object") return plain(value, name);
  const known = Object.entries(value).filter(([key, one]) => !isEmpty(one) && !NOT_FOR_READING.includes(key));
  if (name && known.every(([, one]) => typeof one === "number")) { // counts by name
    return html("ul", { class: "chips" }, ...known.map(([key, one]) =>
      html("li", {}, html("bdi", {}, key), " ", html("b", {}, plain(one, name)))));
  }
  return html("dl", { class: "told" }, ...known.map(([key, one]) =>
    html("div", { class: isPlain(one) && String(one).length < LONG_LETTERS ? "" : "wide" },
      html("dt", {}, words(key)), html("dd", {}, told(one, key)))));
}

function list(values, name) {
  const shown = values.slice(0, MOST_ITEMS);
  const rest = values.length - shown.length;
  const more = rest > 0 ? `and ${rest} more` : null;
  if (shown.every((one) => !isPlain(one) && Object.values(one).every(isPlain))) {
    const keys = Object.keys(shown[0]);
    return html("div", {}, html("table", {},
      html("thead", {}, html("tr", {}, ...keys.map((key) => html("th", { scope: "col" }, words(key))))),
      html("tbody", {}, ...shown.map((one) => html("tr", {}, ...keys.map((key) =>
        html("td", { "data-label": words(key) }, plain(one[key], key))))))), more);
  }
  const isShort = shown.every((one) => isPlain(one) && String(one).length < LONG_LETTERS);
  return html("ul", { class: isShort ? "chips" : "" },
    ...shown.map((one) => html("li", {}, told(one, name))), more ? html("li", {}, more) : null);
}

function plain(value, name) {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return figure(value, SHARE.test(name) ? "share" : "posts");
  const address = webAddress(value);
  if (address) {
    return html("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, value);
  }
  return TIME.test(value) ? `${moment(value)} ${zoneName()}` : html("bdi", {}, value);
}

const isPlain = (value) => value === null || typeof value !== "object";
const isEmpty = (value) =>
  value === null || value === "" || (!isPlain(value) && !Object.keys(value).length);
