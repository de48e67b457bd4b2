#!/usr/bin/env python3
"""Prints statements of many kinds, one a line: what the model of statement texts is trained on.

usage: model_corpus.py [NUMBER] [SEED] [marked | strange]

Made up from the published vocabularies (ADL verbs and activity types, cmi5, the video,
SCORM and Tin Can profiles) and from how common clients spell a statement. No real
person, organisation or activity is in it. The same seed gives the same statements.

A statement comes from a Producer: a client that always writes members in the same
order, with the same blanks, and names languages and agents in one way.

`marked` puts a ~ before and behind all content that no other organisation would share
(names, titles, hosts, slugs), for model_phrases.py; ~ is allowed in IRIs and text,
and occurs nowhere else. `strange` shuffles the letters of such content: the model does
not know all words of those who will use it.
"""
import json
import os
import random
import re
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
         'https://www.example.com', 'http://localhost', 'https://learn.example.de', 'https://courses.example.fr', 'https://staff.example.com', 'https://portal.example.com']
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
COMMON = {}						# words by block of model_words.txt
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'model_words.txt'), encoding='utf-8') as file:
    for line in file:
        if not line.startswith('#'):
            block, words_of_block = line.split(':', 1)
            COMMON[block] = words_of_block.split()
FIRST = COMMON['names-1']
LAST = COMMON['names-2']
LANGUAGE_BLOCKS = [['en-1', 'en-2', 'en-3', 'en-4', 'en-5']] * 12 + [['de-1', 'de-2']] * 4 + [['fr-1', 'fr-2'], ['es-1', 'es-2'], ['fr-1', 'fr-2'], ['es-1', 'es-2'], ['nl-1'], ['it-1'], ['pt-1'], ['sv-1'], ['fi-1'], ['pl-1'], ['tr-1'], ['ja-1'], ['zh-1'], ['ru-1'], ['el-1'], ['ar-1']]
CMI5_CATEGORIES = ['https://w3id.org/xapi/cmi5/context/categories/cmi5', 'https://w3id.org/xapi/cmi5/context/categories/moveon']
VIDEO = 'https://w3id.org/xapi/video/extensions/'


FORM = None						# of own content: None, 'marked' or 'strange'


def shuffled(word):
    letters = list(word.group())
    R.shuffle(letters)
    return ''.join(letters)


def own(text):
    """Content of one organisation."""
    if FORM == 'marked' and text:
        return '~%s~' % text
    if FORM == 'strange':
        return re.sub('[a-z]+', shuffled, text)
    return text


def pick(items):
    return R.choice(items)


def maybe(p):
    return R.random() < p


def new_uuid():
    return str(uuid.UUID(int=R.getrandbits(128), version=4))


# ---- producers ----

STATEMENT_ORDERS = {
    'specification': 'id actor verb object result context timestamp stored authority version attachments',
    'wrapper': 'actor verb object result context timestamp id version attachments authority stored',
    'context first': 'id actor verb object context result timestamp version authority stored attachments',
    'time first': 'id timestamp actor verb object context result version authority stored attachments',
    'object last': 'id timestamp actor verb result context authority object version attachments stored',
    'version first': 'version id timestamp actor verb result context object attachments authority stored',
    'store': 'id version actor verb object context timestamp result stored authority attachments',
    'service': 'verb version timestamp object actor stored result context id authority attachments',
    'converter': 'verb context result id actor object timestamp stored authority version attachments',
    'sorted': 'actor attachments authority context id object result stored timestamp verb version'}
AGENT_ORDERS = ['objectType name mbox mbox_sha1sum openid account member', 'name mbox mbox_sha1sum openid account objectType member', 'mbox mbox_sha1sum openid account name objectType member',
                'objectType mbox mbox_sha1sum openid account name member', 'name objectType mbox mbox_sha1sum openid account member', 'objectType account mbox mbox_sha1sum openid name member']
ACTIVITY_ORDERS = ['objectType id definition', 'id objectType definition', 'id definition objectType', 'definition id objectType', 'objectType definition id']
DEFINITION_ORDERS = ['name description type moreInfo', 'type name description moreInfo', 'name type description moreInfo', 'description name type moreInfo', 'type moreInfo name description']
SCORE_ORDERS = ['scaled raw min max', 'raw min max scaled', 'min max raw scaled', 'max min raw scaled', 'scaled min max raw', 'raw scaled min max', 'raw max min scaled']
RESULT_ORDERS = ['score success completion response duration extensions', 'completion success score duration response extensions', 'success completion score response duration extensions',
                 'score completion success duration response extensions', 'duration success completion score response extensions', 'response duration score success completion extensions',
                 'success duration completion response extensions score', 'extensions score success completion response duration']
CONTEXT_ORDERS = ['registration instructor team platform language revision statement contextActivities extensions contextAgents contextGroups', 'registration contextActivities instructor team revision platform language statement extensions contextAgents contextGroups',
                  'contextActivities registration revision platform language instructor team extensions statement contextAgents contextGroups', 'registration revision platform language extensions instructor team contextActivities statement contextAgents contextGroups',
                  'platform language extensions contextActivities registration instructor team revision statement contextAgents contextGroups', 'extensions contextActivities registration instructor team platform language revision statement contextAgents contextGroups',
                  'language platform registration contextActivities extensions instructor team revision statement contextAgents contextGroups', 'contextActivities extensions registration platform language revision instructor team statement contextAgents contextGroups',
                  'instructor contextActivities registration platform language revision team statement extensions contextAgents contextGroups']
ACTIVITIES_ORDERS = ['parent grouping category other', 'category parent grouping other', 'grouping parent category other', 'category grouping parent other', 'grouping category parent other']
COMPACT, SPACED, SORTED_BY_LENGTH, WIDE, ASCII, SPACED_ASCII = range(6)


