"""Run Rasa without TensorFlow: stub modules satisfy its imports, any real use fails with a clear message.

Rasa imports every built-in component at start, six of which import tensorflow at module level. See
docs/decisions/0002-no-tensorflow.md.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any

_ROOTS = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"})
# the release whose interface Rasa 3.6.21 expects; it compares the number at import
_VERSION = "2.12.0"


class _StubMeta(type):
    """A class whose every attribute is another stub class."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stub(f"{cls.__name__}.{name}")

    def __iter__(cls) -> Any:
        return iter(())

    def __or__(cls, other: object) -> Any:
        return cls

    def __getitem__(cls, key: object) -> Any:
        return cls


def _new(cls: type, *args: Any, **kwargs: Any) -> Any:
    if len(args) == 1 and callable(args[0]) and not kwargs:
        return args[0]  # used as a decorator
    if cls.__module__ == __name__:
        return object.__new__(cls)  # a default value such as tf.TensorSpec(...)
    raise RuntimeError(
        f"{cls.__name__} needs TensorFlow, which this environment leaves out "
        "(docs/decisions/0002-no-tensorflow.md): take the component out of config.yml."
    )


def _stub(name: str) -> Any:
    body = {
        "__new__": _new,
        "__module__": __name__,
        "__init__": lambda self, *args, **kwargs: None,
        "__call__": lambda self, value=None, *args, **kwargs: value,
    }
    return _StubMeta(name.rsplit(".", 1)[-1], (), body)


class _StubModule(types.ModuleType):
    """A module whose every attribute is a stub class."""

    __version__ = _VERSION

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _stub(name)
        setattr(self, name, value)
        return value


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name.split(".")[0] in _ROOTS:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StubModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to execute in a stub."""


def install() -> None:
    """Make `import tensorflow` and its kin give stubs from now on."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
