"""The encoding of `.env`: editors on Windows save text in others than UTF-8, without a word."""

import codecs
from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class SettingsError(Exception):
    """The bot can't start like this: `sentences` say what is wrong, one each, for the operator."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def encoding_of(file: Path) -> str:
    """Return the encoding of a file of settings; of one that is not there, too.

    Raises SettingsError.
    """
    try:
        content = file.read_bytes() if file.is_file() else b""
    except OSError as error:
        raise SettingsError([f"{file} is unreadable: {error.strerror}."]) from None
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError(
            [f"{file} is not in UTF-8 (line {line}): save it anew as UTF-8."]
        ) from None
    if "\0" in text:
        raise SettingsError([f"{file} is no text: save it anew as UTF-8."])
    return encoding


def _encoding(content: bytes) -> str:
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    if marked is not None:
        return marked
    # Without a mark, every other byte of a name in Latin letters tells.
    if content[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if content[:1] == b"\0" else "utf-8"
