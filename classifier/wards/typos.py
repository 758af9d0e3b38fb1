"""A name with a typing error, looked for only after a level word: `phuong khuong trugn`, `quận Hoàng Mia`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from rapidfuzz.distance import OSA

from classifier.normalise import Folded, fold_key, is_plain, syllable_key
from classifier.wards.gazetteer import Gazetteer
from classifier.wards.matcher import Hit
from classifier.wards.senses import FLATS, Kind, Spelling

# A text with more unknown names than this is not an address; the rest would only cost time.
MAX_TRIES = 12
_LEVEL = re.compile(
    r"(?<![a-z0-9])(?:(phuong|p\.|f\.|xa|x\.|thi tran|tt\.)|(quan|q\.|huyen|h\.|thi xa)|(pho|duong|ngo)|"
    r"(khu do thi|kdt|chung cu|toa nha|khu tap the)) ?(?=[a-z]{2})"
)
_WORD = re.compile(r"[a-z]{1,12}")
# Words that follow "phường" or "đường" when no name does; a slip away from "nay dong" lies Nam Đồng.
_NO_NAME = frozenset(
    {"nay", "nao", "toi", "em", "minh", "ta", "chung", "con", "co", "khong", "bi", "va", "voi", "da", "dang",
     "cung", "xin", "hom", "thi", "de", "do", "kia", "ben", "tren", "duoi", "trong", "ngoai", "gan", "cua",
     "la", "ma", "nha", "lam", "rat", "qua", "hoi", "cho", "den", "tu", "ve", "len", "xuong", "di", "lai",
     "vao", "ra", "bao", "moi", "cu", "hien", "gio", "phai", "luon", "tuc", "nhieu", "mot", "hai", "day", "tai",
     "noi", "sao", "the", "nen", "duoc", "chua", "van", "cac", "nhung", "truoc"}
)  # fmt: skip
_UNITS, _DISTRICTS, _STREETS, _FLATS = range(1, 5)
_SHORTEST = {_UNITS: 6, _DISTRICTS: 6, _STREETS: 10, _FLATS: 9}


class Typos:
    """The names by length and kind; immutable after building."""

    def __init__(self, names: Gazetteer) -> None:
        self._names: dict[int, dict[str, tuple[Spelling, ...]]] = {group: {} for group in _SHORTEST}
        for name, spellings in zip(names.names, names.spellings, strict=True):
            for group, fitting in _by_group(spellings):
                if " " in name and len(name) > _SHORTEST[group]:
                    self._names[group][name] = fitting

    def find(self, folded: Folded, hits: list[Hit]) -> list[Hit]:
        """Repaired names behind level words where no name was found."""
        taken = [(hit.start, hit.end) for hit in hits]
        found: list[Hit] = []
        tries = 0
        for level in _LEVEL.finditer(folded.text):
            start = level.end()
            if any(first <= start < last for first, last in taken):
                continue
            tries += 1
            if tries > MAX_TRIES:
                break
            hit = self._repaired(folded, start, level.lastindex or 0)
            if hit is not None and not any(first < hit.end and hit.start < last for first, last in taken):
                found.append(hit)
        return found

    def _repaired(self, folded: Folded, start: int, group: int) -> Hit | None:
        names = self._names[group]
        first = _WORD.match(folded.text, start)
        if first is None or first.group() in _NO_NAME:
            return None
        for end in _ends(folded.text, start):
            name = _closest(folded.text[start:end], names)
            if name is not None:
                return _hit(folded, start, end, name, names[name])
        return None


def _by_group(spellings: Iterable[Spelling]) -> Iterable[tuple[int, tuple[Spelling, ...]]]:
    clean = [each for each in spellings if not each.fuzzy]
    wanted = {
        _UNITS: [each for each in clean if each.sense.kind in (Kind.NEW, Kind.OLD)],
        _DISTRICTS: [each for each in clean if each.sense.kind is Kind.DISTRICT],
        _STREETS: [each for each in clean if each.sense.kind is Kind.STREET],
        _FLATS: [each for each in clean if each.sense.kind is Kind.LANDMARK and each.sense.type in FLATS],
    }
    return [(group, tuple(found)) for group, found in wanted.items() if found]


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


def _closest(typed: str, names: Mapping[str, object]) -> str | None:
    """The one name within a slip of what was typed (two slips in a long name); None when two are as close."""
    best: list[str] = []
    least = 3
    for name in names:
        if name[0] != typed[0] or abs(len(name) - len(typed)) > 2:
            continue
        allowed = min(least, 1 if len(name) < 12 else 2)
        distance = OSA.distance(typed, name, score_cutoff=allowed)
        if distance < least and distance <= allowed:
            best, least = [name], distance
        elif distance == least and distance <= allowed:
            best.append(name)
    return best[0] if len(best) == 1 else None


def _hit(folded: Folded, start: int, end: int, name: str, spellings: tuple[Spelling, ...]) -> Hit | None:
    source = folded.source(start, end)
    typed = [syllable_key(word) for word in re.findall(r"[^\W\d_]+", source)]
    fitting = tuple(each for each in spellings if _marks_agree(typed, each.keys))
    if not fitting:
        return None
    accented = any(not is_plain(key) for key in typed)
    slips = tuple(replace(each, fuzzy=True) for each in fitting)
    return Hit(start, end, name, slips, accented, True, source[:1].isupper())


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
