"""Words that tell a person's name from everything else that begins with a capital."""

from __future__ import annotations

import unicodedata
from functools import cache

from classifier.pii.seen import Seen
from classifier.wards.tables import streets
from classifier.wards.units import old_units, units


def plain(word: str) -> str:
    """Lower case without accents, letter by letter."""
    folded = unicodedata.normalize("NFD", word.lower()).replace("đ", "d")
    return "".join(char for char in folded if not unicodedata.combining(char))


def _forms(words: str) -> dict[str, frozenset[str]]:
    """Plain form → the accented words it stands for."""
    forms: dict[str, set[str]] = {}
    for word in words.split():
        forms.setdefault(plain(word), set()).add(word)
    return {key: frozenset(each) for key, each in forms.items()}


SURNAMES = _forms(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý lí đinh trịnh đoàn đào lương mai tô trương lâm hà tạ chu châu"
    " cao phùng lưu thái triệu vương kiều quách mạc tống tăng khổng nghiêm khuất uông thiều viên quản dư khiếu lại vi nông thang tiêu bạch"
    " doãn hứa la lục lã lữ mẫn ninh ông phí phó quan sái tào thạch thân tôn từ văn vòng âu đàm đậu đồng đường giang giáp hàn hạ hầu"
    " kim khúc khương kha liễu lều ma nhữ nhan thẩm thi trà trang ung chử chung cung cù bế bành an anh bá cấn cầm công đới điêu dương"
    " lò lù sầm quàng hoa hùng đan đôn tiết trầm mã mông nhâm đèo giàng hoắc lộ ngụy nguỵ phương sử tưởng vừ vàng ân ứng ủng thào cát bàn bàng lềnh bồ ngân lạc tòng lâu ôn giả tẩn sùng lầu cư hờ lỳ bạc lường lèo hồng thái ngụy đường chẩu lộc"
)
# In lower case only these say by themselves that a name begins.
STRONG = _forms("nguyễn trần phạm lê hoàng huỳnh phan vũ võ đặng bùi ngô đinh trịnh đoàn đỗ")
MIDDLES = _forms("văn thị")
MORE_MIDDLES = MIDDLES | _forms(
    "đình đức hữu xuân quang minh thanh thu ngọc bá công quốc hồng thuỳ thùy kim mạnh tiến duy gia hải hoài khắc mỹ như phương"
    " tuấn trọng viết việt thế tuyết bích diệu đăng bảo anh quỳnh thuý thúy lan mai hoàng huy trung nhật khánh tấn phúc đại doãn"
)
TITLES = _forms("ông bà anh chị cô chú bác cụ thầy em cháu cậu thằng thg bé mợ dì thím")
# These titles are also how the writer speaks of himself, and stand before the place he lives in.
WEAK_TITLES = frozenset({"em", "chau", "be"})
STOPS = _forms(
    "ở là số năm nay sinh nhà ngụ hiện trú tại xin muốn thôn xóm tổ phường xã đang có cho ạ à dạ ơi và với đây phản kính trước người nó"
    " địa chỉ cư dân hộ khẩu chủ trưởng phó cán bộ giám đốc làm gọi báo nói bị được đã sẽ không thì mà cũng thuộc nguyên quê bên của ngõ"
    " phố đường khu toà tòa phòng lớp trường sđt điện thoại email cccd cmnd gửi nhờ hỏi cần mong đề nghị vừa mới hôm sáng chiều tối tên"
    " tôi em chị anh ông bà cô chú bác cháu con nhé nha nhá hay xong rồi này ấy đó kia sđ đt o k ko dt bảy tám chín mười hai ba bốn sáu"
    " một nuôi bán thu xây đổ lấn để cùng cậu cô lập kế quản tuổi hàng nhiều gì ai cái chữ thế thật vì nên khi lúc đến tới từ ra vào lên"
    " các những mọi phụ công quán giáo viên đại cắt ngày tháng cứ lại còn đi về trên dưới trong ngoài giữa cạnh gần trọ đọc ghi"
)
FIRST_STOPS = _forms(
    "công chữ gì ai cái một thế quán người đường phố hợp viễn hải cty trường nhóm app cửa nick này kia đó là tôi em"
    " thật bố mẹ vợ chồng chị anh trong trên đất sổ không đầy khác cũ mới như để"
)
# Two words after a title that are an office or a whole phrase, never a name.
OFFICES = frozenset(
    "canh sat|cong an|cong nhan|cong chuc|cong ty|can bo|to truong|to pho|to dan|phu nu|phu huynh|phu trach|trat tu|truong thon|truong ban"
    "|truong phong|giam doc|chu tich|chu quan|chu nha|chu ho|bi thu|bao ve|bac si|giao vien|hoc sinh|sinh vien|dan phong|dan quan|nhan vien"
    "|thanh tra|thanh nien|hieu truong|hang xom|khu vuc|can bo|tiep dan|quan ly|lanh dao|nong dan|cuu chien|doi truong|dai bieu|van phong"
    "|cu dan|chuyen vien|hoi truong|thu ky|lai xe|tai xe|ky thuat|thu ngan|xe om|an ninh|truc ban|dieu duong|y ta|hung lao|quoc em|hai dang"
    "|phuong tien|moi truong|do thi|dien luc|buu ta|buu dien|nha bao|phong vien|cong tac|quan su|chi huy|bi thu|pho ban".split("|")
)
# Known to everybody, or no person at all, with the title.
_NOBODY = (
    "bác hồ|bà triệu|bà trưng|ông táo|ông địa|ông công|ông trời|chị hằng|chú cuội|bà đen|bà chúa|bà nà|bà kiệu|anh quốc|anh chị|ông bà|cô tô|chú ý|bà con"
    "|anh hùng|anh em|cô bác|chú bác|em trai|em gái|bà huyện|ông trăng|bác học|cô vy|cô vít|ông ích"
)
NOBODY = frozenset(_NOBODY.split("|"))
NOBODY_PLAIN = frozenset(map(plain, NOBODY)) | {"co giao", "bac si", "chi bo", "chi cuc", "chi nhanh", "co quan", "ba cong", "chu tich"}
FAMOUS = frozenset({"ho chi minh", "to lam", "vo nguyen giap", "trinh cong son", "ho xuan huong", "ly thai to", "ly thuong kiet"})
_NOT_SINGLE = frozenset({"uy", "ubnd", "hdnd", "csgt", "ca", "bql", "bqt", "ha noi", "oi", "a", "va", "viet nam"})
# Without accents these end a name in one reading and belong to it in the other; as a fourth word they are kept.
SOFT = frozenset({"nhung", "hang", "thu", "tam", "hai", "mong", "quan", "bay", "ban", "sau", "tuoi", "dai", "ngoai"})
DOUBTFUL = frozenset({"anh", "chi"})


