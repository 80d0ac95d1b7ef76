"""Load machine code that numba kept, without what only compiling needs.

Before numba loads the machine code of a function it imports and installs the implementations of
everything that a kernel might use. Beside the code it parses the function's intermediate code,
which other functions are compiled with, lists its symbols, and imports the modules of all functions
that were compiled into it. All of this takes longer than loading the code of every kernel.
"""

# ruff: noqa: ANN401, SLF001 - numba has no types, and no public way to any of this

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from typing import Any, Final

_OBJECT: Final = "object"
"""How numba marks a function that it kept as machine code."""


@contextmanager
def only_loading() -> Iterator[None]:
    """Have numba load machine code, the runtime that allocates arrays, and nothing else.

    Compiling refreshes the context by itself, later, and parses the intermediate code of the
    functions that it needs; meanwhile the lock of numba keeps other threads from compiling.
    """
    codegen = import_module("numba.core.codegen")
    library, engine = codegen.CPUCodeLibrary, codegen.JitEngine
    methods = (
        (import_module("numba.core.cpu").CPUContext, "refresh", _start_runtime),
        (library, "_unserialize", staticmethod(partial(_loaded, library._unserialize))),
        (engine, "is_symbol_defined", _defined),
        (import_module("numba.core.environment"), "_rebuild_env", _environment),
    )
    with import_module("numba.core.compiler_lock").global_compiler_lock, ExitStack() as replaced:
        for owner, name, method in methods:
            replaced.enter_context(_replaced(owner, name, method))
        yield


@contextmanager
def _replaced(owner: Any, name: str, method: object) -> Iterator[None]:
    """Give a class or module another function for as long as the context lasts."""
    own = vars(owner).get(name)
    setattr(owner, name, method)
    try:
        yield
    finally:
        if own is None:
            delattr(owner, name)  # it was inherited
        else:
            setattr(owner, name, own)


def _start_runtime(context: Any) -> None:
    """Start what allocates arrays, in place of refreshing a context."""
    import_module("numba.core.runtime").rtsys.initialize(context)


def _loaded(usual: Any, codegen: Any, state: tuple[str, str, Any]) -> Any:
    """Return the library of a function, whose intermediate code is parsed when it is asked for."""
    name, kind, data = state
    if kind != _OBJECT:
        return usual(codegen, state)
    machine_code, intermediate_code = data
    library = codegen.create_library(name)
    library._disable_inspection = True
    library.enable_object_caching()
    library._set_compiled_object(machine_code)
    library._finalize_final_module()
    library._get_module_for_linking = partial(_parsed, library, intermediate_code)
    return library


def _parsed(library: Any, intermediate_code: bytes) -> Any:
    """Parse intermediate code, so that a library can be linked into another."""
    del library._get_module_for_linking
    llvm = import_module("numba.core.codegen").ll
    library._shared_module = llvm.parse_bitcode(intermediate_code)
    return library._shared_module


def _environment(module: str, constants: list[Any], name: str) -> Any:
    """Return what the machine code of a function was compiled with; of its module, what is loaded.

    Only Python code looks for a name in its module.
    """
    environment = import_module("numba.core.environment")
    if kept := environment.lookup_environment(name):
        return kept
    loaded = sys.modules.get(module)
    made = environment.Environment(vars(loaded) if loaded else {})
    made.consts[:] = constants
    made.env_name = name
    environment.Environment._memo[name] = made
    return made


def _defined(engine: Any, symbol: str) -> bool:
    """Take a symbol for defined: numba asks for those of the machine code that it kept."""
    engine._defined_symbols.add(symbol)
    return True
