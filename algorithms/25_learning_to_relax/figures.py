"""The heat equation over time and omega, with what the learners chose."""


def draw(figure, data, fig):
    if figure["id"] != "heat_actions":
        raise ValueError(f"no figure {figure['id']}")
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
        ax.set_title({"tsallis": "Tsallis-INF", "chebcb": "ChebCB"}.get(arm, arm))
        fig.colorbar(image, ax=ax, label="iterations")
    axes[-1].set_xlabel("time step")
