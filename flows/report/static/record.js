"use strict";
// The record: error, log-loss, return and closing-line value beside the market's, and reliability.

(function record() {
  const slices = rows("slices");
  const tenths = rows("tenths");
  if (!slices.length) return;
  const get = (id) => document.getElementById(id);
  const named = (market) => words(market)[0].toUpperCase() + words(market).slice(1);
  const range = (r) => (given(r.return_low) ? `${signedPercent(r.return_low)} to ${signedPercent(r.return_high)}` : "one date");

  const columns = (first) => [
    first,
    { label: "Graded", n: true, cell: (r) => number(r.graded) },
    { label: "Error, ours", n: true, cell: (r) => fixed(r.mean_absolute_error_with_line ?? r.mean_absolute_error, 2) },
    { label: "Error, line", n: true, cell: (r) => fixed(r.line_mean_absolute_error, 2) },
    { label: "Log-loss, ours", n: true, cell: (r) => fixed(r.log_loss, 4) },
    { label: "Log-loss, market", n: true, cell: (r) => fixed(r.market_log_loss, 4) },
    { label: "Bets", n: true, cell: (r) => number(r.bets) },
    { label: "Won", n: true, cell: (r) => number(r.bets_won) },
    { label: "Return", n: true, cell: (r) => signedPercent(r.return_on_stake) },
    { label: "95 % interval", n: true, cell: (r) => (r.bets ? range(r) : NONE) },
    { label: "Return, staked", n: true, cell: (r) => signedPercent(r.return_on_staked) },
    { label: "CLV", n: true, cell: (r) => signedPercent(r.mean_clv) },
  ];

  function reliability(list) {
    const size = 380, pad = 38, inner = size - pad - 12;
    const x = (p) => pad + p * inner, y = (p) => 12 + (1 - p) * inner;
    const drawn = [svg("line", { class: "s-bar", x1: x(0), y1: y(0), x2: x(1), y2: y(1), "stroke-dasharray": "4 4" })];
    for (const t of [0, 0.25, 0.5, 0.75, 1]) {
      drawn.push(svg("line", { class: "ax", x1: x(0), x2: x(1), y1: y(t), y2: y(t) }), label(pad - 6, y(t) + 4, String(100 * t), "end"), label(x(t), size - 8, String(100 * t)));
    }
    for (const one of list) {
      const isUs = one.judge === "us";
      const text = `${isUs ? "Ours" : "Market"}: said ${percent(one.mean_probability, 1)}, came ${percent(one.share_over, 1)}, n ${one.n}`;
      if (isUs) {
        drawn.push(svg("line", { class: "s-over", "stroke-width": 1.5, x1: x(one.mean_probability), x2: x(one.mean_probability), y1: y(one.share_low), y2: y(one.share_high) }),
          svg("circle", { class: "f-over", cx: x(one.mean_probability), cy: y(one.share_over), r: 5 }, svg("title", {}, text)));
      } else {
        drawn.push(svg("rect", { class: "f-under", x: x(one.mean_probability) - 4, y: y(one.share_over) - 4, width: 8, height: 8 }, svg("title", {}, text)));
      }
    }
    return el("div", {}, svg("svg", { viewBox: `0 0 ${size} ${size}`, width: size, role: "img", "aria-label": "Reliability: the numbers stand in the table below" }, drawn),
      el("ul.legend", {}, el("li.over", {}, el("i"), "● ours, with its interval"), el("li.under", {}, el("i"), "■ the market"), el("li", {}, "across: said, up: came, in percent")));
  }

  function returns(list) {
    const known = list.filter((r) => given(r.return_on_stake));
    if (!known.length) return el("p.quiet", {}, "No bet has been settled.");
    const width = 420, height = 300, pad = 48;
    const most = Math.max(0.1, ...known.flatMap((r) => [r.return_low, r.return_high, r.return_on_stake].filter(given).map(Math.abs)));
    const y = (v) => 12 + ((most - v) / (2 * most)) * (height - 44);
    const step = (width - pad) / known.length;
    const drawn = [most, most / 2, 0, -most / 2, -most].flatMap((v) => [
      svg("line", { class: v === 0 ? "s-bar" : "ax", x1: pad, x2: width, y1: y(v), y2: y(v) }), label(pad - 6, y(v) + 4, signedPercent(v, 0), "end")]);
    known.forEach((r, i) => {
      const x = pad + (i + 0.5) * step;
      if (given(r.return_low)) drawn.push(svg("line", { class: "s-over", "stroke-width": 2, x1: x, x2: x, y1: y(r.return_low), y2: y(r.return_high) }));
      drawn.push(svg("circle", { class: "f-over", cx: x, cy: y(r.return_on_stake), r: 5 }, svg("title", {}, `${r.month}: ${signedPercent(r.return_on_stake)}, ${range(r)}`)));
      drawn.push(label(x, height - 8, r.month.slice(2)));
    });
    return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, role: "img", "aria-label": "Return by month: the numbers stand in the table below" }, drawn);
  }

  function draw() {
    const mode = get("run_mode").value, set = get("information_set").value, system = get("system").value;
    const here = slices.filter((r) => r.run_mode === mode && r.information_set === set);
    const mine = here.filter((r) => r.system === system);
    const all = mine.find((r) => r.slice === "all");
    const months = mine.filter((r) => r.slice === "month").sort((a, b) => a.month.localeCompare(b.month));
    const pair = (name, value, note) => el("div", {}, el("dt", {}, name), el("dd", {}, value, note ? el("small", {}, note) : null));
    get("figures").replaceChildren(...(all ? [
      pair("Graded", number(all.graded), `${all.dates === 1 ? day(all.first_date) : `${day(all.first_date)} to ${day(all.last_date)}`}, ${number(all.dates)} ${all.dates === 1 ? "date" : "dates"}`),
      pair("Mean absolute error", fixed(all.mean_absolute_error_with_line ?? all.mean_absolute_error, 2), given(all.line_mean_absolute_error) ? `the line: ${fixed(all.line_mean_absolute_error, 2)}, n ${number(all.with_line)}` : "no line to compare"),
      pair("Log-loss", fixed(all.log_loss, 4), given(all.market_log_loss) ? `the market: ${fixed(all.market_log_loss, 4)}, n ${number(all.judged)}` : null),
      pair("Return", signedPercent(all.return_on_stake), all.bets ? `${range(all)}; ${number(all.bets)} bets` : "no bet"),
      pair("Closing-line value", signedPercent(all.mean_clv), given(all.mean_clv) ? `${number(all.clv_bets)} bets` : "no closing line to compare yet"),
    ] : [el("p.quiet", {}, "Nothing is graded of this choice.")]));
    fill(get("by-market"), columns({ label: "Market", head: true, cell: (r) => named(r.market) }), mine.filter((r) => r.slice === "market"));
    fill(get("by-month"), columns({ label: "Month", head: true, cell: (r) => r.month }), months);
    fill(get("by-system"), columns({ label: "System", head: true, cell: (r) => words(r.system) }), here.filter((r) => r.slice === "all"));
    get("returns").replaceChildren(returns(months));
    const market = get("reliability-market").value;
    const points = tenths.filter((t) => t.run_mode === mode && t.information_set === set && t.system === system && t.market === market);
    get("reliability").replaceChildren(points.length ? reliability(points) : el("p.quiet", {}, "Nothing with a line is graded of this choice."));
    fill(get("tenths"), [
      { label: "Whose", head: true, cell: (t) => (t.judge === "us" ? "ours" : "market") },
      { label: "Said, from", n: true, cell: (t) => `${10 * t.tenth} to ${10 * t.tenth + 10}` },
      { label: "Forecasts", n: true, cell: (t) => number(t.n) },
      { label: "Said, mean", n: true, cell: (t) => percent(t.mean_probability, 1) },
      { label: "Came", n: true, cell: (t) => percent(t.share_over, 1) },
      { label: "95 % interval", n: true, cell: (t) => `${percent(t.share_low, 1)} to ${percent(t.share_high, 1)}` },
    ], points.sort((a, b) => b.judge.localeCompare(a.judge) || a.tenth - b.tenth));
  }

  const best = slices.filter((r) => r.slice === "all").sort((a, b) => (a.run_mode === "live" ? 0 : 1) - (b.run_mode === "live" ? 0 : 1)
    || (b.system === DATA.published_system) - (a.system === DATA.published_system) || b.graded - a.graded)[0];
  options(get("run_mode"), distinct(slices, "run_mode").map((m) => [m, m === "live" ? "Live" : "Replays of past days"]), best.run_mode);
  options(get("system"), distinct(slices, "system").map((s) => [s, words(s)]), best.system);
  options(get("information_set"), distinct(slices, "information_set").map((s) => [s, `${s}: ${SETS[s] || s}`]), best.information_set);
  options(get("reliability-market"), distinct(tenths, "market").sort((a, b) => (b === "all") - (a === "all")).map((m) => [m, m === "all" ? "All" : named(m)]), "all");
  get("record").addEventListener("input", draw);
  get("filters").addEventListener("submit", (event) => event.preventDefault());
  draw();
})();
