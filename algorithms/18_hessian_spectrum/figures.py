"""Spectra from the attached eigenvalues: in order, by width, and of the two parts of the Hessian."""

import numpy as np


def widths(data, name="H_end"):
    """Hidden layers, narrowest first, that have attached spectra."""
    return sorted({a.point["hidden"] for a in data.arrays(name)}, key=lambda text: int(text.split("-")[0]))


def first(data, name, hidden):
    return next(np.asarray(a.array).ravel() for a in data.arrays(name) if a.point["hidden"] == hidden)


def ordered(data, fig):
    left, right = fig.subplots(1, 2)
    for color, hidden in zip(data.colors, widths(data)):
        for name, style in (("H_start", ":"), ("H_end", "-")):
            values = first(data, name, hidden)
            share = 100 * (np.arange(len(values)) + 1) / len(values)
            left.plot(share, values, style, color=color, lw=1.2, label=hidden if name == "H_end" else None)
            right.plot(share, values, style, color=color, lw=1.2)
    left.set(xlabel="place, %", ylabel="eigenvalue")
    right.set(xlabel="place, %", xlim=(0, 50), ylim=(-0.25, 0.05))
    left.legend(title="solid: trained", loc="upper left")


def by_width(data, fig):
    ax = fig.add_subplot()
    for color, hidden in zip(data.colors, widths(data)):
        values = first(data, "H_end", hidden)[::-1]
        values = values[values > 1e-8]
        ax.loglog(np.arange(len(values)) + 1, values, ".", ms=3, color=color, label=hidden)
    ax.axhline(20, ls="--", color=data.muted, lw=1, label="2/lr")
    ax.set(xlabel="place", ylabel="eigenvalue", ylim=(1e-6, 60))
    ax.legend(loc="lower left")


def parts(data, fig):
    hidden = widths(data, "G_end")[-1]
    for ax, when, title in zip(fig.subplots(1, 2), ("start", "end"), ("before", "after training")):
        for color, part, style in zip(data.colors, "HG", ("-", "--")):
            values = first(data, f"{part}_{when}", hidden)
            ax.plot(100 * (np.arange(len(values)) + 1) / len(values), values, style, color=color, label=part)
        ax.set(xlabel="place, %", ylabel="eigenvalue", title=title)
        ax.set_yscale("symlog", linthresh=1e-3)
        ax.legend(loc="upper left")


def switch_spectra(data, fig):
    left, right = fig.subplots(1, 2)
    for color, name, label in zip(data.colors, ("H_before", "H_after"), ("at the change", "at the end")):
        values = np.asarray(data.arrays(name)[0].array).ravel()
        positive = values[::-1][values[::-1] > 1e-8]
        left.loglog(np.arange(len(positive)) + 1, positive, ".", ms=3, color=color)
        right.plot(100 * (np.arange(len(values)) + 1) / len(values), values, color=color, lw=1.2, label=label)
    left.set(xlabel="place", ylabel="eigenvalue", ylim=(1e-6, None))
    right.set(xlabel="place, %")
    right.set_yscale("symlog", linthresh=1e-3)
    right.legend(loc="upper left")


def draw(figure, data, fig):
    {"ordered": ordered, "by_width": by_width, "parts": parts, "switch_spectra": switch_spectra}[figure["id"]](data, fig)
