"""Servers that die, hang, come back or are not there, and callers that change their mind."""

from __future__ import annotations

import asyncio
import pathlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

import cesura
from cesura.testing import ServerProcess

Start = Callable[..., ServerProcess]
PATIENT = cesura.RetryPolicy(attempts_max=60, delay_first=0.05, delay_max=0.5)


@pytest.mark.parametrize("settings", [{}, {"streams": 2}, {"streams": 2, "ordered": False}], ids=str)
def test_a_server_that_is_killed_twice_loses_and_doubles_nothing(
    make: Any, start: Start, seeds: list[str], settings: dict[str, Any]
) -> None:
    server = start()
    texts = [f"Articolo numero {number}.\n\n{seeds[number % 5]}" for number in range(600)]

    def restart() -> None:
        server.kill()
        time.sleep(0.2)
        server.start()

    given: list[str] = []
    restarts: list[threading.Thread] = []
    with make(server.target, retry=PATIENT) as client:
        for text, answer in client.segment_documents(
            texts, documents_per_message=8, documents_in_flight=64, **settings
        ):
            assert isinstance(answer, cesura.Document), answer
            assert answer.text == text
            given.append(text)
            if len(given) in (50, 300):
                # One after the other: a server that was killed while it starts never answers.
                for thread in restarts:
                    thread.join()
                # Beside the loop, so that the kill meets documents under way.
                restarts.append(threading.Thread(target=restart))
                restarts[-1].start()
    # The last answer may come before the thread has seen that the server is back.
    for thread in restarts:
        thread.join()
    assert sorted(given) == sorted(texts)
    if settings.get("ordered", True):
        assert given == texts


def test_a_file_goes_on_behind_what_was_given_out(
    make: Any, start: Start, tmp_path: pathlib.Path
) -> None:
    server = start()
    path = tmp_path / "long.txt"
    path.write_text(
        "\n\n".join(f"La giunta numero {n} ha deciso. Il sindaco era assente." for n in range(10_000)),
        encoding="utf-8",
    )
    with make(server.target, retry=PATIENT) as client:
        whole = list(client.segment_file(path))
        broken = []
        for event in client.segment_file(path, chunk_bytes=4096):
            broken.append(event)
            if len(broken) == 1_000:
                server.kill()
                server.start()
    assert broken == whole


def test_a_stream_that_cannot_be_read_again_fails(make: Any, start: Start) -> None:
    server = start()

    def chunks() -> Iterator[bytes]:
        for number in range(2_000):
            if number == 1_000:
                server.kill()
            yield b"Una frase. Un'altra frase.\n\n" * 100

    with make(server.target, retry=PATIENT) as client:
        with pytest.raises(cesura.UnavailableError):
            for _ in client.segment_chunks(chunks()):
                pass


def test_a_stream_waits_for_a_server_before_it_is_read(make: Any, start: Start) -> None:
    server = start()
    server.kill()
    timer = threading.Timer(0.5, server.start)
    timer.start()
    with make(server.target, retry=PATIENT) as client:
        document = cesura.Document(client.segment_chunks(iter([b"Una frase."])))
    timer.join()
    assert document.text == "Una frase."


def test_calls_wait_for_a_server_that_comes_back(make: Any, start: Start) -> None:
    server = start()
    with make(server.target, retry=PATIENT) as client:
        client.segment("Una frase.")
        server.kill()
        timer = threading.Timer(0.5, server.start)
        timer.start()
        assert client.segment("Una frase.").text == "Una frase."
        timer.join()


def test_no_server_at_all(make: Any, start: Start) -> None:
    server = start()
    server.kill()
    once = cesura.RetryPolicy(attempts_max=2, delay_first=0.01)
    with make(server.target, retry=once) as client:
        for call in (
            lambda: client.segment("Una frase."),
            lambda: client.detect_language("Una frase."),
            lambda: list(client.segment_chunks([b"Una frase."])),
            lambda: list(client.segment_documents(["Una frase."])),
        ):
            with pytest.raises(cesura.UnavailableError):
                call()
    with make(server.target) as client:
        with pytest.raises(cesura.UnavailableError):
            client.segment("Una frase.", timeout=0.3)


def test_a_server_that_hangs_ends_calls_by_their_deadline(make: Any, start: Start) -> None:
    server = start()
    with make(server.target, timeout=0.5) as client:
        client.segment("Una frase.")
        server.pause()
        try:
            for call in (
                lambda: client.segment("Una frase."),
                lambda: client.server_info(),
                lambda: list(client.segment_chunks([b"Una frase."], timeout=0.5)),
                lambda: list(client.segment_documents(["Una frase."])),
            ):
                with pytest.raises(cesura.DeadlineExceededError):
                    call()
        finally:
            server.go_on()
    assert issubclass(cesura.DeadlineExceededError, TimeoutError)


def test_silence_of_the_caller_is_no_fault(start: Start) -> None:
    """A slow caller, a slow input: the server ends its silent stream, which nobody notices."""
    server = start("--stream-idle-max", "200ms")
    texts = [f"Frase {number}." for number in range(5)]

    def slow() -> Iterator[str]:
        for text in texts:
            time.sleep(0.4)
            yield text

    one_by_one: Any = {"documents_per_message": 1, "documents_in_flight": 2}
    with cesura.Client(server.target, retry=cesura.RetryPolicy(attempts_max=1)) as client:
        given = []
        for text, answer in client.segment_documents(texts, **one_by_one):
            time.sleep(0.4)
            assert isinstance(answer, cesura.Document) and answer.text == text
            given.append(text)
        assert given == texts
        assert [text for text, _ in client.segment_documents(slow(), **one_by_one)] == texts


