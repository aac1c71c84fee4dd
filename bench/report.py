"""Numbers of several rounds as Markdown: one table per scenario, and one of the bars."""

from statistics import median

# scenario: [(metric, what it is held against, how), …]; "nginx" and "direct" are their medians.
BARS = {
    "warm-1": [("GB/s", ">=", 0.9, "nginx"), ("CPU s/GB", "<=", 1.3, "nginx"), ("peak MiB", "<=", 256, None)],
    "warm-4": [("GB/s", ">=", 0.9, "nginx"), ("CPU s/GB", "<=", 1.3, "nginx"), ("peak MiB", "<=", 256, None)],
    "warm-16": [("GB/s", ">=", 0.9, "nginx"), ("CPU s/GB", "<=", 1.3, "nginx"), ("peak MiB", "<=", 256, None)],
    "range": [("GB/s", ">=", 0.9, "nginx"), ("CPU s/GB", "<=", 1.3, "nginx"), ("peak MiB", "<=", 256, None)],
    "small-get": [("req/s", ">=", 0.75, "nginx"), ("peak MiB", "<=", 256, None)],
    "small-head": [("req/s", ">=", 1.0, "nginx"), ("peak MiB", "<=", 256, None)],
    "cold-full": [("total s", "<=", 1.0, "nginx"), ("CPU s/GB", "<=", 2.0, None),
                  ("upstream x", "<=", 1.01, None), ("peak MiB", "<=", 256, None)],
    "cold-50MBps": [("MB/s", ">=", 3.5, "direct"), ("upstream x", "<=", 1.01, None)],
    "herd-16": [("upstream x", "<=", 1.01, None), ("worst first byte ms", "<= +", 50, "direct"),
                ("last byte s", "<=", 1.05, "direct"), ("peak MiB", "<=", 256, None)],
    "range-on-cold": [("first byte ms", "<= +", 10, "direct"), ("upstream MiB", "<=", 8, None),
                      ("again MiB", "<=", 0, None)],
    "resume-after-cut": [("whole", ">=", 1, None), ("upstream x", "<=", 1.01, None)],
    "idle-2000": [("KiB/connection", "<=", 32, None), ("still open", ">=", 2000, None)],
    "startup": [("ready s", "<=", 1.0, None)],
}


def number(value):
    return f"{value:.4g}" if abs(value) < 1e5 else f"{value:,.0f}"


def cell(values, base):
    text = number(median(values))
    if len(values) > 1:
        text += f" ({number(min(values))}..{number(max(values))})"
    if base:
        text += f" [{median(values) / base:.2f}x]"
    return text


def table(results):
    """`results`: {server: [{metric: number}, one per round]}; ratios are to nginx."""
    metrics = list(next(iter(results.values()))[0])
    lines = ["| server | runs | " + " | ".join(metrics) + " |", "|---" * (len(metrics) + 2) + "|"]
    for server, rounds in results.items():
        cells = []
        for metric in metrics:
            base = None
            if server != "nginx" and "nginx" in results and metric not in ("failed", "whole", "curl exit"):
                base = median(r[metric] for r in results["nginx"])
            cells.append(cell([r[metric] for r in rounds], base))
        lines.append(f"| {server} | {len(rounds)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def bars(all_results):
    lines = ["| scenario | bar | measured | |", "|---|---|---|---|"]
    for scenario, results in all_results.items():
        if "larder" not in results:
            continue
        for metric, how, bound, against in BARS[scenario]:
            if against and against not in results:
                lines.append(f"| {scenario} | {metric} {how} {number(bound)} beside {against} | {against} was not measured | |")
                continue
            got = median(r[metric] for r in results["larder"])
            if any(r.get("failed") for r in results["larder"]):
                metric += " (with failed answers)"
            base = median(r[metric] for r in results[against]) if against and metric in results[against][0] else None
            lines.append(bar(scenario, metric, how, bound, against, got, base,
                             any(r.get("failed") for r in results["larder"])))
    return "\n".join(lines)


def bar(scenario, metric, how, bound, against, got, base, failed):
    if against is None:
        text, measured, limit, value = f"{how} {number(bound)}", number(got), bound, got
    elif how == "<= +":
        text = f"<= {against}'s + {number(bound)}"
        measured, limit, value = f"{number(got)} against {number(base)}", (base or 0) + bound, got
    else:
        value = got / base if base else 0
        text, measured, limit = f"{how} {number(bound)} x {against}", f"{value:.2f} x", bound
    good = not failed and (value >= limit if how == ">=" else value <= limit)
    return f"| {scenario} | {metric} {text} | {measured} | {'pass' if good else '**loses**'} |"
