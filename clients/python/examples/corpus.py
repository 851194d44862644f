"""Segments a corpus: JSON Lines with `id` and `text` in, one line for each segment out.

    python corpus.py [TARGET] < corpus.jsonl > segments.jsonl

Neither the corpus nor its segments need to fit in memory, and a server that restarts meanwhile
loses nothing.
"""

import json
import sys

import cesura


def main(target: str = "127.0.0.1:50051") -> int:
    refused = 0
    rows = (json.loads(line) for line in sys.stdin)
    with cesura.Client(target) as client:
        for row, answer in client.segment_documents(rows, source=lambda row: str(row["text"])):
            if isinstance(answer, cesura.CesuraError):
                refused += 1
                print(f"{row['id']}: {answer.reason}: {answer.message}", file=sys.stderr)
                continue
            for segment in answer.translatable_segments:
                line = {"id": row["id"], "segment": segment.number, "text": segment.text}
                print(json.dumps(line, ensure_ascii=False))
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