def test_silence_of_the_caller_is_no_fault_in_asyncio(start: Start) -> None:
    server = start("--stream-idle-max", "200ms")
    texts = [f"Frase {number}." for number in range(5)]

    async def slow() -> AsyncIterator[str]:
        for text in texts:
            await asyncio.sleep(0.4)
            yield text

    async def run() -> None:
        once = cesura.RetryPolicy(attempts_max=1)
        async with cesura.AsyncClient(server.target, retry=once) as client:
            for documents in (texts, slow()):
                given = []
                async for text, answer in client.segment_documents(
                    documents, documents_per_message=1, documents_in_flight=2
                ):
                    await asyncio.sleep(0.3)
                    assert isinstance(answer, cesura.Document) and answer.text == text
                    given.append(text)
                assert given == texts

    asyncio.run(run())


def test_what_the_input_raises_comes_behind_the_answers(make: Any, target: str) -> None:
    def documents() -> Iterator[str]:
        for number in range(70):
            yield f"Frase {number}."
        raise KeyError("no more")

    def chunks() -> Iterator[bytes]:
        yield b"Una frase. "
        raise KeyError("no more")

    with make(target) as client:
        given = []
        with pytest.raises(KeyError, match="no more"):
            for text, _ in client.segment_documents(documents()):
                given.append(text)
        assert len(given) == 70
        with pytest.raises(KeyError, match="no more"):
            list(client.segment_chunks(chunks()))
        with pytest.raises(TypeError, match="chunks must be bytes, not str"):
            list(client.segment_chunks(["text"]))
        with pytest.raises(TypeError, match="document must be str"):
            list(client.segment_documents([3]))


@pytest.mark.usefixtures("no_threads_left")
def test_breaking_out_cancels(target: str, seeds: list[str]) -> None:
    read = 0

    def documents() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield seeds[read % 5]

    with cesura.Client(target) as client:
        for number, _ in enumerate(client.segment_documents(documents(), streams=2)):
            if number == 20:
                break
        # What the window holds was read ahead, and no more.
        assert read <= 21 + 256 + 1
        stopped = read
        time.sleep(0.1)
        assert read == stopped
        for _ in client.segment_chunks(data.encode() for data in documents()):
            break
        assert client.segment("Una frase.").text == "Una frase."


@pytest.mark.usefixtures("no_threads_left")
def test_leaving_an_asyncio_loop_cancels(target: str, seeds: list[str]) -> None:
    async def run() -> None:
        import contextlib

        async with cesura.AsyncClient(target) as client:
            answers = client.segment_documents(seeds[number % 5] for number in range(10**9))
            async with contextlib.aclosing(answers) as given:
                async for _ in given:
                    break
            task = asyncio.create_task(client.segment(seeds[0] * 400))
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (await client.segment("Una frase.")).text == "Una frase."
            assert len(asyncio.all_tasks()) == 1

    asyncio.run(run())


@pytest.mark.usefixtures("no_threads_left")
def test_closing_ends_what_is_under_way(target: str, seeds: list[str]) -> None:
    client = cesura.Client(target)
    answers = client.segment_documents(seeds[number % 5] for number in range(10**9))
    next(answers)
    client.close()
    with pytest.raises((RuntimeError, cesura.CallCancelledError)):
        for _ in answers:
            pass
    with pytest.raises(RuntimeError, match="closed"):
        client.segment("Una frase.")
    client.close()


def test_refused_input_is_a_typed_error(client: Any) -> None:
    with pytest.raises(cesura.InvalidInputError) as caught:
        client.segment("Testo.", options=cesura.SegmentationOptions(language_code="no tag"))
    error = caught.value
    assert (error.reason, error.field) == ("MALFORMED_LANGUAGE_TAG", "options.language_code")
    assert isinstance(error, ValueError) and "no tag" in error.message
    with pytest.raises(cesura.InvalidInputError) as caught:
        list(client.segment_chunks([b"caff\xe9"]))
    assert caught.value.reason == "MALFORMED_TEXT"
    with pytest.raises(cesura.InvalidInputError) as caught:
        list(client.segment_documents(["x"], options=cesura.SegmentationOptions(srx="<srx/>")))
    assert caught.value.reason == "SRX_NOT_SUPPORTED"


def test_a_document_longer_than_a_message(client: Any) -> None:
    with pytest.raises(cesura.ResourceExhaustedError) as caught:
        client.segment("lungo " * 1_000_000)
    assert caught.value.reason == "MESSAGE_TOO_LARGE" and caught.value.retry_after is None


def test_a_lone_surrogate_is_refused_before_anything_is_sent(make: Any) -> None:
    with make("127.0.0.1:1") as client:
        calls: list[Callable[[], Any]] = [
            lambda: client.segment("abc\udce9d"),
            lambda: client.detect_language("abc\udce9d"),
            lambda: client.align("abc\udce9d", ["x"]),
            lambda: client.align("x", ["abc\udce9d"]),
        ]
        for call in calls:
            with pytest.raises(cesura.InvalidInputError, match="at index 3") as caught:
                call()
            assert caught.value.reason == "LONE_SURROGATE"
            # The text of the document must not come with the traceback.
            assert caught.value.__cause__ is None and caught.value.__context__ is None


@pytest.mark.parametrize("name", ["streams", "documents_per_message", "documents_in_flight"])
def test_numbers_that_are_not_allowed(client: Any, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        client.segment_documents([], **{name: 0})
    with pytest.raises(ValueError, match="timeout"):
        client.segment("x", timeout=0)


def test_a_file_that_is_not_there(client: Any, tmp_path: pathlib.Path) -> None:
    with pytest.raises(FileNotFoundError):
        client.segment_file(tmp_path / "none")
