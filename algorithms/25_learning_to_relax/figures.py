"""The heat equation: total iterations over its size; iterations over time and omega, with what the learners chose."""

import numpy as np

NAMES = {"tsallis": "Tsallis-INF", "tsallis_cb": "Tsallis-INF-CB", "chebcb": "ChebCB", "w10": "ω = 1", "w15": "ω = 1.5", "cg": "CG"}


def _means(part, column):
    sizes = np.unique(part["n"])
    return sizes, [np.mean(part[column][part["n"] == n]) for n in sizes]


def heat_total(data, fig):
    """Arms, and in hindsight the best fixed omega and the best omega of every step: those are the same for all arms with a preconditioner."""
    ax = fig.add_subplot()
    for i, (arm, part) in enumerate(data.groups("arm")):
        ax.plot(*_means(part, "total"), "o-", ms=4, lw=1.2, color=data.colors[i % len(data.colors)], label=NAMES.get(arm, arm))
        if arm == "chebcb":
            ax.plot(*_means(part, "best_fixed"), "s--", ms=4, lw=1.2, color=data.ink, label="best fixed ω")
            ax.plot(*_means(part, "best_each"), "v:", ms=4, lw=1.2, color=data.ink, label="instance-optimal")
    ax.set(xscale="log", yscale="log", xlabel="unknowns", ylabel="total iterations")
    ax.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.02, 0.5))


def heat_actions(data, fig):
    axes = fig.subplots(2, 1, sharex=True)
    fig.set_size_inches(7, 6)
    costs = {a.arm: a.array for a in data.arrays("cost")}
    for ax, (arm, part) in zip(axes, sorted(data.groups("arm"), reverse=True)):
        cost = costs[arm]
        window = part["t"][1] - part["t"][0]
        extent = (0, cost.shape[1] * window, 1 - 0.025, 1.95 + 0.025)
        image = ax.imshow(cost, origin="lower", aspect="auto", extent=extent, cmap=data.cmap, vmax=25)
        ax.plot(part["t"], part["mean_omega"], color=data.colors[1], linewidth=1.4)
        ax.set_ylabel("omega")
        ax.set_title(NAMES.get(arm, arm))
        fig.colorbar(image, ax=ax, label="iterations")
    axes[-1].set_xlabel("time step")


def draw(figure, data, fig):
    {"heat_total": heat_total, "heat_actions": heat_actions}[figure["id"]](data, fig)
