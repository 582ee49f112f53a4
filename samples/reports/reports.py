"""A Django app with one page that takes seven seconds, for which there are just 16 answers.

It is an app as they are: it knows its clients by tokens, says nothing about caching, and has few workers.
"""
import hashlib
import os
import time
from functools import wraps

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponseBadRequest, JsonResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="only a sample", USE_TZ=True)
django.setup()

REGIONS = ["north", "east", "south", "west"]
PERIODS = ["day", "week", "month", "year"]
SECONDS = float(os.environ.get("REPORT_SECONDS", "7"))
# TOKEN=USER pairs; an app of your own has a table.
USERS = dict(pair.split("=") for pair in os.environ.get("REPORT_TOKENS", "sample=ada").split(","))
JOURNAL = os.environ.get("REPORT_JOURNAL")


def authenticated(view):
    @wraps(view)
    def checked(request):
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        request.person = USERS.get(token) if kind == "Token" else None
        if request.person is None:
            return JsonResponse({"error": "who are you?"}, status=401)
        return view(request)
    return checked


def note(what, variant):
    """One line in one write, so that those of several workers do not mix."""
    if JOURNAL:
        line = "%s %d %s %d\n" % (what, time.monotonic_ns() // 1000, variant, os.getpid())
        with open(JOURNAL, "ab", buffering=0) as journal:
            journal.write(line.encode())


@authenticated
def report(request):
    region, period = request.GET.get("region"), request.GET.get("period")
    if region not in REGIONS or period not in PERIODS:
        return HttpResponseBadRequest("no such report\n")
    variant = region + "-" + period
    note("begin", variant)
    try:
        # What a query over a year of sales takes.
        time.sleep(SECONDS)
    finally:
        note("end", variant)
    return JsonResponse({"region": region, "period": period, "total": hashlib.sha1(variant.encode()).hexdigest()})


@authenticated
def me(request):
    return JsonResponse({"person": request.person})


@authenticated
def work(request):
    """The rest of the app: 20 ms, and not the same for everybody."""
    time.sleep(float(request.GET.get("ms", "20")) / 1000)
    return JsonResponse({"hello": request.person})


urlpatterns = [path("report", report), path("api/me", me), path("work", work)]
app = get_wsgi_application()
