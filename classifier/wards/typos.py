"""A name with a typing error, looked for only after a level word: `phuong khuong trugn`, `quận Hoàng Mia`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from classifier.normalise import Folded, fold_key, is_plain, syllable_key
from classifier.wards import spelling
from classifier.wards.gazetteer import Gazetteer
from classifier.wards.matcher import Hit, titled
from classifier.wards.senses import FLATS, VILLAGES, Kind, Sense, Spelling

# A text with more unknown names than this is not an address; the rest would only cost time.
MAX_TRIES = 12
# A longer word is several, typed together: TrườngLâm.
_LONGEST_SYLLABLE = 7
_FAMILY_WORDS = {
    fold_key(word): family for family, words in spelling.FAMILIES.items() for word in words if len(word) > 2
}
_FAMILY_KEYS: dict[str, set[tuple[tuple[str, str], ...]]] = {}
for _words in spelling.FAMILIES.values():
    for _word in _words:
        _FAMILY_KEYS.setdefault(fold_key(_word), set()).add(spelling.keys(_word))
_LEVEL = re.compile(
    r"(?<![a-z0-9])(?:(phuong|p\.|f\.|xa|x\.|thi tran|tt\.)|(quan|q\.|huyen|h\.|thi xa)|(pho|duong|ngo)|"
    rf"({'|'.join(sorted(_FAMILY_WORDS, key=len, reverse=True))})) ?(?=[a-z]{{2}})"
)
_FIRST_WORDS = frozenset(word.split(" ")[0] for word in _FAMILY_WORDS) | frozenset(
    {"phuong", "p", "f", "xa", "x", "thi", "tt", "quan", "q", "huyen", "h", "pho", "duong", "ngo"}
)
_LETTERS = re.compile(r"(?<![a-z0-9])[a-z]+")
_WORD = re.compile(r"[a-z]{1,12}")
# Words that follow "phường" or "đường" when no name does; a slip away from "nay dong" lies Nam Đồng.
_NO_NAME = frozenset(
    {"này", "nào", "tôi", "em", "mình", "ta", "chúng", "con", "có", "không", "bị", "và", "với", "đã", "đang",
     "cũng", "xin", "hôm", "thì", "để", "do", "đó", "kia", "bên", "trên", "dưới", "trong", "ngoài", "gần",
     "của", "là", "mà", "nhà", "làm", "rất", "quá", "hỏi", "cho", "đến", "từ", "về", "lên", "xuống", "đi",
     "lại", "vào", "ra", "báo", "mới", "cũ", "hiện", "giờ", "phải", "luôn", "tức", "nhiều", "một", "hai", "đây",
     "tại", "nói", "sao", "thế", "nên", "được", "chưa", "vẫn", "các", "những", "trước"}
)  # fmt: skip
_NO_NAME_PLAIN = frozenset(fold_key(word) for word in _NO_NAME)
_UNITS, _DISTRICTS, _STREETS, _LANDMARKS = range(1, 5)
# Shorter names are too near to other words to be guessed from a slip.
_SHORTEST = {_UNITS: 6, _DISTRICTS: 6, _STREETS: 9, _LANDMARKS: 9}


def _levels(text: str) -> Iterator[re.Match[str]]:
    """The level words of a text, the longest at each place."""
    done = 0
    for word in _LETTERS.finditer(text):
        if word.group() in _FIRST_WORDS and word.start() >= done:
            level = _LEVEL.match(text, word.start())
            if level is not None:
                done = level.end()
                yield level


class Typos:
    """The names by length and kind; immutable after building."""

    def __init__(self, names: Gazetteer) -> None:
        self._names: dict[int, dict[str, tuple[Spelling, ...]]] = {group: {} for group in _SHORTEST}
        self._heard: dict[int, dict[str, list[str]]] = {group: {} for group in _SHORTEST}
        for name, spellings in zip(names.names, names.spellings, strict=True):
            if " " not in name:
                continue
            for group, fitting in _by_group(spellings):
                if not all(_one_syllable(name, each.sense) for each in fitting):
                    self._names[group][name] = fitting
                    self._heard[group].setdefault(heard(name), []).append(name)
        self._firsts = {
            group: frozenset(name.split(" ")[0] for name in names) for group, names in self._heard.items()
        }
        self._shelves = {group: _Shelf.of(names, _SHORTEST[group]) for group, names in self._names.items()}

    def find(self, folded: Folded, hits: list[Hit], accented: bool) -> list[Hit]:
        """The hits, and repaired names behind level words where none stood; `accented`: this writer types accents.

        A repaired name replaces one that was itself in doubt.
        """
        taken = [(hit.start, hit.end) for hit in hits if not hit.doubtful]
        found: list[Hit] = []
        tries = at = 0
        for level in _levels(folded.text):
            start = level.end()
            while at < len(taken) and taken[at][1] <= start:
                at += 1
            if (at < len(taken) and taken[at][0] <= start) or (accented and not _meant(folded, level)):
                continue
            tries += 1
            if tries > MAX_TRIES:
                break
            hit = self._repaired(folded, level)
            if hit is not None and not any(first < hit.end and hit.start < last for first, last in taken):
                found.append(hit)
        kept = [hit for hit in hits if not (hit.doubtful and any(hit.overlaps(each) for each in found))]
        return sorted([*kept, *found], key=lambda each: each.start)

    def _repaired(self, folded: Folded, level: re.Match[str]) -> Hit | None:
        group = level.lastindex or 0
        first = _WORD.match(folded.text, level.end())
        if first is None or _no_name(folded.source(first.start(), first.end())):
            return None
        joined = len(first.group()) > _LONGEST_SYLLABLE
        if group in (_STREETS, _LANDMARKS) and not joined and heard(first.group()) not in self._firsts[group]:
            # There are too many of them to look for a slip in the first word too.
            return None
        family = _FAMILY_WORDS.get(level.group(_LANDMARKS) or "", "")
        # Some landmarks bring their level word in the name itself.
        starts = (level.end(), level.start()) if group == _LANDMARKS else (level.end(),)
        for start in starts:
            for end in _ends(folded.text, start):
                hit = self._named(folded, start, end, group, family)
                if hit is not None:
                    return hit
        return None

    def _named(self, folded: Folded, start: int, end: int, group: int, family: str) -> Hit | None:
        name = self._candidate(folded, start, end, group)
        if name is None:
            return None
        fitting = tuple(each for each in self._names[group][name] if _fits(each.sense, family))
        return _hit(folded, start, end, name, fitting) if fitting else None

    def _candidate(self, folded: Folded, start: int, end: int, group: int) -> str | None:
        """The name that sounds like what was typed; else the one name a slip away.

        Words that are all syllables of the language are rather words ("phun hóa chất") unless written as a name.
        """
        typed = folded.text[start:end]
        alike = self._heard[group].get(heard(typed))
        if alike is not None and len(alike) == 1:
            return alike[0]
        if spelling.is_native(typed) and not _written_as_name(folded, start, end, group):
            return None
        return self._shelves[group].closest(typed)


def _written_as_name(folded: Folded, start: int, end: int, group: int) -> bool:
    if group not in (_UNITS, _DISTRICTS) and not folded.source(start, start + 1).isupper():
        return False
    source = unicodedata.normalize("NFC", folded.source(start, end))
    return not source.isascii() and (group in (_UNITS, _DISTRICTS) or titled(source))


def _no_name(word: str) -> bool:
    """The word after the level word is an everyday one; with other marks or a capital it may begin a name."""
    written = unicodedata.normalize("NFC", word)
    return written.lower() in (_NO_NAME_PLAIN if written.isascii() else _NO_NAME)


def _meant(folded: Folded, level: re.Match[str]) -> bool:
    """In a text with accents "cho" is the verb and "ho" a cough: a landmark's level word carries its marks."""
    word = level.group(_LANDMARKS)
    if word is None:
        return True
    typed = folded.source(level.start(_LANDMARKS), level.end(_LANDMARKS))
    return spelling.keys(typed) in _FAMILY_KEYS[word]