class Producer:
    """How one client writes: nothing of it changes from statement to statement."""

    def __init__(self, order='specification', spelling=COMPACT, display='en-US', agent=0, activity=0, definition=0, score=0, result=0, context=0, activities=0, account=0,
                 agent_type=True, activity_type=True, related_type=True, named=True, ids=None, defined=.95, described=.4, lone=False, title=None, category='typed', related_defined=.6, kinds=None, version='1.0.3', scheme='https'):
        self.order = STATEMENT_ORDERS[order].split()
        self.spelling = spelling
        self.display = display
        self.title = title or ('en-US' if display is None else 'und' if display == 'many' else display)
        self.category = category    # how the profile in the context is written: id, typed, profile
        self.agent = AGENT_ORDERS[agent].split()
        self.account = ['homePage', 'name'] if account == 0 else ['name', 'homePage']
        self.activity = ACTIVITY_ORDERS[activity].split()
        self.definition = DEFINITION_ORDERS[definition].split()
        self.score = SCORE_ORDERS[score].split()
        self.result = RESULT_ORDERS[result].split()
        self.context = CONTEXT_ORDERS[context].split()
        self.activities = ACTIVITIES_ORDERS[activities].split()
        self.agent_type = agent_type
        self.activity_type = activity_type
        self.related_type = related_type
        self.named = named
        self.ids = ids or ['mbox', 'account', 'account']
        self.defined = defined
        self.described = described
        self.related_defined = related_defined
        self.lone = lone			# a lone context activity stands without an array
        self.kinds = kinds
        self.version = version
        self.scheme = scheme
        self.hosts = None
        self.titles = []


def made_up_producer():
    return Producer(order=pick(['specification'] * 4 + list(STATEMENT_ORDERS)), spelling=pick([COMPACT] * 5 + [SPACED] * 3 + [SORTED_BY_LENGTH, SORTED_BY_LENGTH, WIDE, ASCII, SPACED_ASCII]),
                    display=pick(['en-US', 'en-US', 'en', 'en-GB', None, 'de', 'fr', 'many']), agent=R.choice([0, 0, 0] + list(range(len(AGENT_ORDERS)))), activity=R.choice([0, 0, 1, 1] + list(range(len(ACTIVITY_ORDERS)))),
                    definition=R.choice([0, 0, 0, 1, 1] + list(range(len(DEFINITION_ORDERS)))), score=R.choice([0, 0, 0] + list(range(len(SCORE_ORDERS)))), result=R.choice([0, 0, 0] + list(range(len(RESULT_ORDERS)))),
                    context=R.choice([0, 0, 1] + list(range(len(CONTEXT_ORDERS)))), activities=R.choice([0, 0] + list(range(len(ACTIVITIES_ORDERS)))), account=pick([0, 0, 1]), agent_type=maybe(.75), activity_type=maybe(.7), related_type=maybe(.7),
                    named=maybe(.7), ids=pick([None, ['mbox'], ['account'], ['mbox_sha1sum'], ['openid', 'mbox']]), defined=pick([1, .9, .5, 0]), described=pick([0, 0, .5, 1]), related_defined=pick([1, .5, 0]), lone=maybe(.1), title=pick([None, 'en', 'en-US']), category=pick(['id', 'typed', 'profile']),
                    version=pick([None, None, '1.0.0', '1.0.3', '1.0.1', '1.0.2', '2.0.0']), scheme=pick(['https', 'https', 'https', 'http']))


P = None						# the producer of the statement that is being made


def ordered(value, order):
    """Members in the producer's order; others at the end."""
    return {**{k: value[k] for k in order if k in value}, **value}


# ---- parts ----

def common_word(blocks):
    """A word of these blocks; the first ones of a block most often."""
    block = COMMON[pick(blocks)]
    return block[min(int(R.paretovariate(.6) * 4) - 4, R.randrange(len(block)) if maybe(.5) else len(block) - 1)]


def text_of_words(low, high):
    """Words of one language, with punctuation."""
    blocks = pick(LANGUAGE_BLOCKS)
    out = [common_word(blocks) for _ in range(R.randint(low, high))]
    for i in range(1, len(out)):
        if maybe(.06):
            out[i - 1] += pick([',', ',', ':', ';', ' -', ' –', ' ·', '.', ' /', ' &', '!', '?'])
        elif maybe(.02):
            out[i] = pick(['“%s”', '‘%s’', '(%s)', '„%s“', "'%s'", '«%s»', '<b>%s</b>']) % out[i]
        elif maybe(.03):
            out[i] = str(R.randint(0, pick([9, 99, 2030])))
        elif maybe(.08):
            out[i] = out[i].capitalize()
    out = ('' if blocks[0][:2] in ('ja', 'zh') else ' ').join(out)
    return pick([out, out[:1].upper() + out[1:], out[:1].upper() + out[1:], out.title()])


ASCII_OF = str.maketrans('äöüáéíóúàèìòùâêîôûçñãõåøłśżźęąğışćńőřě', 'aouaeiouaeiouaeioucnaoaolszzeagiscnore')


def slug_of(text):
    return re.sub('[^a-z0-9]+', pick(['-', '-', '-', '_']), text.lower().translate(ASCII_OF)).strip('-_') or 'x'


