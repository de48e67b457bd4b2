#!/usr/bin/env python3
"""Prints statements of many kinds, one a line: what the compression dictionary is trained on.

usage: dictionary_corpus.py [NUMBER] [SEED]

Made up from the published vocabularies (ADL verbs and activity types, cmi5, the video,
SCORM and Tin Can profiles) and from how common clients spell a statement. No real
person, organisation or activity is in it. The same seed gives the same statements.
"""
import json
import random
import sys
import uuid

R = random.Random()

ADL = 'http://adlnet.gov/expapi/'
VERBS = {
    ADL + 'verbs/': ['answered', 'asked', 'attempted', 'attended', 'commented', 'completed', 'exited', 'experienced', 'failed',
                     'imported', 'initialized', 'interacted', 'launched', 'mastered', 'passed', 'preferred', 'progressed',
                     'registered', 'responded', 'resumed', 'scored', 'shared', 'suspended', 'terminated'],
    'https://w3id.org/xapi/adl/verbs/': ['abandoned', 'satisfied', 'waived', 'logged-in', 'logged-out'],
    'https://w3id.org/xapi/video/verbs/': ['played', 'paused', 'seeked', 'interacted', 'terminated', 'initialized', 'completed'],
    'http://id.tincanapi.com/verb/': ['viewed', 'downloaded', 'skipped', 'reviewed', 'rated', 'earned', 'evaluated', 'mentored',
                                      'mentored-by', 'previewed', 'replied-to-tweet', 'selected', 'edited', 'hired', 'promoted',
                                      'enrolled-onto-learning-plan', 'adjourned', 'applauded', 'focused', 'unfocused'],
    'http://activitystrea.ms/schema/1.0/': ['join', 'leave', 'open', 'close', 'read', 'watch', 'submit', 'create', 'update',
                                            'start', 'complete', 'share', 'save', 'search', 'like', 'follow', 'attend', 'host', 'access'],
    'https://xapi.edu/verbs/': ['bookmarked', 'practised', 'observed', 'approved', 'assigned'],
    'http://www.tincanapi.co.uk/verbs/': ['enrolled_onto_learning_plan', 'evaluated'],
    'https://w3id.org/xapi/dod-isd/verbs/': ['accepted', 'assessed', 'assigned', 'certified', 'demonstrated', 'practiced', 'trained', 'verified', 'studied', 'used'],
}
ADL_TYPES = [ADL + 'activities/' + t for t in (
    'course', 'module', 'lesson', 'assessment', 'question', 'interaction', 'cmi.interaction', 'objective', 'simulation', 'media',
    'meeting', 'performance', 'profile', 'link', 'file', 'attempt')]
OTHER_TYPES = ['https://w3id.org/xapi/video/activity-type/video', 'https://w3id.org/xapi/cmi5/activitytype/course',
               'https://w3id.org/xapi/cmi5/activitytype/block', 'http://activitystrea.ms/schema/1.0/page', 'http://activitystrea.ms/schema/1.0/article',
               'http://activitystrea.ms/schema/1.0/video', 'http://activitystrea.ms/schema/1.0/event', 'http://activitystrea.ms/schema/1.0/badge',
               'http://id.tincanapi.com/activitytype/lms', 'http://id.tincanapi.com/activitytype/site', 'http://id.tincanapi.com/activitytype/webinar',
               'http://id.tincanapi.com/activitytype/discussion', 'http://id.tincanapi.com/activitytype/document', 'http://id.tincanapi.com/activitytype/source',
               'http://id.tincanapi.com/activitytype/chapter', 'http://id.tincanapi.com/activitytype/slide', 'http://id.tincanapi.com/activitytype/slide-deck',
               'http://id.tincanapi.com/activitytype/survey', 'http://id.tincanapi.com/activitytype/user-profile', 'http://id.tincanapi.com/activitytype/resource',
               'http://id.tincanapi.com/activitytype/forum-topic', 'http://id.tincanapi.com/activitytype/school-assignment', 'http://id.tincanapi.com/activitytype/category',
               'http://id.tincanapi.com/activitytype/vocabulary-word', 'http://id.tincanapi.com/activitytype/security-role', 'http://activitystrea.ms/schema/1.0/application',
               'https://w3id.org/xapi/virtual-classroom/activity-types/virtual-classroom', 'https://w3id.org/xapi/acrossx/activities/webinar', 'https://w3id.org/xapi/acrossx/activities/video',
               'https://w3id.org/xapi/acrossx/activities/online-discussion', 'https://w3id.org/xapi/acrossx/activities/message']
