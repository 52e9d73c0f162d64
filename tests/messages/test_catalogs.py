"""Every sentence is there in both languages, with the same slots."""

from __future__ import annotations

import re

import pytest

from stswidgets import messages

SLOTS = re.compile(r"\{(\w+)")


@pytest.mark.parametrize("topic", messages.topics())
def test_both_languages_have_the_same_keys(topic: str) -> None:
    english, chinese = (messages._load(topic, lang) for lang in messages.LANGUAGES)
    assert set(chinese) == set(english)


@pytest.mark.parametrize("topic", messages.topics())
def test_a_chinese_sentence_has_no_slot_that_the_english_lacks(topic: str) -> None:
    english, chinese = (messages._load(topic, lang) for lang in messages.LANGUAGES)
    strange = {
        key: text for key, text in chinese.items() if set(SLOTS.findall(text)) - set(SLOTS.findall(english[key]))
    }
    assert strange == {}


@pytest.mark.parametrize("topic", messages.topics())
def test_every_key_begins_with_its_topic(topic: str) -> None:
    assert [key for key in messages._load(topic, "en") if not key.startswith(f"{topic}.")] == []


def test_an_unknown_key_is_shown_as_itself() -> None:
    assert messages.text("errors.no_such_key", "zh") == "errors.no_such_key"


def test_a_key_that_looks_like_a_path_opens_no_file() -> None:
    assert messages.text("../../errors.x") == "../../errors.x"


def test_an_unknown_language_reads_english() -> None:
    assert messages.text("errors.expired", "fr") == messages.text("errors.expired", "en")


@pytest.mark.parametrize("asked", ["zh", "zh-CN", "zh_Hans", "ZH"])
def test_chinese_has_many_names(asked: str) -> None:
    assert messages.language(asked) == "zh"


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert "{code}" in messages.text("errors.server", code=500, message="{code}")


def test_the_word_follows_the_number() -> None:
    assert messages.text("errors.throttled.next", seconds=1).endswith("1 second.")
    assert messages.text("errors.throttled.next", seconds=2).endswith("2 seconds.")


def test_the_front_end_gets_one_topic() -> None:
    found = messages.catalog("zh", "errors.")
    assert found
    assert all(key.startswith("errors.") for key in found)
