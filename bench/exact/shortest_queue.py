"""Mean wait where each of N workers has a line of its own and an arrival joins one of the shortest: exact.

The chain's states are the lengths in order, cut where next to no probability is left; solved by Gauss and Seidel.
Service is exponential with mean 1. Prints: workers, load, mean wait. Needs nothing but Python; takes two minutes.
"""
from itertools import combinations_with_replacement


def mean_wait(workers, load, longest):
    arrivals = workers * load
    states = list(combinations_with_replacement(range(longest + 1), workers))
    place = {state: index for index, state in enumerate(states)}
    incoming = [[] for _ in states]
    leaving = [0.0] * len(states)

    def go(index, state, rate):
        incoming[place[tuple(sorted(state))]].append((index, rate))
        leaving[index] += rate

    for index, state in enumerate(states):
        if state[0] < longest:
            go(index, (state[0] + 1,) + state[1:], arrivals)
        for length in set(state) - {0}:
            shorter = list(state)
            shorter[state.index(length)] -= 1
            go(index, shorter, float(state.count(length)))

    chance = [1.0 / len(states)] * len(states)
    order = sorted(range(len(states)), key=lambda index: sum(states[index]))
    moved = 1.0
    while moved > 1e-14:
        moved = 0.0
        for index in order + order[::-1]:
            now = sum(chance[other] * rate for other, rate in incoming[index]) / leaving[index]
            moved = max(moved, abs(now - chance[index]))
            chance[index] = now
        total = sum(chance)
        chance = [one / total for one in chance]
    waiting = sum(p * sum(max(0, length - 1) for length in state) for p, state in zip(chance, states))
    return waiting / arrivals


for workers, load, longest in ((2, 0.8, 40), (4, 0.5, 8), (8, 0.5, 5), (16, 0.5, 4)):
    print(workers, load, round(mean_wait(workers, load, longest), 7))