LANGUAGES = ['en-US', 'en-GB', 'en', 'de-DE', 'de', 'fr-FR', 'fr', 'es', 'es-ES', 'nl', 'it', 'pt-BR', 'ja', 'zh-CN', 'sv-SE', 'und']
DISPLAY = {'completed': {'de': 'abgeschlossen', 'fr': 'a terminé', 'es': 'completó'}, 'passed': {'de': 'bestanden', 'fr': 'a réussi', 'es': 'aprobó'},
           'failed': {'de': 'nicht bestanden', 'fr': 'a échoué', 'es': 'fracasó'}, 'answered': {'de': 'beantwortete', 'fr': 'a répondu', 'es': 'contestó'},
           'experienced': {'de': 'erlebte', 'fr': 'a éprouvé', 'es': 'experimentó'}, 'attempted': {'de': 'versuchte', 'fr': 'a essayé', 'es': 'intentó'},
           'initialized': {'de': 'initialisierte', 'fr': 'a initialisé', 'es': 'inicializó'}, 'viewed': {'de': 'angesehen', 'fr': 'a vu', 'es': 'vio'}}
HOSTS = ['https://lms.example.com', 'https://learning.example.org', 'http://example.com', 'https://moodle.example.edu', 'https://academy.example.net',
         'https://www.example.com', 'http://localhost', 'https://learn.example.de', 'https://courses.example.fr', 'https://hr.example.com', 'https://portal.example.com']
SUBJECTS = ['safety', 'compliance', 'data protection', 'leadership', 'onboarding', 'sales', 'product', 'security awareness', 'first aid', 'project management',
            'communication', 'python', 'sql', 'statistics', 'customer service', 'negotiation', 'quality', 'fire safety', 'anatomy', 'history', 'mathematics',
            'accessibility', 'anti-corruption', 'machine operation', 'hygiene', 'time management', 'feedback', 'coaching', 'change management', 'ethics']
WORDS = '''account administration agile analysis analytics architecture assessment audit authentication automation awareness balance behaviour budget building business
calculation certificate chemical claims classroom cloud collaboration commercial community competence competency conduct configuration conflict construction contract control culture
cyber dashboard database decision delivery design development diagnosis digital diversity documentation driving electrical emergency emissions employee energy engineering environment equipment
evaluation evidence experience export field finance fundamentals governance guideline handling hazardous health incident inclusion induction information innovation inspection installation
insurance integration interview inventory invoice knowledge laboratory language lean learning legal licence logistics maintenance management marketing materials measurement mechanical medical
meeting mentoring methods migration modelling monitoring network nursing office operations optimisation orders organisation patient payment performance personal planning platform policy
practice presentation pressure prevention principles privacy problem procedure process procurement production productivity professional programming protection purchasing recruiting
regulation relations reliability reporting requirements research responsibility retail review risk robotics routine sampling scheduling science self-service service skills software solution
spreadsheet standards storage strategy supervisor supply support sustainability systems teaching team technical technician techniques technology telephone testing theory tools training
transport troubleshooting user validation vehicle warehouse welding wellbeing workflow workplace workshop writing'''.split()
FORMS = ['Introduction to {}', '{} basics', 'Advanced {}', '{} refresher', '{}: module {n}', 'Chapter {n}: {}', 'Quiz {n}: {}', '{} for managers', 'Final test {}',
         'Lesson {n} - {}', '{} job aid', 'Webinar: {}', '{} in practice', 'Video {n}: {}', 'Checklist {}', 'Einführung in {}', 'Introduction à {}', 'Curso de {}']
FIRST = ['Anna', 'Ben', 'Carla', 'David', 'Elif', 'François', 'Grace', 'Hiro', 'Inés', 'Jürgen', 'Katarzyna', 'Liam', 'Mia', 'Noah', 'Olga', 'Paul', 'Quynh', 'Rosa', 'Søren', 'Tom', 'Sally', 'Andrew']
LAST = ['Smith', 'Müller', 'García', 'Nguyen', 'Dubois', 'Rossi', 'Kowalski', 'Sato', 'Johansson', 'Silva', 'Brown', 'Glasgow', 'Downes', 'Learner', 'Jones', 'Lee']
CMI5_CATEGORIES = ['https://w3id.org/xapi/cmi5/context/categories/cmi5', 'https://w3id.org/xapi/cmi5/context/categories/moveon']
VIDEO = 'https://w3id.org/xapi/video/extensions/'


def pick(items):
    return R.choice(items)


def maybe(p):
    return R.random() < p


def new_uuid():
    return str(uuid.UUID(int=R.getrandbits(128), version=4))


def slug():
    if maybe(.4):
        return '-'.join(pick(WORDS) for _ in range(R.randint(2, 4)))
    return pick(SUBJECTS).replace(' ', pick(['-', '-', '_'])) + pick(['', '', '-%d' % R.randint(1, 400), '/%d' % R.randint(1, 40)])


def words(n):
    out = ' '.join(pick(WORDS) for _ in range(n))
    return pick([out, out.capitalize(), out.capitalize(), out.replace(' ', pick([' and ', ' for ', ' in ', ' of ', ' with ']), 1)])


def title():
    if maybe(.4):
        return words(R.randint(2, 4))
    return pick(FORMS).format(pick(SUBJECTS).capitalize() if maybe(.6) else pick(SUBJECTS), n=R.randint(1, 12))


