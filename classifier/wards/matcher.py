"""Finds every name of the gazetteer in a text: Aho–Corasick, then the cover that explains most syllables."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Set
from dataclasses import dataclass

import ahocorasick_rs

from classifier.normalise import Folded, fold_key, has_accents, is_plain, syllable_key
from classifier.wards.gazetteer import Gazetteer
from classifier.wards.senses import Kind, Spelling
from classifier.wards.spelling import FAMILIES, is_native
from classifier.wards.telex import completed

# A text naming more places than this is a list, not an address: the rest would only cost time.
MAX_HITS = 80
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found: folded span, what it can mean, whether it is written with its accents, and its capital letters.

    `capital`: the first letter is one; `titled`: every word begins with one.
    """

    start: int
    end: int
    name: str
    spellings: tuple[Spelling, ...]
    accented: bool
    doubtful: bool
    capital: bool
    titled: bool
    led_by_small: bool = False

    @property
    def sole(self) -> bool:
        """Only one syllable is the name itself: thôn Ngái."""
        return all(spelling.sense.sole for spelling in self.spellings)

    @property
    def phrase(self) -> bool:
        """Everyday words, not a place; where the same letters are a place too, the place is meant."""
        return all(spelling.sense.kind is Kind.PHRASE for spelling in self.spellings)

    def overlaps(self, other: Hit) -> bool:
        """Both speak of some of the same letters."""
        return self.start < other.end and other.start < self.end

    @property
    def distinct(self) -> bool:
        """Too long, too foreign or too plainly written as a name to be a chance meeting of common words."""
        return self.titled or self.name.count(" ") > 1 or not is_native(self.name)


# Spellings, written in full, doubtful, capital, titled, led by a small letter: the fields of a Hit behind its name.
_Judged = tuple[tuple[Spelling, ...], bool, bool, bool, bool, bool]
# The same words come again and again; a bound for hostile input.
_MOST_KEPT = 20_000


