"""How far the estimate of subword tokens is off, against the vocabulary of XLM-RoBERTa.

Reads JSON Lines of `cesura segment --format jsonl --details counts` on standard input.
"""

import json
import os
import statistics
import sys

import blingfire

model = blingfire.load_model(os.path.join(os.path.dirname(blingfire.__file__), "xlm_roberta_base.bin"))
errors = []
for line in sys.stdin:
    for segment in json.loads(line).get("segments", []):
        real = len(blingfire.text_to_ids(model, segment["text"], 4096, 0, no_padding=True))
        if real >= 10:
            errors.append(segment["counts"]["tokens_estimate"] / real - 1)
low = sorted(errors)[len(errors) // 20]
mean = statistics.mean(map(abs, errors))
print(f"{len(errors)} segments of ten tokens or more: off by {mean:.1%} on average, nineteen in twenty are at most {-low:.1%} low")
if len(errors) < 500 or mean > 0.12 or low < -0.22:
    sys.exit("the estimate of tokens is worse than the proto says")
