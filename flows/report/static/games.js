"use strict";
// A page a game: both sides' forecasts beside the lines, and who is missing.

(function games() {
  const cards = by(rows("cards"), "game_id");
  const players = by(rows("players"), "game_id");
  const absences = by(rows("absences"), "game_id");
  const all = rows("games");
  const place = document.getElementById("games");
  const select = document.getElementById("game");

  function side(game, team, name) {
    const mine = (cards.get(game.game_id) || []).filter((c) => c.team_abbreviation === team);
    const markets = [...new Map(inOrder(mine).map((c) => [c.market, c.market_label]))].slice(0, 4);
    const people = [...by(inOrder(mine), "player_id").values()].sort((a, b) => b[0].predicted_value - a[0].predicted_value);
    const cell = (list, market) => {
      const card = list.find((c) => c.market === market);
      if (!card) return NONE;
      return el("span", {}, el("b", {}, fixed(card.predicted_value, 1)), el("span.quiet.small", {}, given(card.line) ? ` ${half(card.line)}` : ""),
        card.recommendation === "OVER" ? el("span.over", {}, " \u25b2", el("span.sr", {}, "over")) : card.recommendation === "UNDER" ? el("span.under", {}, " \u25bc", el("span.sr", {}, "under")) : null);
    };
    const out = (absences.get(game.game_id) || []).filter((a) => a.team_abbreviation === team);
    const silent = (players.get(game.game_id) || []).filter((p) => p.team_abbreviation === team && p.reason !== "PREDICTED" && p.reason !== "PLAYER_OUT");
    return el("section", {}, el("h3", {}, name),
      people.length ? el("div.scroll", { tabindex: "0", role: "region", "aria-label": `Forecasts of ${name}` }, fill(el("table"), [
        { label: "Player", head: true, cell: (list) => el("a", { href: "players.html#" + list[0].player_id }, list[0].player_name) },
        ...markets.map(([market, name_]) => ({ label: name_, n: true, cell: (list) => cell(list, market) })),
      ], people)) : el("p.quiet", {}, "No forecast."),
      out.length ? el("p.small", {}, el("b", {}, "Out or in doubt: "), out.map((a) => `${a.player_name} (${a.status})`).join(", ")) : null,
      silent.length ? el("p.small.quiet", {}, "Without a forecast: ", silent.map((p) => `${p.player_name} (${p.reason_text})`).join(", ")) : null);
  }

  function section(game) {
    return el("article.sheet.game", { id: "g-" + game.game_id, "data-game": game.game_id },
      el("header", {}, el("h2", {}, `${game.away_name || NONE} at ${game.home_name || NONE}`),
        el("span.quiet", {}, `${clock(game.tipoff_at)} · ` + (game.has_begun ? "has begun" : `${number(game.forecasts)} forecasts, ${number(game.calls)} calls`))),
      el("div.sides", {}, side(game, game.away_abbreviation, game.away_name), side(game, game.home_abbreviation, game.home_name)),
      game.forecasts ? el("p.small", {}, el("a", { href: "index.html#game=" + game.game_id }, "All forecasts of this game")) : null);
  }

  function draw() {
    place.replaceChildren(...all.filter((g) => !select.value || g.game_id === select.value).map(section));
  }
  options(select, [["", "All"], ...all.map((g) => [g.game_id, `${g.away_abbreviation} at ${g.home_abbreviation}`])], "");
  const asked = decodeURIComponent(location.hash.slice(1));
  if (all.some((g) => g.game_id === asked)) select.value = asked;
  select.addEventListener("input", draw);
  draw();
})();
