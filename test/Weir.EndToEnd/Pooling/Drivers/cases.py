"""What the cases of every Python driver share. Arguments: port, user, database."""
import sys
import traceback

PORT, USER, DATABASE = int(sys.argv[1]), sys.argv[2], sys.argv[3]
CASES = []


def case(function):
    CASES.append(function)
    return function


def equal(actual, expected):
    if actual != expected:
        raise AssertionError("expected %r, was %r" % (expected, actual))


def passed(each):
    print("ok", each.__name__, flush=True)


def failed(each, fault):
    print("FAILED", each.__name__, repr(fault).replace("\n", " "), flush=True)
    traceback.print_exc()


def run():
    """Prints a line a case."""
    for each in CASES:
        try:
            each()
            passed(each)
        except Exception as fault:  # Every case is told of.
            failed(each, fault)