# Without accents cầu, cư and bể look like titles.
_NEVER_PLAIN = frozenset({"cau", "cu", "be", "di", "mo", "thim"})


def stands(seen: Seen, word: tuple[int, int], table: dict[str, frozenset[str]]) -> bool:
    """True when the word at this place is in the table, its accents included where the writer uses accents."""
    forms = table.get(seen.plain[word[0] : word[1]])
    return forms is not None and seen.spells(*word, forms)


def titled(seen: Seen, word: tuple[int, int]) -> bool:
    """True when the word is a title, as far as its accents tell."""
    return stands(seen, word, TITLES) and (seen.accented or seen.plain[word[0] : word[1]] not in _NEVER_PLAIN)


def nobody(seen: Seen, title: tuple[int, int], name: tuple[int, int]) -> bool:
    """`Bác Hồ`, `chị Hằng`: known to everybody, or no person at all."""
    if seen.accented:
        return f"{seen.written(*title)} {seen.written(*name)}" in NOBODY
    return f"{seen.plain[slice(*title)]} {seen.plain[slice(*name)]}" in NOBODY_PLAIN


def place(name: str) -> bool:
    """A unit, a district or a street has this plain name."""
    return name in places() or name.startswith(("kim van kim lu", "xuan mai", "ha noi"))


@cache
def places() -> frozenset[str]:
    """Plain names of units, districts and streets of the city."""
    names = [unit.name for unit in units()]
    names += [name for unit in old_units() for name in (unit.name, unit.district)]
    names += [name for row in streets() for name in row.names]
    return frozenset(map(plain, names)) | {"hanoi", "ha noi", "viet nam"}


def usual(word: str) -> bool:
    """A word that alone may be a given name."""
    return word not in _NOT_SINGLE
