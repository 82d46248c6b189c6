"use strict";
// A page a player: every market of his tonight, his last games, or why there is no forecast.

(function players() {
  const cards = by(rows("cards"), "player_id");
  const history = by(rows("history"), "player_id");
  const people = rows("players").map((p) => ({ ...p, key: p.player_id || p.coverage_id }))
    .sort((a, b) => a.player_name.localeCompare(b.player_name));
  const absences = by(rows("absences"), "player_id");
  const list = document.querySelector("#roster ul");
  const article = document.getElementById("player");

  function market(card, games) {
    const plot = plotOf(card);
    return el("section.sheet.market", { "data-market": card.market },
      el("header", {}, el("h2", {}, card.market_label, given(card.line) ? el("span.quiet", {}, ` ${half(card.line)}`) : null), call(card)),
      el("div.panels", {},
        panel("What the model alone says", plot ? distribution(card, plot, { width: 340, height: 130, isLarge: true }) : null, figures(card)),
        el("div", {}, panel("His last games", results(games, card.market, card),
          el("p.small.quiet", {}, "Dashed: tonight's line. A short mark: the line of that day, where one is known.")),
        panel("Prices by book", prices(card))),
        panel("What drives it", drivers(DRIVERS.get(card.card_number), card.market))));
  }

  function games(list_) {
    const line = (g, m) => el("span", {}, String(g[m] ?? NONE), given(g[m + "_line"]) ? el("span.quiet.small", {}, ` (${half(g[m + "_line"])})`) : null);
    return el("section.sheet.scroll", { tabindex: "0", role: "region", "aria-label": "Last games" }, fill(el("table"), [
      { label: "Game", head: true, cell: (g) => `${day(g.game_date)} ${g.is_home ? "v" : "at"} ${g.opponent_abbreviation || NONE}` },
      { label: "Minutes", n: true, cell: (g) => number(g.minutes) },
      { label: "Points", n: true, cell: (g) => line(g, "points") },
      { label: "Rebounds", n: true, cell: (g) => line(g, "rebounds") },
      { label: "Assists", n: true, cell: (g) => line(g, "assists") },
      { label: "Threes", n: true, cell: (g) => line(g, "threes") },
    ], list_, "Last ten games; in brackets the consensus line of the day, where one is known"));
  }

  function draw(person) {
    const mine = inOrder(cards.get(person.player_id) || []);
    const past = history.get(person.player_id) || [];
    const status = (absences.get(person.player_id) || [])[0];
    article.replaceChildren(
      el("h2", { id: "name", tabindex: "-1" }, person.player_name),
      el("p.quiet", {}, [mine.length ? versus(mine[0]) : person.team_abbreviation, clock(person.tipoff_at), status ? `listed as ${status.status}` : null].filter(Boolean).join(" · ")),
      person.reason === "PREDICTED" ? "" : el("div.banner", { "data-reason": person.reason }, el("strong", {}, "No forecast"), el("p", {}, person.reason_text)),
      ...mine.map((card) => market(card, past)),
      past.length ? games(past) : "");
    for (const link of list.querySelectorAll("a")) {
      if (link.hash === "#" + person.key) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    document.title = `${person.player_name} · nba-props`;
  }

  function fromHash() {
    const key = decodeURIComponent(location.hash.slice(1));
    const person = people.find((p) => p.key === key) || people.find((p) => p.reason === "PREDICTED") || people[0];
    if (person) draw(person);
  }

  const links = people.map((person) => [fold(`${person.player_name} ${person.team_abbreviation || ""}`),
    el("li", {}, el("a", { href: "#" + person.key }, person.player_name, el("span.quiet.small", {}, person.team_abbreviation || "")))]);
  function filter() {
    const q = fold(document.getElementById("q").value.trim());
    list.replaceChildren(...links.filter(([text]) => text.includes(q)).map(([, item]) => item));
    if (!list.children.length) list.append(el("li.empty", {}, "Nobody has that name."));
  }
  document.getElementById("q").addEventListener("input", filter);
  addEventListener("hashchange", () => { fromHash(); document.getElementById("name").focus(); });
  filter();
  fromHash();
})();
