"""What part a name plays in the message: where the trouble is, where somebody lives, what lies beside, whom it greets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from classifier.normalise import Folded, fold_key, syllable_key
from classifier.wards.around import linked
from classifier.wards.clue import Clue
from classifier.wards.matcher import Hit
from classifier.wards.persons import like_a_person
from classifier.wards.senses import Kind

_SOMEBODY = (
    r"(?<![a-z])(nha|toi|em|minh|chau|con|bac|gia dinh|bo me|me|mk|e|t|co|chu|vo chong|chi|anh|ong|ba|to|tui|chong|vo|bo|"
    r"cong ty|tru so|van phong|nha may|xuong)"
)
_STAYS = (
    r"(o|tai|song|ngu|cu tru|cu ngu|tro|thue nha|thue tro|thue phong|lam viec|lam o|cong tac|thuong tru|tam tru|den tu|"
    r"dat o|thi o|mai duoi|mai tren)"
)
_BESIDES = r"(?<![a-z])(nha|que) (toi|em|minh|chau|con|bac|e|t|to|tui) (ben|duoi|tren)( [a-z0-9.]+){0,4} ?$"
_WORKS = r"(?<![a-z])(di lam|lam viec|di hoc|cong tac) (o|tai|ben)( [a-z0-9.]+){0,4} ?$"
_RESIDENCE = re.compile(rf"{_SOMEBODY}( [a-z]+){{0,4}} {_STAYS}( [a-z0-9.]+){{0,4}} ?$|{_BESIDES}|{_WORKS}")
_HOME = re.compile(
    r"(?<![a-z])(que|ho khau|thuong tru|tam tru|cu tru|cong tac|nghi huu|dia chi|lien he|con em|sinh ra|nguoi gui|"
    r"dia chi thanh toan)[ :]( ?[a-z0-9./:]+ ){0,6}$"
)
# "… phường X chúng tôi", "X nhưng …"
_OURS = re.compile(r"[a-z ,]{0,24}?(chung (toi|em|con|minh)|bon (em|minh|toi)) (?!o |tai )")
# "Người ta nói X nhưng tôi ở Y": Y is the matter.
_AFTER_BUT = re.compile(r"(?<![a-z])(nhung|ma|chu) [a-z ]*$")
_PLACED = re.compile(r"(?<![a-z])(o|tai|ben|duoi|tren) ([a-z.]+ )?$")
_BUT = re.compile(r"( [a-z]+){0,2}[ ,]{1,2}(nhung|con) (?!nguoi|noi|thu)")
_HEADER = re.compile(r"\s*(tu|nguoi gui|from|gui|den|to|cc|ho ten|ho va ten|dia chi|lien he|dc|noi o)\s*:")
_NEARBY = re.compile(
    r"(?<![a-z])(giap( ranh)?( voi)?|gan|doi dien|(?<!cay )canh|cach|sat|huong( ve)?|di( ve)?|phia|"
    r"(chay|tron|bo|di|dat) (sang|len|xuong))"
    r"( (?!o |tai |thuoc )[a-z]+\.?){0,2}[ .]?$"
)
_DENIED = re.compile(
    r"(?<![a-z])((khong|ko|k|chu khong|dau|chang) (phai|thuoc)( la| o| cua)?|(khong|ko) (o|nam o))( [a-z]+\.?)?[ .]?$"
)
_OFFICE = re.compile(
    r"(ubnd|uy ban( nhan dan)?|cong an|tram y te|hdnd|can bo|dang uy|dien luc|lanh dao|chu tich|du an) "
)
_CLOSING = re.compile(
    r"(tran trong|kinh thu|nguoi gui|nguoi viet|nguoi phan anh|nguoi lam don|kinh don|thay mat)(?![a-z])"
)
# A signature and its address are short; "Người gửi: …" at the head of a letter closes nothing.
_LONGEST_CLOSING = 160
# Shorter messages are not signed, unless they thank.
_LETTER = 60
_GREETING = re.compile(r"(?<![a-z])(kinh gui|kinh thua|kinh chao|gui toi|bao cao)[^.,;!?]{0,90}$")
_SIGNED = re.compile(r"[.!?]\s*$|\n\s*$|(thay mat|cam on)[^.]{0,60}, ?$")
_INTRODUCED = re.compile(
    r"(?<![a-z])(o|tai|doan|tren|cho|khu vuc|duoi|quanh|doc|ngoai|ben|nhung|ma|con)( [a-z]+){0,2} ?"
)


class Roles:
    """Roles of the names of one text."""

    def __init__(self, folded: Folded) -> None:
        self._folded = folded
        self._closing = _closing_from(folded)
        self._greets = any(word in folded.text for word in ("kinh ", "gui toi", "bao cao"))

    def denied(self, first: int) -> bool:
        """ "không phải phường X"."""
        return _DENIED.search(self._folded.text, max(0, first - 30), first) is not None

    def greeted(self, first: int) -> bool:
        """Part of "Kính gửi …": an office that is written to, not a place."""
        begin = max(0, first - 110)
        return self._greets and _GREETING.search(self._folded.text, begin, first) is not None

    def signed(self, hit: Hit, clue: Clue) -> bool:
        """The last words of a letter are a person's name: Bùi Thị Xuân."""
        text = self._folded.text
        if text[hit.end :].strip(" .!") or not hit.titled:
            return False
        if hit.start < _LETTER and "cam on" not in text[: hit.start]:
            return False
        if clue.kind is not Kind.STREET or not like_a_person(clue.name):
            return False
        begin = max(0, hit.start - 80)
        return _SIGNED.search(text, begin, hit.start) is not None or "\n" in self._folded.source(
            hit.start - 1, hit.start + 1
        )

    def beside(self, first: int) -> bool:
        """The name only says what lies beside, or stands in the writer's signature."""
        return (
            first > self._closing or _NEARBY.search(self._folded.text, max(0, first - 30), first) is not None
        )

    def home(self, first: int, last: int) -> bool:
        """The words around say that somebody lives or works there, not that the trouble is there."""
        text = self._folded.text
        if _OURS.match(text, last, last + 40) or self._in_header(first) or self.home_but(first, last):
            return True
        begin = max(0, first - 60)
        cut = max(text.rfind(mark, begin, first) for mark in ".;!?")
        head = text[max(begin, cut + 1) : first]
        if _AFTER_BUT.search(head):
            return False
        return _RESIDENCE.search(head) is not None or _HOME.search(head) is not None

    def home_but(self, first: int, last: int) -> bool:
        """ "Tôi ở X nhưng …": what follows is the matter, wherever it is."""
        text = self._folded.text
        placed = _PLACED.search(text, max(0, first - 40), first)
        but = _BUT.match(text, last, last + 30)
        if placed is None or but is None:
            return False
        # "những" is no "nhưng".
        return syllable_key(self._folded.source(but.start(2), but.end(2)))[1] == ""

    def _in_header(self, first: int) -> bool:
        original = self._folded.original
        if ":" not in original:
            return False
        at = self._folded.span(first, first + 1)[0]
        line = original.rfind("\n", 0, at) + 1
        return line > 0 and at - line < 120 and _HEADER.match(fold_key(original[line:at])) is not None

    def office(self, clue: Clue) -> bool:
        """ "UBND phường X không giải quyết", "dự án X": who or what is spoken of, not where; a home does not yield to it."""
        text = self._folded.text
        return _OFFICE.match(text, clue.start) is not None or (
            _OFFICE.search(text, max(0, clue.start - 18), clue.start) is not None
        )

    def introduced(self, clue: Clue) -> bool:
        """A preposition says that something is there: "bãi rác ở X", "đoạn X"; the clue's own words may hold it."""
        begin = max(0, clue.start - 16)
        return _INTRODUCED.search(self._folded.text, begin, clue.end) is not None


