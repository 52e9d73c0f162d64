"""Message catalogs: every sentence that a person reads, by key, in English and Chinese.

Bottom of the layers: imports nothing. `text(key, lang, **values)` formats one message.
"""
