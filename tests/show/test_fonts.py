"""Text in figures is text in the PDF: embedded TrueType fonts whose characters a reader can copy and search."""

import re
import shutil
import subprocess
import zlib

import pytest

from mfnn.show import style

DIGITS = set("0123456789")  # ticks have them too
needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext is not installed: apt-get install poppler-utils"
)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    """A figure with everything that labels are made of: words, signs, formulas, powers of ten, a scenario's name."""
    figure, axes = style.panels(2.0, 1, 2)
    for panel in axes.flat:
        panel.plot([100.0, 1000.0, 100_000.0], [-2.5, 0.0, 2.5])
        panel.set_yticks([-2.5, 0.0, 2.5])
    style.log_widths(axes[0, 0], [100, 100_000])
    axes[0, 0].set(xlabel="width $N$", ylabel="root mean square error", title=style.scenario_name("a_1d"))
    axes[0, 1].set(xlabel=r"$-0.493 \pm 0.015$", ylabel=r"$|\theta| / g(0.5, {-}1)$, 95 %; slope $-1/2$")
    path = tmp_path_factory.mktemp("fonts") / "figure.pdf"
    style.save(figure, [path])
    return path


def characters(content):
    """What the fonts of a PDF say their glyphs are: the ends of all lists in their maps to Unicode."""
    streams = (zlib.decompress(body) for body in re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL))
    maps = (stream.decode() for stream in streams if b"begincmap" in stream)
    lists = (found for text in maps for found in re.findall(r"\[([^]]*)\]", text))
    return {chr(int(code, 16)) for found in lists for code in re.findall(r"<(\w+)>", found)}


def test_every_font_is_embedded_truetype(pdf):
    content = pdf.read_bytes()
    fonts = re.findall(rb"/Subtype /(Type0|Type1|Type3|TrueType)\b", content)
    assert fonts and set(fonts) == {b"Type0"}
    assert content.count(b"/FontFile2") == content.count(b"/CIDFontType2") == len(fonts)


def test_the_fonts_name_their_characters_in_unicode(pdf):
    written = set("width N root mean square error a_1d |θ|/g(0.5,−1) 95 %; slope ±")
    assert characters(pdf.read_bytes()) - DIGITS == written - DIGITS


@needs_pdftotext
def test_labels_are_found_in_the_text_of_the_pdf(pdf):
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    for label in ("width N", "root mean square error", "a_1d", "−2.5", "slope −1/2", "95 %"):
        assert label in text, label
    packed = re.sub(r"\s", "", text)
    assert "−0.493±0.015" in packed and "|θ|/g(0.5,−1)" in packed