def made_up_host():
    names = [pick(COMMON['slugs']) if maybe(.6) else slug_of(pick(COMMON[pick(['en-2', 'en-4', 'en-5', 'names-2', 'cities'])])) for _ in range(R.randint(1, 2))]
    return pick(['', '', 'www.', 'lms.', 'learn.', 'staff.', 'academy.', 'portal.', 'moodle.']) + pick(['-', '', '.']).join(names) + '.' + pick(['com', 'com', 'com', 'org', 'net', 'de', 'fr', 'eu', 'io', 'edu', 'co.uk', 'es', 'example', 'nl', 'se', 'fi', 'ch', 'at', 'gov', 'local'])


def host():
    """The same few hosts in one statement."""
    if P.hosts is None:
        P.hosts = [pick(HOSTS).split('//')[1] if maybe(.25) else made_up_host() for _ in range(pick([1, 2, 2, 3]))]
    return P.scheme + '://' + own(pick(P.hosts))


def slug():
    if maybe(.5):
        # as content systems make them of titles, which follow
        P.titles.append(text_of_words(1, 6))
        return own(slug_of(P.titles[-1]) + pick(['', '', '', '-%d' % R.randint(1, 20), '/%d' % R.randint(1, 9)]))
    if maybe(.4):
        return own('-'.join(pick(WORDS) for _ in range(R.randint(2, 4))))
    return own(pick(SUBJECTS).replace(' ', pick(['-', '-', '_'])) + pick(['', '', '-%d' % R.randint(1, 400), '/%d' % R.randint(1, 40)]))


def number(top, low=1):
    return own(str(R.randint(low, top)))


def words(n):
    out = ' '.join(pick(WORDS) for _ in range(n))
    return pick([out, out.capitalize(), out.capitalize(), out.replace(' ', pick([' and ', ' for ', ' in ', ' of ', ' with ']), 1)])


def title():
    if P.titles and maybe(.7):
        return own(P.titles.pop())
    if maybe(.5):
        return own(text_of_words(1, 7))
    if maybe(.4):
        return own(words(R.randint(2, 4)))
    return own(pick(FORMS).format(pick(SUBJECTS).capitalize() if maybe(.6) else pick(SUBJECTS), n=R.randint(1, 12)))


def sentence():
    if maybe(.6):
        return own(text_of_words(4, 25) + pick(['.', '.', '.', '', '!', '?', ' …']))
    if maybe(.5):
        return own(pick(['', 'A course about ', 'Learn the basics of ', 'This module covers ', 'Test your knowledge of ']) + pick(SUBJECTS) + pick(['', '.', ' for new employees.', ' at work.']))
    return own(words(R.randint(4, 12)).capitalize() + '.' + pick(['', ' Duration: %d minutes.' % R.randint(5, 120), ' ' + words(R.randint(4, 9)).capitalize() + '.']))


def language():
    if P.display in (None, 'many') or maybe(.15):
        return pick(LANGUAGES)
    return pick([P.display, P.display, P.display, 'en' if P.display == 'en-US' else 'en-US', P.display[:2]])


def title_language():
    return pick(LANGUAGES) if maybe(.1) else P.title


def verb(name=None, base=None):
    if name is None:
        base = pick([ADL + 'verbs/'] * 6 + list(VERBS))
        name = pick(VERBS[base])
    base = base or ADL + 'verbs/'
    out = {'id': base + name}
    text = name.replace('_', ' ') if '_' in name or maybe(.7) else name.replace('-', ' ')
    if P.display == 'many':
        out['display'] = {'en-US': text}
        for tag, text in DISPLAY.get(name, {}).items():
            out['display'][{'de': 'de-DE', 'fr': 'fr-FR', 'es': 'es-ES'}[tag]] = text
    elif P.display in ('de', 'fr') and name in DISPLAY:
        out['display'] = {P.display: DISPLAY[name][P.display]}
    elif P.display:
        out['display'] = {P.display: text}
    return out


def account(name):
    return ordered({'homePage': host() + pick(['', '', '', '/', '/users']), 'name': name}, P.account)


def agent(named=None, object_type=None):
    first, last = pick(FIRST), pick(LAST)
    out = {}
    if P.agent_type if object_type is None else object_type:
        out['objectType'] = 'Agent'
    if P.named if named is None else named:
        out['name'] = own(first + ' ' + last) if maybe(.9) else new_uuid()
    kind = pick(P.ids)
    if kind == 'mbox':
        out['mbox'] = 'mailto:%s@example.%s' % (own('%s.%s%s' % (first.lower(), last.lower(), pick(['', '', str(R.randint(1, 99999))]))), pick(['com', 'com', 'org', 'net', 'edu', 'de']))
    elif kind == 'account':
        out['account'] = account(new_uuid() if maybe(.25) else own(pick([str(R.randint(1, 99999)), pick('ABCDEFGHIJKLMNOPQRSTUVWXYZ') + pick(['', '-', '0']) + str(R.randint(1, 99999)), 'u%06d' % R.randint(0, 999999), 'p-%05d' % R.randint(0, 99999), (first[0] + last).lower(), '%s.%s' % (first.lower(), last.lower())])))
    elif kind == 'mbox_sha1sum':
        out['mbox_sha1sum'] = '%040x' % R.getrandbits(160)
    else:
        out['openid'] = 'https://' + own('id.example.com/%s%d' % (first.encode('ascii', 'ignore').decode().lower(), R.randint(1, 99)))
    return ordered(out, P.agent)


def group(members=True):
    out = {'objectType': 'Group'}
    if maybe(.7):
        out['name'] = own(pick(['Team', 'Cohort', 'Class', 'Group']) + ' ' + pick(['A', 'B', '1', '2026', 'North', 'Support']))
    if not members or maybe(.3):
        out['account'] = account(own('group-%d' % R.randint(1, 500)))
    if members:
        out['member'] = [agent() for _ in range(R.randint(1, 4))]
    return ordered(out, P.agent)


