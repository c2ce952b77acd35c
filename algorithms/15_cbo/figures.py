"""Consensus points and gradient paths over the contours of the canyon; how often the minimiser is found."""

import numpy as np


def success(data, fig):
    ax = fig.add_subplot()
    sigmas = np.unique(data["sigma"])
    shares = np.array([np.mean(data["max_dist"][data["sigma"] == s] < 0.25) for s in sigmas])
    runs = np.array([np.sum(data["sigma"] == s) for s in sigmas])
    ax.errorbar(sigmas, shares, 2 * np.sqrt(shares * (1 - shares) / runs), marker="o", color=data.colors[0], capsize=3)
    ax.set(xlabel="sigma", ylabel="share of runs", ylim=(-0.05, 1.05))


def paths(data, fig):
    ax = fig.add_subplot()
    energies = [a.array for a in data.arrays("energy")]
    if energies:
        grid = np.linspace(-2, 8, energies[0].shape[0])
        ax.contourf(grid, grid, np.minimum(energies[0], 60), levels=24, cmap="Greys", alpha=0.7)
    points = ax.scatter(data["x"], data["y"], c=data["k"], s=5, cmap=data.cmap, linewidths=0)
    ax.plot([8], [8], "o", color=data.colors[1], label="start")
    ax.plot([0], [0], "*", color=data.colors[2], markersize=11, label="minimiser")
    ax.set(xlim=(-2, 8.6), ylim=(-2, 8.6), xlabel="x", ylabel="y", aspect="equal")
    ax.legend(loc="lower right")
    fig.colorbar(points, ax=ax, label="step")


def draw(figure, data, fig):
    if figure["id"] == "success_noise":
        success(data, fig)
    else:
        paths(data, fig)
