"use strict";
// Drawings: a distribution against its line, what drives a forecast, last results, intervals.

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) if (given(value)) made.setAttribute(key, value);
  made.append(...children.flat().filter(given));
  return made;
}

const label = (x, y, text, anchor = "middle") => svg("text", { x, y, "text-anchor": anchor }, text);

function described(card) {
  const range = `${card.quantile_10} to ${card.quantile_90} in four of five games, median ${card.quantile_50}`;
  return `${card.player_name}, ${card.market_label}: ${range}` + (given(card.line) ? `; line ${half(card.line)}` : "; no line");
}

/** The distribution of a card: a bar an outcome, over and under the line apart by colour and by the line itself. */
function distribution(card, plot, { width = 150, height = 38, isLarge = false } = {}) {
  const heights = [...plot.shape].map((letter) => parseInt(letter, 36));
  let first = plot.first_outcome;
  let last = first + heights.length - 1;
  if (given(card.line)) { first = Math.min(first, Math.floor(card.line)); last = Math.max(last, Math.ceil(card.line)); }
  const floor = isLarge ? height - 18 : height - 1;
  const step = width / (last - first + 1);
  const x = (outcome) => (outcome - first + 0.5) * step;
  const bars = heights.map((h, i) => {
    const outcome = plot.first_outcome + i;
    const side = !given(card.line) ? "f-bar" : outcome > card.line ? "f-over" : outcome < card.line ? "f-under" : "f-bar";
    const tall = (h / 35) * (floor - (isLarge ? 16 : 4));
    return svg("rect", { class: side, x: (x(outcome) - step / 2 + step * 0.08).toFixed(2), y: (floor - tall).toFixed(2), width: (step * 0.84).toFixed(2), height: tall.toFixed(2) });
  });
  const drawn = [svg("line", { class: "ax", x1: 0, x2: width, y1: floor, y2: floor }), ...bars];
  if (given(card.line)) drawn.push(svg("line", { class: "tick", x1: x(card.line), x2: x(card.line), y1: isLarge ? 14 : 0, y2: floor, "stroke-width": 1.5 }));
  if (isLarge) {
    if (given(card.line)) drawn.push(label(Math.min(Math.max(x(card.line), 28), width - 28), 10, `line ${half(card.line)}`));
    const every = Math.max(1, Math.ceil((last - first) / 8));
    for (let k = first; k <= last; k += every) drawn.push(label(Math.max(8, Math.min(width - 8, x(k))), height - 4, String(k)));
  }
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": described(card), class: "distribution" }, drawn);
}

/** Our probability of the over as a bar, the market's as a mark on it. */
function gauge(card) {
  if (!given(card.probability_over)) return null;
  return el("div.gauge", { "aria-hidden": "true" },
    el("i", { style: `width:${(100 * card.probability_over).toFixed(1)}%` }),
    given(card.market_over_probability) ? el("b", { style: `left:${(100 * card.market_over_probability).toFixed(1)}%` }) : null);
}

/** What drives a forecast, in words and as bars to either side. */
function drivers(list, market) {
  if (!list && market.includes("_")) return el("p.small.quiet", {}, "A sum is driven by what drives its parts.");
  if (!list) return el("p.small.quiet", {}, "What drives this forecast was not recorded.");
  const widest = Math.max(...list.map((one) => Math.abs(one.contribution)), 1e-9);
  return el("ul.drivers", {}, list.map((one) => el(one.contribution >= 0 ? "li.up" : "li.down", {},
    el("span", {}, one.feature_text.replace(/(; null .*)?\.$/, ""), ": ", el("b", {}, given(one.value) ? half(one.value) : "not known")),
    el("b", { class: one.contribution >= 0 ? "over" : "under" }, signed(one.contribution, 2)),
    el("div.track", { "aria-hidden": "true" }, el("i", { style: `width:${((50 * Math.abs(one.contribution)) / widest).toFixed(1)}%` })))));
}

/** The last results as columns, oldest first, each against the line of its day and tonight's. */
function results(history, market, card) {
  const games = history.filter((game) => given(game[market])).slice().sort((a, b) => b.recency - a.recency);
  if (!games.length) return el("p.small.quiet", {}, "No game of the last 150 days.");
  const width = 360, height = 120, floor = 98, step = width / games.length;
  const top = Math.max(1, given(card.line) ? card.line : 0, ...games.map((g) => Math.max(g[market], g[market + "_line"] ?? 0)));
  const y = (value) => floor - (value / top) * (floor - 18);
  const drawn = [svg("line", { class: "ax", x1: 0, x2: width, y1: floor, y2: floor })];
  games.forEach((game, i) => {
    const against = given(game[market + "_line"]) ? game[market + "_line"] : card.line;
    const side = !given(against) ? "f-bar" : game[market] > against ? "f-over" : game[market] < against ? "f-under" : "f-bar";
    const left = i * step + step * 0.18;
    drawn.push(svg("rect", { class: side, x: left, y: y(game[market]), width: step * 0.64, height: floor - y(game[market]) },
      svg("title", {}, `${day(game.game_date)} ${game.is_home ? "v" : "at"} ${game.opponent_abbreviation}: ${game[market]}`)));
    drawn.push(label(i * step + step / 2, y(game[market]) - 4, String(game[market])));
    drawn.push(label(i * step + step / 2, height - 8, game.opponent_abbreviation || ""));
    if (given(game[market + "_line"])) {
      const at = y(game[market + "_line"]);
      drawn.push(svg("line", { class: "tick", x1: left - 3, x2: left + step * 0.64 + 3, y1: at, y2: at, "stroke-width": 2 }));
    }
  });
  if (given(card.line)) drawn.push(svg("line", { class: "s-ink", x1: 0, x2: width, y1: y(card.line), y2: y(card.line), "stroke-dasharray": "3 3" }));
  const text = games.map((g) => g[market]).join(", ");
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", class: "results",
    "aria-label": `Last ${games.length} games, oldest first: ${text}` + (given(card.line) ? `; tonight's line ${half(card.line)}` : "") }, drawn);
}
