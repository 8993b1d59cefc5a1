// What people wrote. Every word of theirs is text: no markup, and no link but to the web.

import { html, webAddress } from "./dom.js";
import { figure, language, moment, shortMoment, zoneName } from "./format.js";
import { shortName } from "./shapes.js";

const PAUSE_BELOW_PIXELS = 40;
const LONG_LETTERS = 1200;
const MOST_EMPTY_LINES = /\n{3,}/g;

/** Draw posts in the order they come. A reader who has scrolled down is not disturbed. */
export function drawPosts(body, panel, answer, look) {
  const list = body.querySelector(".posts");
  if (list && list.scrollTop > PAUSE_BELOW_PIXELS) {
    offerNewer(body, () => drawPosts(body, panel, answer, look));
    return;
  }
  const posts = readPosts(answer);
  const known = body.shownPosts;
  body.shownPosts = new Set(posts.map(identity));
  body.replaceChildren(
    html("div", { class: "posts", tabindex: 0, role: "feed", "aria-label": panel.title },
      ...posts.map((post) => card(post, look, known && !known.has(identity(post))))));
}

/** Return an answer's rows as posts, by the names of its columns. */
export function readPosts(answer) {
  return answer.rows.map((row) =>
    Object.fromEntries(answer.columns.map((name, index) => [name, row[index]])));
}

const identity = (post) => `${post.time} ${post.entity} ${post.author} ${post.text}`;

function offerNewer(body, draw) {
  body.querySelector(".newer")?.remove();
  body.append(html("button", { type: "button", class: "newer", onclick: () => {
    body.querySelector(".posts").scrollTop = 0;
    draw();
  } }, "Show newer posts"));
}

/** Make the card of one post. */
export function card(post, look, isNew = false) {
  const address = webAddress(post.url);
  const isLong = post.text.length > LONG_LETTERS;
  const text = html("p", { dir: "auto", class: isLong ? "long" : "" },
    ...marked(post.text.replace(MOST_EMPTY_LINES, "\n\n"), post.evidence));
  return html("article", { class: `post ${post.label}${isNew ? " new" : ""}` },
    html("header", {},
      html("span", { class: `mood ${post.label}` },
        post.label === "unread" ? "unread" : `${post.label} ${figure(post.score, "score")}`),
      html("span", {}, look.names[post.entity] ?? post.entity),
      html("span", {}, `${post.platform} · ${language(post.language)}`),
      html("span", { title: post.author }, shortName(post.author)),
      html("time", { datetime: post.time, title: `${moment(post.time)} ${zoneName()}` },
        shortMoment(post.time))),
    text,
    isLong ? unfold(text) : null,
    html("footer", {},
      ...post.calls.map((call) =>
        html("span", { class: `pill ${call.split(" ").at(-1)}` }, call)),
      post.responses ? html("span", {}, `${figure(post.responses, "posts")} ${post.responses === 1 ? "response" : "responses"}`) : null,
      address ? html("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" },
        "Open the source") : null));
}

function unfold(text) {
  const button = html("button", { type: "button", class: "open", "aria-expanded": "false",
    onclick: () => {
      const isFolded = text.classList.toggle("long");
      button.textContent = isFolded ? "Show all of it" : "Show less";
      button.setAttribute("aria-expanded", String(!isFolded));
    } }, "Show all of it");
  return button;
}

/** Split a text into strings and <mark> elements where it has the evidence. */
export function marked(text, evidence) {
  const spans = evidence
    .map((words) => [text.indexOf(words), words.length])
    .filter(([start, length]) => start >= 0 && length > 0)
    .sort(([one], [other]) => one - other);
  const parts = [];
  let position = 0;
  for (const [start, length] of spans) {
    if (start < position) continue;
    parts.push(text.slice(position, start), html("mark", {}, text.slice(start, start + length)));
    position = start + length;
  }
  return [...parts, text.slice(position)];
}
