"""Refusals of the same kind have the same words, whatever their orders are."""

import pytest

from shop.provider.refusals import words_of


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (
            [
                ("Order declined for anna", ["https://example.com/anna"]),
                ("Order declined for boris", ["t.me/boris"]),
            ],
            "order declined for",
        ),
        (
            [
                ("Abgelehnt: example.com/anna", ["https://example.com/anna"]),
                ("ABGELEHNT - t.me/x_y", ["https://t.me/x_y"]),
            ],
            "abgelehnt",
        ),
        ([("«Müller» gesperrt", ["müller"]), ("'Özil' gesperrt!", ["Özil"])], "gesperrt"),
        ([("No slot 12 Nov 2026 10:30 pm", []), ("No slot on 3rd", []), ("no slot", [])], None),
        ([("Order declined", ["order"]), ("Order declined", ["anna"])], "order declined"),
        (
            [
                ("Order declined for nice show", ["Nice show\nSo good"]),
                ("Order declined for so good", ["So good"]),
            ],
            "order declined for",
        ),
        ([("anna", ["anna"]), ("", []), ("123", [])], "-"),
        (
            [("Paused (ref a81f-77), @anna", ["anna"]), ("Paused (ref 99bc), boris", ["@boris"])],
            "paused ref",
        ),
    ],
)
def test_what_differs_from_order_to_order_is_left_out(texts: list, words: str | None) -> None:
    found = {words_of(text, written) for text, written in texts}
    if words is None:
        assert found == {"no slot", "no slot on"}
    else:
        assert found == {words}


def test_a_long_text_has_no_more_words_than_can_be_kept() -> None:
    assert len(words_of("wordy " * 1_000)) <= 200
