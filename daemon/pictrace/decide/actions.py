"""What deciding has to know of an action, and reading the `do` of a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from pictrace.config import Located, listing, unknown
from pictrace.config.fragments import Schema
from pictrace.decide.root_names import closed
from pictrace.decide.variables import before_variables, check_template
from pictrace.errors import shown
from pictrace.model import Role, Side, Step

IGNORE = "ignore"
# All others put the photo elsewhere. An action that is not listed here is held to the stricter rules.
_LEAVES_PHOTOS_IN_PLACE = frozenset({"tag", "merge-metadata", "copy", "notify", "run", IGNORE})
# These write to the keeper, whatever the rule is about.
ON_KEEPER = frozenset({"merge-metadata"})
# What becomes one on the disk has to be one in every byte.
_NEEDS_EQUAL_BYTES = frozenset({"hardlink", "reflink"})


class ActionSpec(Protocol):
    """An action as the rules name it; the acting room brings its own."""

    name: str

    @property
    def variable_options(self) -> tuple[str, ...]:
        """The options, as `parse` gives them, in which variables may stand: texts or lists of texts."""

    @property
    def schema(self) -> Schema:
        """What may stand after the name of the action in a rule, for editors."""

    def parse(self, options: Any) -> dict[str, Any]:  # Any: whatever stands in the rule, and what it comes to
        """Return the options in their full form, or raise ValueError with a sentence.

        ``to``, where there is one, is the folder that photos are put in: absolute, or below the photo's root.
        """


def is_moving(step: Step) -> bool:
    """Return whether a step takes a photo away from where it lies."""
    return step.action not in _LEAVES_PHOTOS_IN_PLACE


def needs_equal_bytes(step: Step) -> bool:
    """Return whether a step may only be done to photos that are equal in every byte."""
    return step.action in _NEEDS_EQUAL_BYTES


def read_steps(node: Located, actions: Mapping[str, ActionSpec], roots: Mapping[Path, Role]) -> tuple[Step, ...]:
    """Return the steps that stand under `do`, the moving one last: what follows it would not find the photo.

    Raises:
        ConfigError: an unknown action, options it does not take, a folder outside the roots or in one where nothing is
            changed, or actions that do not go together.
    """
    entries = node.items("a list of actions")
    steps = [_step(entry, actions) for entry in entries]
    moving = [step for step in steps if is_moving(step)]
    for entry, step in zip(entries, steps, strict=True):
        if step.action == IGNORE and len(steps) > 1:
            raise entry.error("`ignore` stands alone: it does nothing, and ends the search for a rule")
        _require_inside(entry, step, roots)
        if step in moving and step.on is not Side.DUPLICATE:
            raise entry.error(f"`{step.action}` works on the duplicate only: the keeper stays where it is")
        if step in moving[1:]:
            raise entry.error(f"a photo goes to one place: `{moving[0].action}` moves it already")
    return tuple(sorted((step for step in steps if step.action != IGNORE), key=is_moving))


def _require_inside(entry: Located, step: Step, roots: Mapping[Path, Role]) -> None:
    """Refuse a folder in which nothing would ever be put: the acting room leaves all but the open roots alone."""
    target = _certain_part(step.options.get("to", ""))
    # Without roots, which the command line may name later, nobody can tell.
    if target.is_absolute() and roots and not any(target.is_relative_to(root) for root in roots):
        raise entry.error(
            f"`{step.action}: {shown(step.options['to'])}` lies in no root (roots: {listing(map(shown, roots))})"
        )
    # What its variables stand for may lead into an open root inside.
    is_open_inside = any(role.may_act and root.is_relative_to(target) for root, role in roots.items())
    problem = None if is_open_inside else closed(target, roots)
    if problem is not None:
        raise entry.error(f"`{step.action}: {shown(step.options['to'])}` {problem}")


def _certain_part(folder: str) -> Path:
    """Return the folder that a template surely lies in: what its variables stand for is not known yet."""
    certain = before_variables(folder)
    is_whole = certain == folder.replace("{{", "{").replace("}}", "}")
    return Path(certain if is_whole else certain[: certain.rfind("/") + 1])


def _step(entry: Located, actions: Mapping[str, ActionSpec]) -> Step:
    known = (*actions, IGNORE)
    if isinstance(entry.value, str):
        name = entry.choice(known, "action")
        return Step(action=name, on=_usual_side(name), options=_options(entry, name, None, actions))
    if not isinstance(entry.value, dict):
        raise entry.expected(f"an action out of: {listing(known)}")
    pairs = dict(entry.value)
    on = pairs.pop("on", None)
    for name, pair in pairs.items():
        if name not in known:
            raise pair.key.error(unknown("action", name, known))
    if len(pairs) != 1:
        raise entry.error(f"expected one action, and perhaps `on`; known actions: {listing(known)}")
    [(name, pair)] = pairs.items()
    if on is not None and name in ON_KEEPER:
        raise on.key.error(f"`{name}` writes into the sidecar of the keeper: it takes no `on`")
    side = _usual_side(name) if on is None else Side(on.value.choice(tuple(Side), "side"))
    return Step(action=name, on=side, options=_options(pair.value, name, pair.value.plain(), actions))


def _usual_side(name: str) -> Side:
    return Side.KEEPER if name in ON_KEEPER else Side.DUPLICATE


def _options(
    node: Located,
    name: str,
    plain: Any,  # Any: whatever stands in the rule
    actions: Mapping[str, ActionSpec],
) -> dict[str, Any]:
    if name == IGNORE:
        if plain is not None:
            raise node.error("`ignore` takes no options")
        return {}
    try:
        options = actions[name].parse(plain)
        for text in _templates(options, actions[name].variable_options):
            check_template(text)
    except ValueError as error:
        raise node.error(str(error)) from error
    return options


def _templates(options: dict[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = options.get(name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from value