def _closing_from(folded: Folded) -> int:
    """Where the signature of a letter begins, or the length of the text."""
    end = len(folded.text)
    found = [match.start() for match in _CLOSING.finditer(folded.text, max(0, end - _LONGEST_CLOSING))]
    return min(found, default=end)


# Patterns by which a place is plainly named.
_PLAIN = frozenset({"new_level", "old_marked", "old_level", "street_level", "landmark_level"})


def set_homes_aside(roles: Roles, folded: Folded, hits: Sequence[Hit], clues: Sequence[Clue]) -> list[Clue]:
    """Where somebody lives yields to where something is: "nhà em ở X nhưng bãi rác ở Y"; alone it is the place itself."""
    if len(clues) < 2:
        return list(clues)
    by_end = {hit.end: hit for hit in hits}
    homes: set[int] = set()
    for clue in clues:
        before = [by_end[end] for end in homes if end <= by_end[clue.end].start]
        same = any(linked(folded, hit, by_end[clue.end]) for hit in before)
        if same or roles.home(by_end[clue.end].start, clue.end):
            homes.add(clue.end)
    if any(roles.home_but(by_end[end].start, end) for end in homes) and len(homes) < len(clues):
        return [replace(clue, aside=clue.end in homes) for clue in clues]
    offices = {clue.end for clue in clues if roles.office(clue)} if homes else set()
    others = [clue for clue in clues if clue.end not in homes | offices and not clue.aside]
    if not any(clue.pattern in _PLAIN or roles.introduced(clue) for clue in others):
        return list(clues)
    return [replace(clue, aside=True) if clue.end in homes else clue for clue in clues]
