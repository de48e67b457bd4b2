#!/usr/bin/env python3
"""Writes statement_cases.jsonl: statements that must be accepted or refused, and why.

    python3 test/data/make_statement_cases.py > test/data/statement_cases.jsonl

Each line is an object: rule, expect ("accepted" or "refused"), pointer (of the
first fault; "" if accepted), name, text (the statement's text). The tests read
the file that is committed; this script only saves writing it by hand. What is
expected stands here, case by case: it is never taken from the parser.
"""
import copy
import json
import sys

names = set()


def case(rule, expect, pointer, name, statement):
    text = statement if isinstance(statement, str) else json.dumps(
        statement, ensure_ascii=False, separators=(",", ":"))
    assert name not in names, name
    names.add(name)
    print(json.dumps({"rule": rule, "expect": expect, "pointer": pointer, "name": name, "text": text},
                     ensure_ascii=False))


def accept(rule, name, statement):
    case(rule, "accepted", "", name, statement)


def refuse(rule, pointer, name, statement):
    case(rule, "refused", pointer, name, statement)


def shown(value):
    text = repr(value)
    return text if len(text) < 150 else f"{text[:20]}... of {len(value)} characters"


# ---- parts ----

AGENT = {"mbox": "mailto:ada@example.com"}
BOB = {"mbox": "mailto:bob@example.com"}
ACCOUNT = {"homePage": "https://lms.example.com/", "name": "ada"}
VERB = {"id": "https://example.com/verbs/did"}
ACTIVITY = {"id": "https://example.com/courses/1"}
UUID = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"
REF = {"objectType": "StatementRef", "id": UUID}
GROUP = {"objectType": "Group", "mbox": "mailto:crew@example.com"}
CREW = {"objectType": "Group", "member": [AGENT, BOB]}
SHA2 = "672fa5fa658017f1b72d65036f13379c6ab05d4ab3b6664908d8acf0b6a0c634"
ATTACHMENT = {"usageType": "https://example.com/attachments/report", "display": {"en": "report"},
              "contentType": "application/pdf", "length": 27, "sha2": SHA2}
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}
BASE = {"actor": AGENT, "verb": VERB, "object": ACTIVITY}


def merged(base, changes):
    result = copy.deepcopy(base)
    result.update(copy.deepcopy(changes))
    return result


def without(base, *keys):
    return {k: v for k, v in base.items() if k not in keys}


def st(**changes):
    return merged(BASE, changes)


def actor(**p):
    return st(actor=p)


def obj(**p):
    return st(object=p)


def defn(**p):
    return st(object=merged(ACTIVITY, {"definition": p}))


def result(**p):
    return st(result=p)


def score(**p):
    return result(score=p)


def context(**p):
    return st(context=p)


def attachment(**p):
    return st(attachments=[merged(ATTACHMENT, p)])


def sub(**p):
    return st(object=merged(merged(BASE, {"objectType": "SubStatement"}), p))


def ctx_agent(**p):
    return context(contextAgents=[merged({"objectType": "contextAgent", "agent": AGENT}, p)])


def ctx_group(**p):
    return context(contextGroups=[merged({"objectType": "contextGroup", "group": CREW}, p)])


def component(**p):
    return defn(interactionType="choice", choices=[merged({"id": "a"}, p)])


# ---- every property: accepted, null, another type, another case ----
# (pointer, builder of a statement from a value, accepted value, rule of another type)