_INITIALS = re.compile(r"(?<![a-z])(?:n(?!g)|tr|x|gi(?=[aeiou])|r)")
_SAME_SOUND = {"n": "l", "tr": "ch", "x": "s", "gi": "d", "r": "d"}


@lru_cache(maxsize=4096)
def heard(name: str) -> str:
    """The folded name as many of Hanoi hear it: n like l, tr like ch, x like s, gi and r like d."""
    return _INITIALS.sub(lambda found: _SAME_SOUND[found.group()], name)


def _one_syllable(name: str, sense: Sense) -> bool:
    """Only one syllable is the name itself: làng Chuông, chợ Sa."""
    return sense.sole or (sense.kind is Kind.LANDMARK and not sense.type and name.count(" ") == 1)


def _fits(sense: Sense, family: str) -> bool:
    """A landmark is repaired only behind a word of its own family."""
    if sense.kind is not Kind.LANDMARK or not sense.type:
        return True
    same = sense.type == family or (sense.type in FLATS and family in FLATS)
    return same or (sense.type in VILLAGES and family in VILLAGES)


_GROUP_OF = {
    Kind.NEW: _UNITS,
    Kind.OLD: _UNITS,
    Kind.DISTRICT: _DISTRICTS,
    Kind.STREET: _STREETS,
    Kind.LANDMARK: _LANDMARKS,
}


