"""The library: both folders are read, a broken card hides nothing, the default is always the same one."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import GeneratorMissing
from engine.library import ModelLibrary, at_scale, kind_of, user_folder, work_of
from tests.onnx_files import enlarger, multiply, write_colorizer, write_generator


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A bundled folder with two colorize generators and one that cleans, and an empty user's folder."""
    bundled, users = tmp_path / "bundled", tmp_path / "users"
    users.mkdir()
    write_generator(bundled, multiply(1.0), "colour-old", kind="colorize", version=1)
    write_generator(bundled, multiply(1.0), "colour-new", kind="colorize", version=2)
    write_generator(bundled, multiply(1.0), "cleaner", kind="clean", version=9)
    return bundled, users


def test_cards_come_by_kind_and_name(folders: tuple[Path, Path]) -> None:
    library = ModelLibrary(folders)
    assert [card.name for card in library.cards()] == ["cleaner", "colour-new", "colour-old"]
    assert library.problems == []
    assert library.find("cleaner").kind == "clean"


def test_the_default_is_the_bundled_one_of_the_highest_version(folders: tuple[Path, Path]) -> None:
    write_generator(folders[1], multiply(1.0), "mine", kind="colorize", version=99)
    library = ModelLibrary(folders)
    assert library.default_for("colorize").name == "colour-new"
    assert library.find("mine").version == 99


def test_the_users_is_the_default_where_nothing_is_bundled(folders: tuple[Path, Path]) -> None:
    write_generator(folders[1], multiply(1.0), "sharper", kind="upscale")
    assert ModelLibrary(folders).default_for("upscale").name == "sharper"


def test_the_users_generator_wins_over_a_bundled_one_of_that_name(folders: tuple[Path, Path]) -> None:
    write_generator(folders[1], multiply(0.5), "colour-new", kind="colorize", version=3)
    library = ModelLibrary(folders)
    assert library.find("colour-new").folder == folders[1]
    assert library.default_for("colorize").folder == folders[1]
    assert len(library.cards()) == 3


def test_equal_versions_are_settled_by_name(folders: tuple[Path, Path]) -> None:
    write_generator(folders[0], multiply(1.0), "colour-other", kind="colorize", version=2)
    assert ModelLibrary(folders).default_for("colorize").name == "colour-other"


def test_broken_cards_hide_nothing_and_are_told(folders: tuple[Path, Path]) -> None:
    (folders[0] / "a-broken.json").write_text("{", "utf-8")
    (folders[1] / "photo.jpg.autochrome.json").write_text("{}", "utf-8")
    write_colorizer(folders[1], "lost")
    (folders[1] / "lost.onnx").unlink()
    library = ModelLibrary(folders)
    assert len(library.cards()) == 3
    assert [problem.code for problem in library.problems] == ["card-invalid"] * 3
    sentences = [problem.sentence for problem in library.problems]
    assert "“a-broken.json”" in sentences[0]
    assert "its file “lost.onnx” is missing" in sentences[1]
    assert "“photo.jpg.autochrome.json”" in sentences[2]


def test_one_name_twice_in_a_folder_is_a_problem(folders: tuple[Path, Path]) -> None:
    (folders[0] / "z-copy.json").write_bytes((folders[0] / "cleaner.json").read_bytes())
    library = ModelLibrary(folders)
    assert len(library.cards()) == 3
    assert ["“cleaner” is also the name of another one" in problem.sentence for problem in library.problems] == [True]


def test_what_is_not_there_is_told_with_what_is(folders: tuple[Path, Path]) -> None:
    library = ModelLibrary(folders)
    with pytest.raises(GeneratorMissing, match=r"“magic”.*Known ones: cleaner, colour-new, colour-old"):
        library.find("magic")
    with pytest.raises(GeneratorMissing, match="“upscale”"):
        library.default_for("upscale")


def test_why_work_cannot_be_done_is_said_with_the_folder_to_put_a_generator_into(folders: tuple[Path, Path]) -> None:
    library = ModelLibrary(folders)
    assert library.why_not([]) is None and library.why_not(["colorize", "clean"]) is None
    missing = library.why_not(["colorize", "age"])
    assert missing is not None and missing.code == "generator-missing"
    assert "“age”" in missing.sentence and str(folders[1]) in missing.next_step


def test_folders_need_not_exist(tmp_path: Path) -> None:
    library = ModelLibrary([tmp_path / "nowhere", tmp_path / "nor-here"])
    assert (library.cards(), library.problems) == ([], [])


def test_without_folders_the_bundled_and_the_users_are_read() -> None:
    library = ModelLibrary()
    assert library.folders[0].name == "models"
    assert library.folders[1] == user_folder()
    assert user_folder().parent.name == "Autochrome"


def test_a_scale_can_be_asked_for(folders: tuple[Path, Path]) -> None:
    for scale, version in ((2, 7), (4, 1)):
        write_generator(folders[0], enlarger(scale), f"larger-{scale}", kind="upscale", scale=scale, version=version)
    library = ModelLibrary(folders)
    assert [library.default_for(at_scale("upscale", scale)).name for scale in (2, 4)] == ["larger-2", "larger-4"]
    assert library.default_for("upscale").name == "larger-2", "any, where no scale is asked for"
    assert library.why_not(["clean", "upscale ×2", "upscale ×4"]) is None
    assert "“upscale ×3” is installed" in str(library.why_not(["upscale ×2", "upscale ×3"]))
    with pytest.raises(GeneratorMissing, match="“upscale ×3”"):
        library.default_for("upscale ×3")
    assert [work_of(card) for card in library.cards()] == ["clean", "colorize", "colorize", "upscale ×2", "upscale ×4"]
    assert kind_of("upscale ×4") == kind_of("upscale") == "upscale"


def test_an_enlarger_by_a_multiple_stands_in_where_none_has_the_scale(folders: tuple[Path, Path]) -> None:
    write_generator(folders[0], enlarger(4), "larger-4", kind="upscale", scale=4)
    write_generator(folders[0], enlarger(4), "other-4", kind="upscale", scale=4)
    library = ModelLibrary(folders)
    assert library.why_not(["upscale ×2"]) is None and library.why_not(["upscale ×3"]) is not None
    assert library.default_for("upscale ×2").name == "other-4"
    assert library.chosen_for("upscale ×2", {"upscale": "larger-4"}).name == "larger-4"
    write_generator(folders[0], enlarger(2), "larger-2", kind="upscale", scale=2)
    assert ModelLibrary(folders).default_for("upscale ×2").name == "larger-2", "of exactly that scale comes first"


def test_a_choice_counts_for_the_scale_that_it_has(folders: tuple[Path, Path]) -> None:
    for name, scale in (("larger-2", 2), ("larger-4", 4), ("other-4", 4)):
        write_generator(folders[0], enlarger(scale), name, kind="upscale", scale=scale)
    library, chosen = ModelLibrary(folders), {"upscale": "larger-4"}
    assert library.default_for("upscale ×4").name == "other-4"
    names = [library.chosen_for(kind, chosen).name for kind in ("upscale", "upscale ×2", "upscale ×4", "clean")]
    assert names == ["larger-4", "larger-2", "larger-4", "cleaner"]
    with pytest.raises(GeneratorMissing, match="cleaner for upscale ×4"):
        library.chosen_for("upscale ×4", {"upscale": "cleaner"})
