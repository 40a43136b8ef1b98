"""Comments and logical lines without the tokenizer are those which the tokenizer tells."""

from __future__ import annotations

import io
import tokenize

import pytest

from odoo_debt_lint.python.layout import Layout

TEXTS = {
    "comments": "# first\nx = 1  # behind\n\n    # indented\ny = '#' + \"#\"  # not the signs in strings\n",
    "brackets": "call(\n    1,  # one\n    [2,\n     3],\n)  # end\ny = {\n}\n",
    "strings": 'x = """a # b\n\'\'\' "quoted" \\"""\n"""  # behind\nz = ""  # empty\n',
    "other strings": "y = '''one \"two''' \"three's\"  # behind\n",
    "raw strings": "x = r'\\'  # no, the quote goes on'\ny = 1  # a comment\n",
    "continued": "x = 1 + \\\n    2  # two\ny = 'a\\\nb'  # three\nif x: y = 1; z = 2  # four\n",
    "blocks": "@decorated(\n    1\n)\ndef f(\n    x,  # one\n):\n    '''Text\n    # of it'''\n    x\n",
    "line ends": "x = (  # one\r\n  2)\r\n# two\r\ny = '''a\r\nb'''\r\n",
    "formatted": "x = f'{y!r:{z}} # {{}}'  # one\nx = f'''{\n  y\n}'''  # two\n",
    "own quotes": 'x = f"{y["#"]}"  # one\n',
    "no last line end": "x = 1\n# end",
    "blank last line": "x = 1  # one\n    ",
    "odd backslash": "x = 1\n\\\ny = 2  # two\n",
    "old line ends": "x = 1  # one\ry = 2\n",
}


def told(text: str) -> tuple[list[tuple[int, int, str]], list[tuple[int, int]]]:
    """Comments and logical lines as the tokenizer has them."""
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    comments = [(*token.start, token.string) for token in tokens if token.type == tokenize.COMMENT]
    silent = (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    logical: list[tuple[int, int]] = []
    first = 0
    for token in tokens:
        if token.type == tokenize.NEWLINE:
            logical.append((first, token.start[0]))
            first = 0
        elif token.type not in silent:
            first = first or token.start[0]
    return comments, logical


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_as_the_tokenizer_has_it(text: str) -> None:
    layout = Layout(text)
    assert (layout.comments, layout.logical) == told(text)


@pytest.mark.parametrize(
    "text",
    ["x = 1  # one\ny = '''open\n", "x = (  # one\n", "x = 1  # one\n)\n", "x = 1  # one\ny = 'open\n"],
)
def test_what_stands_before_an_error_counts(text: str) -> None:
    assert Layout(text).comments == [(1, text.index("#"), "# one")]
