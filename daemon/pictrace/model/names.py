"""Which names end like a picture's. What the file really is, its first bytes say later."""

from __future__ import annotations

import os
from pathlib import PurePath

_PICTURES = """
    jpg jpeg jpe jfif jif mpo png apng webp gif bmp dib tif tiff heic heif hif heics heifs avif avifs jxl
    jp2 j2k j2c jpc jpf jpx jpm jxr wdp hdp psd psb xcf tga ico pcx exr hdr qoi ppm pgm pbm pnm pam
"""
_RAW = """
    3fr ari arw bay cap cr2 cr3 crw dcr dcs dng eip erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf ori pef ptx
    raf raw rw2 rwl sr2 srf srw x3f
"""

RAW_SUFFIXES = frozenset(_RAW.split())
PHOTO_SUFFIXES = RAW_SUFFIXES.union(_PICTURES.split())
# What Google Photos appends, after a dash, to the name of a photo that was changed there.
EDITED_WORDS = (
    *("edited", "effects", "smile", "mix", "bearbeitet", "modifié", "editado", "editada", "ha editado", "editat"),
    *("modificato", "modificata", "bewerkt", "edytowane", "redigerad", "изменено", "編集済み"),
)


def is_photo_name(name: PurePath | str) -> bool:
    """Return whether a name ends like a picture's."""
    # A Path for each of 100,000 names would be slow, and so is splitext.
    stem, _, suffix = os.fspath(name).rpartition(".")
    return suffix.lower() in PHOTO_SUFFIXES and stem != ""
