"""What an app does with psycopg 3, through a pooler. Arguments: port, user, database. Prints a line a case."""
import os
import threading
import time

import psycopg
from psycopg import errors

from cases import DATABASE, PORT, USER, case, equal, run


def connect(autocommit=True, **more):
    return psycopg.connect(
        host="127.0.0.1", port=PORT, user=USER, dbname=DATABASE, connect_timeout=10, autocommit=autocommit, **more)


def one(connection, sql, values=None, **more):
    cursor = connection.execute(sql, values, **more)
    return cursor.fetchone()[0] if cursor.description else None


class Stirrers:
    """Others who take and give back server connections, so that a session meets another one at each turn."""

    def __init__(self):
        self.connections, self.turn = [connect(autocommit=False), connect(autocommit=False)], 0

    def stir(self):
        self.turn += 1
        self.connections[self.turn % 2].execute("select 1")
        self.connections[1 - self.turn % 2].commit()

    def close(self):
        for connection in self.connections:
            connection.close()


@case
def connects():
    for _ in range(20):
        with connect(application_name="psycopg 3 case") as connection:
            equal(one(connection, "show application_name"), "psycopg 3 case")


@case
def prepared():
    with connect(prepare_threshold=2) as connection:
        for i in range(12):
            others.stir()
            equal(one(connection, "select %s::int + 1", (i,)), i + 1)
            equal(one(connection, "select %s::text || 'x'", (str(i),), prepare=True), "%dx" % i)


@case
def prepared_many():
    with connect(prepare_threshold=0) as connection:
        # More than psycopg keeps (100): it deallocates the oldest.
        for i in range(250):
            equal(one(connection, "select %%s::int + %d" % i, (1,)), i + 1)
            if i % 50 == 0:
                others.stir()


@case
def prepared_across_ddl():
    with connect(prepare_threshold=0) as connection, connect() as other:
        one(other, "create table if not exists psycopg3_ddl (id int, word text)")
        one(other, "truncate psycopg3_ddl")
        one(other, "insert into psycopg3_ddl values (1, 'a')")
        for i in range(3):
            equal(connection.execute("select * from psycopg3_ddl where id = %s", (1,)).fetchone()[:2], (1, "a"))
            others.stir()
        one(other, "alter table psycopg3_ddl add column if not exists more int")
        try:
            equal(connection.execute("select * from psycopg3_ddl where id = %s", (1,)).fetchone()[:2], (1, "a"))
        except errors.FeatureNotSupported:
            # PostgreSQL itself refuses; Weir prepares it again.
            if "WEIR_TEST_POOLER" not in os.environ:
                raise
        one(other, "drop table psycopg3_ddl")


@case
def pipeline():
    with connect() as connection:
        one(connection, "create table if not exists psycopg3_pipeline (id int primary key)")
        one(connection, "truncate psycopg3_pipeline")
        with connection.pipeline():
            cursors = [connection.execute("insert into psycopg3_pipeline values (%s) returning id", (i,))
                       for i in range(300)]
            equal(sum(cursor.fetchone()[0] for cursor in cursors), 44850)
        try:
            with connection.pipeline() as pipe:
                connection.execute("insert into psycopg3_pipeline values (1000)")
                pipe.sync()
                connection.execute("insert into psycopg3_pipeline values (1)")
                connection.execute("insert into psycopg3_pipeline values (1001)")
                pipe.sync()
            raise AssertionError("no unique violation")
        except errors.UniqueViolation:
            pass
        others.stir()
        equal(one(connection, "select count(*) from psycopg3_pipeline where id >= 1000"), 1)
        cursor = connection.cursor()
        cursor.executemany("update psycopg3_pipeline set id = id + 10000 where id = %s", [(i,) for i in range(50)])
        equal(one(connection, "select count(*) from psycopg3_pipeline where id >= 10000"), 50)


@case
def transaction():
    with connect() as connection:
        one(connection, "create table if not exists psycopg3_tx (id int primary key)")
        one(connection, "truncate psycopg3_tx")
        with connection.transaction():
            one(connection, "insert into psycopg3_tx values (1)")
            others.stir()
            try:
                with connection.transaction():
                    one(connection, "insert into psycopg3_tx values (1)")
            except errors.UniqueViolation:
                pass
            one(connection, "insert into psycopg3_tx values (2)")
        try:
            with connection.transaction():
                one(connection, "insert into psycopg3_tx values (3)")
                raise KeyError("rolled back")
        except KeyError:
            pass
        equal(one(connection, "select array_agg(id order by id) from psycopg3_tx"), [1, 2])