class Matcher:
    """Holds the automaton, and what it has judged lately; safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._judged: dict[tuple[str, int, bool], _Judged | tuple[()]] = {}
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(gazetteer.names), implementation=ahocorasick_rs.Implementation.ContiguousNFA
        )

    def find(self, folded: Folded) -> list[Hit]:
        """Hits in order, none overlapping another."""
        text = folded.text
        accented = has_accents(folded.original)
        raw = [
            (start, -end, which)
            for which, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            if not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())
        ]
        hits: list[Hit] = []
        doubtful: list[Hit] = []
        for start, minus_end, which in sorted(raw)[: 4 * MAX_HITS]:
            hit = self._hit(folded, start, -minus_end, which, accented)
            if hit is not None:
                (doubtful if hit.doubtful else hits).append(hit)
        chosen = _best_cover(text, hits)
        free = [
            hit for hit in doubtful if all(hit.end <= each.start or each.end <= hit.start for each in chosen)
        ]
        chosen += _best_cover(text, free)
        # A phrase has done its work by keeping the names inside it from being read.
        chosen = [hit for hit in chosen if not hit.phrase]
        return _without_level_words(sorted(chosen, key=lambda each: each.start))[:MAX_HITS]

    def _hit(self, folded: Folded, start: int, end: int, which: int, accented: bool) -> Hit | None:
        asked = (folded.source(start, end), which, accented)
        judged = self._judged.get(asked)
        if judged is None:
            if len(self._judged) >= _MOST_KEPT:
                self._judged.clear()
            judged = self._judged[asked] = self._judge(*asked)
        return Hit(start, end, self._gazetteer.names[which], *judged) if judged else None

    def _judge(self, source: str, which: int, accented: bool) -> _Judged | tuple[()]:
        """What a written name can mean, and how it is written; nothing when its marks say another word."""
        if not source.isascii():
            source = unicodedata.normalize("NFC", source)
        words = _WORD.findall(source)
        typed = tuple(syllable_key(word) for word in words)
        shown = source.rpartition(" ")[2][:1].isupper() and not source.isupper()
        spellings = self._gazetteer.spellings[which]
        exact, near = _agreeing(typed, spellings, shown)
        if accented and _without_marks(typed, exact):
            # "làng Thanh Am" in a text with marks is not Thanh Ấm.
            exact = tuple(each for each in exact if each.keys == typed)
        if not exact and (whole := [completed(word) for word in words]) != words:
            exact, near = _agreeing(tuple(map(syllable_key, whole)), spellings, shown)
        if not exact and (not near or typed[-1] in _LEVEL_KEYS):
            return ()
        in_full = any(not is_plain(key) for key in typed) or (accented and _without_marks(typed, exact))
        capital = source[:1].isupper() or shown
        return exact or near, in_full, not exact, capital, titled(source), source[:1].islower() and shown


def _without_marks(typed: tuple[tuple[str, str], ...], spellings: tuple[Spelling, ...]) -> bool:
    """Thanh Oai has no marks to type: in a text with accents it is written in full."""
    return any(spelling.keys == typed for spelling in spellings)


def titled(source: str) -> bool:
    """Every word begins with a capital letter, and not because everything is one."""
    return not source.isupper() and all(word[:1].isupper() for word in source.split())


_LEVELS = frozenset(
    ["phuong", "p", "xa", "x", "tt", "quan", "q", "huyen", "h", "tx", "pho", "duong", "ngo", "ngach"]
) | {"thi tran", "thi xa"}
# "Văn hóa - Xã hội xã Suối Hai" does not name Hội Xá.
_LEVEL_KEYS = frozenset(
    syllable_key(word) for word in ("xã", "phường", "quận", "huyện", "phố", "đường", "thôn")
)
_EDGES = ("phuong", "xa", "quan", "huyen", "pho", "duong", "thon")
_PLACED = frozenset(["o", "tai", "dan"])
_PREVIOUS = re.compile(r"(thi [a-z]+|[a-z]+)[ .:]{0,2}$")


def _best_cover(text: str, hits: list[Hit]) -> list[Hit]:
    """The non-overlapping hits that explain most syllables: "phuong trung liet" is phường Trung Liệt, not Phương Trung."""
    if len(hits) < 2:
        return hits
    starts = {hit.start for hit in hits}
    # "duong xa Tien Thang" is đường xã Tiến Thắng; "Phung Xa Thach That" is xã Phùng Xá of Thạch Thất.
    hits = [hit for hit in hits if not _takes_level_word(text, hit, starts)]
    hits = sorted(hits, key=lambda each: (each.end, -each.start))
    ends = [hit.end for hit in hits]
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for place, hit in enumerate(hits):
        gain, chosen = best[bisect_right(ends, hit.start, 0, place)]
        taken = gain + _worth(text, hit)
        best.append((taken, (*chosen, place)) if taken > best[-1][0] else best[-1])
    return [hits[place] for place in best[-1][1]]


def _worth(text: str, hit: Hit) -> float:
    """Syllables explained; one long name beats two short ones; a level word before it is explained too."""
    worth = 1.1 * hit.name.count(" ") + 1.0
    led = _PREVIOUS.search(text, max(0, hit.start - 12), hit.start)
    levelled = led is not None and led.group(1) in _LEVELS
    if levelled and led is not None and led.group(1) in _UNIT_LEVELS and not _may_be_unit(hit):
        # "phường Kim Liên mới" is not the street Kim Liên Mới.
        worth -= 1.2
    elif levelled:
        worth += 1.2 if " " in hit.name else 1.0
    elif led is not None and _placed(text, hit, led.group(1)):
        worth += 0.4
    if all(spelling.sense.guarded or spelling.sense.kind is Kind.OUTSIDE for spelling in hit.spellings):
        # "cầu Đông Trù" is not phố Cầu Đông: its own word in front makes up for the guard.
        own = led is not None and led.group(1) in _FAMILY_WORDS and _is_landmark(hit)
        worth += 0.1 if own else -0.5
    if any(spelling.sense.kind is Kind.LANDMARK and not spelling.sense.type for spelling in hit.spellings):
        # Its first word is the level word itself: "chợ Phùng" must not beat Phùng Khoang in "chợ Phùng Khoang".
        worth -= 0.1
    if hit.led_by_small and hit.name.split(" ")[0] in _FAMILY_WORDS and not _holds_landmark(hit):
        # "trường Yên Sở" is a school of Yên Sở, not xã Trường Yên.
        worth -= 1.0
    # Without accents "mai dong quan hoang mai" must not lose its level word to the street Đông Quan.
    if not hit.accented and not levelled and hit.name.endswith(_EDGES) and text[hit.end : hit.end + 1] == " ":
        worth -= 1.1
    return worth


_FAMILY_WORDS = frozenset(fold_key(word) for words in FAMILIES.values() for word in words if " " not in word)


def _holds_landmark(hit: Hit) -> bool:
    return any(spelling.sense.kind is Kind.LANDMARK for spelling in hit.spellings)


def _placed(text: str, hit: Hit, led: str) -> bool:
    """ "ở X", "tại chợ X": the preposition speaks for the long name as for the short one that begins with "chợ"."""
    if led in _FAMILY_WORDS and _is_landmark(hit):
        start = hit.start - len(led) - 1
        found = _PREVIOUS.search(text, max(0, start - 12), start)
        return found is not None and found.group(1) in _PLACED
    return led in _PLACED


def _is_landmark(hit: Hit) -> bool:
    return any(spelling.sense.kind is Kind.LANDMARK and spelling.sense.type for spelling in hit.spellings)


_UNIT_LEVELS = frozenset(["phuong", "p", "xa", "x", "tt", "thi tran"])


def _may_be_unit(hit: Hit) -> bool:
    kinds = (Kind.NEW, Kind.OLD, Kind.DISTRICT, Kind.OUTSIDE)
    return any(spelling.sense.kind in kinds for spelling in hit.spellings)


def _takes_level_word(text: str, hit: Hit, starts: Set[int]) -> bool:
    """Without accents the last word of this name may be the level word of the next."""
    if hit.accented or hit.end + 1 not in starts or not hit.name.endswith((*_EDGES, " xa")):
        return False
    led = _PREVIOUS.search(text, max(0, hit.start - 12), hit.start)
    levelled = led is not None and led.group(1) in _LEVELS
    return not levelled and not _before_its_district(text, hit)


def _before_its_district(text: str, hit: Hit) -> bool:
    rest = text[hit.end + 1 : hit.end + 40].removeprefix("huyen ").removeprefix("h ")
    districts = {spelling.sense.district for spelling in hit.spellings if spelling.sense.district}
    return any(rest.startswith(fold_key(district)) for district in districts)


def _without_level_words(hits: list[Hit]) -> list[Hit]:
    """Without "TX" in "TX Sơn Tây", "Lang" in "Lang Uoc Le": level words that are names elsewhere, right before a name."""
    starts = {hit.start for hit in hits}
    return [hit for hit in hits if not (_reads_as_level(hit) and {hit.end + 1, hit.end + 2} & starts)]


def _reads_as_level(hit: Hit) -> bool:
    return hit.name in _LEVELS or (hit.name in _FAMILY_WORDS and not hit.accented)


def _agreeing(
    typed: tuple[tuple[str, str], ...], spellings: tuple[Spelling, ...], shown: bool
) -> tuple[tuple[Spelling, ...], tuple[Spelling, ...]]:
    """Spellings that fit the typed accents, and those that differ in one syllable's marks or by one sound.

    `shown`: a capital letter shows the last word to be a name: "cho Nanh".
    """
    bare = all(is_plain(key) for key in typed)
    exact, near = [], []
    for spelling in spellings:
        if bare and (spelling.sense.marked or spelling.sense.sole) and not shown:
            continue
        if shown and spelling.sense.kind is Kind.PHRASE:
            continue
        if spelling.fuzzy:
            near.append(spelling)
        elif bare or typed == spelling.keys:
            exact.append(spelling)
        elif spelling.sense.kind is not Kind.LANDMARK and _half_typed(typed, spelling.keys):
            (exact if shown else near).append(spelling)
        elif _one_slip(typed, spelling):
            near.append(spelling)
    return tuple(exact), tuple(near)


def _half_typed(typed: tuple[tuple[str, str], ...], keys: tuple[tuple[str, str], ...]) -> bool:
    """Some syllables with all their marks, the others with none: "Bắc Từ Liem"."""
    if len(typed) != len(keys):
        return False
    pairs = list(zip(typed, keys, strict=True))
    return all(ours == theirs or is_plain(ours) for ours, theirs in pairs) and any(
        ours == theirs and not is_plain(ours) for ours, theirs in pairs
    )


def _one_slip(typed: tuple[tuple[str, str], ...], spelling: Spelling) -> bool:
    """One syllable carries other marks than the name: a wrong key, a mishearing; in "làng tôi" another word altogether."""
    if spelling.sense.sole or not 2 <= len(typed) == len(spelling.keys):
        return False
    return sum(ours != theirs for ours, theirs in zip(typed, spelling.keys, strict=True)) == 1
