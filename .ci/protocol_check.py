"""What h2spec and ghz found, against what is written down.

Usage: protocol_check.py h2spec JUNIT_XML RELIABILITY_MD
       protocol_check.py ghz FOLDER NAME=CODE[+CODE]:COUNT...
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

# A race that h2spec loses or wins: it ends each stream at once, and they may be over before their number is.
# tests/it/abuse.rs holds the same with streams that stay open.
EITHER = {
    "http2/5.1.2: Sends HEADERS frames that causes their advertised concurrent stream limit to be exceeded"
}


def h2spec(report: str, document: str) -> None:
    found: dict[str, str] = {}
    cases = 0
    for case in xml.parse(report).getroot().iter("testcase"):
        cases += 1
        outcomes = {child.tag for child in case} & {"failure", "error", "skipped"}
        if outcomes:
            name = f"{case.get('package')}: {case.get('classname')}"
            found[name] = "not run" if outcomes == {"skipped"} else "fails"
    text = pathlib.Path(document).read_text()
    listed = {
        name: outcome
        for name, outcome in re.findall(r"^\| `((?:generic|http2|hpack)/[^`]+)` \| (fails|not run|either) \|", text, re.MULTILINE)
    }
    either = {name for name, outcome in listed.items() if outcome == "either"}
    wrong = []
    if either != EITHER:
        wrong.append(f"listed as either: {sorted(either)}")
    if cases < 140:
        wrong.append(f"only {cases} cases were run")
    for name in sorted((found.keys() | listed.keys()) - either):
        if found.get(name) != listed.get(name):
            wrong.append(f"{name}: {found.get(name, 'passes')}, listed is {listed.get(name, 'nothing')}")
    if wrong:
        sys.exit("WRONG: " + "\n".join(wrong))
    passed = cases - len(found)
    print(f"h2spec: {cases} cases, {passed} pass, the others are those of {document}")


def ghz(folder: str, *wanted: str) -> None:
    for one in wanted:
        name, _, rest = one.partition("=")
        codes, _, count = rest.partition(":")
        report = json.loads((pathlib.Path(folder) / f"{name}.json").read_text())
        found = report["statusCodeDistribution"]
        if set(found) != set(codes.split("+")) or sum(found.values()) != int(count) or report["count"] != int(count):
            sys.exit(f"WRONG: {name}: {report['count']} calls, {found}; wanted {rest}")
        print(f"{name}: {count} calls, {found}")


if __name__ == "__main__":
    {"h2spec": h2spec, "ghz": ghz}[sys.argv[1]](*sys.argv[2:])
