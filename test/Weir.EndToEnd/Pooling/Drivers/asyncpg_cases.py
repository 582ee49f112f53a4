"""What an app does with asyncpg, through a pooler. Arguments: port, user, database. Prints a line a case."""
import asyncio

import asyncpg

from cases import CASES, DATABASE, PORT, USER, case, equal, failed, passed


def connect(**more):
    return asyncpg.connect(host="127.0.0.1", port=PORT, user=USER, database=DATABASE, timeout=10, **more)


class Stirrers:
    """Others who take and give back server connections, so that a session meets another one at each turn."""

    async def open(self):
        self.connections, self.turn = [await connect(), await connect()], 0
        await self.connections[0].execute("begin")

    async def stir(self):
        self.turn += 1
        await self.connections[self.turn % 2].execute("begin; select 1")
        await self.connections[1 - self.turn % 2].execute("commit")

    async def close(self):
        for connection in self.connections:
            await connection.close()


others = Stirrers()


@case
async def connects():
    for _ in range(20):
        connection = await connect(server_settings={"application_name": "asyncpg case"})
        equal(await connection.fetchval("show application_name"), "asyncpg case")
        await connection.close()


@case
async def prepared():
    connection = await connect()
    statement = await connection.prepare("select $1::int + 1")
    for i in range(10):
        await others.stir()
        equal(await statement.fetchval(i), i + 1)
        equal(await connection.fetchval("select $1::text || 'x'", str(i)), "%dx" % i)
    await connection.close()


@case
async def batch():
    connection = await connect()
    await connection.execute("create table if not exists asyncpg_batch (id int primary key)")
    await connection.execute("truncate asyncpg_batch")
    await connection.executemany("insert into asyncpg_batch values ($1)", [(i,) for i in range(1000)])
    try:
        await connection.executemany("insert into asyncpg_batch values ($1)", [(i,) for i in (5000, 1, 5001)])
        raise AssertionError("no unique violation")
    except asyncpg.UniqueViolationError:
        pass
    equal(await connection.fetchval("select count(*) from asyncpg_batch"), 1000)
    await connection.close()


@case
async def transaction():
    connection = await connect()
    await connection.execute("create table if not exists asyncpg_tx (id int primary key)")
    await connection.execute("truncate asyncpg_tx")
    async with connection.transaction():
        await connection.execute("insert into asyncpg_tx values (1)")
        await others.stir()
        try:
            async with connection.transaction():
                await connection.execute("insert into asyncpg_tx values (1)")
        except asyncpg.UniqueViolationError:
            pass
        await connection.execute("insert into asyncpg_tx values ($1)", 2)
    try:
        async with connection.transaction(isolation="serializable"):
            await connection.execute("insert into asyncpg_tx values (3)")
            raise KeyError("rolled back")
    except KeyError:
        pass
    equal(await connection.fetchval("select array_agg(id order by id) from asyncpg_tx"), [1, 2])
    await connection.close()


@case
async def copy_in():
    connection = await connect()
    await connection.execute("create table if not exists asyncpg_copy (id int, word text)")
    await connection.execute("truncate asyncpg_copy")
    await connection.copy_records_to_table("asyncpg_copy", records=[(i, "word") for i in range(10000)])
    equal(await connection.fetchval("select count(*) from asyncpg_copy"), 10000)
    await connection.close()


@case
async def copy_out():
    connection = await connect()
    pieces = []

    async def keep(piece):
        pieces.append(piece)

    await connection.copy_from_query("select g, repeat('y', 100) from generate_series(1, 20000) g", output=keep)
    equal(b"".join(pieces).count(b"\n"), 20000)
    await connection.close()


@case
async def listen():
    ear, mouth = await connect(), await connect()
    heard = asyncio.Queue()
    await ear.add_listener("asyncpg_news", lambda _c, _pid, _channel, payload: heard.put_nowait(payload))
    for i in range(3):
        await others.stir()
        await mouth.execute("select pg_notify('asyncpg_news', $1)", str(i))
    equal([await asyncio.wait_for(heard.get(), 10) for _ in range(3)], ["0", "1", "2"])
    await ear.close()
    await mouth.close()


@case
async def cancel():
    connection = await connect()
    try:
        await connection.fetchval("select pg_sleep(20)", timeout=0.3)
        raise AssertionError("it was not cancelled")
    except asyncio.TimeoutError:
        pass
    equal(await asyncio.wait_for(connection.fetchval("select 7"), 10), 7)
    await connection.close()


@case
async def temp_table():
    connection = await connect()
    await connection.execute("create temp table mine (id int)")
    for i in range(4):
        await others.stir()
        await connection.execute("insert into mine values ($1)", i)
    equal(await connection.fetchval("select count(*) from mine"), 4)
    await connection.close()


@case
async def advisory_lock():
    mine, theirs = await connect(), await connect()
    await mine.execute("select pg_advisory_lock(7004)")
    await others.stir()
    equal(await theirs.fetchval("select pg_try_advisory_lock(7004)"), False)
    equal(await mine.fetchval("select pg_advisory_unlock(7004)"), True)
    await mine.close()
    await theirs.close()


@case
async def settings():
    mine, theirs = await connect(), await connect()
    before = await theirs.fetchval("show work_mem")
    await mine.execute("set work_mem = '7MB'")
    for _ in range(4):
        await others.stir()
        equal(await mine.fetchval("show work_mem"), "7MB")
        equal(await theirs.fetchval("show work_mem"), before)
    await mine.close()
    await theirs.close()


@case
async def pool_reset():
    # A pool of asyncpg runs its own reset (unlock all, close all, unlisten, reset all) at each release.
    async with asyncpg.create_pool(
            host="127.0.0.1", port=PORT, user=USER, database=DATABASE, min_size=2, max_size=4) as pool:
        async def work(i):
            async with pool.acquire() as connection:
                await connection.execute("set work_mem = '9MB'")
                equal(await connection.fetchval("select $1::int", i), i)

        await asyncio.gather(*(work(i) for i in range(40)))
        async with pool.acquire() as connection:
            if await connection.fetchval("show work_mem") == "9MB":
                raise AssertionError("a setting outlived its reset")


@case
async def server_cursor():
    connection = await connect()
    async with connection.transaction():
        total = 0
        async for row in connection.cursor("select generate_series(1, 1000)", prefetch=100):
            total += row[0]
        equal(total, 500500)
    await connection.close()


@case
async def types():
    # Looks the type up in the catalogue by statements of its own.
    connection = await connect()
    await connection.execute("drop type if exists asyncpg_pair; create type asyncpg_pair as (a int, b text)")
    equal(tuple(await connection.fetchval("select row(1, 'x')::asyncpg_pair")), (1, "x"))
    await connection.execute("drop type asyncpg_pair")
    await connection.close()


async def main():
    await others.open()
    for each in CASES:
        try:
            await asyncio.wait_for(each(), 60)
            passed(each)
        except Exception as fault:  # Every case is told of.
            failed(each, fault)
    await others.close()


asyncio.run(main())
