# SPDX-License-Identifier: MIT
"""Measuring several in turn, and what comes of it: tables, TSV, plots."""
import datetime
import os
import platform
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
            print(row, peer, what, f"{middle:.9g}", f"{min(values):.6g}",
                  f"{max(values):.6g}", ratio, sep="\t", file=file)


def circumstances(rounds, base):
    """When and where, in a sentence."""
    with open("/proc/cpuinfo") as file:
        cpu = file.read()
    with open("/proc/meminfo") as file:
        gigabytes = int(file.readline().split()[1]) / 1e6
    models = [line.split(":", 1)[1].strip() for line in cpu.splitlines()
              if line.startswith("model name")] or [platform.machine()]
    compiler = subprocess.run(["cc", "--version"], stdout=subprocess.PIPE, text=True,
                              check=True).stdout.splitlines()[0]
    return (f"{datetime.date.today()}, on a{' virtual' if 'hypervisor' in cpu else ''} "
            f"machine with {os.cpu_count()} CPUs ({models[0]}) and {gigabytes:.0f} GB, "
            f"Linux {platform.release().split('-')[0]}, "
            f"{' '.join(platform.libc_ver())}, {compiler}; "
            f"medians of {rounds} rounds, in which each took its turn. In brackets how "
            f"often {base}'s that is, in bold what is better than {base}'s.")


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


# Told apart, the first most of all.
COLORS = ["#000000", "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00",
          "#cc79a7", "#7f3fbf", "#9c6b30", "#a0a0a0", "#b0d070"]


def gnuplot(path, lines):
    """An SVG of what the lines draw."""
    try:
        subprocess.run(["gnuplot"], text=True, check=True, input="\n".join(
            ["set terminal svg size 1000,480 font 'sans-serif,12' background 'white'",
             f"set output '{path}'", "set key outside right noenhanced"] +
            [f"set linetype {i} linecolor rgb '{color}'"
             for i, color in enumerate(COLORS, 1)] + lines))
    except FileNotFoundError:
        print(f"no plot: gnuplot is missing ({path})", file=sys.stderr)


def data(rows, series):
    """For gnuplot: a line for each of rows, a column for each of series, which is
    (name, [value or None a row])."""
    lines = ["set datafile separator '\t'", "set datafile missing '?'", "$data << E",
             "\t".join(["row"] + [name for name, _ in series])]
    for i, row in enumerate(rows):
        lines.append("\t".join([f'"{row}"' if isinstance(row, str) else f"{row}"] + [
            "?" if values[i] is None else f"{values[i]:g}" for _, values in series]))
    return lines + ["E"]


def bars(path, title, label, rows, series):
    gnuplot(path, data(rows, series) + [
        f"set title '{title}'", f"set ylabel '{label}'", "set logscale y",
        "set style data histograms", "set style fill solid 0.9", "set grid ytics",
        "set xtics rotate by -20",
        f"plot for [i=2:{len(series) + 1}] $data using i:xtic(1) "
        "title columnheader(i)"])


def curves(path, title, labels, rows, series):
    """Rows are numbers; the values from 0 on, so that what is flat is seen to be."""
    gnuplot(path, data(rows, series) + [
        f"set title '{title}'", f"set xlabel '{labels[0]}'",
        f"set ylabel '{labels[1]}'", "set logscale x", "set yrange [0:*]",
        "set format x '10^{%L}'", "set grid",
        f"plot for [i=2:{len(series) + 1}] $data using 1:i with linespoints "
        "linewidth 2 title columnheader(i)"])
