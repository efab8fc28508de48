# SPDX-License-Identifier: MIT
"""Measuring several in turn, and what comes of it: tables, TSV, plots."""
import statistics
import subprocess
import sys


class Figures:
    """What was measured, by row, peer and what it is: a value of each round."""

    def __init__(self):
        self.values = {}

    def add(self, row, peer, what, value):
        self.values.setdefault((row, peer, what), []).append(value)

    def median(self, row, peer, what):
        values = self.values.get((row, peer, what))
        return statistics.median(values) if values else None

    def tsv(self, file, base):
        """With how often more than `base` has it is."""
        print("row", "peer", "what", "median", "least", "most", "ratio",
              sep="\t", file=file)
        for (row, peer, what), values in self.values.items():
            middle, ours = statistics.median(values), self.median(row, base, what)
            ratio = f"{middle / ours:.3f}" if ours else ""
            print(row, peer, what, f"{middle:.6g}", f"{min(values):.6g}",
                  f"{max(values):.6g}", ratio, sep="\t", file=file)


def number(value):
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def table(file, figures, title, what, rows, peers, base):
    """A row for each of rows, peer beside peer; who is better than `base` in bold."""
    more_is_better = what in ("% of ideal", "MB/s")
    print(f"\n### {title}\n", file=file)
    print("|", "|".join([""] + [f" {peer} " for peer in peers]), "|", file=file)
    print("| --- " * (len(peers) + 1) + "|", file=file)
    for row in rows:
        cells = []
        ours = figures.median(row, base, what)
        for peer in peers:
            value = figures.median(row, peer, what)
            cell = number(value)
            if value is not None and peer != base and ours:
                cell += f" ({value / ours:.2g})"
                if value > ours if more_is_better else value < ours:
                    cell = f"**{cell}**"
            cells.append(cell)
        print("|", row, "|", " | ".join(cells), "|", file=file)


def plot(path, title, label, rows, series, log=True):
    """Bars by gnuplot, as SVG: series is (name, [value or None a row])."""
    lines = [
        "set terminal svg size 1000,480 font 'sans-serif,12' background 'white'",
        f"set output '{path}'", f"set title '{title}'", f"set ylabel '{label}'",
        "set style data histograms", "set style fill solid 0.9",
        "set key outside right", "set grid ytics", "set xtics rotate by -20",
        "set logscale y" if log else "set yrange [0:*]", "$data << E",
    ]
    lines.append("\t".join(["row"] + [name for name, _ in series]))
    for i, row in enumerate(rows):
        lines.append("\t".join([f'"{row}"'] + [
            "?" if values[i] is None else f"{values[i]:g}" for _, values in series]))
    lines += ["E", "set datafile separator '\\t'", "set datafile missing '?'",
              f"plot for [i=2:{len(series) + 1}] $data using i:xtic(1) "
              "title columnheader(i)"]
    try:
        subprocess.run(["gnuplot"], input="\n".join(lines), text=True, check=True)
    except FileNotFoundError:
        print(f"no plot: gnuplot is missing ({path})", file=sys.stderr)