def _by_group(spellings: Iterable[Spelling]) -> Iterable[tuple[int, tuple[Spelling, ...]]]:
    found: dict[int, list[Spelling]] = {}
    for each in spellings:
        group = None if each.fuzzy else _GROUP_OF.get(each.sense.kind)
        if group is not None:
            found.setdefault(group, []).append(each)
    return [(group, tuple(found[group])) for group in sorted(found)]


def _ends(text: str, start: int) -> list[int]:
    """Ends of one to four words from `start`, the longest first."""
    ends: list[int] = []
    at = start
    while len(ends) < 4:
        word = _WORD.match(text, at)
        if word is None or (word.end() < len(text) and text[word.end()].isalnum()):
            break
        ends.append(word.end())
        if text[word.end() : word.end() + 1] != " ":
            break
        at = word.end() + 1
    return ends[::-1]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Names of one group by first letter and length: a slip rarely changes the first letter."""

    names: dict[tuple[str, int], list[str]]

    @classmethod
    def of(cls, names: Iterable[str], shortest: int) -> _Shelf:
        shelf: dict[tuple[str, int], list[str]] = {}
        for name in names:
            if len(name) > shortest:
                shelf.setdefault((name[0], len(name)), []).append(name)
        return cls(shelf)

    def closest(self, typed: str) -> str | None:
        """The one name within a slip (two in a long name); None when two are as close."""
        reach = 1 if len(typed) < 12 else 2
        near: list[tuple[float, str]] = []
        for size in range(len(typed) - reach, len(typed) + reach + 1):
            names = self.names.get((typed[0], size))
            if names:
                found = process.extract(typed, names, scorer=OSA.distance, score_cutoff=reach, processor=None)
                near += [(distance, name) for name, distance, _ in found]
        near.sort()
        if not near or (len(near) > 1 and near[1][0] == near[0][0]):
            return None
        return near[0][1]


def _hit(folded: Folded, start: int, end: int, name: str, spellings: tuple[Spelling, ...]) -> Hit | None:
    source = unicodedata.normalize("NFC", folded.source(start, end))
    typed = [syllable_key(word) for word in re.findall(r"[^\W\d_]+", source)]
    fitting = tuple(each for each in spellings if _marks_agree(typed, each.keys))
    if not fitting:
        return None
    accented = any(not is_plain(key) for key in typed)
    slips = tuple(replace(each, fuzzy=True) for each in fitting)
    return Hit(start, end, name, slips, accented, True, source[:1].isupper(), titled(source))


def _marks_agree(typed: list[tuple[str, str]], keys: tuple[tuple[str, str], ...]) -> bool:
    """Syllables that were typed right must not carry other marks than the name."""
    if len(typed) != len(keys):
        return True
    same = [
        (ours, theirs) for ours, theirs in zip(typed, keys, strict=True) if _letters(ours) == _letters(theirs)
    ]
    return all(ours == theirs or is_plain(ours) for ours, theirs in same)


def _letters(key: tuple[str, str]) -> str:
    return fold_key(key[0])
