"""What an app does with psycopg2, through a pooler. Arguments: port, user, database. Prints a line a case."""
import io
import select
import threading
import time

import psycopg2
import psycopg2.errors
import psycopg2.extras

from cases import DATABASE, PORT, USER, case, equal, run


def connect(**more):
    return psycopg2.connect(host="127.0.0.1", port=PORT, user=USER, dbname=DATABASE, connect_timeout=10, **more)


def autocommit():
    connection = connect()
    connection.autocommit = True
    return connection


def one(connection, sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchone()[0] if cursor.description else None


class Stirrers:
    """Others who take and give back server connections, so that a session meets another one at each turn."""

    def __init__(self):
        self.connections, self.turn = [connect(), connect()], 0

    def stir(self):
        self.turn += 1
        taking, giving = self.connections[self.turn % 2], self.connections[1 - self.turn % 2]
        with taking.cursor() as cursor:
            cursor.execute("select 1")
        giving.commit()

    def close(self):
        for connection in self.connections:
            connection.close()


@case
def connects():
    for _ in range(20):
        connection = connect(application_name="psycopg2 case")
        equal(one(connection, "show application_name"), "psycopg2 case")
        connection.close()


@case
def options():
    connection = connect(options="-c work_mem=3MB -c search_path=pg_catalog")
    equal(one(connection, "show work_mem"), "3MB")
    connection.rollback()
    others.stir()
    equal(one(connection, "show search_path"), "pg_catalog")
    connection.close()


@case
def prepared():
    connection = autocommit()
    one(connection, "prepare add (int, int) as select $1 + $2")
    for i in range(5):
        others.stir()
        equal(one(connection, "execute add (%s, 1)", i), i + 1)
    one(connection, "deallocate add")
    try:
        one(connection, "execute add (1, 1)")
        raise AssertionError("a deallocated statement ran")
    except psycopg2.errors.InvalidSqlStatementName:
        pass
    equal(one(connection, "select 1"), 1)
    connection.close()


@case
def batch():
    connection = connect()
    with connection.cursor() as cursor:
        cursor.execute("create table if not exists psycopg2_batch (id int primary key, word text)")
        cursor.execute("truncate psycopg2_batch")
        psycopg2.extras.execute_values(
            cursor, "insert into psycopg2_batch values %s", [(i, "w%d" % i) for i in range(500)])
        psycopg2.extras.execute_batch(
            cursor, "update psycopg2_batch set word = %s where id = %s", [("x", i) for i in range(100)])
    connection.commit()
    equal(one(connection, "select count(*) from psycopg2_batch where word = 'x'"), 100)
    connection.close()


@case
def transaction():
    connection = connect()
    one(connection, "create table if not exists psycopg2_tx (id int primary key)")
    one(connection, "truncate psycopg2_tx")
    connection.commit()
    one(connection, "insert into psycopg2_tx values (1)")
    others.stir()
    connection.rollback()
    one(connection, "insert into psycopg2_tx values (2)")
    try:
        one(connection, "insert into psycopg2_tx values (2)")
        raise AssertionError("no unique violation")
    except psycopg2.errors.UniqueViolation:
        pass
    try:
        one(connection, "select 1")
        raise AssertionError("a failed transaction went on")
    except psycopg2.errors.InFailedSqlTransaction:
        pass
    connection.rollback()
    equal(one(connection, "select count(*) from psycopg2_tx"), 0)
    connection.commit()
    with connection:
        one(connection, "insert into psycopg2_tx values (3)")
        one(connection, "savepoint s")
        one(connection, "insert into psycopg2_tx values (4)")
        one(connection, "rollback to savepoint s")
    equal(one(connection, "select array_agg(id) from psycopg2_tx"), [3])
    connection.close()


@case
def copy_in():
    connection = connect()
    with connection.cursor() as cursor:
        cursor.execute("create table if not exists psycopg2_copy (id int, word text)")
        cursor.execute("truncate psycopg2_copy")
        cursor.copy_from(io.StringIO("".join("%d\tword %d\n" % (i, i) for i in range(10000))), "psycopg2_copy")
    connection.commit()
    equal(one(connection, "select count(*) from psycopg2_copy"), 10000)
    connection.rollback()
    with connection.cursor() as cursor:
        try:
            cursor.copy_from(io.StringIO("not a number\tx\n" * 1000), "psycopg2_copy")
            raise AssertionError("bad rows were taken")
        except psycopg2.errors.InvalidTextRepresentation:
            connection.rollback()
    equal(one(connection, "select count(*) from psycopg2_copy"), 10000)
    connection.close()


@case
def copy_out():
    connection = connect()
    out = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert("copy (select g, repeat('y', 100) from generate_series(1, 20000) g) to stdout", out)
    equal(out.getvalue().count("\n"), 20000)
    connection.close()


@case
def listen():
    ear, mouth = autocommit(), autocommit()
    one(ear, "listen psycopg2_news")
    for i in range(3):
        others.stir()
        one(mouth, "select pg_notify('psycopg2_news', %s)", str(i))
    heard, end = [], time.monotonic() + 10
    while len(heard) < 3 and time.monotonic() < end:
        select.select([ear], [], [], 1)
        ear.poll()
        heard += [ear.notifies.pop(0).payload for _ in range(len(ear.notifies))]
    equal(heard, ["0", "1", "2"])
    one(ear, "unlisten *")
    ear.close()
    mouth.close()


@case
def cancel():
    connection = autocommit()
    begun = time.monotonic()
    threading.Timer(0.3, connection.cancel).start()
    try:
        one(connection, "select pg_sleep(20)")
        raise AssertionError("it was not cancelled")
    except psycopg2.errors.QueryCanceled:
        pass
    if time.monotonic() - begun > 10:
        raise AssertionError("the cancel came late")
    equal(one(connection, "select 7"), 7)
    connection.close()


@case
def temp_table():
    connection = autocommit()
    one(connection, "create temp table mine (id int)")
    for i in range(4):
        others.stir()
        one(connection, "insert into mine values (%s)", i)
    equal(one(connection, "select count(*) from mine"), 4)
    one(connection, "drop table mine")
    connection.close()


@case
def advisory_lock():
    mine, theirs = autocommit(), autocommit()
    one(mine, "select pg_advisory_lock(7001)")
    others.stir()
    equal(one(theirs, "select pg_try_advisory_lock(7001)"), False)
    others.stir()
    equal(one(mine, "select pg_advisory_unlock(7001)"), True)
    equal(one(theirs, "select pg_try_advisory_lock(7001)"), True)
    theirs.close()
    end = time.monotonic() + 10
    while not one(mine, "select pg_try_advisory_lock(7001)"):
        if time.monotonic() > end:
            raise AssertionError("a lock outlived its session")
        time.sleep(0.05)
    mine.close()


@case
def settings():
    mine, theirs = autocommit(), autocommit()
    before = one(theirs, "show work_mem")
    one(mine, "set work_mem = '7MB'")
    one(mine, "set timezone = 'Asia/Tokyo'")
    one(mine, "select set_config('my.word', 'secret', false)")
    for _ in range(4):
        others.stir()
        equal(one(mine, "show work_mem"), "7MB")
        equal(one(theirs, "show work_mem"), before)
        equal(one(mine, "select current_setting('my.word')"), "secret")
        if one(theirs, "select current_setting('my.word', true)"):
            raise AssertionError("another session's setting")
        equal(one(mine, "show timezone"), "Asia/Tokyo")
    one(mine, "reset work_mem")
    equal(one(mine, "show work_mem"), before)
    mine.close()
    theirs.close()


@case
def server_cursor():
    connection = connect()
    with connection.cursor(name="rows", withhold=False) as cursor:
        cursor.itersize = 100
        cursor.execute("select generate_series(1, 1000)")
        equal(sum(row[0] for row in cursor), 500500)
    connection.commit()
    with connection.cursor(name="held", withhold=True) as cursor:
        cursor.execute("select generate_series(1, 1000)")
        equal(len(cursor.fetchmany(10)), 10)
        connection.commit()
        others.stir()
        equal(len(cursor.fetchall()), 990)
    connection.commit()
    connection.close()


@case
def large_object():
    connection = connect()
    large = connection.lobject(mode="wb")
    large.write(b"z" * 300000)
    oid = large.oid
    large.close()
    connection.commit()
    others.stir()
    equal(len(connection.lobject(oid, "rb").read()), 300000)
    connection.lobject(oid).unlink()
    connection.commit()
    connection.close()


others = Stirrers()
run()
others.close()
