"""The page is one file that asks nobody for anything, and says what the plan says."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs

from juli.core.money import format_money
from juli.report.page import page


def page_of(case, language="en"):
    return page(case.plant, case.demand, case.plan, case.violations, language)


@pytest.fixture(scope="module")
def english(case):
    return page_of(case)


class Reader(HTMLParser):
    """Collects elements and the text outside scripts and styles."""

    def __init__(self, html: str):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._silent = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._silent = tag in ("script", "style")

    def handle_endtag(self, tag):
        self._silent = False

    def handle_data(self, data):
        if not self._silent:
            self.text += data + " "


def test_nothing_is_loaded_from_anywhere(english):
    for tag, attributes in Reader(english).elements:
        assert "src" not in attributes, tag
        assert (attributes.get("href") or "#").startswith("#"), tag
    assert "default-src 'none'" in english
    own = english.replace(get_plotlyjs(), "")
    assert not re.search(r"url\(|@import|https?://", own)


def test_the_drawing_library_stands_there_once(english):
    assert english.count(get_plotlyjs()) == 1
    assert "showSendToCloud: false" in english


def test_the_headline_says_cost_lateness_lead_time_and_distance_from_the_best(case, english):
    text = " ".join(Reader(english).text.split())
    assert format_money(case.plan.bill.total_money, "CNY", 0) in text
    assert "Orders late 1 of 3" in text
    assert re.search(
        r"All parts of one set made within [\d.]+ h median shortest [\d.]+ h, longest [\d.]+ h", text
    )
    assert "no plan can cost less than ¥500" in text


def test_the_page_names_seed_status_and_that_figures_are_illustrative(english):
    text = " ".join(Reader(english).text.split())
    assert "Seed 7" in text
    assert "Status feasible" in text
    assert "illustrative" in text
    assert "The road map is schematic" in text


def test_closure_notice_trip_and_late_order_are_told(english):
    text = " ".join(Reader(english).text.split())
    assert "长扬路 / 腾龙路" in text
    assert "长扬路与腾龙路路口半封闭" in text
    assert "禾香路 → 锦华路" in text
    assert re.search(r"SO-2 Cabinet 1 plant Mon 18 Dec 10:00 Mon 18 Dec 14:00 4.0 160.00", text)


def test_names_from_files_cannot_break_out_of_the_page(english):
    assert "Little &amp; &lt;Sons&gt;" in english
    assert "<Sons>" not in english
    assert "</script><b>" not in english


def test_a_good_plan_and_a_broken_one_are_told_apart(case, broken, english):
    assert "The plan breaks no rule." in english
    html = page_of(broken)
    text = " ".join(Reader(html).text.split())
    assert f"{len(broken.violations)} broken rules." in text
    assert "SO-1#1/CABINET/FRAME/cut is on ghost, but only laser can do it" in text
    assert "The plan breaks no rule." not in text


def test_chinese_page_is_chinese(case):
    html = page_of(case, "zh")
    reader = Reader(html)
    assert ("html", {"lang": "zh-CN"}) in reader.elements
    assert "延误订单" in reader.text
    assert "配电柜" in reader.text
    assert "Orders late" not in reader.text


def test_tables_have_captions_and_column_heads(english):
    assert english.count("<table") == english.count("<caption>")
    heads = [attributes for tag, attributes in Reader(english).elements if tag == "th"]
    assert heads
    assert all(attributes.get("scope") in ("col", "row", "rowgroup") for attributes in heads)


def test_a_plant_with_nothing_but_a_base_load_has_a_page(bare):
    html = page_of(bare)
    assert 'id="deliveries"' not in html
    assert "nothing is made" in html


def test_the_page_is_the_same_every_time(case, english):
    assert page_of(case) == english


@pytest.fixture
def browse(tmp_path: Path):
    """Open a page in a browser without a network; give the finished document and all complaints."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium is installed")

    def open_page(html: str) -> tuple[str, list[str]]:
        path = tmp_path / "report.html"
        path.write_text(html, encoding="utf-8")
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--enable-logging=stderr",
            "--virtual-time-budget=5000",
            "--dump-dom",
            path.as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]

    return open_page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_browser_without_a_network_draws_every_figure(case, browse, language):
    document, complaints = browse(page_of(case, language))
    assert complaints == []
    assert len(re.findall(r'class="plot js-plotly-plot"', document)) == 4
    assert not re.search(r'data-title="[^"]*(Share|plotly)', document)


def test_search_and_the_choice_of_an_order_work(case, browse, english):
    script = """<script>
    const search = document.getElementById("search");
    search.value = "door so-3";
    search.dispatchEvent(new Event("input"));
    document.querySelector('a[data-order="SO-2"]').click();
    document.title = "opacity " + gantt.data[1].marker.opacity.join(" ");
    </script></body>"""
    document, complaints = browse(english.replace("</body>", script))
    assert complaints == []
    assert re.search(r'<output id="found"[^>]*>2 / 12</output>', document)
    opacity = re.search(r"<title>opacity ([^<]*)</title>", document)
    assert opacity is not None
    orders = [case.work.by_id[run.operation].order for run in case.plan.runs]
    assert [float(value) == 1 for value in opacity.group(1).split()] == [order == "SO-2" for order in orders]
