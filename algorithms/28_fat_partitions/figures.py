"""figures.py: the embedded dendrogram, its points in the boxes of its nodes."""


def draw(figure, data, fig):
    if figure["id"] != "iris":
        raise ValueError(f"no drawing for figure {figure['id']}")
    xy, ends, depth, points = (data.arrays(name)[0].array for name in ("polygons", "offsets", "depth", "points"))
    ax = fig.add_subplot()
    for i, level in enumerate(depth):
        box = xy[int(ends[i]):int(ends[i + 1])]
        if box.shape[0] and (box.max(axis=0) > box.min(axis=0)).all():
            ax.fill(*box.T, fill=False, edgecolor=data.muted, linewidth=max(0.2, 1.2 / (1 + level)))
    ax.scatter(*points.T, s=5, color=data.colors[0], zorder=2)
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    fig.set_size_inches(5.3, 5.3)
