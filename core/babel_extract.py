"""Lets `pybabel extract` read the texts of data files (`content/help_cards.yml`), see `babel.cfg`."""

from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

import yaml


def extract_yaml(
    fileobj: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yields every text that stands under one of the keys named in the option `keys`.

    Args:
        fileobj: A YAML file, opened in binary mode.
        keywords: Not used; Babel passes them to every extractor.
        comment_tags: Not used, as above.
        options: `keys`: names of keys, separated by spaces, whose values are texts for people.

    Yields:
        Line (from 1), function name (""), text, comments (none).
    """
    keys = frozenset(str(options.get("keys", "text")).split())
    root = yaml.compose(fileobj, Loader=yaml.SafeLoader)
    if root is not None:
        yield from _texts(root, keys, False)


def _texts(node: yaml.Node, keys: frozenset[str], wanted: bool) -> Iterator[tuple[int, str, str, list[str]]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _texts(value, keys, wanted or str(key.value) in keys)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _texts(item, keys, wanted)
    elif wanted and isinstance(node, yaml.ScalarNode) and node.value:
        yield node.start_mark.line + 1, "", str(node.value), []
