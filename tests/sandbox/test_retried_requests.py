"""A request that an SDK repeats is answered as the first time, and any other one anew."""

import asyncio
from typing import Any

import pytest

from sandbox.retried_requests import Application, Message, Remembering

Answer = tuple[int, bytes]


class Emulator:
    """Counts what it is asked; each answer says how often that was."""

    def __init__(self, *statuses: int) -> None:
        self.asked = 0
        self._statuses = list(statuses)
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self, _scope: Message, _receive: Any, send: Any) -> None:
        self.asked += 1
        body = str(self.asked).encode()
        await self.may_answer.wait()
        status = self._statuses.pop(0) if self._statuses else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})


async def ask(
    application: Application, attempt: int | None, invocation: str = "one", method: str = "POST"
) -> Answer:
    headers = [(b"amz-sdk-invocation-id", invocation.encode())] if invocation else []
    if attempt:
        headers.append((b"amz-sdk-request", f"attempt={attempt}; max=25".encode()))
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    await application({"type": "http", "method": method, "headers": headers}, receive, send)
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.parametrize(
    ("attempts", "asked"),
    [([1, 2], 1), ([1, 2, 3], 1), ([1, 1], 2), ([None, None], 2), ([2], 1)],
    ids=["repeated", "repeated twice", "first again", "unmarked", "only the second arrived"],
)
def test_only_a_repeated_attempt_gets_the_first_answer(
    attempts: list[int | None], asked: int
) -> None:
    emulator = Emulator()

    async def run() -> list[Answer]:
        application = Remembering(emulator)
        return [await ask(application, attempt) for attempt in attempts]

    answers = asyncio.run(run())
    assert emulator.asked == asked
    assert answers[-1] == (200, str(asked).encode())


@pytest.mark.parametrize(("invocation", "method"), [("", "POST"), ("one", "GET")])
def test_what_is_not_marked_or_only_reads_is_asked_again(invocation: str, method: str) -> None:
    emulator = Emulator()

    async def run() -> None:
        application = Remembering(emulator)
        for attempt in (1, 2):
            await ask(application, attempt, invocation, method)

    asyncio.run(run())
    assert emulator.asked == 2


def test_other_invocations_get_answers_of_their_own() -> None:
    async def run() -> tuple[Answer, Answer]:
        application = Remembering(Emulator())
        return await ask(application, 1, "one"), await ask(application, 2, "two")

    assert asyncio.run(run()) == ((200, b"1"), (200, b"2"))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_answer_that_invites_another_attempt_is_not_repeated(status: int) -> None:
    async def run() -> list[Answer]:
        application = Remembering(Emulator(status))
        return [await ask(application, attempt) for attempt in (1, 2, 3)]

    assert asyncio.run(run()) == [(status, b"1"), (200, b"2"), (200, b"2")]


def test_a_refusal_is_repeated() -> None:
    async def run() -> list[Answer]:
        application = Remembering(Emulator(400))
        return [await ask(application, attempt) for attempt in (1, 2)]

    assert asyncio.run(run()) == [(400, b"1"), (400, b"1")]


def test_whoever_hangs_up_and_asks_again_gets_the_answer_under_way() -> None:
    async def run() -> tuple[Answer, int]:
        emulator = Emulator()
        emulator.may_answer.clear()
        application = Remembering(emulator)
        first = asyncio.create_task(ask(application, 1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        first.cancel()
        second = asyncio.create_task(ask(application, 2))
        await asyncio.sleep(0)
        emulator.may_answer.set()
        return await second, emulator.asked

    assert asyncio.run(run()) == ((200, b"1"), 1)