def activity_iri(kind):
    base = host()
    return pick([lambda: base + '/activities/' + slug(), lambda: base + '/activity/' + slug(), lambda: base + '/course/' + slug(), lambda: base + '/courses/' + number(9999), lambda: base + '/course/view.php?id=' + number(9999),
                 lambda: base + '/mod/%s/view.php?id=%s' % (pick(['quiz', 'scorm', 'page', 'forum', 'resource', 'assign', 'lesson', 'url', 'h5pactivity', 'feedback', 'book']), number(99999)),
                 lambda: ADL + 'activities/' + slug(), lambda: 'urn:uuid:' + new_uuid(), lambda: 'uuid://' + new_uuid(), lambda: base + '/xapi/activities/' + kind + '/' + new_uuid(), lambda: 'course-v1:Example+%s+2026' % slug(),
                 lambda: base + '/' + kind + '/' + slug(), lambda: base + '/' + kind + '/' + slug(), lambda: base + '/' + kind + 's/' + slug(), lambda: base + '/' + slug()])()


def activity(type_=None, defined=None, related=False):
    type_ = type_ or pick(ADL_TYPES[:4] * 3 + ADL_TYPES + OTHER_TYPES)
    out = {'id': activity_iri(type_.rsplit('/', 1)[1])}
    if P.related_type if related else P.activity_type:
        out['objectType'] = 'Activity'
    if defined is None:
        defined = P.related_defined if related else P.defined
    if maybe(defined):
        d = {'name': {title_language(): title()}}
        if maybe(P.described * (.3 if related else 1)):
            d['description'] = {title_language(): sentence()}
        if maybe(.9):
            d['type'] = type_
        if maybe(.04):
            d['moreInfo'] = host() + '/info/' + slug()
        if maybe(.05):
            d['extensions'] = {pick(['https://w3id.org/learning-analytics/learning-management-system/external-id', 'http://id.tincanapi.com/extension/duration', host() + '/xapi/extensions/' + own(pick(['version', 'duration', 'difficulty', 'topic', 'level']))]):
                               pick([own(str(R.randint(1, 9999))), R.randint(1, 100), slug()])}
        out['definition'] = ordered(d, P.definition)
    return ordered(out, P.activity)


def interaction():
    kind = pick(['true-false', 'choice', 'choice', 'choice', 'fill-in', 'long-fill-in', 'matching', 'sequencing', 'likert', 'numeric', 'performance', 'other'])
    out = activity(pick([ADL + 'activities/cmi.interaction'] * 3 + [ADL + 'activities/question', ADL + 'activities/interaction']), defined=1)
    d = out['definition']
    d['interactionType'] = kind
    form = pick(['choice%d', 'answer-%d', '%d', 'option_%d', 'c%d'])
    options = [{'id': form % n, 'description': {title_language(): pick(['Yes', 'No', 'None of these', 'All of the above', own(pick(SUBJECTS)), title()])}} for n in range(R.randint(2, 4))]
    response = options[0]['id']
    if kind == 'true-false':
        response = pick(['true', 'false'])
    elif kind in ('fill-in', 'long-fill-in', 'other', 'performance'):
        response = own(pick(SUBJECTS)) if maybe(.5) else own(text_of_words(1, 9))
    elif kind == 'numeric':
        response = own(str(R.randint(0, 100)))
    if maybe(.5):
        d['correctResponsesPattern'] = [response]
    if kind == 'matching':
        d['source'] = options
        d['target'] = [{'id': str(n), 'description': {'en-US': own(pick(SUBJECTS))}} for n in range(len(options))]
        response = '[,]'.join('%s[.]%d' % (o['id'], n) for n, o in enumerate(options))
    elif kind == 'likert':
        d['scale'] = [{'id': 'likert_%d' % n, 'description': {'en-US': t}} for n, t in enumerate(['Strongly disagree', 'Disagree', 'Neutral', 'Agree', 'Strongly agree'])]
        response = 'likert_%d' % R.randint(0, 4)
    elif kind == 'performance':
        d['steps'] = options
        response = '[,]'.join('%s[.]%s' % (o['id'], own(str(R.randint(1, 9)))) for o in options)
    elif kind in ('choice', 'sequencing'):
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
    return ordered(out, P.score)


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
    if maybe(.1):
        out['extensions'] = {pick(['https://w3id.org/xapi/cmi5/result/extensions/progress', 'http://id.tincanapi.com/extension/progress', 'https://w3id.org/xapi/seriousgames/extensions/progress',
                                   'http://learninglocker.net/xapi/cmi/fraction/raw', host() + '/xapi/extensions/' + own('attempt'), host() + '/xapi/' + own('rating'), 'http://id.tincanapi.com/extension/attempt-id']): pick([R.randint(0, 100), round(R.random(), 2)])}
    return ordered(out, P.result)


def platform():
    if maybe(.5):
        return own(text_of_words(1, 4))
    return own(pick(['Moodle', 'Example LMS', 'LMS', 'Articulate Storyline', 'web', 'iOS', 'Android', 'lms', 'Learning Portal', 'H5P', 'Open edX', 'Virtual Classroom', 'Captivate']))


def profile_category(iri):
    out = {'id': iri}
    if P.category == 'typed':
        out['objectType'] = 'Activity'
    elif P.category == 'profile':
        out['definition'] = {'type': ADL + 'activities/profile'}
    return ordered(out, P.activity)


