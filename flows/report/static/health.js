"use strict";
// Gates, freshness, latency: how the machine is, in the same words for everybody.

(function health() {
  const verdict = (r) => (r.blocking ? el("span.bad", {}, "✕ held back") : r.warned ? el("span.warn", {}, "! warned") : r.waived ? el("span.warn", {}, "! waived") : el("span.good", {}, "✓ passed"));
  const STATUS = { warn: ["warn", "! warned"], error: ["bad", "✕ held back"], empty: ["bad", "✕ not measured"], waived: ["warn", "! waived"] };
  const table = (id, columns, list, caption) => { if (list.length) fill(show(id).querySelector("table"), columns, list, caption); };

  table("failures", [
    { label: "Gate", head: true, cell: (r) => words(r.metric) + (r.subject ? `: ${r.subject}` : "") },
    { label: "Layer", cell: (r) => words(r.layer) },
    { label: "Game date", cell: (r) => day(r.game_date) },
    { label: "Measured", n: true, cell: (r) => (given(r.value) ? String(r.value) : NONE) },
    { label: "Wanted", n: true, cell: (r) => `${r.direction === "at_least" ? "at least" : "at most"} ${r.status === "warn" ? r.warn_threshold : r.error_threshold}` },
    { label: "What came of it", cell: (r) => el("span." + STATUS[r.status][0], {}, STATUS[r.status][1], r.waived_by ? ` by ${r.waived_by}: ${r.waiver_reason}` : "") },
  ], rows("failures"));
  table("gates", [
    { label: "Gate", head: true, cell: (r) => words(r.metric) },
    { label: "Layer", cell: (r) => words(r.layer) },
    { label: "Values", n: true, cell: (r) => number(r.checks) },
    { label: "Passed", n: true, cell: (r) => number(r.passed) },
    { label: "Verdict", cell: verdict },
  ], rows("gates"));
  table("sources", [
    { label: "Source", head: true, cell: (r) => r.source },
    { label: "Newest load", cell: (r) => moment(r.latest_load_at) },
    { label: "Age at the run's end, hours", n: true, cell: (r) => fixed(r.age_hours, 1) },
    { label: "Tables asked", n: true, cell: (r) => number(r.resources) },
    { label: "Failed", n: true, cell: (r) => (r.resources_failed ? el("span.bad", {}, "✕ " + r.resources_failed) : "0") },
    { label: "Empty", n: true, cell: (r) => number(r.resources_empty) },
    { label: "Rows new", n: true, cell: (r) => number(r.rows_loaded) },
    { label: "Set aside", n: true, cell: (r) => number(r.rows_rejected) },
  ], rows("sources"));

  const latency = rows("latency");
  if (!latency.length) return;
  const last = latency.map((r) => r.run_date).sort().at(-1);
  const runs = latency.filter((r) => r.kind === "run").sort((a, b) => a.run_date.localeCompare(b.run_date));
  const longest = Math.max(...runs.map((r) => r.longest_seconds));
  const width = 720, rowHeight = 24;
  const bars = runs.flatMap((r, i) => {
    const y = i * rowHeight;
    return [label(118, y + 16, `${day(r.run_date)} ${r.command}`, "end"),
      svg("rect", { class: "f-bar", x: 126, y: y + 6, width: Math.max(2, (r.longest_seconds / longest) * 460), height: 12, rx: 2 }),
      label(134 + Math.max(2, (r.longest_seconds / longest) * 460), y + 16, `${fixed(r.longest_seconds, 1)} s` + (r.runs > 1 ? `, the longest of ${r.runs}` : ""), "start")];
  });
  show("latency").querySelector("#days").append(el("div.scroll", { tabindex: "0", role: "region", "aria-label": "Seconds of each day's runs" },
    svg("svg", { viewBox: `0 0 ${width} ${runs.length * rowHeight}`, width, role: "img", "aria-label": runs.map((r) => `${day(r.run_date)} ${r.command}: ${fixed(r.longest_seconds, 1)} seconds`).join("; ") }, bars)));
  table("latency", [
    { label: "Part", head: true, cell: (r) => words(r.part) },
    { label: "Kind", cell: (r) => r.kind },
    { label: "Command", cell: (r) => r.command },
    { label: "Runs", n: true, cell: (r) => number(r.runs) },
    { label: "Mean seconds", n: true, cell: (r) => fixed(r.mean_seconds, 1) },
    { label: "Longest", n: true, cell: (r) => fixed(r.longest_seconds, 1) },
  ], latency.filter((r) => r.run_date === last && r.kind !== "run").sort((a, b) => a.kind.localeCompare(b.kind) * -1 || b.mean_seconds - a.mean_seconds));
})();
