from pathlib import Path

import numpy as np
import pytest

from bot.nlu.linear import LinearModel, scaled


def model() -> LinearModel:
    weights = np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 0.5]], dtype=np.float32)
    return LinearModel(("查询", "挂失"), weights, np.array([0.1, -0.1], dtype=np.float32))


def test_probabilities_are_the_softmax_of_the_scores() -> None:
    got = model().probabilities(np.array([0, 2], dtype=np.int32), np.array([1.0, 2.0], dtype=np.float32))
    odds = np.exp([1.0 - 2.0 + 0.1, 1.0 - 0.1])
    assert got == pytest.approx(odds / odds.sum(), abs=1e-6)


def test_no_known_feature_leaves_the_bias() -> None:
    got = model().probabilities(np.array([], dtype=np.int32), np.array([], dtype=np.float32))
    assert got.sum() == pytest.approx(1.0)
    assert got[0] > got[1]


def test_saved_and_loaded(tmp_path: Path) -> None:
    model().save(tmp_path)
    loaded = LinearModel.load(tmp_path)
    assert loaded.labels == ("查询", "挂失")
    assert loaded.weights == pytest.approx(model().weights, abs=1e-3)


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="1 labels"):
        LinearModel(("一个",), np.zeros((2, 3), dtype=np.float32), np.zeros(1, dtype=np.float32))


def test_scaled_has_unit_length() -> None:
    assert np.linalg.norm(scaled(np.array([1.0, 5.0], dtype=np.float32))) == pytest.approx(1.0)
    assert scaled(np.array([], dtype=np.float32)).size == 0