OTHER_TYPE = {"value.string": 1, "value.number": "1", "value.boolean": "true", "value.object": [], "value.array": {}}
PROPERTIES = [
    ("/id", lambda v: st(id=v), UUID, "value.string"),
    ("/actor", lambda v: st(actor=v), AGENT, "value.object"),
    ("/verb", lambda v: st(verb=v), VERB, "value.object"),
    ("/object", lambda v: st(object=v), ACTIVITY, "value.object"),
    ("/result", lambda v: st(result=v), {}, "value.object"),
    ("/context", lambda v: st(context=v), {}, "value.object"),
    ("/timestamp", lambda v: st(timestamp=v), "2027-03-01T12:00:00Z", "value.string"),
    ("/stored", lambda v: st(stored=v), "2027-03-01T12:00:00.125Z", "value.string"),
    ("/authority", lambda v: st(authority=v), AGENT, "value.object"),
    ("/version", lambda v: st(version=v), "1.0.3", "value.string"),
    ("/attachments", lambda v: st(attachments=v), [ATTACHMENT], "value.array"),
    ("/actor/objectType", lambda v: actor(objectType=v, **AGENT), "Agent", "value.string"),
    ("/actor/name", lambda v: actor(name=v, **AGENT), "Ada", "value.string"),
    ("/actor/mbox", lambda v: actor(mbox=v), "mailto:ada@example.com", "value.string"),
    ("/actor/mbox_sha1sum", lambda v: actor(mbox_sha1sum=v), "ebd31e95054c018b10727ccffd2ef2ec3a016ee9", "value.string"),
    ("/actor/openid", lambda v: actor(openid=v), "https://ada.example.com/", "value.string"),
    ("/actor/account", lambda v: actor(account=v), ACCOUNT, "value.object"),
    ("/actor/account/homePage", lambda v: actor(account={"homePage": v, "name": "ada"}), "https://x.example/", "value.string"),
    ("/actor/account/name", lambda v: actor(account={"homePage": "https://x.example/", "name": v}), "ada", "value.string"),
    ("/actor/member", lambda v: actor(objectType="Group", member=v), [AGENT], "value.array"),
    ("/actor/member/0", lambda v: actor(objectType="Group", member=[v]), AGENT, "value.object"),
    ("/verb/id", lambda v: st(verb={"id": v}), "https://example.com/v", "value.string"),
    ("/verb/display", lambda v: st(verb=merged(VERB, {"display": v})), {"en": "did", "de-AT": ""}, "value.object"),
    ("/verb/display/en", lambda v: st(verb=merged(VERB, {"display": {"en": v}})), "", "value.string"),
    ("/object/objectType", lambda v: obj(objectType=v, **ACTIVITY), "Activity", "value.string"),
    ("/object/id", lambda v: obj(id=v), "https://example.com/a", "value.string"),
    ("/object/definition", lambda v: obj(id="https://example.com/a", definition=v), {}, "value.object"),
    ("/object/definition/name", lambda v: defn(name=v), {"fr-CA": "un"}, "value.object"),
    ("/object/definition/description", lambda v: defn(description=v), {}, "value.object"),
    ("/object/definition/type", lambda v: defn(type=v), "https://example.com/types/course", "value.string"),
    ("/object/definition/moreInfo", lambda v: defn(moreInfo=v), "https://example.com/more", "value.string"),
    ("/object/definition/extensions", lambda v: defn(extensions=v), {"https://example.com/x": None}, "value.object"),
    ("/object/definition/interactionType", lambda v: defn(interactionType=v), "other", "value.string"),
    ("/object/definition/correctResponsesPattern", lambda v: defn(interactionType="choice", correctResponsesPattern=v), ["a[,]b", ""], "value.array"),
    ("/object/definition/correctResponsesPattern/0", lambda v: defn(interactionType="choice", correctResponsesPattern=[v]), "a", "value.string"),
    ("/object/definition/choices", lambda v: defn(interactionType="choice", choices=v), [{"id": "a"}, {"id": "b"}], "value.array"),
    ("/object/definition/scale", lambda v: defn(interactionType="likert", scale=v), [{"id": "a"}], "value.array"),
    ("/object/definition/source", lambda v: defn(interactionType="matching", source=v), [{"id": "a"}], "value.array"),
    ("/object/definition/target", lambda v: defn(interactionType="matching", target=v), [{"id": "a"}], "value.array"),
    ("/object/definition/steps", lambda v: defn(interactionType="performance", steps=v), [{"id": "a"}], "value.array"),
    ("/object/definition/choices/0", lambda v: defn(interactionType="choice", choices=[v]), {"id": "a", "description": {"en": "A"}}, "value.object"),
    ("/object/definition/choices/0/id", lambda v: component(id=v), "b", "value.string"),
    ("/object/definition/choices/0/description", lambda v: component(description=v), {"en": "B"}, "value.object"),
    ("/result/score", lambda v: result(score=v), {}, "value.object"),
    ("/result/success", lambda v: result(success=v), True, "value.boolean"),
    ("/result/completion", lambda v: result(completion=v), False, "value.boolean"),
    ("/result/response", lambda v: result(response=v), "", "value.string"),
    ("/result/duration", lambda v: result(duration=v), "PT1M", "value.string"),
    ("/result/extensions", lambda v: result(extensions=v), {}, "value.object"),
    ("/result/score/scaled", lambda v: score(scaled=v), 0.5, "value.number"),
    ("/result/score/raw", lambda v: score(raw=v), -3, "value.number"),
    ("/result/score/min", lambda v: score(min=v), 1e3, "value.number"),
    ("/result/score/max", lambda v: score(max=v), 0, "value.number"),
    ("/context/registration", lambda v: context(registration=v), UUID, "value.string"),
    ("/context/instructor", lambda v: context(instructor=v), AGENT, "value.object"),
    ("/context/team", lambda v: context(team=v), GROUP, "value.object"),
    ("/context/contextActivities", lambda v: context(contextActivities=v), {}, "value.object"),
    ("/context/contextActivities/parent", lambda v: context(contextActivities={"parent": v}), [ACTIVITY], "value.array"),
    ("/context/contextActivities/grouping", lambda v: context(contextActivities={"grouping": v}), ACTIVITY, "value.array"),
    ("/context/contextActivities/category", lambda v: context(contextActivities={"category": v}), [], "value.array"),
    ("/context/contextActivities/other", lambda v: context(contextActivities={"other": v}), [ACTIVITY, ACTIVITY], "value.array"),
    ("/context/contextActivities/other/0", lambda v: context(contextActivities={"other": [v]}), ACTIVITY, "value.object"),
    ("/context/revision", lambda v: context(revision=v), "2", "value.string"),
    ("/context/platform", lambda v: context(platform=v), "lms", "value.string"),
    ("/context/language", lambda v: context(language=v), "en-GB", "value.string"),
    ("/context/statement", lambda v: context(statement=v), REF, "value.object"),
    ("/context/statement/id", lambda v: context(statement={"objectType": "StatementRef", "id": v}), UUID, "value.string"),
    ("/context/extensions", lambda v: context(extensions=v), {}, "value.object"),
    ("/context/contextAgents", lambda v: context(contextAgents=v), [], "value.array"),
    ("/context/contextAgents/0", lambda v: context(contextAgents=[v]), {"objectType": "contextAgent", "agent": AGENT}, "value.object"),
    ("/context/contextAgents/0/objectType", lambda v: ctx_agent(objectType=v), "contextAgent", "value.string"),
    ("/context/contextAgents/0/agent", lambda v: ctx_agent(agent=v), AGENT, "value.object"),
    ("/context/contextAgents/0/relevantTypes", lambda v: ctx_agent(relevantTypes=v), ["https://example.com/t"], "value.array"),
    ("/context/contextAgents/0/relevantTypes/0", lambda v: ctx_agent(relevantTypes=[v]), "https://example.com/t", "value.string"),
    ("/context/contextGroups", lambda v: context(contextGroups=v), [], "value.array"),
    ("/context/contextGroups/0", lambda v: context(contextGroups=[v]), {"objectType": "contextGroup", "group": CREW}, "value.object"),
    ("/context/contextGroups/0/objectType", lambda v: ctx_group(objectType=v), "contextGroup", "value.string"),
    ("/context/contextGroups/0/group", lambda v: ctx_group(group=v), CREW, "value.object"),
    ("/context/contextGroups/0/relevantTypes", lambda v: ctx_group(relevantTypes=v), ["https://example.com/t"], "value.array"),
    ("/attachments/0", lambda v: st(attachments=[v]), ATTACHMENT, "value.object"),
    ("/attachments/0/usageType", lambda v: attachment(usageType=v), "https://example.com/u", "value.string"),
    ("/attachments/0/display", lambda v: attachment(display=v), {"en": "d"}, "value.object"),
    ("/attachments/0/description", lambda v: attachment(description=v), {"en": "d"}, "value.object"),
    ("/attachments/0/contentType", lambda v: attachment(contentType=v), "text/plain", "value.string"),
    ("/attachments/0/length", lambda v: attachment(length=v), 0, "value.number"),
    ("/attachments/0/sha2", lambda v: attachment(sha2=v), SHA2, "value.string"),
    ("/attachments/0/fileUrl", lambda v: attachment(fileUrl=v), "https://example.com/f", "value.string"),
    ("/object/actor", lambda v: sub(actor=v), CREW, "value.object"),
    ("/object/verb", lambda v: sub(verb=v), VERB, "value.object"),
    ("/object/object", lambda v: sub(object=v), ACTIVITY, "value.object"),
    ("/object/result", lambda v: sub(result=v), {"score": {"scaled": 1}}, "value.object"),
    ("/object/context", lambda v: sub(context=v), {}, "value.object"),
    ("/object/timestamp", lambda v: sub(timestamp=v), "2027-03-01T12:00:00Z", "value.string"),
    ("/object/attachments", lambda v: sub(attachments=v), [ATTACHMENT], "value.array"),
]
for pointer, build, good, kind in PROPERTIES:
    accept(kind, f"{pointer}: accepted", build(good))
    refuse("value.null", pointer, f"{pointer}: null", build(None))
    # one Activity may stand for an array of them, so an object is no other type there
    other = 1 if pointer.startswith("/context/contextActivities/") else OTHER_TYPE[kind]
    refuse(kind, pointer, f"{pointer}: another type", build(other))
