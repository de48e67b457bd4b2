/*
 * statements.c - three years of learning as xAPI statements.
 *
 * First the events are made, as small structs: round after round every person
 * gets one more session, until there are as many as asked for. Then they are
 * sorted by arrival and written. A statement's text follows from its event
 * alone, so a statement can be sent again, spelled otherwise, long after.
 *
 * What the scores should show: departments differ in engagement; mandatory
 * training happens in November campaigns that fewer and fewer join; data skills
 * are nobody's habit; field service practises on the job.
 */
#include "generate.h"

#include <stdlib.h>
#include <string.h>

typedef enum Shape
{
	/* cmi5: a module is launched, tried, left */
	LAUNCHED, INITIALIZED, MODULE_ANSWERED, MODULE_COMPLETED, MODULE_RESULT, TERMINATED, SATISFIED,
	/* the course as a whole, from the learning management system */
	COURSE_REGISTERED, COURSE_COMPLETED, COURSE_RESULT,
	/* video profile */
	VIDEO_INITIALIZED, PLAYED, PAUSED, SEEKED, VIDEO_COMPLETED, VIDEO_TERMINATED,
	TEST_ATTEMPTED, TEST_ANSWERED, TEST_RESULT,
	WEBINAR_REGISTERED, WEBINAR_ATTENDED, WEBINAR_COMPLETED,
	EBOOK_READ, EBOOK_COMPLETED,
	TASK_RESULT, CREW_COMPLETED,
	PLANNED, APPROVED, COMMENTED, RATED,
	MENTORING_ATTENDED, MENTORING_COMPLETED,
	MASTERED, EARNED, WAIVED, VOIDED,
	INVALID
} Shape;

enum { RESENT = 1, CONFLICT = 2 };

typedef struct Event
{
	int64_t		time;
	int64_t		arrival;
	uint32_t	number;			/* names the id: a re-sent statement has its original's */
	uint32_t	order;			/* of making: settles equal arrivals */
	int32_t		session;
	int32_t		person;
	int32_t		refers;			/* number of the statement it is about */
	int16_t		content;
	int16_t		score;			/* permille; -1: none */
	int16_t		step;			/* which answer, second of the video ... */
	uint8_t		shape;
	uint8_t		flags;
} Event;

static Event *events;
static int	n_events,
			max_events,
			wanted,
			sessions;

/* ---- making events ---- */

typedef struct Session
{
	int			person;
	int			content;
	int64_t		now;			/* moves on with each statement */
	int64_t		delay;			/* until what was done arrives */
	Random		random;
} Session;

static Event *
event(Session *session, Shape shape, int seconds, int score, int step)
{
	Event	   *made;

	if (n_events == max_events)
	{
		max_events = 2 * max_events + 1024;
		events = realloc(events, (size_t) max_events * sizeof(Event));
		if (events == NULL)
		{
			fprintf(stderr, "generate: out of memory\n");
			exit(1);
		}
	}
	made = &events[n_events];
	memset(made, 0, sizeof(Event));
	session->now += INT64_C(1000) * seconds + below(&session->random, 1000);
	made->time = session->now;
	made->arrival = made->time + session->delay + between(&session->random, 300, 45000);
	made->number = made->order = (uint32_t) n_events;
	made->session = sessions;
	made->person = session->person;
	made->refers = -1;
	made->content = (int16_t) session->content;
	made->score = (int16_t) score;
	made->step = (int16_t) step;
	made->shape = (uint8_t) shape;
	n_events++;
	return made;
}

static int
clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

static int
department_of(const Session *session)
{
	return department_on(&people[session->person], (int) (session->now / DAY_MS));
}

static int
outcome(Session *session)
{
	const Person *person = &people[session->person];
	int			competency = contents[session->content].competency;
	int			hard = (int) (hash3(31, (uint64_t) competency, 0) % 140) - 70;

	return clamp(bell(&session->random, person->skill - hard + (departments[department_of(session)].engagement - 680) / 4, 110),
				 80, 1000) / 10 * 10;
}

/* Somebody above may comment or approve, and once in a while a result was wrong. */
static void
afterwards(Session *session, const Event *result)
{
	int			number = (int) result->number;
	int			person = session->person;
	int64_t		now = session->now;
	Event	   *made;

	if (people[person].manager >= 0 && chance(&session->random, 45))
	{
		made = event(session, chance(&session->random, 600) ? APPROVED : COMMENTED,
					 between(&session->random, 3600, 500000), -1, 0);
		made->person = people[person].manager;
		made->refers = number;
	}
	if (chance(&session->random, 12))
	{
		bool		first = chance(&session->random, 150);
		int64_t		delay = session->delay;

		session->now = now;
		made = event(session, VOIDED, between(&session->random, 7200, 900000), -1, 0);
		made->refers = number;
		if (first)
			events[number].arrival = made->arrival + between(&session->random, 60000, 86400000);
		session->delay = delay;
	}
	session->now = now;
}

static void
course_session(Session *session, int course, bool whole)
{
	Random	   *random = &session->random;
	int			modules[8],
				n = 0,
				score;

	for (int i = 0; i < n_contents && n < 8; i++)
		if (contents[i].course == course && contents[i].kind == MODULE)
			modules[n++] = i;
	if (n > 0 && (!whole || chance(random, 300)))
	{
		session->content = modules[below(random, n)];
		event(session, LAUNCHED, 1, -1, 0);
		event(session, INITIALIZED, 3, -1, 0);
		for (int i = between(random, 0, 2); i > 0; i--)
			event(session, MODULE_ANSWERED, between(random, 60, 400), outcome(session), i);
		if (chance(random, 880))
		{
			event(session, MODULE_COMPLETED, between(random, 200, 1500), -1, 0);
			score = outcome(session);
			afterwards(session, event(session, MODULE_RESULT, 2, score, 0));
		}
		event(session, TERMINATED, 5, -1, 0);
	}
	session->content = course;
	if (whole || chance(random, 250))
	{
		if (chance(random, 350))
			event(session, COURSE_REGISTERED, 10, -1, 0);
		if (whole && chance(random, 25))
			event(session, WAIVED, 60, -1, 0);
		else
		{
			event(session, COURSE_COMPLETED, between(random, 60, 5000), -1, 0);
			if (chance(random, 700))
			{
				score = outcome(session);
				afterwards(session, event(session, COURSE_RESULT, 1, score, 0));
				if (score >= 700 && chance(random, 400))
					event(session, SATISFIED, 1, -1, 0);
			}
		}
		if (chance(random, 60))
			event(session, RATED, 30, 200 * between(random, 2, 5), 0);
	}
}