def language():
    return pick(LANGUAGES[:3]) if maybe(.7) else pick(LANGUAGES)


def verb(name=None, base=None):
    if name is None:
        base = pick([ADL + 'verbs/'] * 6 + list(VERBS))
        name = pick(VERBS[base])
    base = base or ADL + 'verbs/'
    out = {'id': base + name}
    if maybe(.9):
        display = {language(): name.replace('_', ' ')}
        if maybe(.12):
            for tag, text in DISPLAY.get(name, {}).items():
                display[tag if maybe(.5) else {'de': 'de-DE', 'fr': 'fr-FR', 'es': 'es-ES'}[tag]] = text
        out['display'] = display
    return out


def agent(named=.6):
    first, last = pick(FIRST), pick(LAST)
    out = {}
    if maybe(.7):
        out['objectType'] = 'Agent'
    if maybe(named):
        out['name'] = first + ' ' + last if maybe(.8) else new_uuid()
    kind = R.random()
    if kind < .42:
        out['mbox'] = 'mailto:%s.%s%s@example.%s' % (first.lower(), last.lower(), pick(['', '', str(R.randint(1, 99999))]), pick(['com', 'com', 'org', 'net', 'edu', 'de']))
    elif kind < .92:
        name = pick([str(R.randint(1, 99999)), new_uuid(), 'u%06d' % R.randint(0, 999999), 'E%05d' % R.randint(0, 99999), (first[0] + last).lower(), '%s.%s' % (first.lower(), last.lower())])
        out['account'] = {'homePage': pick(HOSTS) + pick(['', '', '/', '/users'])}
        out['account']['name'] = name
        if maybe(.4):
            out['account'] = dict(reversed(list(out['account'].items())))
    elif kind < .96:
        out['mbox_sha1sum'] = '%040x' % R.getrandbits(160)
    else:
        out['openid'] = 'https://id.example.com/%s%d' % (first.encode('ascii', 'ignore').decode().lower(), R.randint(1, 99))
    if maybe(.25):
        out = dict(reversed(list(out.items())))
    return out


def group(members=True):
    out = {'objectType': 'Group'}
    if maybe(.7):
        out['name'] = pick(['Team', 'Cohort', 'Class', 'Group']) + ' ' + pick(['A', 'B', '1', '2026', 'North', 'Support'])
    if not members or maybe(.3):
        out['account'] = {'homePage': pick(HOSTS), 'name': 'group-%d' % R.randint(1, 500)}
    if members:
        out['member'] = [agent() for _ in range(R.randint(2, 5))]
    return out


def activity(type_=None, definition=.85, object_type=.65):
    out = {}
    type_ = type_ or pick(ADL_TYPES[:4] * 3 + ADL_TYPES + OTHER_TYPES)
    host = pick(HOSTS)
    form = R.randint(0, 9)
    kind = type_.rsplit('/', 1)[1]
    iri = [host + '/activities/' + slug(), host + '/course/' + slug(), host + '/courses/%d' % R.randint(1, 9999), host + '/course/view.php?id=%d' % R.randint(2, 9999),
           host + '/mod/%s/view.php?id=%d' % (pick(['quiz', 'scorm', 'page', 'forum', 'resource', 'assign', 'lesson', 'url', 'h5pactivity', 'feedback', 'book']), R.randint(2, 99999)),
           'http://adlnet.gov/expapi/activities/' + slug(), 'urn:uuid:' + new_uuid(), host + '/xapi/activities/' + kind + '/' + new_uuid(),
           'course-v1:Example+%s+2026' % slug(), host + '/' + kind + 's/' + slug()][form]
    out['id'] = iri
    if maybe(object_type):
        out['objectType'] = 'Activity'
    if maybe(definition):
        d = {'name': {language(): title()}}
        if maybe(.35):
            d['description'] = {language(): pick(['', 'A course about ', 'Learn the basics of ', 'This module covers ', 'Test your knowledge of ']) + pick(SUBJECTS) + pick(['', '.', ' for new employees.', ' at work.'])}
            if maybe(.5):
                d['description'] = {language(): words(R.randint(4, 12)).capitalize() + '.' + pick(['', ' Takes about %d minutes.' % R.randint(5, 120), ' Duration: %d minutes.' % R.randint(5, 120), ' ' + words(R.randint(4, 9)).capitalize() + '.'])}
        if maybe(.85):
            d['type'] = type_
        if maybe(.06):
            d['moreInfo'] = host + '/info/' + slug()
        if maybe(.08):
            d['extensions'] = {pick(['https://w3id.org/learning-analytics/learning-management-system/external-id', 'https://w3id.org/xapi/cmi5/context/extensions/masteryscore',
                                     'http://id.tincanapi.com/extension/duration', host + '/xapi/extensions/' + pick(['version', 'duration', 'difficulty', 'topic', 'level'])]): pick([str(R.randint(1, 9999)), R.randint(1, 100), slug()])}
        if maybe(.4):
            d = dict(reversed(list(d.items())))
        out['definition'] = d
    if maybe(.3):
        out = dict(reversed(list(out.items())))
    return out


