"""Generated sidecars: between their bytes something is put, and nothing of them changes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pictrace.act.sidecar import merged
from pictrace.act.xmp_values import KEYWORD_FIELDS, NAMESPACES, RDF, Wanted
from pictrace.imaging.keywords import flat
from pictrace.imaging.xmp import parsed_xmp

# Every new keyword begins so: by that it is told from what was there.
MARK = "zq"
_NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N"], include_characters="&<>'\" -|"), max_size=12)
_KEYWORDS = st.lists(
    st.lists(_NAMES.map(lambda name: f"{MARK}{name.strip()}"), min_size=1, max_size=3).map("/".join),
    min_size=1,
    max_size=4,
    unique=True,
)
_VALUES = st.sampled_from(["", "1", "a > b", "it's", "&lt;&amp;&#10;", "Ж", "gz11eJxjYGBgkGAA"])


@st.composite
def sidecars(draw: st.DrawFn) -> bytes:
    rdf = draw(st.sampled_from(["rdf", "r"]))
    line = draw(st.sampled_from(["\n", "\r\n", ""]))
    step = draw(st.sampled_from([" ", "  ", "\t"])) if line else ""
    quote = draw(st.sampled_from(["'", '"']))
    is_single_tag = draw(st.booleans())
    attributes = "".join(
        f"{line}{step * 2 or ' '}crs:A{number}={quote}{value.replace(quote, '')}{quote}"
        for number, value in enumerate(draw(st.lists(_VALUES, max_size=4)))
    )
    inner = [] if is_single_tag else draw(st.lists(_properties(rdf, line, step), max_size=3))
    fields = [] if is_single_tag else draw(st.lists(st.sampled_from(list(KEYWORD_FIELDS)), max_size=3, unique=True))
    inner += [draw(_lists(name, rdf, line, step)) for name in fields]
    name = f"{rdf}:Description"
    about = draw(st.sampled_from([f" {rdf}:about={quote}{quote}", f" {rdf}:about={quote}uuid:&amp;1{quote}", ""]))
    begin = (
        f"{line}{step}<{name}{about} xmlns:crs={quote}http://ns.adobe.com/camera-raw-settings/1.0/{quote}{attributes}"
    )
    end = f"{line}{step}</{name}>"
    body = f"{begin}/>" if is_single_tag else f"{begin}>{''.join(draw(st.permutations(inner)))}{end}"
    text = (
        draw(
            st.sampled_from(
                ["", f'<?xml version="1.0" encoding="UTF-8"?>{line}', f"<?xpacket begin='' id='W5M0'?>{line}"]
            )
        )
        + f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{draw(st.sampled_from(['', '<!-- <rdf:li> -->']))}"
        + f"<{rdf}:RDF xmlns:{rdf}={quote}{RDF}{quote}{draw(_declarations())}>{body}{line}</{rdf}:RDF></x:xmpmeta>"
        + draw(st.sampled_from(["", "\n", f"{' ' * 50}\n<?xpacket end='w'?>"]))
    )
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


@st.composite
def _declarations(draw: st.DrawFn) -> str:
    prefixes = draw(st.lists(st.sampled_from(["dc", "lr", "digiKam"]), unique=True))
    # Somebody may use the prefix for something else.
    return "".join(f' xmlns:{one}="{draw(st.sampled_from([NAMESPACES[one], "urn:other"]))}"' for one in prefixes)


@st.composite
def _properties(draw: st.DrawFn, rdf: str, line: str, step: str) -> str:
    value = draw(_VALUES)
    return draw(
        st.sampled_from(
            [
                f"{line}{step * 2}<crs:P>{value.replace('<', '')}</crs:P>",
                f"{line}{step * 2}<crs:H><{rdf}:Seq><{rdf}:li crs:v='1'/></{rdf}:Seq></crs:H>",
                f"{line}{step * 2}<!-- kept --><crs:E/>",
            ]
        )
    )


@st.composite
def _lists(draw: st.DrawFn, name: str, rdf: str, line: str, step: str) -> str:
    prefix, local = name.split(":")
    own = draw(st.sampled_from([prefix, "p"]))
    kind = draw(st.sampled_from(["Bag", "Seq"]))
    items = draw(st.lists(st.sampled_from(["old", "a|b", "a/b", " c "]), unique=True, max_size=3))
    listed = "".join(f"{line}{step * 4}<{rdf}:li>{item}</{rdf}:li>" for item in items)
    whole = f"<{rdf}:{kind}>{listed}{line}{step * 3}</{rdf}:{kind}>" if items else f"<{rdf}:{kind}/>"
    return f'{line}{step * 2}<{own}:{local} xmlns:{own}="{NAMESPACES[prefix]}">{whole}</{own}:{local}>'


def _taken_out(after: str, before: str) -> str:
    """Return a sidecar without the new keywords and what was made for them, by looking at its text only."""
    item = rf"\s*<(\w+:)li>{MARK}[^<]*</\1li>"
    new_field = rf"\s*<(\w+:)(\w+)[^<>]*>\s*<(\w+:)(Bag|Seq)>(?:\s*<\3li>{MARK}[^<]*</\3li>)+\s*</\3\4>\s*</\1\2>"
    for found in list(re.finditer(new_field, after)):
        if f":{found.group(2)} " not in before:
            after = after.replace(found.group(), "")
    after = re.sub(item, "", after)
    after = re.sub(r"<(\w+:(?:Bag|Seq))></\1>", r"<\1/>", after)
    return re.sub(r"\s*<(\w+:Description)(?: \w+:about=\"[^\"]*\")?>\s*</\1>", "", after)


@given(sidecars(), _KEYWORDS)
def test_without_the_new_keywords_the_bytes_are_those_that_were_there(before: bytes, keywords: list[str]) -> None:
    after = merged(before, Wanted(keywords=tuple(keywords))).content

    assert after is not None
    assert _taken_out(after.decode(), before.decode()) == before.decode()


@given(sidecars(), _KEYWORDS)
def test_the_keywords_are_there_and_are_added_once(before: bytes, keywords: list[str]) -> None:
    wanted = Wanted(keywords=tuple(keywords))
    after = merged(before, wanted).content

    assert after is not None
    said = parsed_xmp(after, most_bytes=1_000_000)
    assert said is not None
    assert {flat(keyword) for keyword in keywords} <= said.names
    assert merged(after, wanted).content == after