static void
video_session(Session *session)
{
	Random	   *random = &session->random;
	int			length = contents[session->content].minutes * 60;
	int			at = 0;

	event(session, VIDEO_INITIALIZED, 1, -1, 0);
	event(session, PLAYED, 1, -1, 0);
	for (int i = between(random, 0, 3); i > 0; i--)
	{
		at += between(random, 5, length / 4 + 6);
		if (chance(random, 350))
			event(session, SEEKED, between(random, 4, length / 4 + 5), -1, clamp(at, 0, length));
		else
		{
			event(session, PAUSED, between(random, 4, length / 4 + 5), -1, clamp(at, 0, length));
			event(session, PLAYED, between(random, 2, 90), -1, clamp(at, 0, length));
		}
	}
	if (chance(random, 720))
		event(session, VIDEO_COMPLETED, between(random, 10, length), -1, length);
	event(session, VIDEO_TERMINATED, 2, -1, at);
}

static void
test_session(Session *session, bool brief)
{
	Random	   *random = &session->random;
	int			attempts = 0,
				score;

	do
	{
		score = outcome(session) + 70 * attempts;
		score = clamp(score, 0, 1000);
		event(session, TEST_ATTEMPTED, 60 + 90000 * (attempts > 0), -1, attempts);
		if (!brief)
			for (int i = between(random, 3, 6); i > 0; i--)
				event(session, TEST_ANSWERED, between(random, 15, 120), chance(random, score) ? 1000 : 0, i);
		afterwards(session, event(session, TEST_RESULT, between(random, 20, 900), score, attempts));
	} while (score < 700 && ++attempts < 3 && chance(random, 650));
}

static void
task_session(Session *session)
{
	Random	   *random = &session->random;
	Event	   *made;

	if (people[session->person].manager >= 0 && chance(random, 150))
	{
		made = event(session, PLANNED, 5, -1, 0);
		made->person = people[session->person].manager;
		session->now += DAY_MS * between(random, 3, 12);
	}
	if (chance(random, 60))
		event(session, CREW_COMPLETED, between(random, 1800, 9000), -1, 0);
	afterwards(session, event(session, TASK_RESULT, between(random, 1800, 9000), clamp(outcome(session) + 60, 0, 1000), 0));
}

static void
hold_session(Session *session, bool brief)
{
	Random	   *random = &session->random;

	switch (contents[session->content].kind)
	{
		case VIDEO:
			video_session(session);
			break;
		case ASSESSMENT:
			test_session(session, brief);
			break;
		case ON_THE_JOB:
			task_session(session);
			break;
		case WEBINAR:
			if (chance(random, 500))
				event(session, WEBINAR_REGISTERED, 1, -1, 0);
			session->now += INT64_C(3600000);
			event(session, WEBINAR_ATTENDED, 10, -1, between(random, 300, 1000));
			if (chance(random, 700))
				event(session, WEBINAR_COMPLETED, 3000, -1, 0);
			break;
		case EBOOK:
			for (int i = between(random, 1, 3); i > 0; i--)
				event(session, EBOOK_READ, between(random, 120, 2400), -1, between(random, 1, 200));
			if (chance(random, 350))
				event(session, EBOOK_COMPLETED, 60, -1, 0);
			break;
		case MENTORING:
			if (people[session->person].manager >= 0 && chance(random, 500))
				event(session, PLANNED, 5, -1, 0)->person = people[session->person].manager;
			session->now += DAY_MS * between(random, 2, 9);
			event(session, MENTORING_ATTENDED, 3600, -1, 0);
			if (chance(random, 650))
				afterwards(session, event(session, MENTORING_COMPLETED, 1200, -1, 0));
			break;
		case CREDENTIAL:
			event(session, MASTERED, 60, clamp(outcome(session), 700, 1000), 0);
			event(session, EARNED, 5, -1, 0);
			break;
		default:
			course_session(session, session->content, brief);
	}
}

/* ---- who does what when ---- */

#define MAX_REQUIRED 32

static int
required_of(const Person *person, int *list)
{
	const char *sources[3];
	int			n = 0;

	sources[0] = jobs[person->job].requirements;
	sources[1] = person->leads ? jobs[n_jobs - 1].requirements : "";
	sources[2] = required_of_everybody;
	for (int s = 0; s < 3; s++)
		for (const char *at = sources[s]; *at; at += strcspn(at, ","), at += *at == ',')
		{
			int			competency = find_competency(at, strcspn(at, ":"));
			bool		known = false;

			for (int i = 0; i < n; i++)
				known |= list[i] == competency;
			if (!known && n < MAX_REQUIRED)
				list[n++] = competency;
		}
	return n;
}

/* One of a list, the first ones more often, never one that nobody uses. */
static int
pick(Random *random, const int *list, int n)
{
	int			at;

	if (n == 0)
		return -1;
	at = below(random, n) * (below(random, n) + 1) / n;
	for (int i = 0; i < n; i++)
		if (!contents[list[(at + i) % n]].unused)
			return list[(at + i) % n];
	return -1;
}

static ContentKind
kind_of_session(Random *random, int competency, bool main_one)
{
	static const struct
	{
		int			upto;
		ContentKind kind;
	}			often[] = {
		{300, COURSE}, {580, VIDEO}, {680, ASSESSMENT}, {780, EBOOK}, {880, WEBINAR}, {940, ON_THE_JOB},
		{970, MENTORING}, {1000, CREDENTIAL}
	};
	int			draw = below(random, 1000);
	const int  *list;

	if (main_one)
		return draw < 420 && contents_of(competency, ON_THE_JOB, &list) > 0 ? ON_THE_JOB
			: draw < 640 ? ASSESSMENT : draw < 960 ? COURSE : WEBINAR;
	for (int i = 0;; i++)
		if (draw < often[i].upto)
			return often[i].kind;
}

/* The November campaigns for what everybody must repeat each year: first days, and who joins, in percent. */
#define N_CAMPAIGNS 3
#define N_MANDATORY 3			/* the first of required_of_everybody */
static const int campaign_start[N_CAMPAIGNS] = {19662, 20028, 20393};	/* 1 November 2023, 2024, 2025 */
static const int campaign_share[N_CAMPAIGNS] = {116, 80, 46};

