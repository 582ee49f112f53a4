"""Loss and mean wait of 8 instances of 2 workers with b places of backlog each, where an arrival is offered to all of
them in random order and lost if all are full: exact, as shortest_queue.py. Prints: b, loss, mean wait.
"""
from itertools import combinations_with_replacement


def solve(instances, workers, backlog, load):
    arrivals, room = instances * workers * load, workers + backlog
    states = list(combinations_with_replacement(range(room + 1), instances))
    place = {state: index for index, state in enumerate(states)}
    incoming = [[] for _ in states]
    leaving = [0.0] * len(states)
    for index, state in enumerate(states):
        free = sum(count < room for count in state)
        for count in set(state):
            for step, rate in ((1, arrivals * state.count(count) / free if count < room else 0.0),
                               (-1, float(state.count(count) * min(count, workers)))):
                if rate == 0.0:
                    continue
                other = list(state)
                other[state.index(count)] += step
                incoming[place[tuple(sorted(other))]].append((index, rate))
                leaving[index] += rate

    chance = [1.0 / len(states)] * len(states)
    order = sorted(range(len(states)), key=lambda index: sum(states[index]))
    moved = 1.0
    while moved > 1e-9:
        moved = 0.0
        for index in order + order[::-1]:
            now = sum(chance[other] * rate for other, rate in incoming[index]) / leaving[index]
            moved = max(moved, abs(now - chance[index]) / (chance[index] + 1e-300))
            chance[index] = now
        total = sum(chance)
        chance = [one / total for one in chance]
    loss = chance[place[(room,) * instances]]
    waiting = sum(p * sum(max(0, count - workers) for count in state) for p, state in zip(chance, states))
    return loss, waiting / (arrivals * (1 - loss))


for backlog in (0, 1, 2, 4):
    print(backlog, *(round(figure, 6) for figure in solve(8, 2, backlog, 0.9)))
