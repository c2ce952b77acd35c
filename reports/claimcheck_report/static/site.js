// Theme, filter, search, sort and copy. Pages can be read without it.
"use strict";
(() => {
  const root = document.documentElement;
  const remembered = () => { try { return localStorage.getItem("claimcheck-theme"); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem("claimcheck-theme", theme); } catch { /* a file:// page may have no storage */ } };
  if (remembered()) root.dataset.theme = remembered();

  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

  function theme() {
    const button = document.getElementById("theme");
    const say = () => button.setAttribute("aria-pressed", String(dark()));
    say();
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      remember(root.dataset.theme);
      say();
    });
  }

  // Claims that match the search and the pressed verdicts; a paper is shown when one of its claims is.
  function filters() {
    const search = document.getElementById("search");
    if (!search) return;
    const claims = [...document.querySelectorAll("table.claims tbody tr")];
    const papers = [...document.querySelectorAll("table.papers tbody tr")];
    const tiles = [...document.querySelectorAll("[data-filter]")];
    const clear = document.getElementById("clear");

    function apply() {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = new Set(tiles.filter((t) => t.getAttribute("aria-pressed") === "true").map((t) => t.dataset.filter));
      const all = !words.length && !wanted.size;
      const shown = new Set(), hits = new Set();
      for (const row of claims) {
        const hit = words.every((w) => row.dataset.search.includes(w)) && (!wanted.size || wanted.has(row.dataset.verdict));
        row.hidden = !hit;
        if (hit) { shown.add(row.dataset.paper); hits.add(row.id); }
      }
      for (const row of papers) {
        row.hidden = !all && !shown.has(row.dataset.paper);
        for (const chip of row.querySelectorAll("a.chip")) {
          chip.classList.toggle("faded", !hits.has(`${row.dataset.paper}.${decodeURIComponent(chip.hash.slice(1))}`));
        }
      }
      document.getElementById("found").textContent = all ? "" : `${hits.size} of ${claims.length} claims`;
      document.getElementById("nothing").hidden = hits.size > 0 || !claims.length;
      clear.hidden = all;
      const state = new URLSearchParams();
      if (search.value) state.set("q", search.value);
      if (wanted.size) state.set("verdict", [...wanted].join(","));
      try { history.replaceState(null, "", state.size ? `?${state}` : location.pathname + location.hash); } catch { /* some file:// viewers forbid it */ }
    }

    function reset() {
      search.value = "";
      tiles.forEach((t) => t.setAttribute("aria-pressed", "false"));
      apply();
    }

    const state = new URLSearchParams(location.search);
    search.value = state.get("q") || "";
    const pressed = (state.get("verdict") || "").split(",");
    tiles.forEach((t) => t.setAttribute("aria-pressed", String(pressed.includes(t.dataset.filter))));
    search.addEventListener("input", apply);
    tiles.forEach((t) => t.addEventListener("click", () => {
      t.setAttribute("aria-pressed", String(t.getAttribute("aria-pressed") !== "true"));
      apply();
    }));
    [clear, ...document.querySelectorAll("[data-clear]")].forEach((b) => b.addEventListener("click", reset));
    if (location.search) apply();
  }

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return cell ? (cell.dataset.value ?? cell.textContent.trim()) : "";
  };

  // Empty cells go last in either direction.
  function sortBy(table, th, kind) {
    const column = th.cellIndex;
    const falling = th.getAttribute("aria-sort") === "ascending";
    const rows = [...table.tBodies[0].rows];
    const numeric = kind === "number" || (kind === "auto" && rows.every((r) => valueOf(r, column) === "" || !Number.isNaN(Number(valueOf(r, column)))));
    rows.sort((a, b) => {
      const x = valueOf(a, column), y = valueOf(b, column);
      if (x === "" || y === "") return (x === "") - (y === "");
      const order = numeric ? Number(x) - Number(y) : x.localeCompare(y, "en", { numeric: true, sensitivity: "base" });
      return falling ? -order : order;
    });
    for (const other of th.parentElement.cells) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", falling ? "descending" : "ascending");
    table.tBodies[0].append(...rows);
  }

  function sorting() {
    for (const table of document.querySelectorAll("table.sortable")) {
      for (const th of table.querySelectorAll("th[data-sort]")) {
        th.querySelector("button").addEventListener("click", () => sortBy(table, th, th.dataset.sort));
      }
    }
  }

  function copying() {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(button.dataset.copy);
          button.textContent = "copied";
        } catch {
          // Without a clipboard (file://, old browsers) the command is selected, ready for the keyboard.
          getSelection().selectAllChildren(button.previousElementSibling);
          button.textContent = "selected";
        }
        setTimeout(() => { button.textContent = "copy"; }, 1500);
      });
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    theme();
    filters();
    sorting();
    copying();
  });
})();
