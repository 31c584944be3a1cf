"""Cards: what is written can be read, and everything else is refused with one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.card import Card, MadeBy
from engine.errors import CardInvalid
from tests.onnx_files import card_of

ORDER = [
    "name",
    "title",
    "kind",
    "version",
    "files",
    "size",
    "sha256",
    "contract",
    "inputs",
    "outputs",
    "range",
    "scale",
    "multiple",
    "minimum",
    "working_size",
    "opset",
    "producer",
    "trained_on",
    "terms",
    "licence",
    "figures",
    "limits",
    "parameters",
    "made_by",
]


def written(folder: Path, **changes: Any) -> Path:
    """A card's JSON with some keys changed, or removed where the new value is Ellipsis."""
    path = folder / "card.json"
    card_of().write(path)
    content = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not ...}), "utf-8")
    return path


def test_a_card_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    card = card_of(
        title="Farben für “alte” Fotos",
        figures={"val_psnr_db": 23.8, "photos": 490},
        trained_on=("one set", "another"),
        made_by=MadeBy("abc123", "gan.toml", 7200.5, "two cores"),
    )
    card.write(tmp_path / "card.json")
    again = Card.read(tmp_path / "card.json")
    assert again == card
    assert again.folder == tmp_path
    assert again.trained_on == ("one set", "another")


def test_keys_are_written_in_the_declared_order_and_an_older_card_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_text("older", "utf-8")
    card_of(version=2).write(path)
    assert list(json.loads(path.read_text("utf-8"))) == ORDER
    assert [file.name for file in tmp_path.iterdir()] == ["card.json"]


def test_a_card_that_was_not_read_has_no_folder() -> None:
    with pytest.raises(ValueError, match="not read from a file"):
        _ = card_of().folder


def test_one_digest_stands_for_all_files() -> None:
    both = {"encoder": "e.onnx", "decoder": "d.onnx"}
    two = card_of(files=both, size={"encoder": 1, "decoder": 1}, sha256={"encoder": "e" * 64, "decoder": "d" * 64})
    assert two.digest == "d" * 64 + "+" + "e" * 64
    assert card_of().digest == "0" * 64


def test_the_file_must_say_the_same_as_the_card() -> None:
    assert card_of().metadata_props == {"autochrome.contract": "1", "kind": "clean", "name": "test"}


def test_a_number_too_large_to_be_one_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, figures={"psnr": 1})
    path.write_text(path.read_text("utf-8").replace('"psnr": 1', '"psnr": 1e999'), "utf-8")
    with pytest.raises(CardInvalid, match="must be finite numbers"):
        Card.read(path)


@pytest.mark.parametrize("key", ORDER)
def test_every_key_is_required(tmp_path: Path, key: str) -> None:
    with pytest.raises(CardInvalid, match=f"“{key}” is missing"):
        Card.read(written(tmp_path, **{key: ...}))


def test_overlap_is_written_only_where_it_is_not_the_usual_one(tmp_path: Path) -> None:
    """So that cards from before there was one stay as they are, byte for byte."""
    card_of().write(tmp_path / "usual.json")
    card_of(overlap=96).write(tmp_path / "wide.json")
    assert "overlap" not in json.loads((tmp_path / "usual.json").read_text("utf-8"))
    assert [Card.read(tmp_path / f"{name}.json").overlap for name in ("usual", "wide")] == [32, 96]
    assert list(json.loads((tmp_path / "wide.json").read_text("utf-8"))) == [*ORDER, "overlap"]