def context_extension(own_chance=.4):
    if maybe(own_chance):
        return {host() + pick(['/xapi/extensions/', '/xapi/', '/extensions/']) + own(pick(['department', 'campus', 'cohort', 'tenant', 'semester', 'region', 'role', 'location', 'group', 'version', pick(COMMON['en-2'])])): own(pick([pick(COMMON['cities']), pick(COMMON['cities']), 'A', '2026', text_of_words(1, 3), str(R.randint(1, 9999)), '%d.%d.%d' % (R.randint(1, 20), R.randint(0, 20), R.randint(0, 20))]))}
    return {pick(['https://w3id.org/xapi/cmi5/context/extensions/sessionid', 'http://id.tincanapi.com/extension/session-id', 'https://w3id.org/xapi/openedx/extension/transformer-version', 'http://id.tincanapi.com/extension/ip-address',
                  'http://id.tincanapi.com/extension/browser-info', 'http://lrs.learninglocker.net/define/extensions/info']): pick([new_uuid(), '192.0.2.1', slug(), 'event-routing-backends@9.0.0', {'http://moodle.org': '4.3.2', 'event_name': '\\mod_quiz\\event\\attempt_submitted'}])}


def competency():
    out = {'id': host() + pick(['/competency/', '/competencies/', '/skill/', '/objectives/']) + slug(), 'definition': ordered({'name': {title_language(): title()}, 'type': pick(['https://w3id.org/xapi/competency', ADL + 'activities/objective', 'http://id.tincanapi.com/activitytype/competency'])}, P.definition)}
    if P.related_type:
        out['objectType'] = 'Activity'
    return ordered(out, P.activity)


def finish_context(out):
    activities = out.get('contextActivities')
    if activities:
        if P.lone:
            activities = {k: v[0] if len(v) == 1 else v for k, v in activities.items()}
        out['contextActivities'] = ordered(activities, P.activities)
    return ordered(out, P.context)


def context(activity_object=True):
    out = {}
    if maybe(.7):
        out['registration'] = new_uuid()
    activities = {}
    if maybe(.6):
        activities['parent'] = [activity(pick(ADL_TYPES[:3]), related=True)]
    if maybe(.45):
        activities['grouping'] = [activity(pick(ADL_TYPES[:3] + OTHER_TYPES), related=True) for _ in range(pick([1, 1, 2]))]
    if maybe(.15):
        activities.setdefault('grouping', []).append(competency())
    if maybe(.4):
        activities['category'] = [profile_category(pick(['https://w3id.org/xapi/video', 'https://w3id.org/xapi/scorm', 'http://www.risc-inc.com/annotator/1.0', 'https://w3id.org/xapi/cmi5/context/categories/cmi5', 'https://w3id.org/xapi/virtual-classroom',
                                                         'http://id.tincanapi.com/recipe/attended/1', 'https://w3id.org/xapi/acrossx', 'http://h5p.org/libraries/H5P.%s-1.%d' % (pick(['MultiChoice', 'TrueFalse', 'DragQuestion', 'Blanks', 'InteractiveVideo', 'CoursePresentation', 'QuestionSet']), R.randint(1, 22))]))]
    if maybe(.05):
        activities['other'] = [activity(related=True)]
    if activities:
        out['contextActivities'] = activities
    if maybe(.12):
        out['instructor'] = agent()
    if maybe(.04):
        out['team'] = group()
    if activity_object and maybe(.6):
        out['platform'] = platform()
    if maybe(.6):
        out['language'] = language()
    if activity_object and maybe(.05):
        out['revision'] = pick(['1', '1.0', '2.1.0', 'v3'])
    if maybe(.35):
        out['extensions'] = context_extension(.6)
    return finish_context(out)


def moment():
    base = '202%d-%02d-%02dT%02d:%02d:%02d' % (R.randint(1, 8), R.randint(1, 12), R.randint(1, 28), R.randint(6, 21), R.randint(0, 59), R.randint(0, 59))
    return base + pick(['Z', '.%03dZ' % R.randint(0, 999), '.%03dZ' % R.randint(0, 999), '.%06dZ' % R.randint(0, 999999), '+00:00', '.%06d+00:00' % R.randint(0, 999999), '+01:00', '+02:00', '-05:00', '.%03d+02:00' % R.randint(0, 999)])


# ---- kinds of statements: each gives the members without id, timestamp, authority, version ----

def plain():
    return {'actor': agent(), 'verb': verb(), 'object': activity()}


def scored():
    return {'actor': agent(), 'verb': verb(pick(['completed', 'completed', 'passed', 'passed', 'failed', 'scored', 'attempted', 'mastered'])), 'object': activity(), 'result': result(.9), 'context': context()}


def with_context():
    out = {'actor': agent(), 'verb': verb(), 'object': activity(), 'context': context()}
    if maybe(.3):
        out['result'] = result()
    return out


