from __future__ import annotations

import io

import pytest
from PIL import Image

from pictrace.imaging.quality import jpeg_quality


@pytest.mark.parametrize("quality", [*range(1, 101, 7), 75, 90, 95, 98, 100])
def test_the_quality_of_libjpeg_is_found_exactly(quality):
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, "JPEG", quality=quality)

    with Image.open(file) as image:
        assert jpeg_quality(image.quantization) == quality


def test_tables_of_other_encoders_get_the_nearest_setting():
    assert jpeg_quality({0: [1] * 64}) == 100
    assert jpeg_quality({0: [255] * 64}) == 1
    assert 85 <= jpeg_quality({0: [12] * 64}) <= 92


def test_without_a_table_nothing_is_estimated():
    assert jpeg_quality({}) is None
