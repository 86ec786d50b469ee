from pathlib import Path

import numpy as np
import pytest

from bot.nlu.linear import LinearModel, softmax, vector


def model() -> LinearModel:
    weights = np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 0.5]], dtype=np.float32)
    vocabulary = {"查": 0, "挂": 1, "卡": 2}
    return LinearModel(("查询", "挂失"), vocabulary, weights, np.array([0.1, -0.1], dtype=np.float32))


def test_scores_are_those_of_the_features_kept() -> None:
    got = model().scores(["查", "卡", "无"])
    assert got == pytest.approx([0.0 + 0.1, 0.5 / np.sqrt(2) - 0.1], abs=1e-6)


def test_no_known_feature_leaves_the_bias() -> None:
    assert model().scores(["无"]) == pytest.approx([0.1, -0.1])


def test_softmax() -> None:
    got = softmax(np.array([1.0, 0.0], dtype=np.float32))
    assert got == pytest.approx([0.7311, 0.2689], abs=1e-4)


def test_saved_and_loaded(tmp_path: Path) -> None:
    model().save(tmp_path / "written")
    loaded = LinearModel.load(tmp_path / "written")
    assert loaded.labels == ("查询", "挂失")
    assert loaded.vocabulary == model().vocabulary
    assert loaded.weights == pytest.approx(model().weights, abs=1e-3)


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="0 features, 1 labels"):
        LinearModel(("一个",), {}, np.zeros((3, 2), dtype=np.float32), np.zeros(1, dtype=np.float32))


def test_a_vector_has_unit_length_and_damped_counts() -> None:
    columns, values = vector({"查": 4, "卡": 2}, ["查", "查", "查", "卡", "无"])
    assert columns.tolist() == [4, 2]
    assert np.linalg.norm(values) == pytest.approx(1.0)
    assert values[1] < values[0] < 3 * values[1]
    assert vector({}, ["查"])[1].size == 0