def cmi5():
    name = pick(['launched', 'initialized', 'initialized', 'completed', 'completed', 'passed', 'passed', 'failed', 'terminated', 'terminated', 'abandoned', 'waived', 'satisfied'])
    base = 'https://w3id.org/xapi/adl/verbs/' if name in ('abandoned', 'waived', 'satisfied') else None
    activities = {'grouping': [activity(related=True)], 'category': [profile_category(CMI5_CATEGORIES[0])] + ([profile_category(CMI5_CATEGORIES[1])] if name in ('completed', 'passed', 'failed', 'waived') else [])}
    if maybe(.4):
        activities['parent'] = [activity(pick(ADL_TYPES[:2]), related=True)]
    c = {'registration': new_uuid(), 'contextActivities': activities,
         'extensions': {'https://w3id.org/xapi/cmi5/context/extensions/sessionid': new_uuid()}}
    if name in ('passed', 'failed') and maybe(.7):
        c['extensions']['https://w3id.org/xapi/cmi5/context/extensions/masteryscore'] = pick([.8, .7, .5, .6, .9])
    if name == 'launched':
        c['extensions'].update({'https://w3id.org/xapi/cmi5/context/extensions/launchmode': pick(['Normal', 'Browse', 'Review']), 'https://w3id.org/xapi/cmi5/context/extensions/launchurl': host() + '/content/index.html',
                                'https://w3id.org/xapi/cmi5/context/extensions/moveon': pick(['Passed', 'Completed', 'CompletedAndPassed', 'CompletedOrPassed', 'NotApplicable']), 'https://w3id.org/xapi/cmi5/context/extensions/launchparameters': ''})
    if maybe(.3):
        c['extensions'].update(context_extension(1))
    if maybe(.5):
        c['platform'] = platform()
    if maybe(.5):
        c['language'] = language()
    out = {'actor': agent(named=P.named and maybe(.5)), 'verb': verb(name, base), 'object': activity(), 'context': finish_context(c)}
    if name in ('completed', 'passed', 'failed'):
        r = {'duration': duration(), 'completion' if name == 'completed' else 'success': name != 'failed'}
        if name != 'completed' or maybe(.3):
            r['score'] = score()
    elif name == 'waived':
        r = {'success': True, 'completion': True, 'extensions': {'https://w3id.org/xapi/cmi5/result/extensions/reason': pick(['Tested Out', 'Equivalent AU', 'Equivalent Outside Activity', 'Administrative'])}}
    elif name in ('terminated', 'abandoned'):
        r = {'duration': duration()}
    else:
        return out
    out['result'] = ordered(r, P.result)
    return out


