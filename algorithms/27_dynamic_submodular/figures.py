"""Figures of several quantities, or with phases of a stream, that no declared kind can draw."""

import numpy as np

NAMES = {"dynamic": "dynamic", "lattanzi": "predecessor", "sieve": "Sieve-Streaming", "adaptive": "grown sample", "random_k": "random"}


def _median_band(part, x, y):
    """Median and quartiles of y over the rows of each x."""
    xs = np.unique(part[x])
    columns = [part[y][part[x] == v] for v in xs]
    return xs, [np.array([np.nanquantile(c, q) for c in columns]) for q in (0.25, 0.5, 0.75)]


def _label(problem):
    kind, _, rest = problem.partition("(")
    keep = [p for p in rest.rstrip(")").split(",") if p.split("=")[0] in ("set", "stream", "n", "data")]
    return kind.split(".")[1] + " " + " ".join(p.split("=")[1] for p in keep)


def over_time(data, fig):
    """A panel a problem. Deletions alone: behind the insertions of "drain"; both at once otherwise, behind the filling of a window."""
    parts = [(problem, part) for problem, part in data.groups("problem") if not problem.startswith(("dynset.pareto_cov(n=500", "dynset.clusters(n=100"))]
    parts = parts or list(data.groups("problem"))
    rows_of_panels = (len(parts) + 2) // 3
    fig.set_size_inches(9.4, 2.6 * rows_of_panels)
    for j, (problem, part) in enumerate(parts):
        ax = fig.add_subplot(rows_of_panels, 3, j + 1)
        part = part.where("n_ask>=1")
        for i, (arm, rows) in enumerate(part.groups("arm")):
            at, (low, middle, high) = _median_band(rows, "n_update", "ratio")
            ax.plot(at, middle, color=data.colors[i], label=NAMES.get(arm, arm), lw=1.2)
            ax.fill_between(at, low, high, color=data.colors[i], alpha=0.2, lw=0)
        end = float(np.max(part["n_update"]))
        begin = {"drain": 2 / 3, "window": 1 / 3}.get(problem.partition("stream=")[2].partition(")")[0].partition(",")[0], 0)
        ax.axvspan(begin * end, end, color=data.muted, alpha=0.12, lw=0)
        ax.axhline(0.2, color=data.ink, lw=0.8, ls="--")
        ax.set(ylim=(0, 1.05), xlim=(0, end), title=_label(problem))
        ax.title.set_fontsize(8)
        if j % 3 == 0:
            ax.set_ylabel("value / greedy")
        if j + 3 >= len(parts):
            ax.set_xlabel("updates")
    fig.axes[0].legend(fontsize=7, loc="lower left", bbox_to_anchor=(0.02, 0.24))


def over_k(data, fig):
    """Mean value over the answers, and queries an update of the whole stream: a column a problem."""
    problems = list(data.groups("problem"))
    fig.set_size_inches(3.1 * max(len(problems), 2), 4.6)
    for j, (problem, part) in enumerate(problems):
        top = fig.add_subplot(2, len(problems), j + 1)
        bottom = fig.add_subplot(2, len(problems), len(problems) + j + 1)
        for i, (arm, rows) in enumerate(part.groups("arm")):
            ks = np.unique(rows["k"])
            value = [np.nanmean(rows["ratio"][(rows["k"] == k) & (rows["n_ask"] >= 1)]) for k in ks]
            last = [(rows["k"] == k) & (rows["n_ask"] == np.max(rows["n_ask"])) for k in ks]
            cost = [np.mean(rows["n_query"][m] / rows["n_update"][m]) for m in last]
            top.plot(ks, value, "o-", ms=3, lw=1.2, color=data.colors[i], label=NAMES.get(arm, arm))
            bottom.plot(ks, cost, "o-", ms=3, lw=1.2, color=data.colors[i])
        top.set(title=_label(problem), ylim=(0.5, 1.05))
        top.title.set_fontsize(8)
        bottom.set(yscale="log", xlabel="k")
        if j == 0:
            top.set_ylabel("mean value / greedy")
            bottom.set_ylabel("queries an update")
            top.legend(fontsize=7, loc="lower left")


def membership(data, fig):
    """How often each of the 12 members is in the sample; of the dynamic structure for its most frequent size."""
    arms = [(arm, rows) for arm, rows in data.groups("arm")]
    fig.set_size_inches(9.4, 2.6)
    for j, (arm, rows) in enumerate(arms):
        ax = fig.add_subplot(1, len(arms), j + 1)
        sizes, counts = np.unique(rows["m"], return_counts=True)
        m = sizes[np.argmax(counts)]
        member = rows["member"][rows["m"] == m]
        member = member[np.isfinite(member)].astype(int)
        share = np.bincount(member, minlength=12) / max(len(member), 1) * m
        ax.bar(np.arange(12), share, color=data.colors[j])
        ax.axhline(m / 12, color=data.ink, lw=0.8, ls="--")
        ax.set(title=f"{NAMES.get(arm, arm)}, sample of {int(m)}", xlabel="element: four pairs, four singles", ylim=(0, 1.1))
        ax.title.set_fontsize(8)
        ax.set_xticks(np.arange(12))
    fig.axes[0].set_ylabel("share of samples")


def draw(figure, data, fig):
    {"over_time": over_time, "over_k": over_k, "membership": membership}[figure["id"]](data, fig)
