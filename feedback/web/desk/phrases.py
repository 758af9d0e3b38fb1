"""Sentences that answers often need. The officer finishes them: an answer without facts satisfies nobody."""

from __future__ import annotations

PHRASES = (
    "Đơn vị đã tiếp nhận phản ánh và cử cán bộ đến kiểm tra tại hiện trường ngày …",
    "Kết quả kiểm tra: …",
    "Đơn vị đã xử lý xong vào lúc … ngày … . Anh/chị có thể kiểm tra lại tại hiện trường.",
    "Nội dung này do … phụ trách; đơn vị đã đề nghị xử lý trước ngày …",
    "Đề nghị anh/chị bổ sung địa chỉ cụ thể (số nhà, ngõ, tên đường) và hình ảnh nếu có.",
    "Nếu cần trao đổi thêm, anh/chị liên hệ … (giờ hành chính).",
)
