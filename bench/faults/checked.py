"""The product's own checker, asked about every report that residents were told is taken."""

import json
import os
import subprocess
import sys

from bench.faults.findings import acknowledged
from bench.faults.product import Product
from bench.figures import Figure, at_most
from server.launch import ROOT


def checked(product: Product, name: str) -> Figure:
    """What `flask check --all` finds lost, beside what it found and repaired."""
    numbers = [no for no, _ in acknowledged(product)]
    told = product.folder / "answered"
    told.write_text("\n".join(numbers))
    words = ["check", "--all", "--json", "--answered", str(told)]
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env=os.environ | product.workers[0].env,
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout.strip().split("\n")[-1])
    return at_most(
        f"{name}: lost, says flask check",
        found["lost"],
        0,
        times=1,
        unit="findings",
        n=len(numbers),
        found=found["found"],
        repaired=found["repaired"],
    )
