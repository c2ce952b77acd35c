"""Numbers, times, sizes and formulas as people write them."""

from __future__ import annotations

import math
import re
from typing import Any

from markupsafe import Markup

ORIGINS = {"paper": "the paper", "code": "the authors' code", "proof": "a proof", "pilot": "pilot seeds", "us": "this project"}


SUPER = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: Any, digits: int = 4) -> str:
    """3 or 4 digits, powers of ten as people write them; – where there is none."""
    if value is None or isinstance(value, str):
        return value or "–"
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        return "–" if isinstance(value, float) and math.isnan(value) else str(value).replace("inf", "∞").replace("-", "−")
    text = f"{value:.{digits}g}"
    if "e" in text:
        base, exponent = text.split("e")
        superscript = str(int(exponent)).translate(SUPER)
        text = (f"{base}·" if base not in ("1", "-1") else "−" if base == "-1" else "") + f"10{superscript}"
    return text.replace("-", "−")


def power(value: float) -> str:
    """A tick of a logarithmic axis: 10⁰, 10³, 0; other values as numbers."""
    exponent = round(math.log10(abs(value))) if value else 0
    if not value or not math.isclose(abs(value), 10.0**exponent):
        return number(value)
    return ("−" if value < 0 else "") + f"10{str(exponent).translate(SUPER)}"


def count(value: Any) -> str:
    """35280 as 35 280, which no line breaks."""
    return f"{int(value):,}".replace(",", "\u202f") if abs(value) >= 10000 else f"{int(value)}"


def interval(low: Any, high: Any) -> str:
    if low is None or high is None or low == high:
        return ""
    return f"[{number(low)}, {number(high)}]"


def seconds(value: Any) -> str:
    if value is None or value != value:
        return "–"
    for limit, scale, unit in (
        (1e-6, 1e9, "ns"),
        (1e-3, 1e6, "µs"),
        (1, 1e3, "ms"),
        (120, 1, "s"),
        (7200, 1 / 60, "min"),
        (math.inf, 1 / 3600, "h"),
    ):
        if value < limit:
            return f"{value * scale:.3g} {unit}" if value else "0 s"
    return "∞"


def size(value: Any) -> str:
    value = float(value or 0)
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:.3g} {unit}"
        value /= 1000
    return ""


def origin(value: Any) -> str:
    key = re.sub(r"^(CC_)?FROM_", "", str(value or ""), flags=re.I).lower()
    return ORIGINS.get(key, "")


def short(text: Any, length: int = 12) -> str:
    return str(text or "")[:length]


def breakable(name: str) -> Markup:
    """A name that may be broken after an underscore."""
    return Markup("_<wbr>").join(str(Markup.escape(name)).split("_"))


def moment(text: Any) -> str:
    """2026-01-31T12:00:00Z as 2026-01-31 12:00 UTC; anything else as it is."""
    match = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)", str(text or ""))
    return f"{match[1]} {match[2]} UTC" if match else str(text or "")


GREEK = dict(
    zip(
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "eps",
            "epsilon",
            "zeta",
            "eta",
            "theta",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "pi",
            "rho",
            "sigma",
            "tau",
            "phi",
            "psi",
            "omega",
            "Delta",
            "Gamma",
            "Phi",
            "Sigma",
            "Theta",
        ],
        "αβγδεεζηθκλμνξπρστφψωΔΓΦΣΘ",
    )
)
GREEK_WORD = re.compile(rf"(?<![\w.])({'|'.join(GREEK)})(?![A-Za-z0-9]|_\w{{4}})")
SIGNS = {"&lt;=": "≤", "&gt;=": "≥", "!=": "≠", "||": "‖", " - ": " − ", "-&gt;": "→"}
SUBSCRIPT = re.compile(r"(?<![\w.])([^\W\d_]_)(\{[^{}]+\}|-?\w{1,3})(?!\w)")
SUPERSCRIPT = re.compile(r"(?<=[\w)\]|>*}])\^(\{[^{}]+\}|\([^()]+\)|[-*]?\w*(?:[./]\d+)?)")


def formula(text: Any) -> Markup:
    """Plain text with lambda_k, x_{k+1}, k^2 and <= set as a formula; n_grad, a column, is left; all is escaped."""

    def inner(text: str) -> str:
        return text[1:-1] if text[:1] in ("{", "(") else text

    words = str(Markup.escape(str(text or "")))
    words = GREEK_WORD.sub(lambda m: GREEK[m[1]], words)
    words = SUBSCRIPT.sub(lambda m: f"{m[1][:-1]}<sub>{inner(m[2])}</sub>", words)
    words = SUPERSCRIPT.sub(lambda m: f"<sup>{inner(m[1])}</sup>" if m[1] else m[0], words)
    return signs(Markup(words))


def signs(text: Any) -> Markup:
    """Signs instead of their stand-ins, in text that may name columns."""
    words = str(Markup.escape(str(text or ""))) if not isinstance(text, Markup) else str(text)
    for stand_in, sign in SIGNS.items():
        words = words.replace(stand_in, sign)
    return Markup(words)


def label(text: Any) -> str:
    """An axis's label: diam^2 as diam²."""
    return re.sub(r"\^(-?\d+)", lambda m: m[1].translate(SUPER), str(text or ""))
