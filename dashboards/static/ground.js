// Light or dark ground: as the system says, unless the reader says otherwise.

import { icon } from "./dom.js";

const KEY = "uproar-ground";
const NEXT = { "": "dark", dark: "light", light: "" };
const NAMES = { "": "as the system", dark: "dark", light: "light" };

/** Let a button go round the grounds; what was chosen is kept in this browser. */
export function offerGround(button) {
  const read = () => {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch {
      return ""; // storage is forbidden here
    }
  };
  const set = (ground) => {
    document.documentElement.style.colorScheme = ground;
    button.setAttribute("aria-label", `Ground: ${NAMES[ground]}`);
    button.title = `Ground: ${NAMES[ground]}`;
    try {
      localStorage.setItem(KEY, ground);
    } catch { /* it is for this visit only */ }
  };
  let ground = NAMES[read()] ? read() : "";
  set(ground);
  button.append(icon("ground"));
  button.addEventListener("click", () => {
    ground = NEXT[ground];
    set(ground);
  });
}
