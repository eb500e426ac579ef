#!/usr/bin/env python3
"""Compares what passed with what Redis passes and with left-out.tsv.

A test counts in every mode in which Redis passes it. Exits 1 if one neither passes nor is left out,
or if one that is left out passes. --write drops the latter from left-out.tsv instead; nothing ever
adds to that file but a person, with the reason.
"""
import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LEFT_OUT = HERE / "left-out.tsv"


def tests(path):
    """The (unit, name) pairs of a file, each once."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return {tuple(line.split("\t", 1)) for line in lines if "\t" in line}


def left_out():
    """Lines of the file: comments as they are, others as unit, name, reason."""
    rows = []
    for number, line in enumerate(LEFT_OUT.read_text(encoding="utf-8").splitlines(), 1):
        columns = line.split("\t")
        if not line.startswith("#") and (len(columns) != 3 or not columns[2].strip()):
            sys.exit(f"{LEFT_OUT.name}:{number}: must be unit, test and reason, separated by tabs")
        rows.append(columns)
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--modes", nargs="+", required=True)
    parser.add_argument("--units", nargs="+", required=True)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()

    expected, missing = set(), {}
    for mode in arguments.modes:
        baseline = tests(HERE / "baseline" / f"{mode}.tsv")
        passed = tests(arguments.results / f"{mode}.tsv")
        for test in baseline:
            if test[0] in arguments.units:
                expected.add(test)
                if test not in passed:
                    missing.setdefault(test, []).append(mode)

    rows = left_out()
    excused = {(row[0], row[1]) for row in rows if len(row) == 3}
    stale = sorted((excused & expected) - missing.keys())
    failed = sorted(missing.keys() - excused)
    for unit, name in failed:
        print(f"FAILED    {unit}: {name} ({', '.join(missing[unit, name])})")
    for unit, name in stale:
        print(f"LEFT OUT  {unit}: {name} passes now: it must go from left-out.tsv")
    if arguments.write and stale:
        kept = [row for row in rows if len(row) != 3 or (row[0], row[1]) not in stale]
        LEFT_OUT.write_text("".join("\t".join(row) + "\n" for row in kept), encoding="utf-8")
        stale = []
    passing = len(expected) - len(missing)
    print(
        f"{passing} of {len(expected)} distinct tests pass that Redis 7.0.15 passes; "
        f"{len(missing) - len(failed)} are left out, {len(failed)} fail"
    )
    sys.exit(1 if failed or stale else 0)


if __name__ == "__main__":
    main()
