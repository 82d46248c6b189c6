"use strict";
// Tonight: the slate as a table that can be searched, filtered and sorted, a card behind each row.

(function tonight() {
  const cards = rows("cards");
  const absences = rows("absences");
  const AT_ONCE = 60;
  const get = (id) => document.getElementById(id);
  const body = document.querySelector("#cards tbody");
  let shown = [];
  let drawn = 0;
  let sort = { column: "card_number", isDescending: false };

  const COLUMNS = [
    { key: "player_name", label: "Player" },
    { key: "market_label", label: "Market" },
    { key: "line", label: "Line", n: true },
    { key: "over_price_american", label: "Best over", n: true },
    { key: "under_price_american", label: "Best under", n: true },
    { key: "predicted_value", label: "Our forecast" },
    { key: "probability_over", label: "Chance of over" },
    { key: "edge", label: "Value", n: true },
    { key: "recommendation", label: "Call" },
    { key: null, label: "More" },
  ];

  function head() {
    const cells = COLUMNS.map((column) => {
      const cell = el(column.n ? "th.n" : column.key ? "th" : "th.more", { scope: "col", "data-column": column.key });
      cell.append(column.key ? el("button", { type: "button" }, column.label) : el("span.sr", {}, column.label));
      if (column.key) cell.firstChild.addEventListener("click", () => sortBy(column.key));
      return cell;
    });
    document.querySelector("#cards thead").replaceChildren(el("tr", {}, cells));
  }

  function row(card) {
    const plot = plotOf(card);
    const id = "card-" + card.card_number;
    const open = el("button.open", { type: "button", "aria-expanded": "false", "aria-controls": id, "aria-label": `More of ${card.player_name}, ${card.market_label}` });
    const price = (price_, book, name) => el("td.n.book." + name.toLowerCase().replace(" ", "-"), { "data-label": name }, american(price_), el("span.quiet", {}, book || ""));
    const tr = el("tr.row", { "data-card": card.card_number },
      el("th.who", { scope: "row" }, el("b", {}, el("a", { href: "players.html#" + card.player_id }, card.player_name)),
        el("br"), el("span.quiet.small", {}, `${versus(card)} · ${clock(card.tipoff_at)}`)),
      el("td.market_label", { "data-label": "Market" }, card.market_label),
      el("td.n.line", { "data-label": "Line" }, half(card.line)),
      price(card.over_price_american, card.best_over_bookmaker, "Best over"),
      price(card.under_price_american, card.best_under_bookmaker, "Best under"),
      el("td.plotted", {}, el("div.plot", {}, el("b", {}, fixed(card.predicted_value, 1)), plot ? distribution(card, plot) : null)),
      el("td.p", { "data-label": "Chance of the over" }, percent(card.probability_over), gauge(card)),
      el("td.n.value", { "data-label": "Value" }, signedPercent(card.edge)),
      el("td.call", {}, call(card)),
      el("td.more", {}, open));
    open.addEventListener("click", () => {
      const isOpen = open.getAttribute("aria-expanded") === "true";
      open.setAttribute("aria-expanded", String(!isOpen));
      if (isOpen) tr.nextSibling.remove();
      else tr.after(el("tr.detail", { id }, el("td", { colspan: COLUMNS.length }, panels(card, absences))));
    });
    return tr;
  }

  function draw(count) {
    const upTo = Math.min(shown.length, drawn + count);
    body.append(...shown.slice(drawn, upTo).map(row));
    drawn = upTo;
    get("more").parentElement.hidden = drawn >= shown.length;
  }

  function wanted(card) {
    const q = fold(get("q").value.trim());
    const what = get("show").value;
    return (!q || fold(`${card.player_name} ${card.team_abbreviation} ${card.opponent_abbreviation}`).includes(q))
      && (!get("market").value || card.market === get("market").value)
      && (!get("game").value || card.game_id === get("game").value)
      && (what === "all" || (what === "calls" ? card.recommendation === "OVER" || card.recommendation === "UNDER" : given(card.line)));
  }

  function compare(a, b) {
    const [x, y] = [a[sort.column], b[sort.column]];
    if (x === y) return a.card_number - b.card_number;
    if (!given(x)) return 1; // what is not known stands last, whichever way
    if (!given(y)) return -1;
    const order = typeof x === "string" ? x.localeCompare(y) : x - y;
    return sort.isDescending ? -order : order;
  }

  function refresh() {
    shown = cards.filter(wanted).sort(compare);
    drawn = 0;
    body.replaceChildren();
    draw(AT_ONCE);
    get("none").hidden = shown.length > 0;
    get("count").textContent = shown.length === cards.length
      ? `${number(cards.length)} forecasts` : `${number(shown.length)} of ${number(cards.length)} forecasts`;
    for (const cell of document.querySelectorAll("#cards th[data-column]")) {
      if (cell.dataset.column === sort.column) cell.setAttribute("aria-sort", sort.isDescending ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    }
    get("sort").value = [...get("sort").options].some((o) => o.value === sort.column) ? sort.column : "card_number";
  }

  const LARGEST_FIRST = new Set(["edge", "probability_over", "predicted_value", "line", "over_price_american", "under_price_american"]);
  function sortBy(column) {
    sort = { column, isDescending: sort.column === column ? !sort.isDescending : LARGEST_FIRST.has(column) };
    refresh();
  }

  head();
  options(get("market"), [["", "All"], ...[...new Map(inOrder(cards).map((c) => [c.market, c.market_label]))]], "");
  options(get("game"), [["", "All"], ...[...new Map(cards.map((c) => [c.game_id, c.is_home ? `${c.opponent_abbreviation} at ${c.team_abbreviation}` : `${c.team_abbreviation} at ${c.opponent_abbreviation}`]))]], "");
  options(get("sort"), [["card_number", "Best call"], ["edge", "Value"], ["probability_over", "Chance of the over"], ["predicted_value", "Our forecast"], ["player_name", "Player"], ["tipoff_at", "Tip-off"]], "card_number");
  const asked = new URLSearchParams(location.hash.slice(1)).get("game");
  if (asked) get("game").value = asked;
  get("filters").addEventListener("input", (event) => {
    if (event.target.id === "sort") sort = { column: get("sort").value, isDescending: LARGEST_FIRST.has(get("sort").value) };
    refresh();
  });
  get("filters").addEventListener("submit", (event) => event.preventDefault());
  get("filters").addEventListener("reset", () => setTimeout(() => { sort = { column: "card_number", isDescending: false }; refresh(); }));
  get("more").addEventListener("click", () => draw(AT_ONCE));
  new IntersectionObserver((seen) => { if (seen[0].isIntersecting && drawn < shown.length) draw(AT_ONCE); }, { rootMargin: "600px" }).observe(get("more"));
  addEventListener("beforeprint", () => draw(400));
  refresh();

  if (absences.length) {
    fill(show("absent").querySelector("table"), [
      { label: "Player", head: true, cell: (a) => a.player_name },
      { label: "Team", cell: (a) => a.team_abbreviation },
      { label: "Status", cell: (a) => a.status },
      { label: "Usual minutes", n: true, cell: (a) => fixed(a.usual_minutes, 1) },
      { label: "Usual points", n: true, cell: (a) => fixed(a.usual_points, 1) },
      { label: "First heard", cell: (a) => moment(a.known_at) },
    ], absences);
  }
  const without = by(rows("players").filter((p) => p.reason !== "PREDICTED"), "reason_text");
  if (without.size) {
    show("unforecast").lastElementChild.replaceChildren(...[...without].map(([reason, players]) => el("details", { "data-reason": players[0].reason },
      el("summary", {}, `${number(players.length)} · ${reason}`),
      el("ul.reasons", {}, players.map((p) => el("li", {}, p.player_name, p.team_abbreviation ? el("span.quiet", {}, " " + p.team_abbreviation) : null, p.has_prop_line ? el("span.quiet", {}, " · a book offers him") : null))))));
  }
})();
