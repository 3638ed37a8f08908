"""How templates become pages: what never changes in a language is written in when one is compiled.

A page has some fifty texts of the interface and thirty addresses that are the same for everybody.
Looked up one by one they took a third of the time that a page takes. So each language has its own
compiled templates, in which they stand as plain text; Jinja joins them with what is around them.
"""

from collections.abc import Callable, MutableMapping
from contextlib import suppress
from types import FunctionType, MethodType
from typing import Any, cast

from flask.templating import Environment
from jinja2 import nodes
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from app.web.language import finished, language

PLAIN = frozenset({FunctionType, MethodType})
TEXTS = frozenset({"_", "gettext"})


class PageContext(Context):
    """What a template sees, where a plain function is called without more ado.

    Jinja asks of everything in six ways whether it wants to be handed the context.
    """

    def call(self, called: Callable[..., Any], /, *given: Any, **named: Any) -> Any:  # noqa: ANN401 Jinja's own signature
        """Call something from a template."""
        if type(called) in PLAIN and not hasattr(called, "jinja_pass_arg"):
            named.pop("_block_vars", None)  # what a template's own names are, for those who ask
            named.pop("_loop_vars", None)
            return called(*given, **named)
        return super().call(called, *given, **named)


class Settled(NodeTransformer):
    """Writes into a template what is the same in every page of a language."""

    def __init__(self, environment: "Pages") -> None:
        self._environment = environment

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802 Jinja's own way
        """Settle what is shown as it is; it joins the text around it."""
        node.nodes = [self._as_text(child) or child for child in node.nodes]
        self.generic_visit(node)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 as above
        """Settle what is handed to something else."""
        told = self._told(node)
        if told is None:
            self.generic_visit(node)
            return node
        return nodes.MarkSafe(self._placed(nodes.Const(str(told)), node), lineno=node.lineno)

    def _as_text(self, node: nodes.Expr) -> nodes.TemplateData | None:
        told = self._told(node) if isinstance(node, nodes.Call) else None
        return None if told is None else self._placed(nodes.TemplateData(str(told)), node)

    def _told(self, call: nodes.Call) -> Markup | None:
        """Return what a call gives in every page of the language; None for what may change."""
        if not isinstance(call.node, nodes.Name) or call.dyn_args or call.dyn_kwargs:
            return None
        given = [value.value for value in call.args if isinstance(value, nodes.Const)]
        constants = [(pair.key, pair.value) for pair in call.kwargs]
        named = {name: value.value for name, value in constants if isinstance(value, nodes.Const)}
        if len(given) + len(named) < len(call.args) + len(call.kwargs):
            return None
        if call.node.name in TEXTS and not named:
            return finished(self._environment.speaks, *given)
        if call.node.name == "language" and not (given or named):
            return escape(self._environment.speaks)
        if call.node.name == "url_for" and not given[0].startswith("."):
            with suppress(RuntimeError):  # outside of requests there are no addresses
                return escape(self._environment.address(*given, **named))
        return None

    def _placed(self, made: Any, like: nodes.Node) -> Any:  # noqa: ANN401 the kind that it is
        made.set_lineno(like.lineno)
        made.set_environment(self._environment)
        return made


class Pages(Environment):
    """Flask's templates, compiled anew for each language that is spoken.

    Jinja chains two dictionaries of names and goes through both, in Python, for each template,
    include and import: a tenth of a page. All of our names are there before the first page is made.
    """

    context_class = PageContext
    speaks = ""
    """The code of the language of these templates; "" for those that choose by the request."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 Jinja's own signature
        super().__init__(*given, **named)
        self.spoken: dict[str, Pages] = {}

    def speaking(self, code: str) -> "Pages":
        """Return the same templates in a language."""
        if code not in self.spoken:
            made = self.overlay()
            made.speaks = code
            self.spoken[code] = made
        return self.spoken[code]

    def get_or_select_template(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401 as above
        """Return a template in the language of the request."""
        if self.speaks:
            return super().get_or_select_template(*given, **named)
        return self.speaking(language()).get_or_select_template(*given, **named)

    def address(self, endpoint: str, **values: str) -> str:
        """Return the address of a page or file. Raises RuntimeError outside of requests."""
        return str(cast("Callable[..., str]", self.globals["url_for"])(endpoint, **values))

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the names that a template sees."""
        return {**self.globals, **(d or {})}

    def compile(self, source: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 Jinja's own overloads
        """Return a template's code, with all in it that a language settles."""
        if self.speaks and isinstance(source, str):
            source = Settled(self).visit(self.parse(source, *given[:2]))
        return super().compile(source, *given, **named)