@case
def copy_in():
    with connect() as connection:
        one(connection, "create table if not exists psycopg3_copy (id int, word text)")
        one(connection, "truncate psycopg3_copy")
        cursor = connection.cursor()
        with cursor.copy("copy psycopg3_copy from stdin") as copy:
            for i in range(10000):
                copy.write_row((i, "word %d" % i))
        equal(one(connection, "select count(*) from psycopg3_copy"), 10000)
        try:
            with cursor.copy("copy psycopg3_copy from stdin") as copy:
                copy.write_row((1, "x"))
                raise KeyError("the app gives up")
        except (KeyError, errors.QueryCanceled):
            pass
        equal(one(connection, "select count(*) from psycopg3_copy"), 10000)


@case
def copy_out():
    with connect() as connection:
        with connection.cursor().copy(
                "copy (select g, repeat('y', 100) from generate_series(1, 20000) g) to stdout") as copy:
            equal(sum(1 for _ in copy.rows()), 20000)
        equal(one(connection, "select 5"), 5)


@case
def binary():
    with connect() as connection:
        cursor = connection.cursor(binary=True)
        cursor.execute("select %s::bytea, %s::int8, %s::float8", (b"\0\xff" * 1000, 1 << 40, 0.5))
        equal(cursor.fetchone(), (b"\0\xff" * 1000, 1 << 40, 0.5))


@case
def listen():
    ear, mouth, heard = connect(), connect(), []
    one(ear, "listen psycopg3_news")
    for i in range(3):
        others.stir()
        one(mouth, "select pg_notify('psycopg3_news', %s)", (str(i),))

    def stop():
        one(mouth, "notify psycopg3_news, 'end'")

    threading.Timer(0.3, stop).start()
    threading.Timer(10, ear.cancel).start()
    for notification in ear.notifies():
        if notification.payload == "end":
            break
        heard.append(notification.payload)
    equal(heard, ["0", "1", "2"])
    one(ear, "unlisten *")
    ear.close()
    mouth.close()


@case
def cancel():
    with connect() as connection:
        threading.Timer(0.3, connection.cancel).start()
        begun = time.monotonic()
        try:
            one(connection, "select pg_sleep(20)")
            raise AssertionError("it was not cancelled")
        except errors.QueryCanceled:
            pass
        if time.monotonic() - begun > 10:
            raise AssertionError("the cancel came late")
        equal(one(connection, "select 7"), 7)


@case
def temp_table():
    with connect() as connection:
        one(connection, "create temp table mine (id int)")
        for i in range(4):
            others.stir()
            one(connection, "insert into mine values (%s)", (i,))
        equal(one(connection, "select count(*) from mine"), 4)


@case
def advisory_lock():
    with connect() as mine, connect() as theirs:
        one(mine, "select pg_advisory_lock(7003)")
        others.stir()
        equal(one(theirs, "select pg_try_advisory_lock(7003)"), False)
        others.stir()
        equal(one(mine, "select pg_advisory_unlock(7003)"), True)


@case
def settings():
    with connect() as mine, connect() as theirs:
        before = one(theirs, "show work_mem")
        one(mine, "set work_mem = '7MB'")
        one(mine, "select set_config('search_path', 'pg_catalog', false)")
        for _ in range(4):
            others.stir()
            equal(one(mine, "show work_mem"), "7MB")
            equal(one(mine, "show search_path"), "pg_catalog")
            equal(one(theirs, "show work_mem"), before)
        with mine.transaction():
            one(mine, "set local work_mem = '8MB'")
            equal(one(mine, "show work_mem"), "8MB")
        equal(one(mine, "show work_mem"), "7MB")


@case
def server_cursor():
    with connect(autocommit=False) as connection:
        with connection.cursor(name="rows") as cursor:
            cursor.execute("select generate_series(1, 1000)")
            equal(sum(row[0] for row in cursor), 500500)
        with connection.cursor(name="held", withhold=True) as cursor:
            cursor.execute("select generate_series(1, 1000)")
            connection.commit()
            others.stir()
            equal(len(cursor.fetchall()), 1000)


@case
def stream():
    with connect() as connection:
        cursor = connection.cursor()
        equal(sum(row[0] for row in cursor.stream("select generate_series(1, %s)", (5000,))), 12502500)


others = Stirrers()
run()
others.close()
