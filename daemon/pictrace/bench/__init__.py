"""Measures how well PicTrace and the earlier methods tell copies, on photos of anyone's own."""