def interaction():
    kind = pick(['true-false', 'choice', 'choice', 'choice', 'fill-in', 'long-fill-in', 'matching', 'sequencing', 'likert', 'numeric', 'performance', 'other'])
    out = activity(pick([ADL + 'activities/cmi.interaction'] * 3 + [ADL + 'activities/question', ADL + 'activities/interaction']), definition=1)
    d = out['definition']
    d['interactionType'] = kind
    options = [{'id': pick(['choice%d', 'answer-%d', '%d', 'option_%d', 'c%d']) % n, 'description': {language(): pick(['Yes', 'No', 'None of these', 'All of the above', pick(SUBJECTS), title()])}} for n in range(R.randint(2, 4))]
    response = options[0]['id']
    if kind == 'true-false':
        response = pick(['true', 'false'])
    elif kind in ('fill-in', 'long-fill-in', 'other', 'performance'):
        response = pick(SUBJECTS)
    elif kind == 'numeric':
        response = str(R.randint(0, 100))
    elif kind == 'matching':
        d['source'] = options
        d['target'] = [{'id': str(n), 'description': {'en-US': pick(SUBJECTS)}} for n in range(len(options))]
        response = '[,]'.join('%s[.]%d' % (o['id'], n) for n, o in enumerate(options))
    elif kind == 'likert':
        d['scale'] = [{'id': 'likert_%d' % n, 'description': {'en-US': t}} for n, t in enumerate(['Strongly disagree', 'Disagree', 'Neutral', 'Agree', 'Strongly agree'])]
        response = 'likert_%d' % R.randint(0, 4)
    else:
        d['choices'] = options
        if kind == 'sequencing':
            response = '[,]'.join(o['id'] for o in options)
    d['correctResponsesPattern'] = [response]
    return out, response


def seconds(digits=None):
    value = R.expovariate(1 / 600)
    return ('%.*f' % (digits if digits is not None else pick([0, 0, 1, 2, 2, 3]), value))


def duration():
    return pick(['PT%sS' % seconds(), 'PT%dM%dS' % (R.randint(0, 59), R.randint(0, 59)), 'PT%dH%dM%dS' % (R.randint(0, 5), R.randint(0, 59), R.randint(0, 59)), 'PT%dM' % R.randint(1, 90),
                 'P0DT0H%dM%sS' % (R.randint(0, 59), seconds(2)), 'PT0H%dM%dS' % (R.randint(0, 59), R.randint(0, 59))])


def score():
    top = pick([100, 100, 100, 10, 5, 20, 1])
    raw = R.randint(0, top)
    out = {}
    if maybe(.9):
        out['scaled'] = round(raw / top, pick([1, 2, 2, 4]))
    if maybe(.7):
        out['raw'] = raw if maybe(.8) else float(raw)
        if maybe(.8):
            out['min'] = 0
            out['max'] = top
    if not out:
        out['raw'] = raw
    if maybe(.3):
        out = dict(reversed(list(out.items())))
    return out


def result(scored=.5, response=None):
    out = {}
    if maybe(scored):
        out['score'] = score()
    if maybe(.6):
        out['success'] = maybe(.75)
    if maybe(.6):
        out['completion'] = maybe(.9)
    if response is not None:
        out['response'] = response
    if maybe(.55):
        out['duration'] = duration()
    if maybe(.12):
        out['extensions'] = {pick(['https://w3id.org/xapi/cmi5/result/extensions/progress', 'http://id.tincanapi.com/extension/progress', 'https://w3id.org/xapi/seriousgames/extensions/progress',
                                   'http://learninglocker.net/xapi/cmi/fraction/raw', 'https://lms.example.com/xapi/extensions/attempt', 'http://id.tincanapi.com/extension/attempt-id']): pick([R.randint(0, 100), round(R.random(), 2)])}
    if maybe(.3):
        out = dict(reversed(list(out.items())))
    return out


def platform():
    return pick(['Moodle', 'Example LMS', 'LMS', 'Articulate Storyline', 'web', 'iOS', 'Android', 'lms', 'Learning Portal', 'H5P', 'Open edX', 'Virtual Classroom', 'Captivate'])


