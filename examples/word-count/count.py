"""Counts the words of its share of the text. Nothing but Python's own library is needed."""

import collections
import json
import os
import re

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

counts = collections.Counter()
with open(os.path.join(os.environ["WATTLOOP_INPUTS"], "text.txt"), encoding="utf-8") as lines:
    for line in lines:
        counts.update(WORD.findall(line.lower()))

with open(os.environ["WATTLOOP_OUTPUT"], "w", encoding="utf-8") as output:
    json.dump(list(counts.items()), output)

# Units of work, so that energy is told per word too.
with open(os.environ["WATTLOOP_WORK"], "w", encoding="utf-8") as work:
    work.write(str(sum(counts.values())))
