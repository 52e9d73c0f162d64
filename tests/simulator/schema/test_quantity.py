"""Quantities against the rules of k8s.io/apimachinery `pkg/api/resource`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stswidgets.simulator.schema import quantity

SUFFIXES = ("", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "e3", "E-2")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0.5", "500m"),
        ("1000m", "1"),
        ("1024Mi", "1Gi"),
        ("1.5Gi", "1536Mi"),
        ("0.1Gi", "107374182400m"),
        ("1000", "1k"),
        ("1024", "1024"),
        ("1e3", "1e3"),
        ("12e6", "12e6"),
        ("0Gi", "0"),
        ("-1", "-1"),
        ("1500000", "1500k"),
        ("0.0001", "100u"),
        ("0.0000000001", "1n"),
    ],
)
def test_a_quantity_is_written_in_its_canonical_form(text: str, canonical: str) -> None:
    assert str(quantity.parse(text)) == canonical


@pytest.mark.parametrize("text", ["", "12Gx", "one", "1 Gi", "1.2.3", "0x10"])
def test_text_that_is_no_quantity_is_refused_with_the_regular_expression(text: str) -> None:
    with pytest.raises(quantity.QuantityError, match="quantities must match the regular expression"):
        quantity.parse(text)


@pytest.mark.parametrize("text", ["12GG", "1ki", "5Em"])
def test_a_suffix_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(quantity.QuantityError, match="unable to parse quantity's suffix"):
        quantity.parse(text)


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=999), st.sampled_from(SUFFIXES))
def test_the_canonical_form_has_the_same_value(whole: int, fraction: int, suffix: str) -> None:
    value = quantity.parse(f"{whole}.{fraction:03}{suffix}")
    assert quantity.parse(str(value)).nano == value.nano
    assert str(quantity.parse(str(value))) == str(value)


def test_resource_lists_are_rounded_up_to_thousandths() -> None:
    assert str(quantity.round_up_milli(quantity.parse("0.0001"))) == "1m"
    assert str(quantity.round_up_milli(quantity.parse("1500m"))) == "1500m"