def context(activity_object=True):
    out = {}
    if maybe(.6):
        out['registration'] = new_uuid()
    activities = {}
    if maybe(.6):
        activities['parent'] = [activity(pick(ADL_TYPES[:3]), definition=.6)]
    if maybe(.5):
        activities['grouping'] = [activity(pick(ADL_TYPES[:3] + OTHER_TYPES), definition=.6) for _ in range(R.randint(1, 2))]
    if maybe(.4):
        activities['category'] = [{'id': pick(['https://w3id.org/xapi/video', 'https://w3id.org/xapi/scorm', 'http://www.risc-inc.com/annotator/1.0', 'https://w3id.org/xapi/cmi5/context/categories/cmi5', 'https://w3id.org/xapi/virtual-classroom',
                                               'http://id.tincanapi.com/recipe/attended/1', 'https://w3id.org/xapi/acrossx', 'http://h5p.org/libraries/H5P.%s-1.%d' % (pick(['MultiChoice', 'TrueFalse', 'DragQuestion', 'Blanks', 'InteractiveVideo', 'CoursePresentation', 'QuestionSet']), R.randint(1, 22))])}]
        if maybe(.5):
            activities['category'][0]['objectType'] = 'Activity'
    if maybe(.08):
        activities.setdefault('grouping', []).append({'objectType': 'Activity', 'id': pick(HOSTS) + '/competency/' + slug(), 'definition': {'name': {language(): title()}, 'type': pick(['https://w3id.org/xapi/competency', 'http://adlnet.gov/expapi/activities/objective', 'http://id.tincanapi.com/activitytype/competency'])}})
    if 'category' in activities and maybe(.15):
        activities['category'][0]['definition'] = {'type': 'http://adlnet.gov/expapi/activities/profile'}
    if maybe(.05):
        activities['other'] = [activity()]
    if activities:
        out['contextActivities'] = activities
    if maybe(.15):
        out['instructor'] = agent()
    if maybe(.06):
        out['team'] = group()
    if activity_object and maybe(.5):
        out['platform'] = platform()
    if maybe(.4):
        out['language'] = language()
    if activity_object and maybe(.05):
        out['revision'] = pick(['1', '1.0', '2.1.0', 'v3'])
    if maybe(.15):
        out['extensions'] = {pick(['https://w3id.org/xapi/cmi5/context/extensions/sessionid', 'http://id.tincanapi.com/extension/session-id', 'https://w3id.org/xapi/openedx/extension/transformer-version', 'http://id.tincanapi.com/extension/ip-address',
                                   'http://id.tincanapi.com/extension/browser-info', 'http://lrs.learninglocker.net/define/extensions/info', 'https://lms.example.com/xapi/extensions/department']): pick([new_uuid(), '192.0.2.1', slug(), 'event-routing-backends@9.0.0', {'http://moodle.org': '4.3.2', 'event_name': '\\mod_quiz\\event\\attempt_submitted'}])}
    if maybe(.3):
        out = dict(reversed(list(out.items())))
    return out


def moment():
    base = '202%d-%02d-%02dT%02d:%02d:%02d' % (R.randint(1, 8), R.randint(1, 12), R.randint(1, 28), R.randint(6, 21), R.randint(0, 59), R.randint(0, 59))
    return base + pick(['Z', '.%03dZ' % R.randint(0, 999), '.%03dZ' % R.randint(0, 999), '.%06dZ' % R.randint(0, 999999), '+00:00', '.%06d+00:00' % R.randint(0, 999999), '+01:00', '+02:00', '-05:00', '.%03d+02:00' % R.randint(0, 999)])


# ---- kinds of statements: each gives the members without id, timestamp, authority, version ----

def plain():
    return {'actor': agent(), 'verb': verb(), 'object': activity()}


def scored():
    return {'actor': agent(), 'verb': verb(pick(['completed', 'passed', 'failed', 'scored', 'attempted', 'mastered'])), 'object': activity(), 'result': result(.9), 'context': context()}


def with_context():
    return {'actor': agent(), 'verb': verb(), 'object': activity(), 'context': context()}


def cmi5():
    name = pick(['launched', 'initialized', 'completed', 'passed', 'failed', 'terminated', 'abandoned', 'waived', 'satisfied'])
    base = 'https://w3id.org/xapi/adl/verbs/' if name in ('abandoned', 'waived', 'satisfied') else None
    c = {'registration': new_uuid(),
         'contextActivities': {'grouping': [{'id': pick(HOSTS) + '/cmi5/' + slug(), 'objectType': 'Activity'}],
                               'category': [{'id': CMI5_CATEGORIES[0]}] + ([{'id': CMI5_CATEGORIES[1]}] if name in ('completed', 'passed', 'failed', 'waived') else [])},
         'extensions': {'https://w3id.org/xapi/cmi5/context/extensions/sessionid': new_uuid()}}
    if name in ('passed', 'failed'):
        c['extensions']['https://w3id.org/xapi/cmi5/context/extensions/masteryscore'] = pick([.8, .7, .5, .6, .9])
    if name == 'waived':
        c['extensions'] = {'https://w3id.org/xapi/cmi5/context/extensions/sessionid': new_uuid()}
    if name == 'launched':
        c['extensions'].update({'https://w3id.org/xapi/cmi5/context/extensions/launchmode': pick(['Normal', 'Browse', 'Review']), 'https://w3id.org/xapi/cmi5/context/extensions/launchurl': pick(HOSTS) + '/content/index.html',
                                'https://w3id.org/xapi/cmi5/context/extensions/moveon': pick(['Passed', 'Completed', 'CompletedAndPassed', 'CompletedOrPassed', 'NotApplicable']), 'https://w3id.org/xapi/cmi5/context/extensions/launchparameters': ''})
    out = {'actor': {'objectType': 'Agent', 'account': {'homePage': pick(HOSTS), 'name': pick([new_uuid(), str(R.randint(1, 9999))])}}, 'verb': verb(name, base), 'object': activity(definition=.5), 'context': c}
    if name in ('completed', 'passed', 'failed'):
        out['result'] = {'duration': duration()}
        out['result']['completion' if name == 'completed' else 'success'] = name != 'failed'
        if name != 'completed':
            out['result']['score'] = score()
    elif name in ('waived', 'abandoned'):
        out['result'] = {'success': True, 'completion': True, 'extensions': {'https://w3id.org/xapi/cmi5/result/extensions/reason': pick(['Tested Out', 'Equivalent AU', 'Equivalent Outside Activity', 'Administrative'])}} if name == 'waived' else {'duration': duration()}
    elif name == 'terminated':
        out['result'] = {'duration': duration()}
    return out


