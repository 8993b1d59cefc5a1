// Making elements. Text goes in as text and never as markup, whoever wrote it.

const SVG = "http://www.w3.org/2000/svg";

/** Make an HTML element; `children` are elements or strings. */
export function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Make an SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "style") Object.assign(element.style, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const ICONS = {
  table: "M3 4h14v12H3zM3 8h14M3 12h14M8 8v8",
  chart: "M4 16V9M8 16V4M12 16v-5M16 16V7",
  download: "M10 3v10M6 9l4 4 4-4M4 17h12",
  left: "M12 5l-5 5 5 5",
  right: "M8 5l5 5-5 5",
  wider: "M7 6l-4 4 4 4M13 6l4 4-4 4M3 10h14",
  back: "M8 5L4 9l4 4M4 9h8a4 4 0 0 1 0 8H9",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4l3 2",
  ground: "M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14",
  look: "M9 3a6 6 0 1 0 0 12 6 6 0 0 0 0-12M13.500 13.500L17 17",
  close: "M5 5l10 10M15 5L5 15",
  alert: "M10 3L2 17h16zM10 8v4M10 14.5v.5",
  flag: "M5 17V3M5 4h10l-2.500 3 2.500 3H5",
};

/** Draw one of the page's signs; it says nothing by itself, so its button needs a label. */
export function icon(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true" },
    svg("path", { d: ICONS[name] }));
}

/** Make a button that shows a sign; `label` is what it does. */
export function signButton(name, label, act, attributes = {}) {
  return html("button", {
    type: "button", class: "sign", title: label, "aria-label": label, onclick: act, ...attributes,
  }, icon(name));
}

/** Return the parts of a sentence of ours, with what stands in backticks as code. */
export function sentence(words) {
  return words.split("`").map((part, index) => (index % 2 ? html("code", {}, part) : part));
}

/** Return the address if it is one of the web, else null: never `javascript:` and the like. */
export function webAddress(address) {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
