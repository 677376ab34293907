import asyncio

from bot.gate import Gate


class Senders:
    def __init__(self, gate):
        self.gate, self.inside, self.order = gate, set(), []
        self.ends = {}

    def start(self, name, urgent=False):
        self.ends[name] = asyncio.Event()

        async def send():
            async with self.gate.enter(urgent):
                self.inside.add(name)
                self.order.append(name)
                await self.ends[name].wait()
                self.inside.discard(name)

        return asyncio.create_task(send())


async def settle():
    for _step in range(10):
        await asyncio.sleep(0)


async def test_one_at_a_time_while_it_is_quick():
    senders = Senders(Gate(4, overlap_s=3600))
    tasks = [senders.start(n) for n in "abc"]
    await settle()
    assert senders.inside == {"a"}
    senders.ends["a"].set()
    await settle()
    assert senders.inside == {"b"}
    for name in "bc":
        senders.ends[name].set()
    await asyncio.gather(*tasks)
    assert senders.order == ["a", "b", "c"]


async def test_urgent_goes_first_and_does_not_wait_for_the_one_under_way():
    senders = Senders(Gate(2, overlap_s=3600))
    tasks = [senders.start("a"), senders.start("b")]
    await settle()
    tasks.append(senders.start("urgent", urgent=True))
    await settle()
    assert senders.inside == {"a", "urgent"}
    for end in senders.ends.values():
        end.set()
    await asyncio.gather(*tasks)


async def test_a_slow_one_lets_others_start_up_to_the_limit():
    senders = Senders(Gate(3, overlap_s=0.0))
    tasks = [senders.start(n) for n in "abcde"]
    await settle()
    assert senders.inside == {"a", "b", "c"}
    for end in senders.ends.values():
        end.set()
    await asyncio.gather(*tasks)


async def test_cancelled_waiters_leave_no_trace():
    senders = Senders(Gate(1, overlap_s=0.0))
    tasks = [senders.start(n) for n in "abc"]
    await settle()
    tasks[1].cancel()
    senders.ends["a"].set()
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    last = senders.start("d")
    senders.ends["d"].set()
    await last
    assert senders.order[-1] == "d"
