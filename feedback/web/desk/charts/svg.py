"""The one place where SVG is written: everything is escaped, every picture has a title and a description."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

WIDTH = 320
"""Units of a picture's width: drawn for a phone, where one unit is about one pixel."""


class Picture:
    """An SVG under construction. `css` are names of classes in desk.css, which hold all colours."""

    def __init__(self, id: str, height: float, title: str, description: str, width: float = WIDTH) -> None:
        self.width, self.height = width, height
        self._parts = [
            Markup(
                '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d">'
                '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>'
            ).format(number(width), number(height), id, id, id, title, id, description)
        ]

    def rect(self, x: float, y: float, width: float, height: float, css: str, hint: str = "") -> None:
        self._add("rect", css, hint, x=x, y=y, width=max(0.0, width), height=max(0.0, height))

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        self._add("line", css, "", x1=x1, y1=y1, x2=x2, y2=y2)

    def circle(self, x: float, y: float, radius: float, css: str, hint: str = "") -> None:
        self._add("circle", css, hint, cx=x, cy=y, r=radius)

    def polyline(self, points: Iterable[tuple[float, float]], css: str) -> None:
        self._parts.append(Markup('<polyline class="{}" points="{}"/>').format(css, _points(points)))

    def polygon(self, points: Iterable[tuple[float, float]], css: str) -> None:
        self._parts.append(Markup('<polygon class="{}" points="{}"/>').format(css, _points(points)))

    def text(self, x: float, y: float, words: object, css: str = "", anchor: str = "start") -> None:
        """`anchor` is start, middle or end."""
        self._parts.append(
            Markup('<text class="chart-text {}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
                css, number(x), number(y), anchor, words
            )
        )

    def svg(self) -> Markup:
        """The finished picture."""
        return Markup("").join([*self._parts, Markup("</svg>")])

    def _add(self, tag: str, css: str, hint: str, **places: float) -> None:
        inside = Markup("<title>{}</title>").format(hint) if hint else Markup("")
        written = Markup(" ").join(
            Markup('{}="{}"').format(name, number(value)) for name, value in places.items()
        )
        self._parts.append(Markup('<{} class="{}" {}>{}</{}>').format(tag, css, written, inside, tag))


def number(value: float) -> str:
    """As short as a picture needs."""
    return f"{value:.1f}".removesuffix(".0")


def _points(points: Iterable[tuple[float, float]]) -> Markup:
    return escape(" ".join(f"{number(x)},{number(y)}" for x, y in points))