# number and string are easily mistaken for each other, and so are 0, 1, true and "true"
refuse("value.number", "/result/score/raw", "a number as a string", score(raw="12"))
refuse("value.boolean", "/result/success", "1 for true", result(success=1))
refuse("value.number", "/attachments/0/length", "true for a number", attachment(length=True))
refuse("value.string", "/result/response", "a response that is an object", result(response={"a": 1}))
accept("value.null", "null inside extension values", context(extensions={"https://example.com/x": {"a": [None, {"b": None}]}}))

# ---- unknown and missing properties ----

for pointer, statement in [
        ("/foo", st(foo=1)), ("/Timestamp", st(Timestamp="2027-03-01T12:00:00Z")), ("/objectType", st(objectType="Statement")),
        ("/actor/Name", actor(Name="Ada", **AGENT)), ("/actor/id", actor(id="https://example.com/", **AGENT)),
        ("/actor/definition", actor(definition={}, **AGENT)), ("/actor/MBOX", actor(MBOX="mailto:a@example.com", **AGENT)),
        ("/actor/account/homepage", actor(account=merged(ACCOUNT, {"homepage": "x"}))),
        ("/actor/member/0/role", actor(objectType="Group", member=[merged(AGENT, {"role": "x"})])),
        ("/verb/objectType", st(verb=merged(VERB, {"objectType": "Verb"}))), ("/verb/name", st(verb=merged(VERB, {"name": {}}))),
        ("/object/extensions", obj(extensions={}, **ACTIVITY)), ("/object/display", obj(display={}, **ACTIVITY)),
        ("/object/definition/objectType", defn(objectType="x")), ("/object/definition/Type", defn(Type="https://example.com/t")),
        ("/object/definition/choices/0/display", component(display={})),
        ("/result/Success", result(Success=True)), ("/result/passed", result(passed=True)),
        ("/result/score/weight", score(scaled=0, weight=1)),
        ("/context/parent", context(parent=[])), ("/context/Registration", context(Registration=UUID)),
        ("/context/contextActivities/Parent", context(contextActivities={"Parent": []})),
        ("/context/statement/version", context(statement=merged(REF, {"version": "1.0.0"}))),
        ("/context/contextAgents/0/group", ctx_agent(group=CREW)), ("/context/contextGroups/0/agent", ctx_group(agent=AGENT)),
        ("/attachments/0/name", attachment(name="x"))]:
    refuse("property.unknown", pointer, f"{pointer}: unknown property", statement)
accept("property.unknown", "unknown keys are free inside extension values",
       result(extensions={"https://example.com/x": {"foo": 1, "Foo": {"actor": []}}}))
refuse("property.unknown", "/a~1b~0c", "pointer escapes / and ~", st(**{"a/b~c": 1}))
refuse("property.unknown", "/actor/member", "member on an Agent", actor(member=[AGENT], **AGENT))
refuse("property.unknown", "/actor/member", "member on an explicit Agent", actor(objectType="Agent", member=[], **AGENT))
refuse("property.unknown", "/object/id", "id on an Agent object", obj(objectType="Agent", id="https://example.com/", **AGENT))
refuse("property.unknown", "/object/mbox", "mbox on an Activity", obj(id="https://example.com/", mbox="mailto:a@example.com"))
refuse("property.unknown", "/object/definition", "definition on a StatementRef", obj(objectType="StatementRef", id=UUID, definition={}))
for key, value in [("id", UUID), ("stored", "2027-03-01T12:00:00Z"), ("version", "1.0.0"), ("authority", AGENT)]:
    refuse("property.unknown", f"/object/{key}", f"{key} in a SubStatement", sub(**{key: value}))

for key in BASE:
    refuse("property.required", "", f"statement without {key}", without(BASE, key))
    refuse("property.required", "/object", f"SubStatement without {key}", st(object=merged(without(BASE, key), {"objectType": "SubStatement"})))
refuse("property.required", "", "empty object", {})
refuse("property.required", "/verb", "verb without id", st(verb={"display": {"en": "did"}}))
refuse("property.required", "/object", "activity without id", obj(definition={}))
refuse("property.required", "/object", "StatementRef without id", obj(objectType="StatementRef"))
refuse("property.required", "/actor/account", "account without homePage", actor(account={"name": "ada"}))
refuse("property.required", "/actor/account", "account without name", actor(account={"homePage": "https://x.example/"}))
refuse("property.required", "/object/definition/choices/0", "component without id", defn(interactionType="choice", choices=[{}]))
refuse("property.required", "/context/statement", "StatementRef of the context without objectType", context(statement={"id": UUID}))
refuse("property.required", "/context/contextActivities/parent/0", "context activity without id", context(contextActivities={"parent": [{}]}))
refuse("property.required", "/context/contextAgents/0", "contextAgent without objectType", context(contextAgents=[{"agent": AGENT}]))
refuse("property.required", "/context/contextAgents/0", "contextAgent without agent", context(contextAgents=[{"objectType": "contextAgent"}]))
refuse("property.required", "/context/contextGroups/0", "contextGroup without group", context(contextGroups=[{"objectType": "contextGroup"}]))
for key in ATTACHMENT:
    refuse("property.required", "/attachments/0", f"attachment without {key}", st(attachments=[without(ATTACHMENT, key)]))
accept("property.required", "the three required parts alone", BASE)
accept("property.required", "an attachment without fileUrl and description", st(attachments=[ATTACHMENT]))

# ---- duplicate keys (python's dict cannot hold them) ----

