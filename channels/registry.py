"""The one list of channels: name → where its adapter stands. Importing this module loads no adapter."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from channels.port import Adapter

ADAPTERS = {
    "email": "channels.email.adapter:EmailAdapter",
    "hotline": "channels.hotline.adapter:HotlineAdapter",
    "ihanoi": "channels.ihanoi.adapter:IHanoiAdapter",
    "web": "channels.web.adapter:WebAdapter",
    "zalo": "channels.zalo.adapter:ZaloAdapter",
}


def build(name: str, config: object, **deps: object) -> Adapter:
    """The adapter of channel `name` with its config and injected parts. Raises LookupError (unknown name)."""
    if name not in ADAPTERS:
        raise LookupError(f"unknown channel: {name!r}")
    module, _, attribute = ADAPTERS[name].partition(":")
    return cast(Adapter, getattr(import_module(module), attribute)(config, **deps))
