"""Order statistics are those of numpy, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from pictrace.match.order import median, quantiles


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("count", [1, 2, 3, 7, 100, 433])
def test_medians_and_quantiles_are_those_of_numpy(count: int, dtype: type[np.floating]) -> None:
    values = np.random.default_rng(count).random(count).astype(dtype) * 50
    shares = (0.0, 0.05, 0.5, 0.9, 0.97, 1.0)

    assert quantiles(values, shares) == tuple(np.quantile(values, shares).tolist())
    assert median(values) == float(np.median(values))