A, V, O = (json.dumps(x) for x in (AGENT, VERB, ACTIVITY))
refuse("property.duplicate", "/verb", "verb twice", '{"actor":%s,"verb":%s,"object":%s,"verb":%s}' % (A, V, O, V))
refuse("property.duplicate", "/verb", "verb twice, once escaped", '{"actor":%s,"verb":%s,"object":%s,"v\\u0065rb":%s}' % (A, V, O, V))
refuse("property.duplicate", "/object/id", "activity id twice", '{"actor":%s,"verb":%s,"object":{"id":"a:b","id":"a:b"}}' % (A, V))
refuse("property.duplicate", "/verb/display/en", "a language twice", '{"actor":%s,"verb":{"id":"a:b","display":{"en":"1","de":"2","en":"3"}},"object":%s}' % (A, O))
refuse("property.duplicate", "/context/extensions/a:b", "an extension twice", '{"actor":%s,"verb":%s,"object":%s,"context":{"extensions":{"a:b":1,"a:c":2,"a:b":3}}}' % (A, V, O))
refuse("property.duplicate", "/context/extensions/a:b", "an extension twice, once escaped", '{"actor":%s,"verb":%s,"object":%s,"context":{"extensions":{"a:b":1,"a:\\u0062":3}}}' % (A, V, O))
refuse("property.duplicate", "/context/extensions/a:5", "an extension twice among many", '{"actor":%s,"verb":%s,"object":%s,"context":{"extensions":{%s,"a:5":0}}}' % (A, V, O, ",".join('"a:%d":%d' % (i, i) for i in range(12))))
accept("property.duplicate", "the same key in two objects", result(extensions={"https://example.com/x": {"a": 1, "b": {"a": 1}}}))
accept("property.duplicate", "a duplicate inside an extension value is not looked at", '{"actor":%s,"verb":%s,"object":%s,"context":{"extensions":{"a:b":{"x":1,"x":2}}}}' % (A, V, O))
accept("property.duplicate", "twelve different extensions", context(extensions={"a:%d" % i: i for i in range(12)}))

# ---- formats ----

