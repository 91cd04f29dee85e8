"""Somebody's table: the forms that are read, and every mistake in one line."""

from pathlib import Path

import fastparquet
import numpy as np
import pandas as pd
import pytest

from mfnn.errors import SpecError
from mfnn.learning.reader import read_rows

COUNT = 30
PLAIN = pd.DataFrame({"a": np.arange(COUNT) / 8, "b": np.cos(np.arange(COUNT)), "y": np.sin(np.arange(COUNT))})


def written(folder: Path, text: str, name: str = "rows.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def csv(table: pd.DataFrame = PLAIN, **options: object) -> str:
    return str(table.to_csv(index=False, **options))


FORMS = {
    "commas": (csv(), "rows.csv"),
    "semicolons": (csv(sep=";"), "rows.csv"),
    "semicolons and decimal commas": (csv(sep=";", decimal=","), "rows.csv"),
    "tabs": (csv(sep="\t"), "rows.tsv"),
    "tabs in a CSV": (csv(sep="\t"), "rows.csv"),
    "bars": (csv(sep="|"), "rows.txt"),
    "a byte order mark": ("\ufeff" + csv(), "rows.csv"),
    "line ends of Windows": (csv(lineterminator="\r\n"), "rows.csv"),
    "quoted heads": (csv(quoting=1), "rows.csv"),
    "blanks after commas": (csv().replace(",", ", "), "rows.csv"),
}


@pytest.mark.parametrize(("text", "name"), FORMS.values(), ids=FORMS)
def test_forms_of_the_same_table_are_the_same_rows(tmp_path, text, name):
    found = read_rows(written(tmp_path, text, name), "y")
    pd.testing.assert_frame_equal(found.table, PLAIN, check_exact=False, rtol=1e-12)
    assert found.notes == ()


def test_text_is_a_column_for_each_value(tmp_path):
    kinds = ["red", "blue", "green"] * (COUNT // 3)
    found = read_rows(written(tmp_path, csv(PLAIN.assign(kind=kinds))), "y")
    assert list(found.table) == ["a", "b", "kind=blue", "kind=green", "kind=red", "y"]
    assert (found.table[["kind=blue", "kind=green", "kind=red"]].sum(axis=1) == 1).all()


def test_columns_without_information_are_left_out_and_named(tmp_path):
    found = read_rows(written(tmp_path, csv(PLAIN.assign(one=1.0, again=PLAIN["a"]))), "y")
    assert list(found.table) == ["a", "b", "y"]
    assert "constant: one" in found.notes[0] and "repeat another column: again" in found.notes[1]


def test_features_are_those_asked_for_in_their_order(tmp_path):
    assert list(read_rows(written(tmp_path, csv()), "y", ["b"]).table) == ["b", "y"]


def test_missing_values_are_refused_with_count_and_column_or_dropped(tmp_path):
    holed = PLAIN.copy()
    holed.loc[[3, 5, 7], "b"] = np.nan
    path = written(tmp_path, csv(holed))
    with pytest.raises(SpecError, match="3 missing values in b.*--drop-missing"):
        read_rows(path, "y")
    found = read_rows(path, "y", drop_missing=True)
    assert len(found.table) == COUNT - 3 and "3 of 30 rows" in found.notes[0]


MISTAKES = {
    "an empty file": ("", "empty"),
    "a head alone": ("a,b,y\n", "0 rows"),
    "a single column": ("y\n" + "\n".join(map(str, range(COUNT))), "two columns"),
    "too few rows": ("\n".join(csv().splitlines()[:10]), "9 rows"),
    "a row of more fields": (csv() + "1,2,3,4\n", "rows of as many fields"),
    "heads that repeat": (csv().replace("a,b,y", "a,a,y", 1), "head whose names differ"),
    "no such target": (csv().replace("a,b,y", "a,b,z", 1), "target: got 'y'; allowed: columns of rows.csv: a, b, z"),
    "a target of text": (csv(PLAIN.assign(y="word")), "column of numbers that vary"),
    "a target of one value": (csv(PLAIN.assign(y=3.0)), "column of numbers that vary"),
    "a target with numbers and words": (csv(PLAIN.astype(object).assign(y=["1", "x"] * 15)), "numbers that vary"),
    "nothing that varies": (csv(PLAIN.assign(a=1.0, b=2.0)), "one column that varies"),
    "names for features": (csv(PLAIN.assign(a=[f"n{i}" for i in range(COUNT)])), "at most 20 different values"),
    "missing values": (
        csv(PLAIN.assign(a=np.where(np.arange(COUNT) < 4, np.nan, PLAIN["a"]))),
        "4 missing values in a",
    ),
    "infinite values": (
        csv(PLAIN.assign(a=np.where(np.arange(COUNT) < 2, np.inf, PLAIN["a"]))),
        "2 missing values in a",
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_one_line(tmp_path, text, said):
    with pytest.raises(SpecError) as refused:
        read_rows(written(tmp_path, text), "y")
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_what_is_no_text_is_refused(tmp_path):
    with pytest.raises(SpecError, match="UTF-8"):
        read_rows(written(tmp_path, "größe,y\n1,2\n", encoding="latin-1"), "y")
    with pytest.raises(SpecError, match="readable file"):
        read_rows(tmp_path / "nowhere.csv", "y")
    for content in ("", "no parquet", "PAR1 no parquet, but with its first and last letters PAR1"):
        with pytest.raises(SpecError, match="Parquet") as refused:
            read_rows(written(tmp_path, content, "rows.parquet"), "y")
        assert "\n" not in str(refused.value)


def test_parquet_is_read_as_its_csv(tmp_path):
    kinds = {"a": np.arange(30.0), "b": ["x", "y", "z"] * 10, "n": list(range(30)), "y": np.arange(30.0) ** 2}
    table = pd.DataFrame(kinds)
    fastparquet.write(tmp_path / "rows.parquet", table)
    table.to_csv(tmp_path / "rows.csv", index=False)
    parquet, csv = (read_rows(tmp_path / f"rows.{kind}", "y") for kind in ("parquet", "csv"))
    pd.testing.assert_frame_equal(parquet.table, csv.table, check_dtype=False)
    assert parquet.notes == csv.notes


@pytest.mark.parametrize(("features", "said"), [(["z"], "features: got 'z'"), (["a", "y"], "other than the target")])
def test_wrong_features_are_named(tmp_path, features, said):
    with pytest.raises(SpecError, match=said):
        read_rows(written(tmp_path, csv()), "y", features)