/* A working day and hour; where it falls in the years is the department's habit. campaign: -1 for none. */
static int64_t
pick_time(Random *random, const Person *person, int competency, int campaign)
{
	int			from = (person->hired > FIRST_DAY ? person->hired : FIRST_DAY) + 2;
	int			home = person->department[person->moves - 1];
	int			trend = departments[home].trend;
	int			u = below(random, 1000);
	int			day;
	const char *goal = competencies[competency].goal;

	if (campaign < 0 && strcmp(goal, "trusted-partner") == 0 && chance(random, 600))
		campaign = u < 480 ? 0 : u < 810 ? 1 : 2;
	if (campaign >= 0)
	{
		day = campaign_start[campaign] + below(random, 29);
		if (day < from)
			day = from + below(random, 40);
	}
	else
	{
		if (strcmp(competencies[competency].slug, "ai-at-work") == 0 && from < 20089)
			from = 20089;		/* 2025: before, there was no such training */
		if (trend > 0)
			u = 1000 - u * u / 1000;
		else if (trend < 0)
			u = u * u / 1000 * 8 / 10;
		day = from + (int) ((int64_t) (LAST_DAY - 14 - from) * u / 1000);
	}
	day = clamp(day, FIRST_DAY, LAST_DAY - 14);
	if ((day + 4) % 7 == 0)
		day++;					/* Sunday */
	else if ((day + 4) % 7 == 6)
		day += 2;				/* Saturday */
	return day * DAY_MS + INT64_C(60000) * between(random, 6 * 60, 15 * 60) + between(random, 0, 59999);
}

static int
drive(const char *goal)
{
	return strcmp(goal, "data-decisions") == 0 ? 560 : strcmp(goal, "strong-leaders") == 0 ? 820
		: strcmp(goal, "zero-harm") == 0 ? 1080 : strcmp(goal, "first-time-fix") == 0 ? 1040 : 1000;
}

/* The round-th session of a person, if it comes to one. */
static void
one_session(int number, int round)
{
	const Person *person = &people[number];
	int			required[MAX_REQUIRED],
				n = required_of(person, required),
				competency,
				engaged;
	bool		main_one = round < n + N_MANDATORY * N_CAMPAIGNS,
				willing;
	int			campaign = -1;
	Session		session = {.person = number, .random = random_from(32, (uint64_t) number, (uint64_t) round)};
	Random	   *random = &session.random;
	const int  *list;
	ContentKind kind;

	/* what is required comes first, in everyone's own order; then more of it, and what one likes */
	if (main_one)
	{
		int			turn = (round + number) % (n + N_MANDATORY * N_CAMPAIGNS);

		if (turn < n)
			competency = required[turn];
		else
		{
			const char *mandatory = required_of_everybody;

			campaign = (turn - n) % N_CAMPAIGNS;
			for (int i = (turn - n) / N_CAMPAIGNS; i > 0; i--)
				mandatory = strchr(mandatory, ',') + 1;
			competency = find_competency(mandatory, strcspn(mandatory, ":"));
			if (person->hired + 10 > campaign_start[campaign])
				return;
		}
	}
	else if (chance(random, 750))
		competency = required[below(random, n)];
	else
		competency = below(random, n_competencies);
	session.now = pick_time(random, person, competency, campaign);
	engaged = departments[department_of(&session)].engagement * drive(competencies[competency].goal) / 1000;
	engaged = engaged * person->diligence / 1000;
	if (campaign >= 0)
		engaged = engaged * campaign_share[campaign] / 100;
	/* the same answer each time: who does not do it, does not do it in the third round either */
	willing = (int) (hash3(33, (uint64_t) number, (uint64_t) competency) % 1000) < engaged;
	if (main_one && !willing)
		return;
	kind = campaign >= 0 ? (chance(random, 500) ? ASSESSMENT : COURSE) : kind_of_session(random, competency, main_one);
	if (!willing && (kind != VIDEO || chance(random, 500)))
		return;
	session.content = pick(random, list, contents_of(competency, kind, &list));
	if (session.content < 0)
		session.content = pick(random, list, contents_of(competency, VIDEO, &list));
	if (session.content < 0)
		return;
	sessions++;
	/* field tablets and yearly files from suppliers come late, by weeks or months */
	if (chance(random, contents[session.content].platform == FIELD_APP ? 90
			   : contents[session.content].platform == SKILLSHELF ? 60 : 15))
		session.delay = DAY_MS * between(random, 15, 200);
	hold_session(&session, main_one && chance(random, 750));
}