FORMATS = [
    ("format.uuid", "/id", lambda v: st(id=v),
     [UUID, UUID.upper(), "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "fD8faAaA-0000-f000-0000-0123456789AB"],
     ["", "{%s}" % UUID, "urn:uuid:" + UUID, UUID.replace("-", ""), UUID[:-1], UUID + "0", " " + UUID, UUID + " ",
      "9b1deb4d3-b7d-4bad-9bdd-2b0d7b3dcb6d", "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6g", "9b1deb4d_3b7d_4bad_9bdd_2b0d7b3dcb6d", "MAN-1"]),
    ("format.iri", "/verb/id", lambda v: st(verb={"id": v}),
     ["http://adlnet.gov/expapi/verbs/completed", "tag:example.com,2027:did", "urn:x", "course-v1:org+course+run", "https://пример.example/глагол",
      "https://例え.example/動詞?q=%E3%81%82#f", "x:y", "HTTP://EXAMPLE.COM/A/../b", "http://[2001:db8::1]/", "a+b.c-d:e", "http://example.com/" + "a" * 6000],
     ["", "verb", "ab=c://should.fail.com", "//example.com/x", "www.example.com", "http:", ":x", "1http://example.com", "http://example.com/a b", "http://example.com/\u00a0b",
      "http://example.com/\n", "http://example.com/<a>", 'http://example.com/"', "http://example.com/{a}", "http://example.com/a|b", "http://example.com/a\\b",
      "http://example.com/^", "http://example.com/`", "http://example.com/%", "http://example.com/%4", "http://example.com/%zz", "http://example.com/\u0000", "http://example.com/\u007f",
      "http://example.com/\u0085", "http://example.com/\u1680", "http://example.com/\u2003", "http://example.com/\u2028", "http://example.com/\u205f",
      "http://example.com/\u3000", "http://example.com/\ufffe"]),
    ("format.irl", "/object/definition/moreInfo", lambda v: defn(moreInfo=v),
     ["https://example.com/more", "ftp://example.com/x"], ["", "more", "ab=c://should.fail.com", "example.com/more"]),
    ("format.irl", "/attachments/0/fileUrl", lambda v: attachment(fileUrl=v), ["https://example.com/f.pdf"], ["f.pdf", ""]),
    ("format.irl", "/actor/account/homePage", lambda v: actor(account={"homePage": v, "name": "ada"}),
     ["https://lms.example.com", "http://пример.example/"], ["lms", "ab=c://should.fail.com"]),
    ("format.iri", "/object/id", lambda v: obj(id=v), ["urn:uuid:" + UUID, "https://example.com/ü"], ["", "course 1", UUID]),
    ("format.iri", "/object/definition/type", lambda v: defn(type=v), ["https://example.com/t"], ["course"]),
    ("format.iri", "/attachments/0/usageType", lambda v: attachment(usageType=v), ["http://adlnet.gov/expapi/attachments/signature"], ["signature"]),
    ("format.iri", "/context/contextAgents/0/relevantTypes/0", lambda v: ctx_agent(relevantTypes=[v]), ["https://example.com/coach"], ["coach", ""]),
    ("format.uri", "/actor/openid", lambda v: actor(openid=v),
     ["https://ada.openid.example.org/", "urn:ada"], ["ada.example.org", "https://адa.example.org/", "", "ab=c://should.fail.com"]),
    ("format.mbox", "/actor/mbox", lambda v: actor(mbox=v),
     ["mailto:ada@example.com", "mailto:ada.king+x@sub.example.co.uk", "mailto:Ada@EXAMPLE.com", "mailto:o'neil_%1@x.io", "mailto:jörg@пример.example"],
     ["", "ada@example.com", "mailto:", "mailto:ada", "mailto:ada@", "mailto:@example.com", "mailto:ada@example", "mailto:a da@example.com", "mailto:ada@exam ple.com",
      "mailto:ada@@example.com", "mailto:ada@.com", "mailto:ada@example.", "mailto:ada@example..com", "mailto:ada@example.com?subject=x", "mailto://ada.example.com",
      "Mailto:ada@example.com", "mailto:a@example.com,b@example.com", "http://example.com/"]),
    ("format.sha1", "/actor/mbox_sha1sum", lambda v: actor(mbox_sha1sum=v),
     ["ebd31e95054c018b10727ccffd2ef2ec3a016ee9", "EBD31E95054C018B10727CCFFD2EF2EC3A016EE9"],
     ["", "ebd31e95054c018b10727ccffd2ef2ec3a016ee", "ebd31e95054c018b10727ccffd2ef2ec3a016ee90", "gbd31e95054c018b10727ccffd2ef2ec3a016ee9"]),
    ("format.sha2", "/attachments/0/sha2", lambda v: attachment(sha2=v),
     [SHA2, SHA2.upper(), "a" * 56, "0" * 96, "f" * 128], ["", "a" * 55, "a" * 129, SHA2[:-1] + "x", SHA2[:-1] + " "]),
    ("format.timestamp", "/timestamp", lambda v: st(timestamp=v),
     ["2027-03-01T12:00:00Z", "2015-12-18T12:17:00+00:00", "2015-12-18T12:17:00.5-08:00", "2028-02-29T23:59:59.123456789012345678Z", "2000-02-29T00:00:00Z",
      "2016-12-31T23:59:60Z", "2017-01-01T01:29:60+01:30", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2027-03-01T12:00:00+0530", "2027-03-01T12:00:00-05",
      "2027-03-01T12:00:00", "2027-03-01t12:00:00z", "2008-09-15 15:53:00.601+00:00", "2027-03-01T12:00:00.000+23:59"],
     ["", "2027-03-01T12:00:00-00:00", "2027-03-01T12:00:00-0000", "2027-03-01T12:00:00-00", "2027-13-01T00:00:00Z", "2027-00-01T00:00:00Z", "2027-04-31T00:00:00Z",
      "2027-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2027-03-00T00:00:00Z", "2027-03-01T24:00:00Z", "2027-03-01T25:00:00Z", "2027-03-01T12:60:00Z", "2027-03-01T12:00:61Z",
      "2027-03-01T12:00:60Z", "2027-03-01T12:00:00+25:00", "2027-03-01T12:00:00+24:00", "2027-03-01T12:00:00+01:60", "2027-03-01T12:00:00+1:00", "01/011/2015",
      "yesterday", "now", "infinity", "epoch", "Jan 8 2027", "2027-03-01", "2027-03-01  12:00:00Z", "2027-03-01_12:00:00Z", "2027-03-01T12:00Z", "2027-03-01T12:00:00.Z", "2027-03-01T12:00:00,5Z",
      "2027-03-01T12:00:00 Z", "2027-03-01T12:00:00 Europe/Berlin", "20270301T120000Z", "2027-W09-1T12:00:00Z", "27-03-01T12:00:00Z", "2027-3-1T12:00:00Z",
      "2027-03-01T12:00:00ZZ", " 2027-03-01T12:00:00Z", "12027-03-01T12:00:00Z", "-027-03-01T12:00:00Z"]),
    ("format.timestamp", "/stored", lambda v: st(stored=v), ["2027-03-01T12:00:00.000Z"], ["2027-03-01T12:00:00-00:00", "today"]),
    ("format.timestamp", "/object/timestamp", lambda v: sub(timestamp=v), ["2027-03-01T12:00:00.000Z"], ["2027-02-30T12:00:00Z"]),
    ("format.duration", "/result/duration", lambda v: result(duration=v),
     ["PT0.1S", "P1DT12H36M0.12567S", "P3Y", "P4W", "PT16559.14S", "P1Y2M3DT4H5M6S", "PT1M", "P1M", "PT0S", "P0D", "P1YT1S", "P99999999999999999999Y", "PT1H1S",
      "PT4H35M59.14159265358979S"],
     ["", "P", "PT", "P1DT", "P4W1D", "P1Y4W", "P4WT1H", "p1d", "PA1H0M0S", "P0001-00-04T01:03:06.68", "P1S", "PT1D", "P1D1Y", "P1M1Y", "PT1S1M", "P1Y1Y", "PT1.5H",
      "P1.5D", "PT.5S", "PT1.S", "PT1,5S", "1 day", "P1D ", "-P1D", "P-1D", "PT1", "P1", "T1S", "PTT1S", "P1W2W"]),
    ("format.language_tag", "/context/language", lambda v: context(language=v),
     ["de", "cmn", "de-DE", "es-MX", "fr-CA", "zh-Hant", "sr-Cyrl", "sr-Latn-RS", "zh-Hans-CN", "x-klingon", "i-default", "en-x-a", "de-1996", "EN-gb", "ase", "zh-a-bbb-b-ccc",
      "en-a-bbb-x-a-a", "x-a-a"],
     ["", "something", "a12345678", "s-something", "a", "x", "i", "en-", "-en", "en--gb", "en-a12345678", "en_GB", "e1", "en gb", "ü", "zh-something-ccc",
      "zh-z-aaa-z-bbb-c-ccc", "zh-z-aaa-Z-bbb", "de-1-aa-1-bb", "en-a", "en-x"]),
    ("format.media_type", "/attachments/0/contentType", lambda v: attachment(contentType=v),
     ["text/plain", "application/vnd.api+json", "text/plain; charset=utf-8", 'multipart/mixed;boundary="a b\\"c"', "image/svg+xml"],
     ["", "text", "text/", "/plain", "text/plain;", "text/plain; charset", "text plain", "text/plain/x", " text/plain", 'text/plain; a="', "text/plä"]),
    ("statement.version", "/version", lambda v: st(version=v),
     ["1.0", "1.0.0", "1.0.3", "1.0.9", "1.0.32767", "2.0", "2.0.0", "2.0.1"],
     ["", "1", "0.9.9", "0.95", "1.1.0", "1.0.", "1.0.3 ", "v1.0.3", "1.0.3.1", "1.0.x", "1.00", "2.1.0", "3.0.0", "10.0.0", "2"]),
    ("interaction.type", "/object/definition/interactionType", lambda v: defn(interactionType=v),
     ["true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing", "likert", "numeric"],
     ["", "Choice", "CHOICE", "choices", "essay", "true_false"]),
    ("actor.type", "/actor/objectType", lambda v: actor(objectType=v, **AGENT), [], ["", "agent", "AGENT", "Person", "Activity", "group", "SubStatement"]),
    ("object.type", "/object/objectType", lambda v: obj(objectType=v, **ACTIVITY), [], ["", "activity", "statementref", "Statement", "Verb", "Substatement"]),
    ("activity.type", "/context/contextActivities/parent/0/objectType",
     lambda v: context(contextActivities={"parent": [merged(ACTIVITY, {"objectType": v})]}), ["Activity"], ["activity", "Agent", "StatementRef", ""]),
    *[("activity.type", f"/context/contextActivities/{kind}{place}/objectType",
       lambda v, kind=kind, place=place: context(contextActivities={kind: (lambda a: [a] if place else a)(merged(ACTIVITY, {"objectType": v}))}),
       ["Activity"], ["Group"])
      for kind in ("parent", "grouping", "category", "other") for place in ("", "/0") if kind + place != "parent/0"],
    ("statement_ref.type", "/context/statement/objectType", lambda v: context(statement={"objectType": v, "id": UUID}),
     ["StatementRef"], ["statementref", "Activity", "SubStatement", ""]),
    ("context_agent.type", "/context/contextAgents/0/objectType", lambda v: ctx_agent(objectType=v), ["contextAgent"], ["ContextAgent", "Agent", "contextGroup", ""]),
    ("context_group.type", "/context/contextGroups/0/objectType", lambda v: ctx_group(objectType=v), ["contextGroup"], ["ContextGroup", "Group", "contextAgent", ""]),
    ("score.scaled", "/result/score/scaled", lambda v: score(scaled=v), [-1, 1, 0, -0.0, 1.0, 0.999999999999], [1.0000001, -1.0000001, 2, -5, 1e3]),
    ("attachment.length", "/attachments/0/length", lambda v: attachment(length=v), [0, 27, 10**30], [1.5, -1, 27.0]),
]
for rule, pointer, build, good, bad in FORMATS:
    for value in good:
        accept(rule, f"{pointer} {shown(value)}", build(value))
    for value in bad:
        refuse(rule, pointer, f"{pointer} {shown(value)}", build(value))
refuse("format.uuid", "/object/id", "StatementRef with an IRI", obj(objectType="StatementRef", id="https://example.com/s"))
refuse("format.uuid", "/object/object/id", "StatementRef with an IRI in a SubStatement", sub(object={"objectType": "StatementRef", "id": "a:b"}))
refuse("format.uuid", "/context/registration", "registration in braces", context(registration="{" + UUID + "}"))
refuse("format.uuid", "/context/statement/id", "statement of the context without hyphens", context(statement={"objectType": "StatementRef", "id": UUID.replace("-", "")}))
refuse("format.iri", "/verb/id", "an IRI with half a surrogate pair", '{"actor":%s,"verb":{"id":"a:\\ud800"},"object":%s}' % (A, O))
accept("format.iri", "an IRI with an escaped surrogate pair", '{"actor":%s,"verb":{"id":"a:\\ud83d\\ude00"},"object":%s}' % (A, O))
for where, build in [("/result/extensions", lambda v: result(extensions=v)), ("/context/extensions", lambda v: context(extensions=v)),
                     ("/object/definition/extensions", lambda v: defn(extensions=v)), ("/object/result/extensions", lambda v: sub(result={"extensions": v}))]:
    refuse("format.iri", f"{where}/plain", f"{where}: key without a scheme", build({"plain": 1}))
    accept("format.iri", f"{where}: any values", build({"a:1": None, "a:2": "", "a:3": [], "a:4": {"": {}}, "a:5": 1e-7, "a:6": False}))
for where, build in [("/verb/display", lambda v: st(verb=merged(VERB, {"display": v}))), ("/object/definition/name", lambda v: defn(name=v)),
                     ("/object/definition/description", lambda v: defn(description=v)), ("/attachments/0/display", lambda v: attachment(display=v)),
                     ("/attachments/0/description", lambda v: attachment(description=v)),
                     ("/object/definition/choices/0/description", lambda v: component(description=v))]:
    refuse("format.language_tag", f"{where}/a12345678", f"{where}: bad language", build({"a12345678": "x"}))
    refuse("value.string", f"{where}/en", f"{where}: a value that is no string", build({"en": ["x"]}))
    accept("format.language_tag", f"{where}: two languages", build({"en": "x", "zh-Hans-CN": "y"}))
accept("attachment.length", "any number of digits", '{"actor":%s,"verb":%s,"object":%s,"attachments":[%s]}' % (A, V, O, json.dumps(ATTACHMENT).replace("27", "123456789012345678901234567890")))
refuse("attachment.length", "/attachments/0/length", "an exponent", '{"actor":%s,"verb":%s,"object":%s,"attachments":[%s]}' % (A, V, O, json.dumps(ATTACHMENT).replace("27", "1e3")))

# ---- actors ----

accept("actor.type", "an explicit Agent", actor(objectType="Agent", **AGENT))
accept("actor.type", "objectType last", '{"actor":{"member":[%s],"objectType":"Group"},"verb":%s,"object":%s}' % (A, V, O))
accept("agent.ifi", "account", actor(account=ACCOUNT))
accept("agent.ifi", "openid", actor(openid="https://ada.example.com/"))
IFIS = [("mbox", "mailto:ada@example.com"), ("mbox_sha1sum", "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"),
        ("openid", "https://ada.example.com/"), ("account", ACCOUNT)]
refuse("agent.ifi", "/actor", "an Agent without identifier", actor(name="Ada"))
refuse("agent.ifi", "/actor", "an empty actor", actor())
for i, (a, av) in enumerate(IFIS):
    for b, bv in IFIS[i + 1:]:
        refuse("agent.ifi", "/actor", f"an Agent with {a} and {b}", actor(**{a: av, b: bv}))
        refuse("group.ifi", "/actor", f"a Group with {a} and {b}", actor(objectType="Group", **{a: av, b: bv}))
    accept("group.ifi", f"a Group with {a}", actor(objectType="Group", **{a: av}))
    accept("agent.ifi", f"a member with {a}", actor(objectType="Group", member=[{a: av}]))
refuse("agent.ifi", "/object", "an Agent object without identifier", obj(objectType="Agent", name="Ada"))
accept("agent.ifi", "an Agent object", obj(objectType="Agent", **AGENT))
refuse("property.required", "/object", "an Agent object without objectType is an Activity", obj(**AGENT))
accept("group.member", "an anonymous Group", st(actor=CREW))
accept("group.member", "an identified Group with members", actor(objectType="Group", member=[AGENT, BOB], mbox="mailto:crew@example.com"))
accept("group.member", "an identified Group with an empty member list", actor(objectType="Group", member=[], mbox="mailto:crew@example.com"))
refuse("group.member", "/actor", "an anonymous Group without member", actor(objectType="Group", name="crew"))
refuse("group.member", "/actor", "an anonymous Group with no member", actor(objectType="Group", member=[]))
refuse("group.member", "/object", "an anonymous Group object without member", obj(objectType="Group"))
refuse("agent.type", "/actor/member/0/objectType", "a Group in a Group", actor(objectType="Group", member=[GROUP]))
refuse("agent.type", "/actor/member/1/objectType", "an anonymous Group in a Group", actor(objectType="Group", member=[AGENT, CREW]))
accept("agent.type", "members that say they are Agents", actor(objectType="Group", member=[merged(AGENT, {"objectType": "Agent"})]))
refuse("agent.type", "/context/contextAgents/0/agent/objectType", "a Group as contextAgent", ctx_agent(agent=CREW))
accept("group.type", "a team", context(team=CREW))
refuse("group.type", "/context/team", "an Agent as team", context(team=AGENT))
refuse("group.type", "/context/team/objectType", "an explicit Agent as team", context(team=merged(AGENT, {"objectType": "Agent"})))
refuse("group.type", "/context/contextGroups/0/group", "an Agent as contextGroup", ctx_group(group=AGENT))
accept("group.type", "a Group as instructor", context(instructor=CREW))
accept("group.type", "a Group object", obj(**CREW))
refuse("agent.ifi", "/context/instructor", "an instructor without identifier", context(instructor={"name": "x"}))

# ---- authority ----

accept("authority.group", "an Agent", st(authority=merged(AGENT, {"objectType": "Agent"})))
accept("authority.group", "an anonymous Group of two", st(authority={"objectType": "Group", "member": [{"account": ACCOUNT}, BOB]}))
refuse("authority.group", "/authority", "statement authority identified group is rejected", st(authority=merged(CREW, {"mbox": "mailto:crew@example.com"})))
refuse("authority.group", "/authority", "statement authority invalid three member", st(authority={"objectType": "Group", "member": [AGENT, BOB, {"account": ACCOUNT}]}))
refuse("authority.group", "/authority", "statement authority with one member", st(authority={"objectType": "Group", "member": [AGENT]}))
refuse("agent.ifi", "/authority", "an authority without identifier", st(authority={"name": "x"}))

# ---- objects ----

for kind, value in [("Activity", merged(ACTIVITY, {"objectType": "Activity"})), ("Agent", merged(AGENT, {"objectType": "Agent"})),
                    ("Group", CREW), ("StatementRef", REF), ("SubStatement", merged(BASE, {"objectType": "SubStatement"}))]:
    accept("object.type", f"an object of type {kind}", st(object=value))
accept("object.type", "objectType after everything else", '{"actor":%s,"verb":%s,"object":{"object":%s,"verb":%s,"actor":%s,"objectType":"SubStatement"}}' % (A, V, O, V, A))
refuse("substatement.nested", "/object/object/objectType", "a SubStatement in a SubStatement", sub(object={"objectType": "SubStatement"}))
accept("substatement.nested", "a StatementRef in a SubStatement", sub(object=REF))
accept("substatement.nested", "an Agent in a SubStatement", sub(object=merged(AGENT, {"objectType": "Agent"})))
refuse("property.unknown", "/object/object/verb", "a verb in the object of a SubStatement", sub(object=merged(ACTIVITY, {"verb": VERB})))
for key, value in [("correctResponsesPattern", []), ("choices", []), ("scale", []), ("source", []), ("target", []), ("steps", [])]:
    refuse("interaction.required", "/object/definition", f"{key} without interactionType", defn(**{key: value}))
    accept("interaction.required", f"{key} with interactionType", defn(**{key: value}, interactionType="other"))
    if key != "correctResponsesPattern":
        refuse("component.distinct", f"/object/definition/{key}/2/id", f"{key} with the same id twice",
               defn(interactionType="other", **{key: [{"id": "a"}, {"id": "b"}, {"id": "a"}]}))
accept("component.distinct", "the same id in two lists", defn(interactionType="matching", source=[{"id": "a"}], target=[{"id": "a"}]))
accept("component.distinct", "ids that differ in case", defn(interactionType="choice", choices=[{"id": "a"}, {"id": "A"}]))
refuse("component.distinct", "/object/definition/choices/1/id", "the same id, once escaped",
       '{"actor":%s,"verb":%s,"object":{"id":"a:b","definition":{"interactionType":"choice","choices":[{"id":"a"},{"id":"\\u0061"}]}}}' % (A, V))
refuse("component.distinct", "/object/definition/choices/12/id", "the same id among many",
       defn(interactionType="choice", choices=[{"id": str(i)} for i in range(12)] + [{"id": "3"}]))
accept("interaction.type", "a list of another interaction type is not refused", defn(interactionType="numeric", choices=[{"id": "a"}]))

# ---- voiding ----

accept("voiding.object", "a voiding statement", st(verb=VOIDED, object=REF))
refuse("voiding.object", "/object", "voiding an Activity", st(verb=VOIDED))
refuse("voiding.object", "/object", "voiding an Agent", st(verb=VOIDED, object=merged(AGENT, {"objectType": "Agent"})))
refuse("voiding.object", "/object", "voiding a SubStatement", st(verb=VOIDED, object=merged(BASE, {"objectType": "SubStatement"})))
refuse("voiding.object", "/object", "voiding, verb after object", '{"object":%s,"actor":%s,"verb":%s}' % (O, A, json.dumps(VOIDED)))
accept("voiding.object", "a StatementRef with another verb", st(object=REF))
accept("voiding.object", "the verb voided in a SubStatement voids nothing", sub(verb=VOIDED))

# ---- result ----

accept("score.number", "a small number", '{"actor":%s,"verb":%s,"object":%s,"result":{"score":{"raw":1e-400}}}' % (A, V, O))
refuse("score.number", "/result/score/raw", "a number beyond double", '{"actor":%s,"verb":%s,"object":%s,"result":{"score":{"raw":1e400}}}' % (A, V, O))
refuse("score.number", "/result/score/max", "a huge number beyond double", '{"actor":%s,"verb":%s,"object":%s,"result":{"score":{"max":1%s}}}' % (A, V, O, "0" * 400))
accept("score.number", "1e999999 in an extension is legal", '{"actor":%s,"verb":%s,"object":%s,"result":{"extensions":{"a:b":1e999999}}}' % (A, V, O))
accept("score.min_max", "min below max", score(raw=5, min=0, max=10))
refuse("score.min_max", "/result/score", "min equals max", score(min=1, max=1))
refuse("score.min_max", "/result/score", "min above max", score(raw=5, min=10, max=0))
accept("score.raw", "raw equals min", score(raw=0, min=0, max=10))
accept("score.raw", "raw equals max", score(raw=10, min=0, max=10))
accept("score.raw", "scaled need not agree with raw", score(scaled=0.1, raw=10, min=0, max=10))
refuse("score.raw", "/result/score/raw", "raw below min", score(raw=-1, min=0, max=10))
refuse("score.raw", "/result/score/raw", "raw above max", score(raw=11, min=0, max=10))
refuse("score.raw", "/result/score/raw", "raw below min, no max", score(raw=-0.1, min=0))
refuse("score.raw", "/result/score/raw", "raw above max, no min", score(raw=10.1, max=10))
refuse("score.scaled", "/object/result/score/scaled", "scaled beyond 1 in a SubStatement", sub(result={"score": {"scaled": 1.5}}))

# ---- context ----

OBJECTS = [("an Agent", merged(AGENT, {"objectType": "Agent"})), ("a Group", CREW), ("a StatementRef", REF),
           ("a SubStatement", merged(BASE, {"objectType": "SubStatement"}))]
for key in ("revision", "platform"):
    rule = f"context.{key}"
    accept(rule, f"{key} with an Activity without objectType", context(**{key: "x"}))
    accept(rule, f"{key} with an explicit Activity", merged(context(**{key: "x"}), {"object": merged(ACTIVITY, {"objectType": "Activity"})}))
    for what, value in OBJECTS:
        refuse(rule, f"/context/{key}", f"{key} with {what}", merged(context(**{key: "x"}), {"object": value}))
    for what, value in OBJECTS[:3]:
        refuse(rule, f"/object/context/{key}", f"{key} with {what} in a SubStatement", sub(context={key: "x"}, object=value))
    accept(rule, f"{key} with an Activity in a SubStatement", sub(context={key: "x"}))
    refuse(rule, f"/context/{key}", f"{key} before the object", '{"context":{"%s":"x"},"actor":%s,"verb":%s,"object":{"id":"%s","objectType":"StatementRef"}}' % (key, A, V, UUID))
accept("relevant_types.empty", "relevantTypes may be absent", ctx_agent())
accept("relevant_types.empty", "one relevant type", ctx_group(relevantTypes=["https://example.com/t"]))
refuse("relevant_types.empty", "/context/contextAgents/0/relevantTypes", "no relevant type of an agent", ctx_agent(relevantTypes=[]))
refuse("relevant_types.empty", "/context/contextGroups/0/relevantTypes", "no relevant type of a group", ctx_group(relevantTypes=[]))
accept("context_agent.type", "contextAgents in a SubStatement", sub(context={"contextAgents": [{"objectType": "contextAgent", "agent": AGENT}]}))

# ---- JSON itself ----

MALFORMED = [
    ("", "no text", ""), ("", "blanks only", " \t\r\n"), ("/actor", "an open object", '{"actor":'), ("", "a bare word", "nul"), ("", "a comment", "{}/**/"),
    ("", "two texts", "{} {}"), ("", "a trailing comma", '{"actor":{},}'), ("", "single quotes", "{'actor':1}"), ("", "a key without quotes", "{actor:1}"),
    ("/id", "a missing value", '{"id":}'), ("/id", "NaN", '{"id":NaN}'), ("/id", "a plus sign", '{"id":+1}'), ("/id", "a leading zero", '{"id":01}'),
    ("/id", "a bare fraction", '{"id":.5}'), ("/id", "a bare decimal point", '{"id":1.}'), ("/id", "an empty exponent", '{"id":1e}'), ("/id", "a minus alone", '{"id":-}'),
    ("/id", "a hexadecimal number", '{"id":0x1}'), ("/id", "an unknown escape", '{"id":"\\x41"}'), ("/id", "a short escape", '{"id":"\\u12"}'),
    ("/id", "a raw newline in a string", '{"id":"a\nb"}'), ("/id", "a raw tab in a string", '{"id":"a\tb"}'), ("/id", "an open string", '{"id":"abc'),
    ("/context/extensions/a:b/1", "two values without a comma", '{"context":{"extensions":{"a:b":[1,2 3]}}}'),
    ("/context/extensions/a:b/0", "a bracket that does not match", '{"context":{"extensions":{"a:b":[1}}}'),
    ("", "a byte order mark", "\ufeff{}"), ("", "True", '{"id":1,True:2}'),
]
for pointer, name, text in MALFORMED:
    refuse("json.syntax", pointer, f"JSON: {name}", text)
for name, text in [("a string", '"x"'), ("a number", "1"), ("null", "null"), ("true", "true"), ("an array", "[]"), ("an array of statements", json.dumps([BASE]))]:
    refuse("value.null" if text == "null" else "value.object", "", f"JSON: {name} instead of an object", text)
accept("json.syntax", "JSON: blanks everywhere", json.dumps(BASE, indent="\t").replace("\n", " \r\n "))
accept("json.syntax", "JSON: keys and values escaped", '{"\\u0061ctor":%s,"verb":{"id":"\\u0068ttp:\\/\\/example.com"},"object":%s}' % (A, O))
accept("json.syntax", "JSON: \\u0000 and lone surrogates in strings",
       '{"actor":{"name":"\\u0000\\ud800","mbox":"mailto:a@example.com"},"verb":%s,"object":%s,"result":{"response":"\\udc00\\ud83d"}}' % (V, O))
accept("json.syntax", "JSON: every escape", '{"actor":%s,"verb":%s,"object":%s,"result":{"response":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9é😀"}}' % (A, V, O))
accept("json.syntax", "JSON: numbers of every form", '{"actor":%s,"verb":%s,"object":%s,"result":{"extensions":{"a:b":[0,-0,1.5,-1.50e+1,1E-2,1e999999]}}}' % (A, V, O))
accept("json.syntax", "JSON: 500 arrays deep in an extension", '{"actor":%s,"verb":%s,"object":%s,"result":{"extensions":{"a:b":%s}}}' % (A, V, O, "[" * 500 + "]" * 500))

# ---- whole statements of the specification's kind ----

accept("property.required", "everything at once", {
    "id": UUID, "actor": {"objectType": "Group", "name": "crew", "account": ACCOUNT, "member": [merged(AGENT, {"name": "Ada"}), BOB]},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en-US": "answered"}},
    "object": {"objectType": "Activity", "id": "https://example.com/q/1", "definition": {
        "name": {"en": "Q"}, "description": {"en": "?"}, "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "moreInfo": "https://example.com/", "interactionType": "choice", "correctResponsesPattern": ["a"],
        "choices": [{"id": "a", "description": {"en": "A"}}], "extensions": {"https://example.com/x": [1]}}},
    "result": {"score": {"scaled": 0.8, "raw": 8, "min": 0, "max": 10}, "success": True, "completion": True, "response": "a",
               "duration": "PT1M4.25S", "extensions": {"https://example.com/x": {}}},
    "context": {"registration": UUID, "instructor": BOB, "team": CREW, "revision": "r1", "platform": "lms", "language": "en",
                "statement": REF, "extensions": {},
                "contextActivities": {"parent": ACTIVITY, "grouping": [ACTIVITY], "category": [], "other": [ACTIVITY]},
                "contextAgents": [{"objectType": "contextAgent", "agent": AGENT, "relevantTypes": ["https://example.com/t"]}],
                "contextGroups": [{"objectType": "contextGroup", "group": CREW, "relevantTypes": ["https://example.com/t"]}]},
    "timestamp": "2027-03-01T12:00:00.125Z", "stored": "2027-03-01T12:00:01Z", "authority": {"objectType": "Agent", "account": ACCOUNT},
    "version": "2.0.0", "attachments": [merged(ATTACHMENT, {"description": {"en": "d"}, "fileUrl": "https://example.com/f"})]})