def video():
    name = pick(['played', 'paused', 'seeked', 'interacted', 'initialized', 'terminated', 'completed'])
    base = ADL + 'verbs/' if name in ('initialized', 'terminated', 'completed', 'interacted') else 'https://w3id.org/xapi/video/verbs/'
    length = round(R.uniform(30, 3600), 3)
    at = round(R.uniform(0, length), 3)
    ext = {VIDEO + 'time': at}
    if name in ('paused', 'terminated', 'completed'):
        ext[VIDEO + 'progress'] = round(at / length, 3)
        ext[VIDEO + 'played-segments'] = '[,]'.join('%s[.]%s' % (round(R.uniform(0, length), 3), round(R.uniform(0, length), 3)) for _ in range(R.randint(1, 3)))
    if name == 'seeked':
        ext = {VIDEO + 'time-from': at, VIDEO + 'time-to': round(R.uniform(0, length), 3)}
        if maybe(.3):
            ext[VIDEO + 'length'] = length
    cext = {VIDEO + 'session-id': new_uuid()}
    if maybe(.5) or name in ('initialized', 'interacted'):
        cext.update({VIDEO + 'length': length, VIDEO + 'completion-threshold': 1.0, VIDEO + 'full-screen': maybe(.2), VIDEO + 'screen-size': '1920x1080', VIDEO + 'video-playback-size': '640x360', VIDEO + 'cc-enabled': maybe(.2), VIDEO + 'cc-subtitle-lang': 'en',
                     VIDEO + 'speed': '1x', VIDEO + 'volume': 1, VIDEO + 'quality': '960x400', VIDEO + 'track': 'x', VIDEO + 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'})
    c = {'contextActivities': {'category': [{'id': 'https://w3id.org/xapi/video'}]}, 'extensions': cext}
    if maybe(.5):
        c['contextActivities']['parent'] = [{'id': 'course-v1:Example+%s+session01' % slug(), 'objectType': 'Activity', 'definition': {'type': 'http://adlnet.gov/expapi/activities/course'}}]
    if maybe(.4):
        c['language'] = language()
    r = {'extensions': ext}
    if name == 'completed':
        r.update({'completion': True, 'duration': duration()})
    o = activity('https://w3id.org/xapi/video/activity-type/video')
    return {'actor': agent(.3), 'verb': verb(name, base), 'object': o, 'result': r, 'context': c}


def scorm():
    c = context()
    c['contextActivities'] = {'category': [{'id': 'https://w3id.org/xapi/scorm'}], 'parent': [{'id': pick(HOSTS) + '/scorm/' + slug()}], 'grouping': [{'id': pick(HOSTS) + '/scorm/' + slug() + '?attemptId=' + new_uuid()}]}
    return {'actor': agent(), 'verb': verb(pick(['initialized', 'terminated', 'suspended', 'resumed', 'completed', 'passed', 'failed', 'scored', 'responded'])), 'object': activity(ADL + 'activities/' + pick(['course', 'lesson', 'attempt', 'objective'])), 'result': result(), 'context': c}


def moodle():
    host = pick(HOSTS)
    kind = pick(['quiz', 'scorm', 'page', 'forum', 'resource', 'assign', 'lesson', 'url', 'book', 'feedback', 'bigbluebuttonbn'])
    course = {'id': host + '/course/view.php?id=%d' % R.randint(2, 999), 'definition': {'type': 'https://w3id.org/xapi/cmi5/activitytype/course', 'name': {'en': title()}, 'extensions': {'https://w3id.org/learning-analytics/learning-management-system/short-id': slug(), 'https://w3id.org/learning-analytics/learning-management-system/external-id': str(R.randint(1, 9999))}}}
    return {'actor': {'name': pick(FIRST) + ' ' + pick(LAST), 'account': {'homePage': host, 'name': str(R.randint(2, 99999))}},
            'verb': pick([{'id': 'http://id.tincanapi.com/verb/viewed', 'display': {'en': 'Viewed'}}, {'id': ADL + 'verbs/completed', 'display': {'en': 'Completed'}}, {'id': 'http://www.tincanapi.co.uk/verbs/enrolled_onto_learning_plan', 'display': {'en': 'enrolled onto'}},
                          {'id': 'https://w3id.org/xapi/adl/verbs/logged-in', 'display': {'en': 'Logged In'}}, {'id': 'http://activitystrea.ms/schema/1.0/start', 'display': {'en': 'Started'}}, {'id': ADL + 'verbs/scored', 'display': {'en': 'Received grade for'}}, {'id': 'http://activitystrea.ms/schema/1.0/submit', 'display': {'en': 'Submitted'}}]),
            'object': {'id': host + '/mod/%s/view.php?id=%d' % (kind, R.randint(2, 99999)), 'definition': {'type': pick(ADL_TYPES[:6] + OTHER_TYPES), 'name': {'en': title()}}},
            'context': {'platform': 'Moodle', 'language': 'en', 'extensions': {'http://lrs.learninglocker.net/define/extensions/info': {'http://moodle.org': '4.1.2 (Build: 20230313)', 'https://github.com/xAPI-vle/moodle-logstore_xapi': 'v4.7.0', 'event_name': '\\mod_%s\\event\\course_module_viewed' % kind, 'event_function': '\\src\\transformer\\events\\mod_%s\\course_module_viewed' % kind}},
                        'contextActivities': {'grouping': [{'id': host, 'definition': {'type': 'http://id.tincanapi.com/activitytype/lms', 'name': {'en': 'Example'}}}, course], 'category': [{'id': 'http://moodle.org', 'definition': {'type': 'http://id.tincanapi.com/activitytype/source', 'name': {'en': 'Moodle'}}}]}}}


def h5p():
    o, response = interaction()
    o['definition'].setdefault('extensions', {}).update({'http://h5p.org/x-api/h5p-local-content-id': R.randint(1, 9999)})
    if maybe(.4):
        o['definition']['extensions']['http://h5p.org/x-api/h5p-subContentId'] = new_uuid()
    return {'actor': {'name': pick(FIRST), 'mbox': 'mailto:%s@example.com' % pick(FIRST).lower(), 'objectType': 'Agent'}, 'verb': {'id': ADL + 'verbs/' + (n := pick(['answered', 'interacted', 'attempted', 'completed', 'progressed'])), 'display': {'en-US': n}}, 'object': o,
            'context': {'contextActivities': {'category': [{'id': 'http://h5p.org/libraries/H5P.%s-1.%d' % (pick(['MultiChoice', 'TrueFalse', 'DragQuestion', 'Blanks', 'InteractiveVideo', 'QuestionSet']), R.randint(1, 22)), 'objectType': 'Activity'}], 'parent': [{'id': pick(HOSTS) + '/h5p/%d' % R.randint(1, 999), 'objectType': 'Activity'}]}, 'extensions': {}},
            'result': {'score': {'min': 0, 'max': 1, 'raw': 1, 'scaled': 1}, 'completion': True, 'success': True, 'duration': 'PT%sS' % seconds(2), 'response': response}}


def answered():
    o, response = interaction()
    return {'actor': agent(), 'verb': verb(pick(['answered', 'responded', 'attempted'])), 'object': o, 'result': result(.5, response), 'context': context()}


def classroom():
    return {'actor': agent() if maybe(.8) else group(), 'verb': verb(pick(['attended', 'registered', 'exited', 'interacted', 'asked', 'commented', 'shared'])) if maybe(.6) else verb(pick(['join', 'leave', 'host', 'attend']), 'http://activitystrea.ms/schema/1.0/'),
            'object': activity(pick([ADL + 'activities/meeting', 'https://w3id.org/xapi/virtual-classroom/activity-types/virtual-classroom', 'http://id.tincanapi.com/activitytype/webinar'])), 'result': result(.1), 'context': context()}


def job():
    return {'actor': agent(), 'verb': verb(pick(['viewed', 'downloaded', 'reviewed', 'rated', 'mentored', 'mentored-by', 'evaluated', 'earned']), 'http://id.tincanapi.com/verb/') if maybe(.5) else verb(pick(['demonstrated', 'assessed', 'practiced', 'used', 'verified']), 'https://w3id.org/xapi/dod-isd/verbs/'),
            'object': activity(), 'result': result(.3), 'context': context()}


def reference():
    return {'actor': agent(), 'verb': verb(pick(['commented', 'shared'])) if maybe(.5) else {'id': ADL + 'verbs/voided', 'display': {'en-US': 'voided'}}, 'object': {'objectType': 'StatementRef', 'id': new_uuid()}}


def person_object():
    return {'actor': agent(), 'verb': verb('mentored', 'http://id.tincanapi.com/verb/'), 'object': dict(agent(), objectType='Agent'), 'context': context(False)}


def substatement():
    return {'actor': agent(), 'verb': verb(pick(['planned', 'assigned']), 'http://activitystrea.ms/schema/1.0/'), 'object': {'objectType': 'SubStatement', 'actor': agent(), 'verb': verb(), 'object': activity(), 'context': context()}}


def attachment():
    out = scored()
    sign = maybe(.4)
    out['attachments'] = [{'usageType': ADL + 'attachments/signature' if sign else 'http://id.tincanapi.com/attachment/' + pick(['supporting_media', 'certificate-of-completion']), 'display': {'en-US': 'Signature' if sign else pick(['Certificate', 'Photo', 'Report', 'Essay'])},
                           'contentType': 'application/octet-stream' if sign else pick(['application/pdf', 'image/jpeg', 'text/plain']), 'length': R.randint(100, 99999), 'sha2': '%064x' % R.getrandbits(256)}]
    if maybe(.4):
        out['attachments'][0]['fileUrl'] = pick(HOSTS) + '/files/' + new_uuid()
    return out


def two():
    out = with_context()
    out['context']['contextAgents'] = [{'objectType': 'contextAgent', 'agent': agent(), 'relevantTypes': ['https://example.com/xapi/roles/' + pick(['mentor', 'facilitator', 'assessor', 'observer'])]}]
    if maybe(.5):
        out['context']['contextGroups'] = [{'objectType': 'contextGroup', 'group': group(), 'relevantTypes': ['https://example.com/xapi/roles/' + pick(['cohort', 'team'])]}]
    out['version'] = '2.0.0'
    return out


KINDS = [plain] * 5 + [scored] * 7 + [with_context] * 6 + [cmi5] * 6 + [video] * 6 + [scorm] * 3 + [moodle] * 3 + [h5p] * 3 + [answered] * 4 + [classroom] * 3 + [job] * 3 + [reference] * 2 + [person_object, substatement, attachment, two]
ORDERS = [['id', 'actor', 'verb', 'object', 'result', 'context', 'timestamp', 'stored', 'authority', 'version', 'attachments'],
          ['actor', 'verb', 'object', 'result', 'context', 'timestamp', 'id', 'version', 'attachments', 'authority', 'stored'],
          ['id', 'timestamp', 'actor', 'verb', 'object', 'context', 'result', 'version', 'authority', 'stored', 'attachments'],
          ['version', 'id', 'timestamp', 'actor', 'verb', 'result', 'context', 'object', 'attachments', 'authority', 'stored'],
          ['id', 'version', 'actor', 'verb', 'object', 'context', 'timestamp', 'result', 'stored', 'authority', 'attachments'],
          ['verb', 'version', 'timestamp', 'object', 'actor', 'stored', 'result', 'context', 'id', 'authority', 'attachments'],
          ['verb', 'context', 'result', 'id', 'actor', 'object', 'timestamp', 'stored', 'authority', 'version', 'attachments'],
          ['actor', 'context', 'id', 'object', 'result', 'timestamp', 'verb', 'version', 'attachments', 'authority', 'stored']]


def by_length(value):
    """Members in the order in which jsonb prints them."""
    if isinstance(value, dict):
        return {k: by_length(value[k]) for k in sorted(value, key=lambda k: (len(k), k))}
    if isinstance(value, list):
        return [by_length(v) for v in value]
    return value


def statement():
    out = pick(KINDS)()
    if maybe(.9):
        out['id'] = new_uuid()
    if maybe(.9):
        out['timestamp'] = moment()
    if maybe(.25):
        out['stored'] = moment()
    if maybe(.5):
        out.setdefault('version', pick(['1.0.3', '1.0.0', '1.0.1', '1.0.2']))
    if maybe(.5):
        out['authority'] = {'objectType': 'Agent', 'account': {'homePage': pick(HOSTS) + '/', 'name': pick(['anonymous', 'lms', 'api-client', 'xapi', new_uuid()])}} if maybe(.6) else {'objectType': 'Agent', 'name': pick(['LMS', 'API Client', 'New Client']), 'mbox': 'mailto:' + pick(['lms', 'hello', 'xapi', 'lrs', 'admin']) + '@example.com'}
    order = pick(ORDERS[:1] * 4 + ORDERS)
    out = {k: out[k] for k in order if k in out}
    style = R.random()
    if style < .45:
        return json.dumps(out, ensure_ascii=False, separators=(',', ':'))
    if style < .72:
        return json.dumps(out, ensure_ascii=maybe(.2))
    if style < .9:
        return json.dumps(by_length(out), ensure_ascii=False)
    return json.dumps(out, ensure_ascii=False, separators=(', ', ' : '))


def main():
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    R.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for _ in range(number):
        print(statement())


main()
