#!/usr/bin/env python3
"""Writes many assessments that differ, to measure a batch with:

    python3 tests/batch/many.py 1000 /tmp/many
    /usr/bin/time -v qizhen batch /tmp/many -o /tmp/reports
"""
import pathlib
import random
import re
import sys

count, out = int(sys.argv[1]), pathlib.Path(sys.argv[2])
example = pathlib.Path(__file__).parents[2] / "examples/pump-maker.assessment.yaml"
text = example.read_text(encoding="utf-8")
out.mkdir(parents=True, exist_ok=True)
for number in range(count):
    dice = random.Random(number)
    varied = text.replace("青岛示例泵业有限公司", f"青岛示例第{number:05}泵业有限公司")
    varied = re.sub(r"\n  uscc:.*", "", varied)
    # Single-choice answers change, and so do grades, gaps, measures and providers; totals stay above their parts.
    varied = re.sub(r"(?m)^(    q\d+: )[b-c]\b", lambda found: found[1] + dice.choice("bc"), varied)
    varied = varied.replace("networked: 21 台", f"networked: {dice.randint(5, 40)} 台")
    varied = varied.replace("electricity: 310 万kWh", f"electricity: {dice.randint(250, 330)} 万kWh")
    (out / f"{number:05}.assessment.yaml").write_text(varied, encoding="utf-8")
