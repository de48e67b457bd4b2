#!/usr/bin/env python3
"""Chooses the phrases of the model of statement texts; prints them, one a line.

usage: model_phrases.py < kept_texts

The kept texts are those of `model_corpus.py NUMBER SEED marked`: contents of one
organisation stand between two ~. A phrase is either structure (what stands between two
values: closing brackets, names of members, opening brackets) or content (the common
beginnings of IRIs, names of verbs and types, pieces of words). Structure is
cut at its commas, so that members in an order never seen are made of few phrases; whole
structures that are met often are phrases too. Pieces of words come from byte pair encoding.
"""
import collections
import heapq
import re
import sys

SEGMENTS = 600					# numbers of phrases
STRUCTURES = 900
IRIS = 420
WORDS = 1900
LONGEST = 250

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null|[^"0-9a-z-]+|.')
FIXED = {b'Activity', b'Agent', b'Group', b'StatementRef', b'SubStatement', b'contextAgent', b'contextGroup', b'1.0.0', b'1.0.1', b'1.0.2', b'1.0.3', b'2.0.0'}
ROUND = {b'min': {b'0'}, b'max': {b'1', b'10', b'100'}}
SEGMENT = re.compile(rb'"(?:[^"\\]|\\.)*"\s*:\s*(?:true|false|null|[0-9]+|"[^"]*"|[\[{"]*)[^,"]*(?:,\s*|"$)?|[^,]+?,\s*|.+$')
WORD = re.compile(rb'[A-Za-z\x80-\xff]+')


def is_mark(text):
    return len(text) == 1 and text[0] < 32


def parts(text):
    """Structures and contents of a text, in turn; structures first."""
    run = b''
    key = None
    tokens = TOKEN.findall(text)
    for i, token in enumerate(tokens):
        first = token[:1]
        if first == b'"':
            inner = token[1:-1]
            if i + 1 < len(tokens) and tokens[i + 1].lstrip().startswith(b':'):
                key = inner
                if b'~' in inner:
                    yield True, run + b'"'
                    yield False, inner
                    run = b'"'
                else:
                    run += token
            elif inner in FIXED or is_mark(inner):
                run += token
            else:
                yield True, run + b'"'
                yield False, inner
                run = b'"'
        elif first.isdigit() or first == b'-':
            if token in ROUND.get(key, ()):
                run += token
            else:
                yield True, run
                yield False, token
                run = b''
        else:
            run += token
    yield True, run


def segments(run):
    """A structure cut behind its commas."""
    out = []
    begin = 0
    for match in re.finditer(rb',\s*(?=["{\[])', run):
        out.append(run[begin:match.end()])
        begin = match.end()
    if begin < len(run):
        out.append(run[begin:])
    return out


def merges(words, n):
    """The n most useful pairs of neighbours in words: byte pair encoding."""
    spellings = {word: [bytes([b]) for b in word] for word in words}
    pairs = collections.Counter()
    where = collections.defaultdict(set)
    for word, spelling in spellings.items():
        for pair in zip(spelling, spelling[1:]):
            pairs[pair] += words[word]
            where[pair].add(word)
    heap = [(-count, pair) for pair, count in pairs.items()]
    heapq.heapify(heap)
    chosen = []
    seen = set()
    while heap and len(chosen) < n:
        count, pair = heapq.heappop(heap)
        if -count != pairs[pair]:
            if pairs[pair] > 0:
                heapq.heappush(heap, (-pairs[pair], pair))
            continue
        if -count < 2:
            break
        joined = pair[0] + pair[1]
        if joined not in seen:
            seen.add(joined)
            chosen.append(joined)
        touched = set()
        for word in sorted(where[pair]):
            old = spellings[word]
            new = []
            i = 0
            while i < len(old):
                if i + 1 < len(old) and (old[i], old[i + 1]) == pair:
                    new.append(joined)
                    i += 2
                else:
                    new.append(old[i])
                    i += 1
            for p in zip(old, old[1:]):
                pairs[p] -= words[word]
            for p in zip(new, new[1:]):
                pairs[p] += words[word]
                where[p].add(word)
                touched.add(p)
            spellings[word] = new
        for p in sorted(touched):
            heapq.heappush(heap, (-pairs[p], p))
    return chosen


def main():
    structures = collections.Counter()
    pieces = collections.Counter()
    iris = collections.Counter()
    words = collections.Counter()
    for text in sys.stdin.buffer.read().split(b'\n'):
        for is_structure, part in parts(text):
            if is_structure:
                structures[part] += 1
                continue
            if re.match(rb'[a-z]+:|/', part):
                head = part.split(b'~')[0]
                at = [0] + [m.end() for m in re.finditer(rb'[/#=:](?!/)', head)]
                for end in at[1:]:
                    iris[head[:end]] += 1
                if b'~' not in part and at[-1] < len(part) and len(part) - at[-1] > 2:
                    iris[part[at[-1]:]] += 1
                for piece in part.split(b'~')[2::2]:
                    for match in re.finditer(rb'[/.?]*[a-z_]+[/.=?]*', piece):
                        iris[match.group()] += 1
            elif b'~' not in part and len(part) > 2 and not part[:1].isdigit():
                iris[part] += 1
            for own in part.split(b'~')[1::2]:
                for match in WORD.finditer(own):
                    words[match.group()] += 1
    for run, count in structures.items():
        for segment in segments(run):
            pieces[segment] += count
    chosen = {}

    def take(candidates, n, gain):
        for phrase in sorted(candidates, key=lambda p: (-gain(p), p)):
            if n == 0:
                break
            if 2 <= len(phrase) <= LONGEST and b'~' not in phrase and b'\n' not in phrase and phrase not in chosen:
                chosen[phrase] = True
                n -= 1

    take(pieces, SEGMENTS, lambda p: pieces[p] * (len(p) - 1))
    take([s for s in structures if structures[s] > 8], STRUCTURES, lambda p: structures[p] * len(segments(p)))
    take([i for i in iris if b'"' not in i and b'}' not in i and b']' not in i], IRIS, lambda p: iris[p] * (len(p) - 1))
    take(merges({w: c ** .75 for w, c in words.items() if len(w) > 1}, WORDS + 400), WORDS, lambda p: 0)
    for phrase in chosen:
        sys.stdout.buffer.write(phrase + b'\n')


main()