static int
by_arrival(const void *left, const void *right)
{
	const Event *a = left;
	const Event *b = right;

	if (a->arrival != b->arrival)
		return a->arrival < b->arrival ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

#define N_CONFLICTS 12
#define N_INVALID 11

static void
copies(Random *random, int count, int flag, int base)
{
	for (int i = 0; i < count; i++)
	{
		Event	   *copy;
		int			original;

		do
			original = below(random, base);
		while (flag == CONFLICT && events[original].shape != TEST_RESULT && events[original].shape != COURSE_RESULT);
		copy = &events[n_events];
		*copy = events[original];
		copy->flags = (uint8_t) flag;
		copy->arrival += between(random, 1000, 600000) + (chance(random, 400) ? DAY_MS * between(random, 1, 30) : 0);
		copy->order = (uint32_t) n_events++;
	}
}

static void
make_events(int count, bool clean)
{
	Random		random = random_from(34, 0, 0);
	int		   *turn = allocate((size_t) n_people, sizeof(int));
	int			resent = clean ? 0 : count / 100,
				conflicts = clean ? 0 : N_CONFLICTS,
				invalid = clean ? 0 : N_INVALID,
				base;

	wanted = count - resent - conflicts - invalid;
	events = allocate((size_t) count + 64, sizeof(Event));
	max_events = count + 64;
	for (int i = 0; i < n_people; i++)
	{
		int			other = below(&random, i + 1);

		turn[i] = turn[other];
		turn[other] = i;
	}
	for (int round = 0; n_events < wanted; round++)
		for (int i = 0; i < n_people && n_events < wanted; i++)
			one_session(turn[i], round);
	base = n_events = wanted;
	copies(&random, resent, RESENT, base);
	copies(&random, conflicts, CONFLICT, base);
	for (int i = 0; i < invalid; i++)
	{
		Event	   *made = &events[n_events];

		*made = events[below(&random, base)];
		made->shape = INVALID;
		made->step = (int16_t) i;
		made->number = made->order = (uint32_t) n_events++;
	}
	qsort(events, (size_t) n_events, sizeof(Event), by_arrival);
	free(turn);
}

/* ---- writing a statement ---- */

typedef enum Member
{
	ID, ACTOR, VERB, OBJECT, RESULT, CONTEXT, TIMESTAMP, VERSION, AUTHORITY, STORED, ATTACHMENTS,
	N_MEMBERS
} Member;

static Text member[N_MEMBERS];
static const char *const member_names[N_MEMBERS] = {
	"id", "actor", "verb", "object", "result", "context", "timestamp", "version", "authority", "stored", "attachments"
};

/* How a statement is spelled; xAPI calls all spellings the same statement. */
typedef struct Spelling
{
	bool		backwards;		/* keys in another order */
	bool		utc;			/* timestamp in UTC instead of local time */
	bool		bare;			/* no verb.display, no definitions */
	bool		lists;			/* a lone context activity as an array */
	bool		upper_id;
} Spelling;

static Spelling spelling;

#define MEMBER(which) (&member[which])

static void
write_id(uint32_t number, Text *text)
{
	char		uuid[40];

	uuid_text(hash3(40, number, 0), hash3(40, number, 1), uuid);
	if (spelling.upper_id)
		for (char *c = uuid; *c; c++)
			if (*c >= 'a' && *c <= 'f')
				*c -= 32;
	add(text, "\"%s\"", uuid);
}

static void
write_agent(Text *text, const Person *person, int platform)
{
	add(text, "{\"objectType\":\"Agent\",\"name\":");
	add_json(text, person->name);
	if (platform == LIVE_ROOMS || platform == MENTOR_MATCH)
		add(text, ",\"mbox\":\"mailto:%s\"}", person->email);
	else if (platform == SKILLSHELF)
	{
		/* the library knows a nickname only */
		text->length -= strlen(person->name) + strlen(",\"name\":\"\"");
		add(text, ",\"account\":{\"homePage\":\"https://skillshelf.example/users\",\"name\":\"%s\"}}", person->library_account);
	}
	else
		add(text, ",\"account\":{\"homePage\":\"https://hr.example.com\",\"name\":\"%s\"}}", person->number);
}

static void
write_verb(const char *iri)
{
	const char *word = strrchr(iri, '/') + 1;

	add(MEMBER(VERB), "{\"id\":\"%s\"", iri);
	if (!spelling.bare)
	{
		add(MEMBER(VERB), ",\"display\":{\"en-US\":\"");
		for (; *word; word++)
			add(MEMBER(VERB), "%c", *word == '_' || *word == '-' ? ' ' : *word);
		add(MEMBER(VERB), "\"}");
	}
	add(MEMBER(VERB), "}");
}

#define ADL(word) "http://adlnet.gov/expapi/verbs/" word

static const char *const activity_types[N_CONTENT_KINDS] = {
	"http://adlnet.gov/expapi/activities/course", "http://adlnet.gov/expapi/activities/module",
	"https://w3id.org/xapi/video/activity-type/video", "http://id.tincanapi.com/activitytype/webinar",
	"http://id.tincanapi.com/activitytype/book", "http://adlnet.gov/expapi/activities/performance",
	"http://id.tincanapi.com/activitytype/tutor-session", "http://adlnet.gov/expapi/activities/assessment",
	"https://w3id.org/xapi/openbadges/activity-types/badge", "http://adlnet.gov/expapi/activities/course"
};

static void
write_activity(Text *text, int number, bool full)
{
	const Content *content = &contents[number];

	add(text, "{\"objectType\":\"Activity\",\"id\":\"%s\"", content->activity);
	if (!spelling.bare)
	{
		add(text, ",\"definition\":{\"name\":{\"en\":");
		add_json(text, content->title);
		add(text, "}");
		if (full)
			add(text, ",\"description\":{\"en\":\"Builds the competency “%s”. Takes about %d minutes; language: %s.\"}",
				competencies[content->competency].name, content->minutes, content->language);
		add(text, ",\"type\":\"%s\"", activity_types[content->kind]);
		add(text, "}");
	}
	add(text, "}");
}

/* A question of a test, with the answer given. */
static void
write_question(const Event *e)
{
	const Content *content = &contents[e->content];
	const Competency *about = &competencies[content->competency];
	Random		random = random_from(41, (uint64_t) e->content, (uint64_t) e->step);
	const char *topic = about->topics[below(&random, 5)];
	Text	   *object = MEMBER(OBJECT);
	Text	   *result = MEMBER(RESULT);
	bool		right = e->score >= 500;
	int			type = below(&random, 6);
	int			value = between(&random, 4, 90);
	int			seconds = 8 + (int) (hash3(42, e->number, 0) % 100);
	char		choice[2] = {(char) (right ? 'b' : "acd"[hash3(43, e->number, 0) % 3]), 0};

	add(object, "{\"objectType\":\"Activity\",\"id\":\"%s/question/%d\"", content->activity, e->step);
	if (!spelling.bare)
	{
		add(object, ",\"definition\":{\"name\":{\"en\":\"Question %d\"},\"type\":\"http://adlnet.gov/expapi/activities/cmi.interaction\",", e->step);
		if (type <= 1)
		{
			add(object, "\"description\":{\"en\":\"“%s”: what do you do first?\"},\"interactionType\":\"choice\",\"correctResponsesPattern\":[\"b\"],"
				"\"choices\":[{\"id\":\"a\",\"description\":{\"en\":\"Carry on as usual and see\"}},{\"id\":\"b\",\"description\":{\"en\":\"Stop, check, then follow the standard\"}},"
				"{\"id\":\"c\",\"description\":{\"en\":\"Ask a colleague afterwards\"}},{\"id\":\"d\",\"description\":{\"en\":\"Leave it to the next shift\"}}]", topic);
		}
		else if (type == 2)
			add(object, "\"description\":{\"en\":\"“%s” applies to contractors, too.\"},\"interactionType\":\"true-false\",\"correctResponsesPattern\":[\"true\"]", topic);
		else if (type == 3)
			add(object, "\"description\":{\"en\":\"“%s”: after how many minutes do you check again?\"},\"interactionType\":\"numeric\",\"correctResponsesPattern\":[\"%d[:]%d\"]", topic, value, value + 5);
		else if (type == 4)
			add(object, "\"description\":{\"en\":\"Put the steps of “%s” in order.\"},\"interactionType\":\"sequencing\",\"correctResponsesPattern\":[\"look[,]plan[,]act\"],"
				"\"choices\":[{\"id\":\"act\",\"description\":{\"en\":\"Act\"}},{\"id\":\"look\",\"description\":{\"en\":\"Look\"}},{\"id\":\"plan\",\"description\":{\"en\":\"Plan\"}}]", topic);
		else
			add(object, "\"description\":{\"en\":\"In one word: what is “%s” about?\"},\"interactionType\":\"fill-in\",\"correctResponsesPattern\":[\"care\",\"{case_matters=false}safety\"]", topic);
		add(object, "}");
	}
	add(object, "}");
	add(result, "{\"score\":{\"raw\":%d,\"min\":0,\"max\":1},\"success\":%s,\"response\":\"", right, right ? "true" : "false");
	if (type <= 1)
		add(result, "%s", choice);
	else if (type == 2)
		add(result, "%s", right ? "true" : "false");
	else if (type == 3)
		add(result, "%d", right ? value + 2 : value + 9);
	else if (type == 4)
		add(result, "%s", right ? "look[,]plan[,]act" : "act[,]look[,]plan");
	else
		add(result, "%s", right ? "Safety" : "Größe");
	add(result, "\",\"duration\":\"PT%dS\"}", seconds);
}

static void
write_score(const Event *e, bool scaled, bool completion)
{
	Text	   *result = MEMBER(RESULT);
	char		buffer[16];
	bool		passed = e->score >= 700;
	int			points = (int) (hash3(44, (uint64_t) e->content, 0) % 4) * 20 + 40;
	int			score = e->flags == CONFLICT ? (e->score >= 500 ? e->score - 310 : e->score + 310) : e->score;

	if (e->flags == CONFLICT)
		passed = score >= 700;
	add(result, "{\"score\":{");
	if (scaled)
		add(result, "\"scaled\":%s,", permille_text(score, buffer));
	add(result, "\"raw\":%s,\"min\":0,\"max\":%d},\"success\":%s", permille_text(score * points, buffer), points,
		passed ? "true" : "false");
	if (completion)
		add(result, ",\"completion\":true");
	add(result, ",\"duration\":\"PT%dM%d.%02dS\"}", 3 + (int) (hash3(45, e->number, 0) % 50),
		(int) (hash3(45, e->number, 1) % 60), (int) (hash3(45, e->number, 2) % 100));
}

/* registration, platform, language, where it belongs; extensions come after */
static void
begin_context(const Event *e, bool registration)
{
	const Content *content = &contents[e->content];
	Text	   *context = MEMBER(CONTEXT);
	char		uuid[40];

	uuid_text(hash3(46, (uint64_t) e->session, 0), hash3(46, (uint64_t) e->session, 1), uuid);
	add(context, "{");
	if (registration)
		add(context, "\"registration\":\"%s\",", uuid);
	add(context, "\"platform\":");
	add_json(context, platforms[content->platform].name);
	add(context, ",\"language\":\"%s\",\"contextActivities\":{", content->language);
	if (content->course >= 0)
	{
		add(context, "\"parent\":%s", spelling.lists ? "[" : "");
		write_activity(context, content->course, false);
		add(context, "%s,", spelling.lists ? "]" : "");
	}
	add(context, "\"grouping\":[{\"objectType\":\"Activity\",\"id\":\"https://campus.aurora.example/competency/%s\"", competencies[content->competency].slug);
	if (!spelling.bare)
		add(context, ",\"definition\":{\"name\":{\"en\":\"%s\"},\"type\":\"https://w3id.org/xapi/competency\"}",
			competencies[content->competency].name);
	add(context, "}]");
}

static void
end_context(const Event *e, const char *category, const char *category_type, const char *extensions)
{
	Text	   *context = MEMBER(CONTEXT);

	if (category)
	{
		add(context, ",\"category\":[{\"id\":\"%s\"", category);
		if (!spelling.bare)
			add(context, ",\"definition\":{\"type\":\"%s\"}", category_type);
		add(context, "}]");
	}
	add(context, "},\"extensions\":{%s%s\"https://aurora.example/xapi/site\":\"%s\"", extensions, *extensions ? "," : "",
		site_names[departments[department_on(&people[e->person], (int) (e->time / DAY_MS))].site]);
	if (e->shape == LAUNCHED || e->shape == VIDEO_INITIALIZED || e->shape == TEST_ATTEMPTED)
		add(context, ",\"https://aurora.example/xapi/device\":{\"kind\":\"%s\",\"app\":\"%d.%d.%d\",\"touch\":%s}",
			hash3(47, (uint64_t) e->session, 0) % 3 ? "browser" : "tablet", (int) (5 + (e->time / DAY_MS - FIRST_DAY) / 200),
			(int) (hash3(47, (uint64_t) e->session, 1) % 9), (int) (hash3(47, (uint64_t) e->session, 2) % 20),
			hash3(47, (uint64_t) e->session, 0) % 3 ? "false" : "true");
	add(context, "}");
}

static void
close_context(void)
{
	add(MEMBER(CONTEXT), "}");
}

#define CMI5 "https://w3id.org/xapi/cmi5/context/categories/cmi5"
#define CMI5_MOVE_ON "https://w3id.org/xapi/cmi5/context/categories/moveon"
#define PROFILE_TYPE "http://adlnet.gov/expapi/activities/profile"
#define VIDEO_PROFILE "https://w3id.org/xapi/video"
#define VIDEO_EXTENSION "https://w3id.org/xapi/video/extensions/"

static void
cmi5_context(const Event *e, bool move_on)
{
	char		extensions[400],
				uuid[40];

	uuid_text(hash3(48, (uint64_t) e->session, 0), hash3(48, (uint64_t) e->session, 1), uuid);
	snprintf(extensions, sizeof(extensions), "\"https://w3id.org/xapi/cmi5/context/extensions/sessionid\":\"%s\"%s", uuid,
			 e->shape == LAUNCHED ? ",\"https://w3id.org/xapi/cmi5/context/extensions/launchmode\":\"Normal\","
			 "\"https://w3id.org/xapi/cmi5/context/extensions/moveon\":\"CompletedAndPassed\"" :
			 e->shape == MODULE_RESULT ? ",\"https://w3id.org/xapi/cmi5/context/extensions/masteryscore\":0.7" : "");
	begin_context(e, true);
	end_context(e, move_on ? CMI5_MOVE_ON : CMI5, PROFILE_TYPE, extensions);
	close_context();
}

static void
plain_context(const Event *e, bool registration)
{
	begin_context(e, registration);
	end_context(e, NULL, NULL, "");
	close_context();
}

static void
video_context(const Event *e)
{
	char		extensions[400],
				uuid[40];

	uuid_text(hash3(48, (uint64_t) e->session, 0), hash3(48, (uint64_t) e->session, 1), uuid);
	snprintf(extensions, sizeof(extensions), "\"" VIDEO_EXTENSION "session-id\":\"%s\",\"" VIDEO_EXTENSION "length\":%d%s",
			 uuid, contents[e->content].minutes * 60, e->shape != VIDEO_INITIALIZED ? "" : ",\"" VIDEO_EXTENSION "volume\":0.8,\""
			 VIDEO_EXTENSION "screen-size\":\"1280x720\",\"" VIDEO_EXTENSION "completion-threshold\":\"0.95\",\"" VIDEO_EXTENSION "full-screen\":false");
	begin_context(e, true);
	end_context(e, VIDEO_PROFILE, PROFILE_TYPE, extensions);
	close_context();
}

static void
with_instructor(const Event *e, const Person *instructor, int platform)
{
	Text	   *context = MEMBER(CONTEXT);

	begin_context(e, true);
	end_context(e, NULL, NULL, "");
	add(context, ",\"instructor\":");
	write_agent(context, instructor, platform);
	add(context, ",\"team\":{\"objectType\":\"Group\",\"name\":");
	add_json(context, departments[department_on(&people[e->person], (int) (e->time / DAY_MS))].name);
	add(context, ",\"account\":{\"homePage\":\"https://hr.example.com/departments\",\"name\":\"%s\"}}",
		departments[department_on(&people[e->person], (int) (e->time / DAY_MS))].id);
	close_context();
}

static const Person *
manager_of(const Event *e)
{
	return &people[people[e->person].manager >= 0 ? people[e->person].manager : e->person];
}

static void
write_reference(const Event *e)
{
	Spelling	kept = spelling;

	spelling.upper_id = false;
	add(MEMBER(OBJECT), "{\"objectType\":\"StatementRef\",\"id\":");
	write_id((uint32_t) e->refers, MEMBER(OBJECT));
	add(MEMBER(OBJECT), "}");
	spelling = kept;
}

static void
video_event(const Event *e)
{
	Text	   *result = MEMBER(RESULT);
	int			length = contents[e->content].minutes * 60;
	int			part = e->step * 1000 / length;
	char		buffer[16];

	permille_text(clamp(part, 0, 1000), buffer);
	switch (e->shape)
	{
		case VIDEO_INITIALIZED:
			write_verb(ADL("initialized"));
			break;
		case PLAYED:
			write_verb("https://w3id.org/xapi/video/verbs/played");
			add(result, "{\"extensions\":{\"" VIDEO_EXTENSION "time\":%d.%d}}", e->step, (int) (e->number % 10));
			break;
		case PAUSED:
			write_verb("https://w3id.org/xapi/video/verbs/paused");
			add(result, "{\"extensions\":{\"" VIDEO_EXTENSION "time\":%d.5,\"" VIDEO_EXTENSION "progress\":%s,\""
				VIDEO_EXTENSION "played-segments\":\"0[.]%d.5\"}}", e->step, buffer, e->step);
			break;
		case SEEKED:
			write_verb("https://w3id.org/xapi/video/verbs/seeked");
			add(result, "{\"extensions\":{\"" VIDEO_EXTENSION "time-from\":%d.25,\"" VIDEO_EXTENSION "time-to\":%d}}",
				e->step, clamp(e->step + 40, 0, length));
			break;
		case VIDEO_COMPLETED:
			write_verb(ADL("completed"));
			add(result, "{\"completion\":true,\"duration\":\"PT%dS\",\"extensions\":{\"" VIDEO_EXTENSION "time\":%d,\""
				VIDEO_EXTENSION "progress\":1.0,\"" VIDEO_EXTENSION "played-segments\":\"0[.]%d\"}}", length, length, length);
			break;
		default:
			write_verb(ADL("terminated"));
			add(result, "{\"extensions\":{\"" VIDEO_EXTENSION "time\":%d,\"" VIDEO_EXTENSION "progress\":%s}}", e->step, buffer);
	}
	write_activity(MEMBER(OBJECT), e->content, true);
	video_context(e);
}

static void
webinar_event(const Event *e)
{
	Text	   *context = MEMBER(CONTEXT);
	const Person *trainer = trainer_of(contents[e->content].competency);

	write_activity(MEMBER(OBJECT), e->content, true);
	if (e->shape == WEBINAR_REGISTERED)
		write_verb(ADL("registered"));
	else if (e->shape == WEBINAR_COMPLETED)
	{
		write_verb(ADL("completed"));
		add(MEMBER(RESULT), "{\"completion\":true}");
	}
	else
	{
		write_verb(ADL("attended"));
		add(MEMBER(RESULT), "{\"duration\":\"PT%dM\",\"extensions\":{\"https://live.aurora.example/xapi/attention\":%s,\"https://live.aurora.example/xapi/chat\":[%d,null]}}",
			contents[e->content].minutes * e->step / 1000 + 1, e->step > 600 ? "\"high\"" : "\"low\"", e->step % 7);
	}
	begin_context(e, true);
	end_context(e, NULL, NULL, "");
	/* the virtual classroom speaks xAPI 2.0 */
	add(context, ",\"contextAgents\":[{\"objectType\":\"contextAgent\",\"agent\":");
	write_agent(context, trainer, LIVE_ROOMS);
	add(context, ",\"relevantTypes\":[\"https://live.aurora.example/xapi/roles/trainer\"]}]");
	close_context();
}

static void
planned_event(const Event *e)
{
	Text	   *object = MEMBER(OBJECT);
	int			learner = -1;

	/* the manager plans for one of the team: the one whose session it is */
	for (int i = 0; i < n_people && learner < 0; i++)
	{
		int			candidate = (int) ((hash3(49, (uint64_t) e->session, 0) + (uint64_t) i) % (uint64_t) n_people);

		if (people[candidate].manager == e->person)
			learner = candidate;
	}
	write_verb("http://www.tincanapi.co.uk/verbs/planned_learning");
	add(object, "{\"objectType\":\"SubStatement\",\"actor\":");
	write_agent(object, &people[learner < 0 ? e->person : learner], CAMPUS);
	add(object, ",\"verb\":{\"id\":\"" ADL("completed") "\"");
	if (!spelling.bare)
		add(object, ",\"display\":{\"en-US\":\"completed\"}");
	add(object, "},\"object\":");
	write_activity(object, e->content, true);
	add(object, "}");
	add(MEMBER(CONTEXT), "{\"language\":\"en\",\"extensions\":{\"https://aurora.example/xapi/goal\":\"goal:%s\"}}",
		competencies[contents[e->content].competency].goal);
}

static void
crew_event(const Event *e)
{
	Text	   *actor = MEMBER(ACTOR);
	int			first = e->person;

	clear(actor);
	add(actor, "{\"objectType\":\"Group\",\"name\":\"Crew of the day\",\"member\":[");
	for (int i = 0; i < 3; i++)
	{
		if (i > 0)
			add(actor, ",");
		write_agent(actor, &people[(first + i) % n_people], FIELD_APP);
	}
	add(actor, "]}");
	write_verb(ADL("completed"));
	write_activity(MEMBER(OBJECT), e->content, true);
	add(MEMBER(RESULT), "{\"completion\":true,\"response\":\"Erledigt, Fotos sind in der App ✓\"}");
	with_instructor(e, manager_of(e), FIELD_APP);
}

static void
write_members(const Event *e)
{
	const Content *content = &contents[e->content];
	char		time[48];

	for (int i = 0; i < N_MEMBERS; i++)
		clear(MEMBER(i));
	write_id(e->number, MEMBER(ID));
	write_agent(MEMBER(ACTOR), &people[e->person],
				e->shape == APPROVED || e->shape == COMMENTED || e->shape == VOIDED ? CAMPUS : content->platform);
	time_text(e->time, spelling.utc || content->platform == SKILLSHELF ? 0
			  : utc_offset(departments[department_on(&people[e->person], (int) (e->time / DAY_MS))].site, e->time), time);
	add(MEMBER(TIMESTAMP), "\"%s\"", time);
	add(MEMBER(VERSION), "\"%s\"", e->shape >= WEBINAR_REGISTERED && e->shape <= WEBINAR_COMPLETED ? "2.0.0"
		: content->platform == CLIPTHEQUE ? "1.0.0" : "1.0.3");
	if (content->platform == SKILLSHELF)
		add(MEMBER(AUTHORITY), "{\"objectType\":\"Agent\",\"account\":{\"homePage\":\"https://skillshelf.example/\",\"name\":\"feed\"}}");

	switch ((Shape) e->shape)
	{
		case LAUNCHED:
		case INITIALIZED:
			write_verb(e->shape == LAUNCHED ? ADL("launched") : ADL("initialized"));
			write_activity(MEMBER(OBJECT), e->content, true);
			cmi5_context(e, false);
			break;
		case MODULE_ANSWERED:
		case TEST_ANSWERED:
			write_verb(ADL("answered"));
			write_question(e);
			plain_context(e, true);
			break;
		case MODULE_COMPLETED:
			write_verb(ADL("completed"));
			write_activity(MEMBER(OBJECT), e->content, true);
			add(MEMBER(RESULT), "{\"completion\":true,\"duration\":\"PT%dM\"}", content->minutes);
			cmi5_context(e, true);
			break;
		case MODULE_RESULT:
			write_verb(e->score >= 700 ? ADL("passed") : ADL("failed"));
			write_activity(MEMBER(OBJECT), e->content, true);
			write_score(e, true, false);
			cmi5_context(e, true);
			break;
		case TERMINATED:
			write_verb(ADL("terminated"));
			write_activity(MEMBER(OBJECT), e->content, true);
			add(MEMBER(RESULT), "{\"duration\":\"PT%dM%dS\"}", content->minutes, (int) (e->number % 60));
			cmi5_context(e, false);
			break;
		case SATISFIED:
			write_verb("https://w3id.org/xapi/adl/verbs/satisfied");
			write_activity(MEMBER(OBJECT), e->content, true);
			cmi5_context(e, false);
			break;
		case WAIVED:
			write_verb("https://w3id.org/xapi/adl/verbs/waived");
			write_activity(MEMBER(OBJECT), e->content, true);
			add(MEMBER(RESULT), "{\"success\":true,\"completion\":true,\"extensions\":{\"https://w3id.org/xapi/cmi5/result/extensions/reason\":\"Equivalent\"}}");
			cmi5_context(e, true);
			break;
		case COURSE_REGISTERED:
			write_verb(ADL("registered"));
			write_activity(MEMBER(OBJECT), e->content, true);
			plain_context(e, true);
			break;
		case COURSE_COMPLETED:
			write_verb(ADL("completed"));
			write_activity(MEMBER(OBJECT), e->content, true);
			add(MEMBER(RESULT), "{\"completion\":true,\"duration\":\"PT%dH%dM\"}", content->minutes / 60, content->minutes % 60);
			plain_context(e, true);
			break;
		case COURSE_RESULT:
			write_verb(e->score >= 700 ? ADL("passed") : ADL("failed"));
			write_activity(MEMBER(OBJECT), e->content, true);
			write_score(e, true, true);
			plain_context(e, true);
			break;
		case VIDEO_INITIALIZED:
		case PLAYED:
		case PAUSED:
		case SEEKED:
		case VIDEO_COMPLETED:
		case VIDEO_TERMINATED:
			video_event(e);
			break;
		case TEST_ATTEMPTED:
			write_verb(ADL("attempted"));
			write_activity(MEMBER(OBJECT), e->content, true);
			plain_context(e, true);
			break;
		case TEST_RESULT:
			write_verb(e->score >= 700 ? ADL("passed") : ADL("failed"));
			write_activity(MEMBER(OBJECT), e->content, true);
			/* the simulator reports points only */
			write_score(e, content->platform != SIMBENCH, true);
			plain_context(e, true);
			break;
		case WEBINAR_REGISTERED:
		case WEBINAR_ATTENDED:
		case WEBINAR_COMPLETED:
			webinar_event(e);
			break;
		case EBOOK_READ:
			write_verb(ADL("experienced"));
			write_activity(MEMBER(OBJECT), e->content, true);
			add(MEMBER(RESULT), "{\"duration\":\"PT%dM\",\"extensions\":{\"https://readdeck.example/xapi/page\":%d}}",
				2 + (int) (e->number % 30), e->step);
			plain_context(e, false);
			break;
		case EBOOK_COMPLETED:
			write_verb(ADL("completed"));
			write_activity(MEMBER(OBJECT), e->content, true);
			add(MEMBER(RESULT), "{\"completion\":true}");
			plain_context(e, false);
			break;
		case TASK_RESULT:
			write_verb(e->score >= 700 ? ADL("passed") : ADL("failed"));
			write_activity(MEMBER(OBJECT), e->content, true);
			write_score(e, true, true);
			with_instructor(e, manager_of(e), FIELD_APP);
			break;
		case CREW_COMPLETED:
			crew_event(e);
			break;
		case PLANNED:
			planned_event(e);
			break;
		case APPROVED:
			write_verb("http://activitystrea.ms/schema/1.0/approve");
			write_reference(e);
			add(MEMBER(CONTEXT), "{\"language\":\"en\",\"extensions\":{\"https://aurora.example/xapi/approval\":{\"level\":\"team\",\"budget\":null}}}");
			break;
		case COMMENTED:
			write_verb(ADL("commented"));
			write_reference(e);
			add(MEMBER(RESULT), "{\"response\":\"%s\"}", e->number % 3 == 0 ? "Sehr gut gelöst – weiter so!"
				: e->number % 3 == 1 ? "Well done. Please show it to the new colleagues." : "Dobra robota, proszę powtórzyć pomiar.");
			break;
		case RATED:
			write_verb("http://id.tincanapi.com/verb/rated");
			write_activity(MEMBER(OBJECT), e->content, false);
			add(MEMBER(RESULT), "{\"score\":{\"raw\":%d,\"min\":1,\"max\":5}}", clamp(e->score / 200, 1, 5));
			plain_context(e, false);
			break;
		case MENTORING_ATTENDED:
		case MENTORING_COMPLETED:
			write_verb(e->shape == MENTORING_ATTENDED ? ADL("attended") : ADL("completed"));
			write_activity(MEMBER(OBJECT), e->content, true);
			if (e->shape == MENTORING_COMPLETED)
				add(MEMBER(RESULT), "{\"completion\":true}");
			with_instructor(e, manager_of(e), MENTOR_MATCH);
			break;
		case MASTERED:
			write_verb(ADL("mastered"));
			write_activity(MEMBER(OBJECT), e->content, true);
			write_score(e, true, true);
			plain_context(e, true);
			break;
		case EARNED:
			write_verb("http://id.tincanapi.com/verb/earned");
			write_activity(MEMBER(OBJECT), e->content, true);
			plain_context(e, true);
			add(MEMBER(ATTACHMENTS), "[{\"usageType\":\"http://id.tincanapi.com/attachment/certificate-of-completion\",\"display\":{\"en\":\"Certificate\"},"
				"\"contentType\":\"application/pdf\",\"length\":%d,\"sha2\":\"%016llx%016llx%016llx%016llx\",\"fileUrl\":\"%s/%u.pdf\"}]",
				40000 + (int) (e->number % 9000), (unsigned long long) hash3(50, e->number, 0), (unsigned long long) hash3(50, e->number, 1),
				(unsigned long long) hash3(50, e->number, 2), (unsigned long long) hash3(50, e->number, 3), content->activity, e->number);
			break;
		case VOIDED:
			write_verb(ADL("voided"));
			write_reference(e);
			break;
		case INVALID:
			break;
	}
}

/* One fault each; what a load must put aside with a reason. */
static void
write_invalid(FILE *file, const Event *e)
{
	char		id[40];
	static const char good_actor[] = "\"actor\":{\"mbox\":\"mailto:test@aurora.example\"}";
	static const char good_verb[] = "\"verb\":{\"id\":\"http://adlnet.gov/expapi/verbs/passed\"}";
	static const char good_object[] = "\"object\":{\"id\":\"https://campus.aurora.example/course/test\"}";

	uuid_text(hash3(40, e->number, 0), hash3(40, e->number, 1), id);
	switch (e->step)
	{
		case 0:					/* no actor */
			fprintf(file, "{\"id\":\"%s\",%s,%s}\n", id, good_verb, good_object);
			break;
		case 1:					/* two identifiers */
			fprintf(file, "{\"id\":\"%s\",\"actor\":{\"mbox\":\"mailto:a@aurora.example\",\"openid\":\"https://id.example/a\"},%s,%s}\n", id, good_verb, good_object);
			break;
		case 2:					/* a score above 1 */
			fprintf(file, "{\"id\":\"%s\",%s,%s,%s,\"result\":{\"score\":{\"scaled\":87}}}\n", id, good_actor, good_verb, good_object);
			break;
		case 3:					/* 30 February */
			fprintf(file, "{\"id\":\"%s\",%s,%s,%s,\"timestamp\":\"2025-02-30T10:00:00Z\"}\n", id, good_actor, good_verb, good_object);
			break;
		case 4:					/* not a UUID */
			fprintf(file, "{\"id\":\"statement-4711\",%s,%s,%s}\n", good_actor, good_verb, good_object);
			break;
		case 5:					/* cut off by a broken transfer */
			fprintf(file, "{\"id\":\"%s\",%s,%s,\"object\":{\"id\":\"https://campus.aurora.exa\n", id, good_actor, good_verb);
			break;
		case 6:					/* voids an activity */
			fprintf(file, "{\"id\":\"%s\",%s,\"verb\":{\"id\":\"http://adlnet.gov/expapi/verbs/voided\"},%s}\n", id, good_actor, good_object);
			break;
		case 7:					/* a property of no standard */
			fprintf(file, "{\"id\":\"%s\",%s,%s,%s,\"tenant\":\"aurora\"}\n", id, good_actor, good_verb, good_object);
			break;
		case 8:					/* platform where the object is a person */
			fprintf(file, "{\"id\":\"%s\",%s,%s,\"object\":{\"objectType\":\"Agent\",\"mbox\":\"mailto:b@aurora.example\"},\"context\":{\"platform\":\"Campus\"}}\n", id, good_actor, good_verb);
			break;
		case 9:					/* a duration that is none */
			fprintf(file, "{\"id\":\"%s\",%s,%s,%s,\"result\":{\"duration\":\"90 minutes\"}}\n", id, good_actor, good_verb, good_object);
			break;
		default:				/* a header line of some export */
			fprintf(file, "statement\n");
	}
}

static void
write_statement(FILE *file, const Event *e)
{
	bool		first = true;

	if (e->shape == INVALID)
	{
		write_invalid(file, e);
		return;
	}
	memset(&spelling, 0, sizeof(spelling));
	if (e->flags == RESENT)
	{
		uint64_t	how = hash3(51, e->order, 0);

		spelling.backwards = how & 1;
		spelling.utc = how & 2;
		spelling.bare = (how & 12) == 4;
		spelling.lists = how & 16;
		spelling.upper_id = (how & 96) == 32;
	}
	write_members(e);
	fputc('{', file);
	for (int i = 0; i < N_MEMBERS; i++)
	{
		int			which = spelling.backwards ? N_MEMBERS - 1 - i : i;

		if (member[which].length == 0)
			continue;
		fprintf(file, "%s\"%s\":", first ? "" : spelling.backwards ? ", " : ",", member_names[which]);
		fwrite(member[which].data, 1, member[which].length, file);
		first = false;
	}
	fputs("}\n", file);
}

void
write_statements(const char *folder, int count, bool clean)
{
	FILE	   *file = open_output(folder, "statements.jsonl");

	make_events(count, clean);
	for (int i = 0; i < n_events; i++)
		write_statement(file, &events[i]);
	close_output(file, "statements.jsonl");
}
