"""What is asked at which time, and what is taken back: the protocol's own manners, where pygls has
others (LSP 3.17, 'Server lifecycle' and 'Cancellation Support').
"""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.json_rpc import JsonRPCResponseMessage

from registry_lsp.server.tidying import Tidier

if TYPE_CHECKING:
    from cattrs import Converter
    from pygls.lsp.server import LanguageServer


_EDITED = types.METHOD_TO_TYPES[types.WORKSPACE_APPLY_EDIT][1]


class Unreadable:
    """A message that is not what its method takes: it has been answered, if it was a request."""


_KEPT_ELSEWHERE = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
)
"""What pygls would keep copies of texts for: the sessions have them, in fewer doubts."""


def is_refusal(error: Exception) -> bool:
    """Whether *error* is only what a client is answered, and nobody's fault over here."""
    return isinstance(error, JsonRpcException) and not isinstance(error, JsonRpcInternalError)


def traced(error: Exception) -> str:
    """*error* with the trace that pygls has kept of it."""
    data = error.data if isinstance(error, JsonRpcInternalError) else None
    trace = data.get("traceback", ()) if isinstance(data, dict) else ()
    return "\n".join([str(error), *(each.rstrip("\n") for each in trace)])


class Protocol(LanguageServerProtocol):
    """The protocol between one client and the server."""

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        for method in _KEPT_ELSEWHERE:
            del self.fm.builtin_features[method]
        self._tidier = Tidier()
        self.fm.add_builtin_feature(types.WORKSPACE_EXECUTE_COMMAND, self._execute)

    def structure_message(self, data: dict[str, Any]) -> Any:
        """What *data* means; called for every object within a message, and for the message last.
        Of what became of an edit null says nothing, as some clients answer.
        """
        id = data.get("id")
        is_empty = "method" not in data and data.get("result") is None
        if is_empty and isinstance(id, int | str) and self._result_types.get(id) is _EDITED:
            self._result_types[id] = None
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "method" in data and "id" in data:
                self._refuse(data["id"], error)
            elif isinstance(id := data.get("id"), int | str):
                self._disappoint(id)
            return Unreadable()

    def _disappoint(self, id: int | str) -> None:
        """Have who waits for an answer that cannot be read wait no more."""
        waiting = self._request_futures.pop(id, None)
        if waiting is not None and not waiting.done():
            waiting.set_exception(JsonRpcInternalError("The client's answer cannot be read."))

    def handle_message(self, message: Any) -> None:
        """Do what *message* wants, if its time has come: requests are refused before ``initialize``
        and after ``shutdown``, and notifications heeded only in between, but for the last.
        """
        self._tidier.heard(asyncio.get_running_loop())
        if isinstance(message, Unreadable):
            return
        method = getattr(message, "method", None)
        if method is None or method == types.EXIT or (refusal := self._refusal(method)) is None:
            super().handle_message(message)
        elif hasattr(message, "id"):
            self._refuse(message.id, refusal)

    def _refusal(self, method: str) -> JsonRpcException | None:
        """Why it is not the time for *method*; None where it is."""
        if self._shutdown:
            return JsonRpcInvalidRequest("The server has been shut down.")
        if self._workspace is not None and method == types.INITIALIZE:
            return JsonRpcInvalidRequest("The server has been initialized already.")
        if self._workspace is None and method != types.INITIALIZE:
            return JsonRpcServerNotInitialized("The server has not been initialized yet.")
        return None

    def _refuse(self, id: int | str, error: JsonRpcException) -> None:
        self._send_response(id, error=error.to_response_error())

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification whose *params* are plain already."""
        self._send_data({"jsonrpc": self.VERSION, "method": method, "params": params})

    def plain(self, it: object) -> Any:
        """*it*, an object of the protocol's, in mappings and lists: for who has to answer with the
        same one many times.
        """
        return self._converter.unstructure(it)

    def _serialize_message(self, data: Any) -> Any:
        """What JSON has no form for. Of an answer only what is not plain yet is made so, each
        object when it is come to: what is plain need not be looked through.
        """
        if isinstance(data, JsonRPCResponseMessage):
            return {"id": data.id, "jsonrpc": data.jsonrpc, "result": data.result}
        return super()._serialize_message(data)

    async def _execute(self, params: types.ExecuteCommandParams) -> Any:
        """Run a command. As one coroutine, so that who takes the request back ends the command."""
        command = self.fm.commands.get(params.command)
        if command is None:
            raise JsonRpcInvalidParams(f"There is no command {params.command!r}.")
        answer = command(*(params.arguments or ()))
        return await answer if inspect.isawaitable(answer) else answer
