"""Reads a Dockerfile into instructions with lines, arguments resolved as far as the file tells them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

from odoo_debt_lint.deployment.lines import File
from odoo_debt_lint.finding import Span

_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)\s+(.*)$", re.S)
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})")
_ARGUMENT = re.compile(r"(?<!\S)(\w+)=(\"[^\"]*\"|'[^']*'|\S+)")
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; ``name`` in capitals, ``text`` without continuation marks."""

    name: str
    text: str
    span: Span


@dataclass
class Stage:
    """From one ``FROM`` to the next; ``image`` is empty where a build argument without default decides."""

    image: str
    alias: str
    start: Instruction
    instructions: list[Instruction] = field(default_factory=list)


@dataclass
class Dockerfile(File):
    instructions: list[Instruction] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    kind: ClassVar[str] = "dockerfile"

    def stage(self, name: str) -> Stage | None:
        """The stage of a name; Docker does not tell capitals from small letters."""
        return next((item for item in self.stages if item.alias and item.alias == name.lower()), None)

    def base(self, stage: Stage) -> str:
        """The image on which a stage stands in the end, through stages of this file."""
        seen: set[int] = set()
        while id(stage) not in seen:
            seen.add(id(stage))
            earlier = self.stage(stage.image)
            if earlier is None:
                return stage.image
            stage = earlier
        return ""

    def chain(self, stage: Stage) -> list[Stage]:
        """A stage and those of this file on which it stands, nearest first."""
        found = [stage]
        while len(found) <= len(self.stages):
            earlier = self.stage(found[-1].image)
            if earlier is None or earlier in found:
                break
            found.append(earlier)
        return found


def read_dockerfile(file: Dockerfile) -> Dockerfile:
    """Fills in instructions and stages."""
    file.instructions = list(_instructions(file))
    arguments: dict[str, str] = {}
    for item in file.instructions:
        if item.name == "ARG" and not file.stages:
            for name, value in _ARGUMENT.findall(item.text):
                arguments[name] = value.strip("\"'")
        elif item.name == "FROM":
            file.stages.append(_stage(item, arguments))
        elif file.stages:
            file.stages[-1].instructions.append(item)
    return file


def _stage(item: Instruction, arguments: dict[str, str]) -> Stage:
    words = [word for word in item.text.split() if not word.startswith("--")]
    alias = words[2].lower() if len(words) > 2 and words[1].lower() == "as" else ""
    return Stage(resolve(words[0], arguments) if words else "", alias, item)


def resolve(text: str, values: dict[str, str]) -> str:
    """The text with its variables replaced; empty when one of them is not known."""
    unknown = False

    def value(match: re.Match[str]) -> str:
        nonlocal unknown
        found = values.get(match[1] or match[2], match[3])
        unknown = unknown or found is None
        return found or ""

    result = _VARIABLE.sub(value, text)
    return "" if unknown else result


def _instructions(file: Dockerfile) -> list[Instruction]:
    found: list[Instruction] = []
    lines = file.text.lines
    last = {line.strip(): number for number, line in enumerate(lines)}
    index = 0
    while index < len(lines):
        line = lines[index]
        start = index
        index += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        parts = [line]
        while parts[-1].rstrip().endswith("\\") and index < len(lines):
            following = lines[index]
            index += 1
            if not following.lstrip().startswith("#"):
                parts.append(following)
            else:
                parts.append("\\")
        heredoc = _HEREDOC.search(line)
        if heredoc is not None and last.get(heredoc[1], -1) >= index:
            index = _end_of_heredoc(lines, index, heredoc[1])
        text = " ".join(part.rstrip().removesuffix("\\").strip() for part in parts)
        match = _INSTRUCTION.match(text)
        if match is not None:
            found.append(Instruction(match[1].upper(), match[2].strip(), file.text.line_span(start + 1)))
    return found


def _end_of_heredoc(lines: list[str], index: int, word: str) -> int:
    for end in range(index, len(lines)):
        if lines[end].strip() == word:
            return end + 1
    return index
