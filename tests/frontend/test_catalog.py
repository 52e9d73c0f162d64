"""The front end's own labels."""

from __future__ import annotations

import re
from pathlib import Path

from stswidgets import messages

SOURCES = Path(__file__).resolve().parents[2] / "stswidgets" / "frontend" / "src" / "app"
SLOTS = re.compile(r"\{(\w+)[|}]")


def test_every_label_is_there_in_chinese_with_the_same_values() -> None:
    english, chinese = messages.catalog("en", "ui."), messages.catalog("zh", "ui.")
    assert english.keys() == chinese.keys()
    differ = [key for key in english if set(SLOTS.findall(english[key])) != set(SLOTS.findall(chinese[key]))]
    assert differ == []


def test_no_label_is_left_over() -> None:
    text = "\n".join(path.read_text("utf-8") for path in SOURCES.rglob("*.ts*"))
    unused = [key for key in messages.catalog("en", "ui.") if f'"{key.removeprefix("ui.")}"' not in text]
    assert unused == []


def test_no_component_writes_html() -> None:
    text = "\n".join(path.read_text("utf-8") for path in SOURCES.rglob("*.ts*"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)
