#!/usr/bin/env python3
"""Prints the content of the compression dictionary: the runs of text that many statements share.

usage: dictionary_runs.py SIZE < kept_texts

The kept texts are those of `dictionary_corpus.py NUMBER SEED marked`: what stands between
two marked contents (and between numbers) is a run, always the same for a producer, a verb and a type. A
run that is whole in the dictionary costs one match, so whole runs are chosen, those first
that save most for their length. The most frequent come last, as near matches cost least.
The words of the titles stand before the last NEAR bytes of runs.
"""
import collections
import heapq
import re
import sys

# Content of one organisation, the domain of an address, a duration, a number.
OWN = re.compile(rb'~[^~]*~|(?<=@)[a-z.]+(?=")|(?<=")P[T0-9][0-9DHMST.]*(?=")|(?<=[:\[,] )-?[0-9][0-9.]*(?=[,}\]])|(?<=[:\[,])-?[0-9][0-9.]*(?=[,}\]])')
WORD = re.compile(rb'[A-Za-z\x80-\xff]{4,}')
MATCH = 3.3						# bytes that a match takes, about
LITERAL = .7					# and a character without a match
SHORTEST = 5					# match
NEAR = 8000                     # bytes at the end that are used more often than words


def longest_match(run, at, content):
    """Length of the longest piece of run from `at` on that is in the content."""
    low, high = 0, SHORTEST
    while at + high <= len(run) and content.find(run[at:at + high]) >= 0:
        low, high = high, high * 2
    high = min(high, len(run) - at + 1)
    if low == 0:
        return 0
    while high - low > 1:
        middle = (low + high) // 2
        if content.find(run[at:at + middle]) >= 0:
            low = middle
        else:
            high = middle
    return low


def cost(run, content):
    """Bytes that the run takes with this content, about."""
    at = 0
    bytes_ = 0
    while at < len(run):
        length = longest_match(run, at, content)
        bytes_ += MATCH if length else LITERAL
        at += length or 1
    return bytes_


def choose(runs, size):
    """The runs that save most bytes for each of their own."""
    content = bytearray()
    chosen = []
    heap = [(-number * (len(run) * LITERAL - MATCH) / len(run), run) for run, number in runs.items() if number > 2 and len(run) > SHORTEST]
    heapq.heapify(heap)
    while heap:
        _, run = heapq.heappop(heap)
        if len(content) + len(run) > size:
            continue
        gain = runs[run] * (cost(run, content) - MATCH) / len(run)
        if gain <= 0:
            continue
        if heap and gain < -heap[0][0]:
            heapq.heappush(heap, (-gain, run))
            continue
        chosen.append(run)
        content += run
    return chosen


def main():
    size = int(sys.argv[1])
    runs = collections.Counter()
    words = collections.Counter()
    for text in sys.stdin.buffer.read().split(b'\n'):
        at = 0
        for own in OWN.finditer(text):
            runs[text[at:own.start()]] += 1
            words.update(WORD.findall(own.group()))
            at = own.end()
        runs[text[at:]] += 1
    titles = b' '.join(word for word, _ in sorted(words.items(), key=lambda item: (item[1], item[0])))[-size // 8:]
    content = b''
    placed = False
    for run in sorted(choose(runs, size - len(titles)), key=lambda run: (runs[run], run), reverse=True):
        if not placed and len(content) + len(run) > NEAR:
            content = titles + content
            placed = True
        content = run + content
    sys.stdout.buffer.write(content)


main()
