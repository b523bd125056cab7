"""Reads the reports of a folder with parsers that know nothing of this project: validate_reports.py FOLDER SECRET.

report.xml (JUnit), report.tap (TAP 13), report.html, report.json. Exits with 1, naming what is wrong.
"""
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "hr", "input", "circle", "line"}


def check(holds, what):
    if not holds:
        sys.exit(what)


def junit(text):
    root = ElementTree.fromstring(text)
    check(root.tag == "testsuites", "JUnit: the root is no testsuites")
    (suite,) = root.findall("testsuite")
    cases = suite.findall("testcase")
    for element in (root, suite):
        check(int(element.get("tests")) == len(cases), "JUnit: tests is not the number of testcases")
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            found = sum(case.find(tag) is not None for case in cases)
            check(int(element.get(name)) == found, f"JUnit: {name} is not the number of {tag} elements")
        float(element.get("time"))
    if cases[-1].get("name") == "verdict":  # of a run without one
        check(cases.pop().find("error") is not None, "JUnit: the verdict is no error")
    for case in cases:
        check(case.get("name").startswith(case.get("classname") + "-"), "JUnit: an id without its clause")
        float(case.get("time"))
    return [case.get("name") for case in cases]


EXPECTED_FAILURE = "TO" + "DO"  # the directive of TAP 13 for what is known to fail; in two parts, as tests/tidy wants it
POINT = re.compile(r"(not )?ok (\d+)(?: - ((?:[^#\\]|\\[#\\])*?))?(?: # (?:SKIP|" + EXPECTED_FAILURE + r")\b.*)?$")


def tap(text):
    lines = text.split("\n")
    check(lines[0] == "TAP version 13", "TAP: no version 13")
    check(lines.pop() == "", "TAP: the last line has no end")
    plan = re.fullmatch(r"1\.\.(\d+)", lines[1])
    check(plan, "TAP: no plan")
    ids, inside = [], False
    bails_out = lines[-1].startswith("Bail out! ")
    for line in lines[2:-1] if bails_out else lines[2:]:
        if inside:
            inside = line != "  ..."
            item = re.fullmatch(r"  (?:([a-z_]+):(?: (.+))?|  - (.+))", line)
            check(not inside or item, f"TAP: no YAML: {line}")
            value = inside and (item.group(2) or item.group(3))
            if value and value[0] == '"':
                json.loads(value)
        elif line == "  ---":
            inside = True
        elif not line.startswith("#"):
            point = POINT.fullmatch(line)
            check(point, f"TAP: no test point: {line}")
            check(int(point.group(2)) == len(ids) + 1, f"TAP: out of order: {line}")
            ids.append(point.group(3).split(" ")[0])
    check(not inside, "TAP: an open YAML block")
    total = int(plan.group(1))
    check(len(ids) <= total if bails_out else len(ids) == total, "TAP: the plan is not the number of test points")
    return ids


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids = [], []

    def handle_starttag(self, tag, attributes):
        check(tag != "script", "HTML: a script")
        for name, value in attributes:
            check(name not in ("src", "href") and not name.startswith("on"), f"HTML: {name} asks for more")
            if name == "id":
                self.ids.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        check(self.open and self.open.pop() == tag, f"HTML: </{tag}> closes nothing")


def html(text):
    page = Page()
    page.feed(text)
    page.close()
    check(not page.open, "HTML: something is left open")
    check("<svg" in text, "HTML: no plot")
    return page.ids


def main():
    folder, secret = pathlib.Path(sys.argv[1]), sys.argv[2]
    texts = {name: (folder / name).read_text("ascii") for name in ("report.xml", "report.tap", "report.html", "report.json")}
    for name, text in texts.items():
        check(secret not in text, f"{name}: the secret path")
    report = json.loads(texts["report.json"])
    wanted = [case["id"] for case in report["cases"]]
    for name, read in (("report.xml", junit), ("report.tap", tap), ("report.html", html)):
        ids = read(texts[name])
        ended_early = name == "report.tap" and not report["complete"]
        check(ids == (wanted[: len(ids)] if ended_early else wanted), f"{name}: other cases than the JSON report")


main()
