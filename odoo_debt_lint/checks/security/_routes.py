"""What an HTTP route really is: what its decorator leaves open comes from the controllers it extends.

Odoo merges the routing of all classes of a controller, parents first, and fills the rest with its defaults.
An undecorated method that overrides a handler is a handler too.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from odoo_debt_lint.facts import ClassFact, MethodFact, RouteFact
from odoo_debt_lint.finding import FIRST_LINE
from odoo_debt_lint.index import AddonFacts, Part, Scope

ROOTS = frozenset(
    f"{package}{name}"
    for package in ("odoo.http.", "http.", "openerp.http.", "")
    for name in ("Controller", "object")
)
OPEN = frozenset({"public", "none"})
JSON = frozenset({"json", "jsonrpc", "json2"})
REFUSALS = frozenset({"raise"})
"""Bodies of handlers that let nobody in: the route is overridden to be closed."""
_MAX_DEPTH = 12


def effective_route(scope: Scope, part: Part, method: MethodFact) -> RouteFact | None:
    """The route which a method is, parents and defaults filled in; None for a method that is no handler.

    ``auth``, ``type`` and ``csrf`` stay None where they cannot be known: no literal, or inherited from a
    controller that is not at hand. ``methods`` and ``cors`` are None too where Odoo has no limit or header;
    ``dynamic`` tells that something could not be known. ``csrf`` means nothing for JSON routes.
    """
    return _merged(method, *_chain(_all_parents(scope, part), method))


def _merged(method: MethodFact, chain: list[RouteFact], complete: bool) -> RouteFact | None:
    if not chain:
        return None
    first = chain[0]
    merged = first if method.route is not None else msgspec.structs.replace(first, span=method.span)
    for parent in chain[1:]:
        merged = _under(merged, parent)
    if not complete or merged.unknown:
        merged = msgspec.structs.replace(merged, dynamic=True)
    return _defaulted(merged) if complete else merged


def overrides_route(scope: Scope, part: Part, method: MethodFact) -> bool:
    """Whether a parent class has a handler of this name, or may have one."""
    chain, complete = _chain(_all_parents(scope, part), method)
    own = method.route is not None
    return len(chain) > own or not complete


def helper_auth(scope: Scope, part: Part, method: MethodFact) -> str:
    """The auth of the routes which reach an override of a controller's helper: ``public`` when all routes of
    the controller that has it are open, else ``user``; empty for a method that overrides nothing."""
    known = [parent for parent in _all_parents(scope, part) if parent is not None]
    owner = next((parent for parent in known if parent.klass.method(method.name) is not None), None)
    if owner is None or all(item.klass.kind != "controller" for item in (part, *known)):
        return ""
    found = [route for item in owner.klass.methods if (route := effective_route(scope, owner, item))]
    return "public" if found and all(is_open(route) for route in found) else "user"


def routes(scope: Scope) -> Iterator[tuple[Part, MethodFact, RouteFact]]:
    """Every handler of the addon with its effective route."""
    for part in scope.addon.classes():
        if part.klass.is_model or not part.klass.methods:
            continue
        parents = _all_parents(scope, part)
        if parents or any(method.route is not None for method in part.klass.methods):
            for method in part.klass.methods:
                route = _merged(method, *_chain(parents, method))
                if route is not None:
                    yield part, method, route


def is_open(route: RouteFact) -> bool:
    """Whether it is known that no login is needed."""
    return route.auth in OPEN


def accepts(route: RouteFact, *methods: str) -> bool:
    """Whether one of the HTTP methods is let through, as far as is known."""
    return route.methods is None or any(item.upper() in methods for item in route.methods)


def _under(child: RouteFact, parent: RouteFact) -> RouteFact:
    """The child with what it leaves open taken from the parent."""

    def pick(name: str) -> bool:
        return getattr(child, name) is None and name not in child.unknown

    taken = {
        name: getattr(parent, name)
        for name in ("auth", "type", "csrf", "cors", "methods", "website")
        if pick(name)
    }
    unknown = tuple(name for name in parent.unknown if name in taken)
    return msgspec.structs.replace(
        child,
        paths=child.paths or (() if child.dynamic else parent.paths),
        unknown=child.unknown + unknown,
        **taken,
    )


def _defaulted(route: RouteFact) -> RouteFact:
    auth = route.auth or (None if "auth" in route.unknown else "user")
    kind = route.type or (None if "type" in route.unknown else "http")
    csrf = route.csrf
    if csrf is None and "csrf" not in route.unknown:
        csrf = kind not in JSON
    return msgspec.structs.replace(route, auth=auth, type=kind, csrf=csrf)


def _all_parents(scope: Scope, part: Part) -> list[Part | None]:
    return list(_parents(scope, part, set(), 0))


def _chain(parents: list[Part | None], method: MethodFact) -> tuple[list[RouteFact], bool]:
    """The routes of the method and of those it overrides, nearest first, and whether all parents are known.

    A parent that is not at hand matters only to a route that says nothing of its own path: one that has a
    path is the first definition nearly always.
    """
    found: list[RouteFact] = []
    complete = True
    if method.route is not None:
        found.append(method.route)
    for parent in parents:
        if parent is None:
            complete = complete and bool(found) and bool(found[0].paths or found[0].dynamic)
            continue
        above = parent.klass.method(method.name)
        if above is not None and above.route is not None:
            found.append(above.route)
    return found, complete


def _parents(
    scope: Scope, part: Part, seen: set[tuple[str, str, str, int]], depth: int
) -> Iterator[Part | None]:
    """The classes a class is derived from, nearest first; None for one that cannot be found."""
    key = (part.addon, part.path, part.klass.name, part.klass.span.start_line)
    if depth > _MAX_DEPTH or key in seen:
        return
    seen.add(key)
    for base in part.klass.bases:
        if base in ROOTS:
            continue
        parent = resolve_class(scope, part, base)
        yield parent
        if parent is not None:
            yield from _parents(scope, parent, seen, depth + 1)


def resolve_class(scope: Scope, part: Part, name: str, depth: int = 0) -> Part | None:
    """The class which a dotted name means in the file of ``part``: ``Main``, ``.main.Main``,
    ``odoo.addons.shop.controllers.main.Main``; re-exports are followed."""
    if not name.startswith(".") and "." not in name:
        return _in_file(scope, part.addon, part.path, name, before=part.klass)
    module, _, last = _absolute(scope, part, name).rpartition(".")
    words = module.split(".")
    if words[:2] not in (["odoo", "addons"], ["openerp", "addons"]) or len(words) < 3 or depth > _MAX_DEPTH:
        return None
    addon = scope.visible(words[2])
    if addon is None:
        return None
    same = [item for item in addon.classes() if item.klass.name == last]
    exact = [item for item in same if item.path and _module(addon, item.path) == words[3:]]
    exact = exact or _reexported(scope, addon, words, last, depth)
    chosen = exact or same
    return next((item for item in chosen if item.klass.kind == "controller"), chosen[0] if chosen else None)


def _absolute(scope: Scope, part: Part, name: str) -> str:
    """A relative name (``..controllers.main.Main``) with its addon in front."""
    stripped = name.lstrip(".")
    level = len(name) - len(stripped)
    if not level:
        return name
    addon = scope.visible(part.addon)
    if addon is None:
        return name
    folders = addon.inside(part.path).split("/")[:-1]
    kept = folders[: len(folders) - level + 1]
    return ".".join(["odoo", "addons", part.addon, *kept, stripped])


def _module(addon: AddonFacts, path: str) -> list[str]:
    words = addon.inside(path).removesuffix(".py").split("/")
    return words[:-1] if words[-1] == "__init__" else words


def _in_file(scope: Scope, addon: str, path: str, name: str, before: ClassFact) -> Part | None:
    known = scope.visible(addon)
    if known is None:
        return None
    found = [
        item
        for item in known.classes()
        if item.klass.name == name and item.path == path and item.klass is not before
    ]
    return found[-1] if found else None


def _reexported(scope: Scope, addon: AddonFacts, words: list[str], last: str, depth: int) -> list[Part]:
    """The class which a module of the addon has only imported."""
    for result in addon.files:
        if result.python is None or not result.path or _module(addon, result.path) != words[3:]:
            continue
        for item in result.python.imports:
            if item.name == last:
                place = Part(addon.name, result.path, _NOWHERE)
                found = resolve_class(scope, place, item.target, depth + 1)
                return [found] if found is not None else []
    return []


_NOWHERE = ClassFact("", FIRST_LINE)
