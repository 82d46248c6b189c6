"use strict";
// What lies behind a card: prices by book, drivers, the range; shared by the slate and the players' page.

const PLOTS = by(rows("plots"), "card_number");
const PRICES = by(rows("prices"), "card_number");
const DRIVERS = by(rows("drivers"), "card_number");
const plotOf = (card) => (PLOTS.get(card.card_number) || [])[0];

function prices(card) {
  const list = PRICES.get(card.card_number);
  if (!list) return el("p.small.quiet", {}, "No book had a line for this when the forecast was made.");
  const best = (price, top, row) => (given(price) && price === top && row.is_at_our_line ? el("b", {}, american(price)) : american(price));
  return fill(el("table"), [
    { label: "Book", head: true, cell: (r) => r.bookmaker },
    { label: "Line", n: true, cell: (r) => half(r.line) },
    { label: "Over", n: true, cell: (r) => best(r.over_price_american, card.over_price_american, r) },
    { label: "Under", n: true, cell: (r) => best(r.under_price_american, card.under_price_american, r) },
    { label: "Seen", n: true, cell: (r) => clock(r.known_at) },
  ], list);
}

/** The figures of a card as a small list of pairs. */
function figures(card) {
  const pairs = [
    ["Expected", fixed(card.predicted_value, 1)],
    ["Four games of five", `${card.quantile_10} to ${card.quantile_90}`],
    ["Median", String(card.quantile_50)],
    ["Over / under", `${percent(card.probability_over, 1)} / ${percent(card.probability_under, 1)}`],
    ["Market's over", percent(card.market_over_probability, 1)],
    ["Value of the over", signedPercent(card.over_expected_value)],
    ["Value of the under", signedPercent(card.under_expected_value)],
  ];
  if (given(card.model_probability_over)) {
    pairs.splice(4, 0, ["Model alone, over", percent(card.model_probability_over, 1)]);
    pairs.splice(6, 0, ["Model's weight beside the market", percent(card.calibration_weight)]);
  }
  if (given(card.stake_share) && card.stake_share > 0) pairs.push(["Stake of a bankroll", percent(card.stake_share, 2)]);
  if (given(card.opening_line) && card.opening_line !== card.line) pairs.push(["Line at first", half(card.opening_line)]);
  const issues = card.quality_issues ? `: ${words(card.quality_issues).replaceAll("|", ", ")}` : "";
  return el("div", {},
    el("table", {}, el("tbody", {}, pairs.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td.n", {}, value))))),
    el("p.small.quiet.inputs", {}, `What was known of him at the cut-off: ${card.quality_tier || "nothing judged"}${issues}.`));
}

function panel(title, ...content) {
  return el("section.panel", {}, el("h3", {}, title), ...content);
}

function panels(card, absences) {
  const plot = plotOf(card);
  const out = (absences || []).filter((a) => a.team_abbreviation === card.team_abbreviation || a.team_abbreviation === card.opponent_abbreviation);
  const parts = [
    panel(`${card.market_label}: what the model alone says`,
      plot ? distribution(card, plot, { width: 340, height: 130, isLarge: true }) : null, figures(card)),
    panel("What drives it", drivers(DRIVERS.get(card.card_number), card.market)),
    panel("Prices by book", prices(card)),
  ];
  if (absences) parts.push(panel("Out or in doubt", out.length
    ? el("ul.small", {}, out.map((a) => el("li", {}, `${a.player_name} (${a.team_abbreviation}), ${a.status}` + (given(a.usual_minutes) ? `, usually ${fixed(a.usual_minutes, 0)} minutes` : ""))))
    : el("p.small.quiet", {}, "Nobody is reported.")));
  return el("div.panels", {}, parts);
}
