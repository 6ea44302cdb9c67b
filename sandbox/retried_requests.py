"""Answers a request that an AWS SDK repeats as it answered it the first time.

Under load an answer can get lost on its way. The SDK then asks again, and an emulator that made
the thing the first time says that it exists already, which AWS says to strangers only. SDKs mark
what they repeat: all attempts carry one `amz-sdk-invocation-id`.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

INVOCATION = b"amz-sdk-invocation-id"
ATTEMPTS = b"amz-sdk-request"
FIRST_ATTEMPT = b"attempt=1"
READING = ("GET", "HEAD")
"""They change nothing, and what they fetch may be large."""
REMEMBERED = 1000
"""How many answers are kept; an SDK asks again within seconds."""


class Remembering:
    """An ASGI application that remembers what it answered to each invocation."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._answers: OrderedDict[bytes, asyncio.Task[list[Message]]] = OrderedDict()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = dict(scope.get("headers", []))
        invocation = headers.get(INVOCATION)
        if scope["type"] != "http" or scope["method"] in READING or invocation is None:
            await self._application(scope, receive, send)
            return
        is_repeated = not headers.get(ATTEMPTS, FIRST_ATTEMPT).startswith(FIRST_ATTEMPT)
        known = self._answers.get(invocation) if is_repeated else None
        if known is None or _was_refused(known):
            known = self._answers[invocation] = asyncio.create_task(self._answer(scope, receive))
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        # Whoever hangs up does not take the answer away from whoever asks again.
        for message in await asyncio.shield(known):
            await send(message)

    async def _answer(self, scope: Message, receive: Receive) -> list[Message]:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._application(scope, receive, keep)
        return messages


def _was_refused(answer: "asyncio.Task[list[Message]]") -> bool:
    """Whether an earlier attempt ended in an answer that invites another one."""
    if not answer.done():
        return False
    if answer.cancelled() or answer.exception():
        return True
    statuses = [message["status"] for message in answer.result() if "status" in message]
    return not statuses or statuses[0] >= 500 or statuses[0] == 429
