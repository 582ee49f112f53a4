"""What a Django app does, a connection for every request, through a pooler. Arguments: port, user, database."""
import io

import django
from django.conf import settings

from cases import DATABASE, PORT, USER, case, equal, run

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    DATABASES={"default": {
        "ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": PORT, "USER": USER, "NAME": DATABASE,
        # Django's own default: each request connects anew.
        "CONN_MAX_AGE": 0,
    }},
    USE_TZ=True, TIME_ZONE="UTC", SECRET_KEY="a test", DEFAULT_AUTO_FIELD="django.db.models.AutoField")
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, close_old_connections, connection, transaction  # noqa: E402


@case
def migrate():
    call_command("migrate", verbosity=0)
    out = io.StringIO()
    call_command("showmigrations", stdout=out)
    if "[ ]" in out.getvalue():
        raise AssertionError(out.getvalue())


@case
def requests():
    for i in range(30):
        Group.objects.get_or_create(name="group %d" % i)
        close_old_connections()
    equal(Group.objects.count(), 30)


@case
def atomic():
    try:
        with transaction.atomic():
            Group.objects.create(name="new")
            try:
                with transaction.atomic():
                    Group.objects.create(name="group 1")
            except IntegrityError:
                pass
            Group.objects.select_for_update().get(name="group 2")
            raise KeyError("rolled back")
    except KeyError:
        pass
    equal(Group.objects.filter(name="new").count(), 0)


@case
def bulk():
    User.objects.bulk_create([User(username="user %d" % i) for i in range(1000)])
    equal(User.objects.filter(username__startswith="user").count(), 1000)


@case
def server_side_cursor():
    # With hold outside of a transaction: what Django's page on poolers tells people to switch off.
    iterator = User.objects.order_by("id").iterator(chunk_size=100)
    first = next(iterator)
    Group.objects.count()
    equal(len(list(iterator)) + 1, User.objects.count())
    equal(first.username[:4], "user")


@case
def introspection():
    with connection.cursor() as cursor:
        names = [table.name for table in connection.introspection.get_table_list(cursor)]
    if "auth_user" not in names:
        raise AssertionError(names)


@case
def migrate_back():
    call_command("migrate", "auth", "0001", verbosity=0)
    call_command("migrate", "auth", verbosity=0)
    equal(User.objects.count(), 1000)
    for app in ("sessions", "auth", "contenttypes"):
        call_command("migrate", app, "zero", verbosity=0)


run()
connection.close()
