"""Opens what `cesura export` writes in the tools that people have, and merges what they wrote.

Usage: check.py CESURA OKAPI_CLASSPATH WORK_FOLDER

Validates XLIFF 2.1 against the OASIS schemas and Schematron rules, which Okapi's library carries;
reads every file with translate-toolkit and Okapi and compares their segments with our own; lets both
fill in targets, and merges those. Prints a table; exits with 1 on the first difference.
"""

import glob
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile

import jsonschema
from lxml import etree
from saxonche import PySaxonProcessor
from translate.storage import tmx, xliff, xliff2

CESURA, CLASSPATH, WORK = sys.argv[1:4]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OKAPI = re.search(r"okapi-lib-xliff2-([0-9.]+)\.jar", CLASSPATH).group(1)
TOOLKIT = importlib.metadata.version("translate-toolkit")
FORMS = ["marked", "placeholder", "plain"]
rows = []


def cesura(*arguments, stdin=None):
    """What the command line prints."""
    return subprocess.run([CESURA, *arguments], input=stdin, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def same(found, expected, what):
    if found != expected:
        at = next((i for i, (a, b) in enumerate(zip(found, expected)) if a != b), min(len(found), len(expected)))
        sys.exit(f"{what}: differs at {at}: {found[at:at + 2]!r} is not {expected[at:at + 2]!r}")


def sources():
    """The seeds, and a page with all that XML finds hard."""
    hard = os.path.join(WORK, "hard.txt")
    with open(hard, "wb") as file:
        file.write("\ufeffIl caso <b>&amp;</b> ]]>\r\n\r\nRiga\u0001 una\tdue  tre.Poi \u0085 altro\u2028qui, dice https://a.it/?b=c&d=e oggi.\r\n \r\n".encode())
    return sorted(glob.glob(os.path.join(ROOT, "seeds", "*.txt"))) + [hard]


def expected(source):
    """Units that are to be translated, each as the texts of its segments; white space between too."""
    units = []
    for line in cesura("export", source, "--format", "jsonl", "--language", "it").splitlines():
        event = json.loads(line)
        if event["event"] == "unit" and event["translatable"]:
            parts = sorted(event["segments"] + event["ignorables"], key=lambda part: part["span"])
            units.append({"segments": [s["text"] for s in event["segments"]], "text": "".join(p["text"] for p in parts)})
    return units


class Schemas:
    """The OASIS schemas and rules, out of Okapi's library."""

    def __init__(self):
        self.folder = os.path.join(WORK, "schemas")
        jar = next(path for path in CLASSPATH.split(os.pathsep) if "okapi-lib-xliff2" in path)
        with zipfile.ZipFile(jar) as archive:
            archive.extractall(self.folder)
        self.folder = os.path.join(self.folder, "net/sf/okapi/lib/xliff2")
        found = [os.path.relpath(path, self.folder) for path in glob.glob(self.folder + "/**/*.xsd", recursive=True)]
        imports = "".join(
            f'<xs:import namespace="{etree.parse(os.path.join(self.folder, name)).getroot().get("targetNamespace")}" schemaLocation="{name}"/>'
            for name in sorted(found)
            if "3rdParty" not in name
        )
        wrapper = os.path.join(self.folder, "all.xsd")
        with open(wrapper, "w") as file:
            file.write(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>')
        self.xsd = etree.XMLSchema(etree.parse(wrapper))
        self.saxon = PySaxonProcessor(license=False)
        names = ["xliff_core_2.1.sch"] + [f"modules/{name}.sch" for name in ("metadata", "size_restriction")]
        self.rules = [self.compiled(os.path.join(self.folder, name)) for name in names]

    def compiled(self, path):
        """Schematron as XSLT: in each pattern the first rule that matches an element counts."""
        s = "{http://purl.oclc.org/dsdl/schematron}"
        xsl = "{http://www.w3.org/1999/XSL/Transform}"
        tree = etree.parse(path, etree.XMLParser(load_dtd=True, resolve_entities=True)).getroot()
        namespaces = {one.get("prefix"): one.get("uri") for one in tree.findall(s + "ns")}
        sheet = etree.Element(xsl + "stylesheet", version="2.0", nsmap={**namespaces, "xsl": xsl[1:-1], "xs": "http://www.w3.org/2001/XMLSchema"})

        def variables(scope, parent):
            for one in scope.findall(s + "let"):
                etree.SubElement(parent, xsl + "variable", name=one.get("name"), select=one.get("value"))

        variables(tree, sheet)
        begin = etree.SubElement(sheet, xsl + "template", match="/")
        found = etree.SubElement(begin, "found")
        for number, pattern in enumerate(tree.findall(s + "pattern")):
            mode = f"m{number}"
            etree.SubElement(found, xsl + "apply-templates", select="/*", mode=mode)
            for place, rule in enumerate(pattern.findall(s + "rule")):
                template = etree.SubElement(sheet, xsl + "template", match=rule.get("context"), mode=mode, priority=str(1000 - place))
                variables(pattern, template)
                for part in rule:
                    if part.tag == s + "let":
                        etree.SubElement(template, xsl + "variable", name=part.get("name"), select=part.get("value"))
                    elif part.tag in (s + "assert", s + "report"):
                        test = part.get("test") if part.tag == s + "report" else f"not({part.get('test')})"
                        wrong = etree.SubElement(etree.SubElement(template, xsl + "if", test=test), "wrong")
                        wrong.text = " ".join("".join(part.itertext()).split())
                etree.SubElement(template, xsl + "apply-templates", select="*|@*", mode=mode)
            rest = etree.SubElement(sheet, xsl + "template", match="*", mode=mode, priority="-1")
            etree.SubElement(rest, xsl + "apply-templates", select="*|@*", mode=mode)
            etree.SubElement(sheet, xsl + "template", match="@*|text()", mode=mode, priority="-2")
        return self.saxon.new_xslt30_processor().compile_stylesheet(stylesheet_text=etree.tostring(sheet, encoding="unicode"))

    def check(self, path):
        """What is wrong with a file."""
        document = etree.parse(path)
        wrong = [] if self.xsd.validate(document) else [str(error) for error in self.xsd.error_log]
        node = self.saxon.parse_xml(xml_file_name=path)
        for rules in self.rules:
            answer = etree.fromstring(rules.transform_to_string(xdm_node=node).encode())
            wrong += [one.text for one in answer.iter("wrong")]
        return wrong


def exports():
    """Every source in both versions and all forms: path, source, expected units."""
    files = []
    for source in sources():
        units = expected(source)
        name = os.path.splitext(os.path.basename(source))[0]
        for form in FORMS:
            for format, end in (("xliff", "xlf"), ("xliff-1.2", "xlf1")):
                path = os.path.join(WORK, f"{name}.{form}.{end}")
                options = ["--language", "it", "--target-language", "es", "--details", "warnings", "--target-size-percent-max", "150"]
                cesura("export", source, "--format", format, "--protected", form, *options, "--output", path)
                files.append((path, source, units))
    return files


def with_targets(path):
    """A copy with each source as its own target."""
    copy = path + ".targets"
    with open(path, encoding="utf-8") as file, open(copy, "w", encoding="utf-8") as out:
        out.write(re.sub(r"<source>(.*?)</source>", r"<source>\1</source><target>\1</target>", file.read(), flags=re.DOTALL))
    return copy


def validate(files):
    schemas = Schemas()
    twos = [path for path, _, _ in files if path.endswith(".xlf")]
    for path in twos:
        if "placeholder" in path:
            # The rules that Okapi carries are a draft of 2016, which asks for the codes of a target
            # before there is one; the standard of 2018 does not.
            path = with_targets(path)
        if wrong := schemas.check(path):
            sys.exit(f"{path}: {wrong[:3]}")
    # A check that never fails is none.
    broken = os.path.join(WORK, "broken.xlf")
    with open(twos[0], encoding="utf-8") as file, open(broken, "w", encoding="utf-8") as out:
        out.write(re.sub(r'<segment id="s2">', '<segment id="s2" state="final">', file.read()).replace('id="u2"', 'id="u1"'))
    if len(schemas.check(broken)) < 2:
        sys.exit("a broken file was found to be valid")
    rows.append(("OASIS schemas and Schematron rules of XLIFF 2.1", f"in Okapi {OKAPI}", "XLIFF 2.1", len(twos), "valid"))


def toolkit(files):
    """translate-toolkit reads, copies sources to targets, saves; we merge."""
    for end, kind in ((".xlf", "XLIFF 2.1"), (".xlf1", "XLIFF 1.2")):
        count = 0
        for path, source, units in files:
            if not path.endswith(end):
                continue
            store = xliff2.Xliff2File.parsefile(path) if end == ".xlf" else xliff.xlifffile.parsefile(path)
            found = [unit for unit in store.units if unit.istranslatable()]
            if "hard" in path:
                # It leaves out what it cannot show (`<cp>`, `<x>`): the number of texts must do.
                same(len(found), sum(len(u["segments"]) for u in units) if end == ".xlf" else len(units), path)
                continue
            texts = [text for unit in units for text in (unit["segments"] if end == ".xlf" else [unit["text"]])]
            if "placeholder" not in path:
                same([str(unit.source) for unit in found], texts, f"translate-toolkit, {path}")
                for unit in found:
                    unit.target = str(unit.source)
                copy = path + ".toolkit"
                store.savefile(copy)
                same(cesura("merge", copy), open(source, "rb").read(), f"merged after translate-toolkit, {path}")
            count += len(found)
        rows.append(("translate-toolkit", TOOLKIT, kind, count, "same texts, merged back to the byte"))


def okapi(files):
    """Okapi reads, copies sources to targets, writes; we merge."""
    folder = os.path.join(WORK, "okapi")
    os.makedirs(folder, exist_ok=True)
    program = os.path.join(ROOT, ".ci", "formats", "OkapiSegments.java")
    paths = [path for path, _, _ in files]
    ran = subprocess.run(["java", "-cp", CLASSPATH, program, folder, *paths], check=True, stdout=subprocess.PIPE)
    found = {one["file"]: one["segments"] for one in map(json.loads, ran.stdout.splitlines())}
    for end, kind in ((".xlf", "XLIFF 2.1"), (".xlf1", "XLIFF 1.2")):
        count = 0
        for path, source, units in files:
            if not path.endswith(end):
                continue
            name = os.path.basename(path)
            texts = [text for unit in units for text in unit["segments"]]
            if "hard" in path:
                same(len(found[name]), len(texts), f"Okapi, {path}")
            elif "plain" in path:
                same(found[name], texts, f"Okapi, {path}")
            else:
                # Codes stand among the text: what is left must be the same.
                bare = [re.sub(r"<[^>]*>", "", text) for text in found[name]]
                same(len(bare), len(texts), f"Okapi, {path}")
            if "hard" not in path:
                merged = cesura("merge", os.path.join(folder, name))
                same(merged, open(source, "rb").read(), f"merged after Okapi, {path}")
            count += len(found[name])
        rows.append(("Okapi", OKAPI, kind, count, "same segments, merged back to the byte"))


def memories():
    """TMX of the pairs of texts that the tests have, read by both tools."""
    paths, pairs = [], {}
    for bitext in sorted(glob.glob(os.path.join(ROOT, "tests", "bitext", "*.it-*"))):
        language = bitext[-2:]
        sides = {}
        for mark, end in (("<", "it"), (">", language)):
            sides[end] = os.path.join(WORK, f"side.{end}.txt")
            with open(bitext, encoding="utf-8") as file, open(sides[end], "w", encoding="utf-8") as out:
                out.write("\n\n".join(line[2:].strip() for line in file if line.startswith(mark)))
        path = os.path.join(WORK, f"{os.path.basename(bitext)[:2]}-{language}.tmx")
        languages = ["--language", "it", "--target-language", language]
        cesura("export", sides["it"], "--format", "tmx", "--translation", sides[language], *languages, "--output", path)
        with open(path, "rb") as file:
            store = tmx.tmxfile(file, sourcelanguage="it", targetlanguage=language)
        document = etree.parse(path)
        pairs[os.path.basename(path)] = [["".join(seg.itertext()) for seg in tu.iter("seg")] for tu in document.iter("tu")]
        same([[unit.source, unit.target] for unit in store.units], pairs[os.path.basename(path)], f"translate-toolkit, {path}")
        paths.append(path)
    count = sum(map(len, pairs.values()))
    if count < 100:
        sys.exit(f"only {count} pairs in {len(paths)} memories")
    rows.append(("translate-toolkit", TOOLKIT, "TMX 1.4b", count, "same pairs"))
    program = os.path.join(ROOT, ".ci", "formats", "OkapiSegments.java")
    ran = subprocess.run(["java", "-cp", CLASSPATH, program, WORK, *paths], check=True, stdout=subprocess.PIPE)
    for one in map(json.loads, ran.stdout.splitlines()):
        flat = [text for pair in pairs[one["file"]] for text in pair]
        same(one["segments"], flat, f"Okapi, {one['file']}")
    rows.append(("Okapi", OKAPI, "TMX 1.4b", count, "same pairs"))


def lines():
    """JSON Lines against their schema: all details, alignments, comparisons."""
    with open(os.path.join(ROOT, "docs", "jsonl.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    seeds = sorted(glob.glob(os.path.join(ROOT, "seeds", "*.txt")))
    asked = ["--format", "jsonl", "--details", "all", "--explain", "--pack", "100"]
    outputs = {
        "document_line": cesura("segment", *asked, *seeds),
        "alignment_line": cesura("align", seeds[0], seeds[1], "--format", "jsonl"),
        "comparison_line": cesura("compare", *seeds, "--format", "jsonl"),
    }
    count = 0
    for name, output in outputs.items():
        validator = jsonschema.Draft202012Validator({**schema, "anyOf": [{"$ref": f"#/$defs/{name}"}]})
        for line in output.splitlines():
            event = json.loads(line)
            if wrong := jsonschema.exceptions.best_match(validator.iter_errors(event)):
                sys.exit(f"{name}, {event['event']}: {wrong.message[:300]}")
            # Every field is described: what the schema does not know must not be there.
            known = next(one for one in schema["$defs"][name]["oneOf"] if one["properties"]["event"]["const"] == event["event"])
            if unknown := set(event) - set(known["properties"]):
                sys.exit(f"{name}, {event['event']}: the schema does not know {unknown}")
            count += 1
    if not validator.is_valid({"event": "tail", "document_count": 1, "segment_count": 1, "group_count": 1, "pair_count": 1}) or validator.is_valid({"event": "tail"}):
        sys.exit("the schema says nothing")
    rows.append(("jsonschema", importlib.metadata.version("jsonschema"), "JSON Lines", count, "valid"))


def main():
    lines()
    files = exports()
    validate(files)
    toolkit(files)
    okapi(files)
    memories()
    with open(os.path.join(ROOT, "docs", "formats.md"), encoding="utf-8") as file:
        said = file.read()
    for tool, version, format, count, result in rows:
        if f"| {tool} | {version} | {format} | {result} |\n" not in said:
            sys.exit(f"docs/formats.md says something else of {tool} {version} and {format}")
        print(f"{tool:<48} {version:<16} {format:<10} {count:>5}  {result}")


main()