def video():
    name = pick(['played', 'played', 'paused', 'paused', 'seeked', 'interacted', 'initialized', 'terminated', 'completed'])
    base = ADL + 'verbs/' if name in ('initialized', 'terminated', 'completed', 'interacted') else 'https://w3id.org/xapi/video/verbs/'
    length = round(R.uniform(30, 3600), pick([0, 2, 3])) if maybe(.8) else R.randint(30, 3600)
    at = round(R.uniform(0, length), 3) if maybe(.8) else R.randint(0, length if isinstance(length, int) else 30)
    segments = '[,]'.join('%s[.]%s' % (own(str(round(R.uniform(0, length), 3))), own(str(round(R.uniform(0, length), 3)))) for _ in range(R.randint(1, 3)))
    ext = {VIDEO + 'time': at}
    if name in ('paused', 'terminated', 'completed'):
        ext[VIDEO + 'progress'] = round(at / length, 3)
        ext[VIDEO + 'played-segments'] = segments
    if name == 'seeked':
        ext = {VIDEO + 'time-from': at, VIDEO + 'time-to': round(R.uniform(0, length), 3)}
        if maybe(.3):
            ext[VIDEO + 'length'] = length
            ext[VIDEO + 'progress'] = round(at / length, 3)
            ext[VIDEO + 'played-segments'] = segments
    cext = {VIDEO + 'session-id': new_uuid()}
    if maybe(.4):
        cext[VIDEO + 'length'] = length
    elif maybe(.4) or name in ('initialized', 'interacted'):
        cext.update({VIDEO + 'length': length, VIDEO + 'completion-threshold': 1.0, VIDEO + 'full-screen': maybe(.2), VIDEO + 'screen-size': '1920x1080', VIDEO + 'video-playback-size': '640x360', VIDEO + 'cc-enabled': maybe(.2), VIDEO + 'cc-subtitle-lang': 'en',
                     VIDEO + 'speed': '1x', VIDEO + 'volume': 1, VIDEO + 'quality': '960x400', VIDEO + 'track': 'x', VIDEO + 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'})
    if maybe(.15):
        cext.update(context_extension(1))
    c = {'contextActivities': {'category': [profile_category('https://w3id.org/xapi/video')]}, 'extensions': cext}
    if maybe(.4):
        parent = {'id': 'course-v1:' + own('Example+%s' % slug().replace('~', '')) + pick(['+session01', '+2026']), 'definition': {'type': ADL + 'activities/course'}}
        if P.related_type:
            parent['objectType'] = 'Activity'
        c['contextActivities']['parent'] = [ordered(parent, P.activity)]
    elif maybe(.4):
        c['contextActivities'][pick(['parent', 'grouping'])] = [activity(ADL_TYPES[0], related=True)]
    if maybe(.15):
        c['contextActivities'].setdefault('grouping', []).append(competency())
    if maybe(.4):
        c['registration'] = new_uuid()
    if maybe(.4):
        c['language'] = language()
    if maybe(.3):
        c['platform'] = platform()
    r = {'extensions': ext}
    if name == 'completed':
        r.update({'completion': True, 'duration': duration()})
    return {'actor': agent(named=P.named and maybe(.6)), 'verb': verb(name, base), 'object': activity('https://w3id.org/xapi/video/activity-type/video'), 'result': ordered(r, P.result), 'context': finish_context(c)}


def scorm():
    c = {'contextActivities': {'category': [profile_category('https://w3id.org/xapi/scorm')], 'parent': [activity(related=True)], 'grouping': [{'id': host() + '/scorm/' + slug() + '?attemptId=' + new_uuid()}]}}
    if maybe(.5):
        c['registration'] = new_uuid()
    return {'actor': agent(), 'verb': verb(pick(['initialized', 'terminated', 'suspended', 'resumed', 'completed', 'passed', 'failed', 'scored', 'responded'])), 'object': activity(ADL + 'activities/' + pick(['course', 'lesson', 'attempt', 'objective'])), 'result': result(), 'context': finish_context(c)}


def moodle():
    base = host()
    kind = pick(['quiz', 'scorm', 'page', 'forum', 'resource', 'assign', 'lesson', 'url', 'book', 'feedback', 'bigbluebuttonbn'])
    course = {'id': base + '/course/view.php?id=' + number(999), 'definition': {'type': 'https://w3id.org/xapi/cmi5/activitytype/course', 'name': {'en': title()}, 'extensions': {'https://w3id.org/learning-analytics/learning-management-system/short-id': slug(), 'https://w3id.org/learning-analytics/learning-management-system/external-id': own(str(R.randint(1, 9999)))}}}
    return {'actor': {'name': own(pick(FIRST) + ' ' + pick(LAST)), 'account': {'homePage': base, 'name': own(str(R.randint(2, 99999)))}},
            'verb': pick([{'id': 'http://id.tincanapi.com/verb/viewed', 'display': {'en': 'Viewed'}}, {'id': ADL + 'verbs/completed', 'display': {'en': 'Completed'}}, {'id': 'http://www.tincanapi.co.uk/verbs/enrolled_onto_learning_plan', 'display': {'en': 'enrolled onto'}},
                          {'id': 'https://w3id.org/xapi/adl/verbs/logged-in', 'display': {'en': 'Logged In'}}, {'id': 'http://activitystrea.ms/schema/1.0/start', 'display': {'en': 'Started'}}, {'id': ADL + 'verbs/scored', 'display': {'en': 'Received grade for'}}, {'id': 'http://activitystrea.ms/schema/1.0/submit', 'display': {'en': 'Submitted'}}]),
            'object': {'id': base + '/mod/%s/view.php?id=%s' % (kind, number(99999)), 'definition': {'type': pick(ADL_TYPES[:6] + OTHER_TYPES), 'name': {'en': title()}}},
            'context': {'platform': 'Moodle', 'language': 'en', 'extensions': {'http://lrs.learninglocker.net/define/extensions/info': {'http://moodle.org': '4.1.2 (Build: 20230313)', 'https://github.com/xAPI-vle/moodle-logstore_xapi': 'v4.7.0', 'event_name': '\\mod_%s\\event\\course_module_viewed' % kind, 'event_function': '\\src\\transformer\\events\\mod_%s\\course_module_viewed' % kind}},
                        'contextActivities': {'grouping': [{'id': base, 'definition': {'type': 'http://id.tincanapi.com/activitytype/lms', 'name': {'en': own('Example')}}}, course], 'category': [{'id': 'http://moodle.org', 'definition': {'type': 'http://id.tincanapi.com/activitytype/source', 'name': {'en': 'Moodle'}}}]}}}


def h5p():
    o, response = interaction()
    o['definition'].setdefault('extensions', {}).update({'http://h5p.org/x-api/h5p-local-content-id': R.randint(1, 9999)})
    if maybe(.4):
        o['definition']['extensions']['http://h5p.org/x-api/h5p-subContentId'] = new_uuid()
    name = pick(['answered', 'interacted', 'attempted', 'completed', 'progressed'])
    return {'actor': {'name': own(pick(FIRST)), 'mbox': 'mailto:%s@example.com' % own(pick(FIRST).lower()), 'objectType': 'Agent'}, 'verb': {'id': ADL + 'verbs/' + name, 'display': {'en-US': name}}, 'object': o,
            'context': {'contextActivities': {'category': [{'id': 'http://h5p.org/libraries/H5P.%s-1.%d' % (pick(['MultiChoice', 'TrueFalse', 'DragQuestion', 'Blanks', 'InteractiveVideo', 'QuestionSet']), R.randint(1, 22)), 'objectType': 'Activity'}], 'parent': [{'id': host() + '/h5p/' + number(999), 'objectType': 'Activity'}]}, 'extensions': {}},
            'result': {'score': {'min': 0, 'max': 1, 'raw': 1, 'scaled': 1}, 'completion': True, 'success': True, 'duration': 'PT%sS' % seconds(2), 'response': response}}


def answered():
    o, response = interaction()
    return {'actor': agent(), 'verb': verb(pick(['answered', 'answered', 'responded', 'attempted'])), 'object': o, 'result': result(.5, response), 'context': context()}


def classroom():
    return {'actor': agent() if maybe(.9) else group(), 'verb': verb(pick(['attended', 'registered', 'exited', 'interacted', 'asked', 'commented', 'shared'])) if maybe(.6) else verb(pick(['join', 'leave', 'host', 'attend']), 'http://activitystrea.ms/schema/1.0/'),
            'object': activity(pick([ADL + 'activities/meeting', 'https://w3id.org/xapi/virtual-classroom/activity-types/virtual-classroom', 'http://id.tincanapi.com/activitytype/webinar'])), 'result': result(.1), 'context': context()}


def job():
    return {'actor': agent(), 'verb': verb(pick(['viewed', 'downloaded', 'reviewed', 'rated', 'mentored', 'mentored-by', 'evaluated', 'earned']), 'http://id.tincanapi.com/verb/') if maybe(.5) else verb(pick(['demonstrated', 'assessed', 'practiced', 'used', 'verified']), 'https://w3id.org/xapi/dod-isd/verbs/'),
            'object': activity(), 'result': result(.3), 'context': context()}


def reference():
    return {'actor': agent(), 'verb': verb(pick(['commented', 'shared'])) if maybe(.5) else {'id': ADL + 'verbs/voided', 'display': {P.display if P.display and P.display != 'many' else 'en-US': 'voided'}}, 'object': {'objectType': 'StatementRef', 'id': new_uuid()}}


def person_object():
    return {'actor': agent(), 'verb': verb(pick(['mentored', 'evaluated']), 'http://id.tincanapi.com/verb/'), 'object': agent(object_type=True), 'context': context(False)}


def substatement():
    return {'actor': agent(), 'verb': verb(pick(['planned', 'assigned']), 'http://activitystrea.ms/schema/1.0/'), 'object': {'objectType': 'SubStatement', 'actor': agent(), 'verb': verb(), 'object': activity(), 'context': context()}}


def attachment():
    out = scored()
    sign = maybe(.4)
    out['attachments'] = [{'usageType': ADL + 'attachments/signature' if sign else 'http://id.tincanapi.com/attachment/' + pick(['supporting_media', 'certificate-of-completion']), 'display': {'en-US': 'Signature' if sign else pick(['Certificate', 'Photo', 'Report', 'Essay'])},
                           'contentType': 'application/octet-stream' if sign else pick(['application/pdf', 'image/jpeg', 'text/plain']), 'length': R.randint(100, 99999), 'sha2': '%064x' % R.getrandbits(256)}]
    if maybe(.4):
        out['attachments'][0]['fileUrl'] = host() + '/files/' + new_uuid()
    return out


def two():
    out = with_context()
    out['context']['contextAgents'] = [{'objectType': 'contextAgent', 'agent': agent(), 'relevantTypes': [host() + pick(['/roles/', '/xapi/roles/', '/role/', '/relations/']) + own(pick(['mentor', 'facilitator', 'assessor', 'observer']))]}]
    if maybe(.5):
        out['context']['contextGroups'] = [{'objectType': 'contextGroup', 'group': group(), 'relevantTypes': [host() + pick(['/roles/', '/xapi/roles/', '/role/', '/relations/']) + own(pick(['cohort', 'team']))]}]
    out['version'] = '2.0.0'
    return out


KINDS = [plain] * 4 + [scored] * 9 + [with_context] * 9 + [cmi5] * 7 + [video] * 5 + [scorm] * 2 + [answered] * 4 + [classroom] * 4 + [job] * 4 + [reference] * 2 + [person_object, substatement, attachment, two]

# Producers that are met often, with their shares.
PRODUCERS = [
    (12, Producer()),  # the specification's order
    (12, Producer(title='en', category='profile')),
    (6, Producer(title='en', category='id', lone=True)),
    (6, Producer(display='en', version='1.0.0', category='id', context=1)),
    (5, Producer(version='1.0.0', definition=1, category='id')),
    (5, Producer(version=None, activity=1, context=1)),
    (6, Producer(order='wrapper', version=None, context=2)),  # ADL's xAPIWrapper
    (6, Producer(order='object last', version=None, definition=2, result=6, context=3, score=0)),  # TinCanJS
    (4, Producer(order='time first', display='many', version=None, activity=0, definition=1, context=1)),  # authoring tools
    (5, Producer(order='wrapper', display='en', agent=1, activity=2, definition=1, kinds=[moodle], version=None)),
    (5, Producer(order='wrapper', agent=1, activity=1, definition=0, kinds=[h5p], version=None)),
    (6, Producer(order='converter', spelling=SPACED, agent=5, account=1, activity=4, definition=1, result=7, context=5, activities=1, named=False, ids=['account'], described=0, version=None, kinds=[video] * 4 + [answered, with_context])),  # platform logs
    (6, Producer(order='converter', spelling=SPACED, agent=5, account=1, activity=3, definition=1, result=7, context=5, activities=1, named=False, ids=['account'], described=0, version=None, kinds=[video] * 4 + [answered, with_context])),
    (3, Producer(order='service', spelling=SPACED, agent=0, account=1, activity=3, named=False, ids=['account'], display='en', version='1.0.3')),
    (6, Producer(spelling=SPACED)),
    (5, Producer(spelling=SORTED_BY_LENGTH)),
]


def by_length(value):
    """Members in the order in which jsonb prints them."""
    if isinstance(value, dict):
        return {k: by_length(value[k]) for k in sorted(value, key=lambda k: (len(k), k))}
    if isinstance(value, list):
        return [by_length(v) for v in value]
    return value


def statement():
    global P
    P = made_up_producer() if maybe(.3) else R.choices([p for _, p in PRODUCERS], [share for share, _ in PRODUCERS])[0]
    P.hosts = None
    P.titles = []
    out = pick(P.kinds or KINDS)()
    if maybe(.93):
        out['id'] = new_uuid()
    if maybe(.95):
        out['timestamp'] = moment()
    if maybe(.15):
        out['stored'] = moment()
    if P.version and 'version' not in out:
        out['version'] = P.version
    if maybe(.25):
        out['authority'] = ordered({'objectType': 'Agent', 'account': {'homePage': host() + '/', 'name': pick([own('anonymous'), own('lms'), own('api-client'), new_uuid()])}} if maybe(.6) else
                                   {'objectType': 'Agent', 'name': own(pick(['LMS', 'API Client', 'New Client'])), 'mbox': 'mailto:' + own(pick(['lms', 'hello', 'xapi', 'lrs', 'admin'])) + '@example.com'}, P.agent)
    out = ordered(out, P.order)
    if P.spelling in (COMPACT, ASCII):
        return json.dumps(out, ensure_ascii=P.spelling == ASCII, separators=(',', ':'))
    if P.spelling in (SPACED, SPACED_ASCII):
        return json.dumps(out, ensure_ascii=P.spelling == SPACED_ASCII)
    if P.spelling == SORTED_BY_LENGTH:
        return json.dumps(by_length(out), ensure_ascii=False)
    return json.dumps(out, ensure_ascii=False, separators=(', ', ' : '))


def main():
    global FORM
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    R.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    FORM = sys.argv[3] if len(sys.argv) > 3 else None
    for _ in range(number):
        print(statement())


main()
