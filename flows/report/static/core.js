"use strict";
// What the pages share: their data, how a figure is written, and small pieces of a page.

const DATA = JSON.parse(document.getElementById("data").textContent);

// The docs lie beside the report on the disk; a server of the report has them not.
if (location.protocol !== "file:") document.getElementById("docs")?.remove();

/** Rows of one table of the page as objects. A column comes plain, as a dictionary, or as a constant. */
function rows(name) {
  const table = DATA.tables[name];
  if (!table) return [];
  const out = Array.from({ length: table.n }, () => ({}));
  for (const [column, packed] of Object.entries(table.columns)) {
    if ("k" in packed) out.forEach((row) => { row[column] = packed.k; });
    else if ("d" in packed) out.forEach((row, i) => { row[column] = packed.i[i] < 0 ? null : packed.d[packed.i[i]]; });
    else if ("c" in packed) {
      let at = 0;
      packed.c.forEach((count, i) => { for (let k = 0; k < count; k++) out[at++][column] = i + 1; });
    } else out.forEach((row, i) => { row[column] = packed.v[i]; });
  }
  return out;
}

/** Rows of a table by the value of a column. */
function by(list, column) {
  const found = new Map();
  for (const row of list) {
    if (!found.has(row[column])) found.set(row[column], []);
    found.get(row[column]).push(row);
  }
  return found;
}

const MINUS = "\u2212";
const NONE = "\u2013";
const given = (x) => x !== null && x !== undefined;
const fixed = (x, digits) => (given(x) ? (x < 0 ? MINUS : "") + Math.abs(x).toFixed(digits) : NONE);
const number = (x) => (given(x) ? x.toLocaleString("en-US") : NONE);
const signed = (x, digits) => (given(x) ? (x > 0 ? "+" : "") + fixed(x, digits) : NONE);
const percent = (x, digits = 0) => (given(x) ? fixed(100 * x, digits) + "\u202f%" : NONE);
const signedPercent = (x, digits = 1) => (given(x) ? (x > 0 ? "+" : "") + percent(x, digits) : NONE);
const american = (x) => (given(x) ? (x > 0 ? "+" + x : MINUS + Math.abs(x)) : NONE);
const half = (x) => (given(x) ? (Number.isInteger(x) ? String(x) : x.toFixed(1)) : NONE);
const eastern = (options) => new Intl.DateTimeFormat("en-US", { timeZone: "America/New_York", ...options });
const CLOCK = eastern({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const MOMENT = eastern({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clock = (text) => (text ? CLOCK.format(new Date(text)) + " ET" : NONE);
const moment = (text) => (text ? MOMENT.format(new Date(text)) + " ET" : NONE);
const DAY = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", day: "numeric", month: "short" });
const day = (text) => (text ? DAY.format(new Date(text + "T00:00:00Z")) : NONE);
const words = (text) => (text ? text.replaceAll("_", " ") : NONE);
const MARKETS = ["points", "rebounds", "assists", "threes", "points_rebounds_assists", "points_rebounds", "points_assists", "rebounds_assists"];
const inOrder = (list) => list.slice().sort((a, b) => MARKETS.indexOf(a.market) - MARKETS.indexOf(b.market));
const SETS = { BASE: "morning of the game", TIP: "45 minutes before tip-off", LINE: "with the lines" };

/** An element: el("td.n", {title: "x"}, child, ...); text is never read as markup. */
function el(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  const made = document.createElement(name);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && given(value)) made.setAttribute(key, value);
  }
  for (const child of children.flat()) if (given(child)) made.append(child);
  return made;
}

/** Fill a table: columns are {label, cell(row) -> text or element, n: numeric, head: row header}. */
function fill(table, columns, list, caption) {
  const head = el("tr", {}, columns.map((c) => el(c.n ? "th.n" : "th", { scope: "col" }, c.label)));
  const body = list.map((row) => el("tr", {}, columns.map((c) => {
    const tag = c.head ? "th" : c.n ? "td.n" : "td";
    return el(tag, c.head ? { scope: "row" } : {}, c.cell(row));
  })));
  table.replaceChildren(
    ...(caption ? [el("caption", {}, caption)] : []), el("thead", {}, head), el("tbody", {}, body));
  return table;
}

/** Options of a select: pairs of value and label. */
function options(select, pairs, chosen) {
  select.replaceChildren(...pairs.map(([value, label]) => el("option", { value, selected: value === chosen }, label)));
}

const distinct = (list, column) => [...new Set(list.map((row) => row[column]))];
const show = (id) => { document.getElementById(id).hidden = false; return document.getElementById(id); };
const fold = (text) => (text || "").normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const versus = (card) => `${card.team_abbreviation} ${card.is_home ? "v" : "at"} ${card.opponent_abbreviation}`;

/** What is called, in words and with a sign, never by colour alone. */
function call(card) {
  if (card.recommendation === "OVER") return el("span.tag.over", {}, "\u25b2 OVER");
  if (card.recommendation === "UNDER") return el("span.tag.under", {}, "\u25bc UNDER");
  return el("span.tag", {}, given(card.line) ? "pass" : "no line");
}

(function theme() {
  const button = document.getElementById("theme");
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const say = () => { button.setAttribute("aria-pressed", String(isDark())); };
  try { const kept = localStorage.getItem("theme"); if (kept) root.dataset.theme = kept; } catch { /* a private window keeps nothing */ }
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* likewise */ }
    say();
  });
  say();
})();
