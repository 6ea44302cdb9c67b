"""Policy documents are compared by meaning and extended without losing a statement."""

import pytest

from infra.bootstrap.documents import document, same, statements_of, with_statements

OURS = {"Sid": "Ours", "Effect": "Deny", "Action": ["a:B", "a:C"], "Resource": "*"}
THEIRS = {"Sid": "Theirs", "Effect": "Deny", "Action": "d:E", "Resource": "*"}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({**OURS, "Action": ["a:C", "a:B"]}, True),
        ({**OURS, "Resource": ["*"]}, True),
        ({**OURS, "Action": ["a:B"]}, False),
        ({**OURS, "Effect": "Allow"}, False),
        ({**OURS, "Condition": {"Bool": {"x": "true"}}}, False),
    ],
)
def test_order_and_lists_of_one_make_no_difference(
    other: dict[str, object], expected: bool
) -> None:
    assert same(document([OURS]), document([other])) is expected


def test_a_statement_of_others_stays_and_ours_is_replaced() -> None:
    wrong = {**OURS, "Action": "a:B"}
    extended = with_statements(document([THEIRS, wrong]), [OURS])
    assert statements_of(extended) == [OURS, THEIRS]


def test_what_says_it_already_is_left_as_it_is() -> None:
    current = document([THEIRS, {**OURS, "Action": ["a:C", "a:B"]}])
    assert with_statements(current, [OURS]) is current


def test_nothing_and_a_single_statement_count_as_documents() -> None:
    assert statements_of(with_statements(None, [OURS])) == [OURS]
    assert statements_of({"Statement": THEIRS}) == [THEIRS]