DIGEST = "0" * 64
WRONG = [
    ({"colour": 1}, "“colour” is not a word of a card"),
    ({"made_by": {"commit": "", "config": "", "seconds": 1}}, "“made_by.machine” is missing"),
    ({"made_by": {"commit": "", "config": "", "seconds": 1, "machine": "", "who": ""}}, "“made_by.who” is not a word"),
    ({"made_by": {"commit": "", "config": "", "seconds": "1", "machine": ""}}, "seconds as a number"),
    ({"made_by": "me"}, "“made_by” must be an object"),
    ({"name": 3}, "“name” must be text"),
    ({"name": "../x"}, "“name” must be letters"),
    ({"kind": "magic"}, "“kind” is “magic” and must be one of colorize, repair"),
    ({"version": 1.5}, "“version” must be a whole number"),
    ({"version": True}, "“version” must be a whole number"),
    ({"version": 0}, "“version” is 0 and must be between"),
    ({"contract": 2}, "it is written for contract 2, this Autochrome knows 1"),
    ({"range": "0..1"}, "“range” is “0..1” and must be one of rgb 0..1"),
    ({"scale": 5}, "“scale” is 5 and must be between 1 and 4"),
    ({"multiple": 0}, "“multiple” is 0"),
    ({"trained_on": "photos"}, "“trained_on” must be a list"),
    ({"trained_on": [1]}, "“trained_on” must hold text"),
    ({"figures": {"psnr": "high"}}, "“figures” must hold numbers"),
    ({"figures": [1]}, "“figures” must be an object"),
    ({"files": {"model": "x.onnx"}}, "“files” must name a generator"),
    ({"files": {}}, "“files” must name a generator"),
    ({"files": {"encoder": "x.onnx"}}, "“files” must name a generator"),
    ({"size": {"encoder": 1}}, "must name the same files"),
    ({"size": {"generator": 0}}, "must be between 1 byte"),
    ({"files": {"generator": "../x.onnx"}}, "is not a plain name of an ONNX file"),
    ({"files": {"generator": "/etc/x.onnx"}}, "is not a plain name"),
    ({"files": {"generator": "a/b.onnx"}}, "is not a plain name"),
    ({"files": {"generator": "a\\b.onnx"}}, "is not a plain name"),
    ({"files": {"generator": "C:x.onnx"}}, "is not a plain name"),
    ({"files": {"generator": "a..onnx"}}, "is not a plain name"),
    ({"files": {"generator": ".onnx"}}, "is not a plain name"),
    ({"files": {"generator": "x.onnx\n"}}, "is not a plain name"),
    ({"files": {"generator": "x.exe"}}, "is not a plain name"),
    ({"sha256": {"generator": "A" * 64}}, "64 lower-case hexadecimal digits"),
    ({"sha256": {"generator": "0" * 63}}, "64 lower-case hexadecimal digits"),
    ({"inputs": {}}, "“inputs” must name “image”"),
    ({"inputs": {"image": "image", "noise": "n"}}, "“inputs” names “noise”"),
    ({"inputs": {"image": "image", "style": "image"}}, "names one tensor twice"),
    ({"inputs": {"image": "image", "guide": "guide"}}, "a clean generator takes no guide"),
    ({"outputs": {"map": "map"}}, "“outputs” must name “restored”"),
    ({"kind": "detector"}, "“outputs” must name “boxes”"),
    ({"kind": "colorize", "multiple": 24}, "a “multiple” that divides 32"),
    ({"kind": "colorize", "scale": 2}, "a colorize generator has scale 1"),
    ({"kind": "repair", "scale": 2}, "a repair generator has scale 1"),
    ({"overlap": 513}, "“overlap” is 513 and must be between 0 and 512"),
    ({"overlap": 1.5}, "“overlap” must be a whole number"),
]


@pytest.mark.parametrize(("changes", "reason"), WRONG)
def test_a_card_that_breaks_the_contract_is_refused_in_one_sentence(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(CardInvalid) as refused:
        Card.read(written(tmp_path, **changes))
    assert reason in refused.value.sentence
    assert refused.value.sentence.startswith("The card “card.json” does not keep the contract: ")


def test_a_card_made_in_python_is_checked_the_same_way() -> None:
    with pytest.raises(CardInvalid, match=r"“test.json” does not keep the contract: “scale” is 9"):
        card_of(scale=9)
    with pytest.raises(CardInvalid, match="must be finite numbers"):
        card_of(figures={"psnr": float("nan")})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is not JSON"),
        (b"a photograph", "it is not JSON"),
        (b"\xff\xfe\x00", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[]", "it is not a JSON object"),
        (b'{"name": "a", "name": "b"}', "“name” is there twice"),
        (b'{"version": NaN}', "NaN is not a number"),
        (b" " * 1_000_001, "it is too large to be a card"),
    ],
)
def test_what_is_no_card_at_all(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(data)
    with pytest.raises(CardInvalid, match=reason):
        Card.read(path)


def test_a_missing_card_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CardInvalid, match="it cannot be opened"):
        Card.read(tmp_path / "nothing.json")
    with pytest.raises(CardInvalid, match="it cannot be opened"):
        Card.read(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(key=st.sampled_from(ORDER), value=JSON)
def test_whatever_a_key_holds_the_answer_is_a_card_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: object
) -> None:
    path = written(tmp_path_factory.mktemp("card"), **{key: value})
    try:
        card = Card.read(path)
    except CardInvalid as refused:
        assert refused.sentence
    else:
        held = getattr(card, key)
        assert (list(held) if isinstance(held, tuple) else held) == value


def test_a_card_saved_by_notepad_is_read(tmp_path: Path) -> None:
    card = card_of()
    card.write(tmp_path / "card.json")
    (tmp_path / "card.json").write_text((tmp_path / "card.json").read_text("utf-8"), "utf-8-sig")
    assert Card.read(tmp_path / "card.json") == card
