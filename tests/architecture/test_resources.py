"""resources/README.md names every bundled file with its origin, its terms and its true sha256."""

from __future__ import annotations

from docs.list_resources import RESOURCES, files, rows_of


def test_every_resource_is_accounted_for() -> None:
    """A file without origin and terms, or changed since it was listed, may not be shipped."""
    rows = rows_of((RESOURCES / "README.md").read_text("utf-8"))
    assert len(rows) > 10
    assert {path: row.sha256 for path, row in rows.items()} == files(), "run: python docs/list_resources.py"
    assert [path for path, row in rows.items() if "?" in (row.origin, row.terms)] == []
