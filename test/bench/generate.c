/*
 * generate.c - statements to measure with, as the systems of a large company send them.
 *
 *     generate STATEMENTS FOLDER
 *
 * 30,000 employees in 60 departments and four companies, 200 courses of ten
 * activities each, three years. A session is one learner in one course, told by
 * one client: a cmi5 player, an LMS plug-in, a video player, an authoring tool,
 * a classroom tool, a planner, a manager's app. Some sixty sessions are under way
 * at a time, so their statements interleave as they do on their way to a store.
 * Each client orders and blanks the members in its own way, and repeats what
 * clients repeat: definitions, categories, extensions.
 *
 * The organisation of `make demo` is another: that one is made to be scored,
 * this one to be stored, searched and counted. Nothing here is known to the
 * compression dictionary but what the published vocabularies say.
 *
 * The same numbers give the same bytes, on any machine.
 * Writes statements.jsonl, people.csv, departments.csv, and mix.txt: what was written.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
	EMPLOYEES = 30000,
	DEPARTMENTS = 60,
	COURSES = 200,
	PARTS = 10,					/* of a course: itself, five lessons, a video, a test, two questions */
	AT_A_TIME = 60,				/* sessions under way */
	REMEMBERED = 4096			/* results that others may refer to */
};

#define FIRST_MS INT64_C(1640995200000)	/* 2022-01-01 */
#define SPAN_MS  INT64_C(94608000000)	/* three years */
#define ADL "http://adlnet.gov/expapi/verbs/"
#define CMI5 "https://w3id.org/xapi/cmi5/context/extensions/"
#define VIDEO "https://w3id.org/xapi/video/extensions/"

/* ---- chance ---- */

static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static uint64_t
hash(uint64_t a, uint64_t b)
{
	return mix(mix(a + UINT64_C(0x9e3779b97f4a7c15)) ^ (b + UINT64_C(0x632be59bd9b4e019)));
}

static uint64_t chance_state = 20260115;

static uint64_t
draw(void)
{
	return mix(chance_state += UINT64_C(0x9e3779b97f4a7c15));
}

static int
below(int limit)
{
	return (int) (draw() % (uint64_t) limit);
}

static int
between(int low, int high)
{
	return low + below(high - low + 1);
}

static bool
chance(int permille)
{
	return below(1000) < permille;
}

/* ---- words ---- */

static const char *const first_names[] = {
	"Anna", "Lukas", "Małgorzata", "Piotr", "João", "Inês", "Şebnem", "Çağrı", "Jürgen", "Käthe", "Zoë", "François", "Élodie", "Björn",
	"Åsa", "Žofie", "Tomáš", "Γεώργιος", "Ελένη", "Дмитрий", "Наталья", "प्रिया", "अर्जुन", "Nguyễn", "Linh", "伟", "静怡", "健太", "美咲", "Omar",
	"Fatima", "Chinedu", "Amara", "Siobhán", "Rhys", "Maria", "Peter", "Susan", "David", "Karen", "Miguel", "Lucía", "Giulia", "Marco",
	"Aino", "Eero", "Kristjan", "Jānis", "Ieva", "Mateusz"};
static const char *const last_names[] = {
	"Müller", "Schröder", "Kowalczyk", "Wiśniewski", "Gonçalves", "Magalhães", "Yılmaz", "Öztürk", "Großmann", "Weiß", "O'Connor", "Lefèvre",
	"Dubois", "Söderström", "Ångström", "Dvořák", "Novotná", "Παπαδόπουλος", "Οικονόμου", "Соколов", "Кузнецова", "शर्मा", "पटेल", "Trần", "Phạm",
	"王", "陈", "佐藤", "鈴木", "Haddad", "El Amrani", "Okafor", "Adeyemi", "Murphy", "Llewellyn", "Smith", "Johnson", "Taylor", "García",
	"Fernández", "Rossi", "Bianchi", "Virtanen", "Kõiv", "Bērziņš", "Kazlauskas", "Nowak", "Horváth", "Ionescu", "van der Berg"};
static const char *const words[] = {
	"pressure", "vessel", "customer", "ledger", "harbour", "turbine", "contract", "privacy", "forklift", "interview", "feedback", "budget",
	"incident", "welding", "audit", "vaccine", "pipeline", "signal", "invoice", "ladder", "chemical", "negotiation", "spreadsheet", "queue",
	"sterile", "crane", "delegation", "forecast", "password", "payroll", "scaffold", "sampling", "warranty", "asbestos", "tender", "hygiene",
	"logistics", "coaching", "voltage", "cargo", "licence", "margin", "onboarding", "patient", "reactor", "shift", "supplier", "tariff"};
static const char *const german[] = {
	"Grundlagen", "Prüfung", "Übung", "Sicherheit", "Führung", "Gespräch", "Lösung", "Maßnahme", "Gefährdung", "Qualität", "Verträge", "Störung"};
static const char *const short_words[] = {
	"the", "of", "and", "in", "with", "for", "before", "after", "every", "how", "your", "our"};
static const char *const lesson_names[] = {"Why it matters", "First steps", "Common mistakes", "A case from practice", "Checklist and summary"};
static const char *const division_names[] = {"Operations", "Maritime", "Laboratories", "Finance", "Customer Care", "Engineering"};
static const char *const languages[] = {"en-GB", "de-DE", "pl-PL", "pt-PT", "fr-FR", "sv-SE"};
static const char *const homes[] = {
	"https://sso.nordhaven.example/realms/staff", "https://sso.nordhaven.example/realms/staff",
	"https://idp.kestrel-marine.example", "https://login.balticlabs.example/saml"};

#define PICK(list, n) (list)[(n) % (sizeof(list) / sizeof((list)[0]))]

/* A sentence of so many words; the same seed, the same sentence. */
static char *
sentence(char *out, uint64_t seed, int n)
{
	out[0] = '\0';
	for (int i = 0; i < n; i++)
	{
		uint64_t	h = hash(seed, (uint64_t) i);

		if (i > 0)
			strcat(out, " ");
		strcat(out, h % 3 == 0 ? PICK(short_words, h >> 8) : h % 17 == 1 ? PICK(german, h >> 8) : PICK(words, h >> 8));
	}
	if (out[0] >= 'a' && out[0] <= 'z')
		out[0] -= 32;
	return out;
}

static char *
uuid(char *out, uint64_t a, uint64_t b)
{
	uint64_t	high = hash(a, b),
				low = hash(b + 7, a);

	sprintf(out, "%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64 "-%04" PRIx64 "-%012" PRIx64, high >> 32, high >> 16 & 0xffff, high & 0xfff,
			(low >> 48 & 0x3fff) | 0x8000, low & UINT64_C(0xffffffffffff));
	return out;
}

/* ---- people and courses ---- */

static char identity[EMPLOYEES][160];	/* "account":{...} or "mbox":"..." */
static char full_name[EMPLOYEES][80];

typedef struct Part
{
	char		iri[120];
	char		definition[900];	/* as a client sends it along */
	char		brief[320];			/* as a context names it: type and name */
} Part;

static Part part[COURSES][PARTS];
static int	ends_at[COURSES];		/* permille of the three years after which nobody takes it */

static int
department_of(int employee)
{
	uint64_t	h = hash(5, (uint64_t) employee);

	/* large ones and small ones */
	return (int) ((h % DEPARTMENTS) * (h / DEPARTMENTS % DEPARTMENTS) / DEPARTMENTS);
}

static void
make_people(FILE *people, FILE *departments)
{
	fprintf(departments, "department,name,division\n");
	for (int i = 0; i < DEPARTMENTS; i++)
		fprintf(departments, "D%02d,%s %d,%s\n", i, PICK(division_names, i), i / 6 + 1, PICK(division_names, i));
	fprintf(people, "employee_no,name,department,home_page,account_name,email\n");
	for (int i = 0; i < EMPLOYEES; i++)
	{
		uint64_t	h = hash(1, (uint64_t) i);
		const char *home = PICK(homes, h >> 40);
		bool		mail = h % 7 == 0;	/* the company bought last year knows people by e-mail */

		sprintf(full_name[i], "%s %s", PICK(first_names, h), PICK(last_names, h >> 16));
		if (mail)
			sprintf(identity[i], "\"mbox\":\"mailto:staff.%d@balticlabs.example\"", 20000 + i);
		else
			sprintf(identity[i], "\"account\":{\"homePage\":\"%s\",\"name\":\"%08d\"}", home, 10000000 + i * 7);
		fprintf(people, "%d,%s,D%02d,", 10000000 + i * 7, full_name[i], department_of(i));
		if (mail)
			fprintf(people, ",,staff.%d@balticlabs.example\n", 20000 + i);
		else
			fprintf(people, "%s,%08d,\n", home, 10000000 + i * 7);
	}
}

static void
make_part(int c, int p, const char *slug, const char *title)
{
	static const char *const types[PARTS] = {"course", "lesson", "lesson", "lesson", "lesson", "lesson", "video", "assessment", "question", "question"};
	Part	   *made = &part[c][p];
	uint64_t	h = hash(11, (uint64_t) (c * PARTS + p));
	char		name[160],
				about[400],
				other[120],
				type[80];

	if (p == 6)
		strcpy(type, "https://w3id.org/xapi/video/activity-type/video");
	else
		sprintf(type, "http://adlnet.gov/expapi/activities/%s", p >= 8 ? "cmi.interaction" : types[p]);
	if (p == 0)
	{
		strcpy(name, title);
		sprintf(made->iri, "https://learn.nordhaven.example/catalogue/%s", slug);
	}
	else
	{
		sprintf(name, "%s: %s", title, p <= 5 ? lesson_names[p - 1] : p == 6 ? "the film" : p == 7 ? "final test" : p == 8 ? "question 1" : "question 2");
		sprintf(made->iri, "https://learn.nordhaven.example/catalogue/%s/%s/%d", slug, types[p], (int) (h % 90000) + 10000);
	}
	sentence(about, h, p >= 8 ? 10 : 5 + (int) ((h >> 20) % 8));
	sentence(other, h + 1, 4);
	if (p == 8)
		sprintf(made->definition,
				"{\"name\":{\"en-US\":\"%s\"},\"description\":{\"en-US\":\"%s?\"},\"type\":\"%s\",\"interactionType\":\"choice\","
				"\"correctResponsesPattern\":[\"choice_%d\"],\"choices\":["
				"{\"id\":\"choice_0\",\"description\":{\"en-US\":\"%s\"}},{\"id\":\"choice_1\",\"description\":{\"en-US\":\"%s\"}},"
				"{\"id\":\"choice_2\",\"description\":{\"en-US\":\"None of the above\"}}]}",
				name, about, type, (int) ((h >> 30) % 3), other, sentence(about + 200, h + 2, 5));
	else if (p == 9)
		sprintf(made->definition,
				"{\"name\":{\"en-US\":\"%s\"},\"description\":{\"en-US\":\"%s\"},\"type\":\"%s\",\"interactionType\":\"true-false\","
				"\"correctResponsesPattern\":[\"%s\"]}",
				name, about, type, h & 64 ? "true" : "false");
	else if (h % 3 == 0)		/* in two languages */
		sprintf(made->definition,
				"{\"name\":{\"en-US\":\"%s\",\"de-DE\":\"%s %d\"},\"description\":{\"en-US\":\"%s.\",\"de-DE\":\"%s %s.\"},\"type\":\"%s\"}",
				name, PICK(german, h >> 9), c + 1, about, PICK(german, h >> 19), PICK(german, h >> 29), type);
	else
		sprintf(made->definition, "{\"name\":{\"en-US\":\"%s\"},\"description\":{\"en-US\":\"%s.\"},\"type\":\"%s\"%s%s%s}", name, about, type,
				h & 128 ? ",\"moreInfo\":\"https://learn.nordhaven.example/about/" : "", h & 128 ? slug : "", h & 128 ? "\"" : "");
	sprintf(made->brief, "{\"id\":\"%s\",\"objectType\":\"Activity\",\"definition\":{\"type\":\"%s\",\"name\":{\"en-US\":\"%s\"}}}", made->iri, type, name);
}

static void
make_courses(void)
{
	for (int c = 0; c < COURSES; c++)
	{
		uint64_t	h = hash(7, (uint64_t) c);
		const char *one = PICK(words, h),
				   *two = PICK(words, h >> 12),
				   *third = PICK(words, h >> 24);
		char		slug[100],
					title[100];

		sprintf(slug, "%s-%s-%d", one, two, c + 100);
		sprintf(title, "%s %s and %s", h % 3 == 0 ? "Working with" : h % 3 == 1 ? "Essentials of" : "Mastering", one, two == one ? third : two);
		for (int p = 0; p < PARTS; p++)
			make_part(c, p, slug, title);
		ends_at[c] = h >> 40 & 3 ? 1000 : 30 + (int) (h >> 44) % 900;
	}
}

/* ---- sessions ---- */

typedef enum Client
{
	PLAYER, PLUGIN, FILM, TOOL, CLASSROOM, PLANNER, MANAGER, N_CLIENTS
} Client;

static const char *const client_names[N_CLIENTS] = {
	"cmi5 player", "LMS plug-in", "video player", "authoring tool", "classroom (groups, instructors)", "planner (SubStatements)", "manager (StatementRefs, voids)"};

typedef struct Session
{
	Client		client;
	int			employee;
	int			course;
	int			step;
	int			last;			/* step */
	int			lesson;			/* part of the course */
	int			score;			/* percent */
	int			offset;			/* minutes from UTC */
	uint64_t	number;
	int64_t		now;
	char		registration[40];
	char		attempt[40];
} Session;

static Session active[AT_A_TIME];
static uint64_t sessions;
static uint64_t written;
static uint64_t by_client[N_CLIENTS];
static uint64_t n_references, n_voids, n_groups, n_substatements, n_instructors;

typedef struct Result
{
	char		id[40];
	bool		is_result;		/* may be voided */
} Result;

static Result remembered[REMEMBERED];
static uint64_t n_remembered;

static void
remember(const char *id, bool is_result)
{
	Result	   *r = &remembered[n_remembered++ % REMEMBERED];

	strcpy(r->id, id);
	r->is_result = is_result;
}

static void
start(Session *s, int permille)
{
	int			u = below(1000);

	memset(s, 0, sizeof(*s));
	s->number = ++sessions;
	s->client = u < 270 ? PLAYER : u < 490 ? PLUGIN : u < 610 ? FILM : u < 740 ? TOOL : u < 810 ? CLASSROOM : u < 860 ? PLANNER : MANAGER;
	if (s->client == MANAGER && n_remembered == 0)
		s->client = PLUGIN;
	s->employee = below(EMPLOYEES) * (1 + below(EMPLOYEES)) / EMPLOYEES;	/* some learn more than others */
	do
	{
		u = below(1000);
		s->course = (int) ((int64_t) COURSES * u * u / 1000000);	/* a few are everybody's, most are rare */
	} while (ends_at[s->course] < permille || (s->course % 20 == 19 && chance(970)));
	s->lesson = between(1, 5);
	s->score = between(30, 100);
	s->offset = s->client == PLUGIN ? 0 : 60 * below(4) - 60 * (s->employee % 9 == 0);
	s->now = FIRST_MS + SPAN_MS / 1000 * permille + below(90000000);
	uuid(s->registration, 21, hash((uint64_t) s->employee, (uint64_t) s->course));	/* one enrolment, many sessions */
	uuid(s->attempt, 22, s->number);
	switch (s->client)
	{
		case PLAYER:
			s->last = 6;
			break;
		case PLUGIN:
			s->last = between(1, 6);
			break;
		case FILM:
			s->last = between(3, 10);
			break;
		case TOOL:
			s->last = between(2, 5);
			break;
		default:
			s->last = 0;
	}
}

static void
time_text(const Session *s, char *out)
{
	int64_t		local = s->now + INT64_C(60000) * s->offset;
	int			days = (int) (local / 86400000) + 719468;
	unsigned	ms = (unsigned) (local % 86400000);
	int			era = days / 146097,
				doe = days - era * 146097,
				yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365,
				doy = doe - (365 * yoe + yoe / 4 - yoe / 100),
				mp = (5 * doy + 2) / 153;
	int			month = mp < 10 ? mp + 3 : mp - 9;

	/* civil date by Howard Hinnant, "chrono-compatible low-level date algorithms" */
	out += sprintf(out, "%04d-%02d-%02dT%02u:%02u:%02u.%03u", yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1,
				   ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
	if (s->offset == 0)
		strcpy(out, "Z");
	else
		sprintf(out, "%c%02d:00", s->offset < 0 ? '-' : '+', abs(s->offset) / 60);
}

static const char *
spoken(const Session *s)
{
	return PICK(languages, hash(9, (uint64_t) s->employee));
}

/* ---- what each client sends ---- */

static void
player_statement(FILE *f, Session *s, const char *id, const char *time)
{
	static const char *const verbs[] = {"launched", "initialized", "completed", "passed", "terminated", "satisfied", "answered"};
	const Part *lesson = &part[s->course][s->lesson],
			   *course = &part[s->course][0];
	bool		passed = s->score >= 60;
	int			step = s->step;
	const char *verb = step == 3 && !passed ? "failed" : verbs[step];

	if (step == 4 && !passed)
		s->last = 4;			/* not satisfied */
	fprintf(f, "{\"id\":\"%s\",\"timestamp\":\"%s\",\"actor\":{\"objectType\":\"Agent\",\"name\":\"%s\",%s},", id, time, full_name[s->employee], identity[s->employee]);
	if (step == 5)
		fprintf(f, "\"verb\":{\"id\":\"https://w3id.org/xapi/adl/verbs/satisfied\",\"display\":{\"en\":\"satisfied\"}},");
	else
		fprintf(f, "\"verb\":{\"id\":\"" ADL "%s\",\"display\":{\"en\":\"%s\"}},", verb, verb);
	fprintf(f, "\"object\":{\"objectType\":\"Activity\",\"id\":\"%s\",\"definition\":%s},", step == 5 ? course->iri : lesson->iri,
			step == 5 ? course->definition : lesson->definition);
	if (step == 2)
		fprintf(f, "\"result\":{\"completion\":true,\"duration\":\"PT%dM%d.%02dS\"},", between(3, 50), below(60), below(100));
	else if (step == 3)
		fprintf(f, "\"result\":{\"score\":{\"scaled\":%d.%02d,\"raw\":%d,\"min\":0,\"max\":100},\"success\":%s,\"duration\":\"PT%dM%dS\"},",
				s->score / 100, s->score % 100, s->score, passed ? "true" : "false", between(3, 50), below(60));
	else if (step == 4)
		fprintf(f, "\"result\":{\"duration\":\"PT%d.%02dS\"},", between(200, 4000), below(100));
	fprintf(f, "\"context\":{\"registration\":\"%s\",\"platform\":\"Nordhaven Player 4.%d\",\"language\":\"%s\",\"contextActivities\":{"
			"\"category\":[{\"id\":\"https://w3id.org/xapi/cmi5/context/categories/cmi5\",\"objectType\":\"Activity\"}%s],"
			"\"grouping\":[{\"id\":\"https://learn.nordhaven.example/cmi5/%d/au/%d\",\"objectType\":\"Activity\"}],\"parent\":[%s]},\"extensions\":{\"" CMI5 "sessionid\":\"%s\"",
			s->registration, s->course % 3, spoken(s),
			step == 2 || step == 3 || step == 5 ? ",{\"id\":\"https://w3id.org/xapi/cmi5/context/categories/moveon\",\"objectType\":\"Activity\"}" : "",
			s->course, s->lesson, course->brief, s->attempt);
	if (step == 0)
		fprintf(f, ",\"" CMI5 "launchmode\":\"Normal\",\"" CMI5 "launchurl\":\"https://cdn.nordhaven.example/au/%d/%d/index.html\",\"" CMI5 "moveon\":\"CompletedAndPassed\"",
				s->course, s->lesson);
	if (step == 3)
		fprintf(f, ",\"" CMI5 "masteryscore\":0.6");
	fprintf(f, "}}}");
	if (step == 3)
		remember(id, true);
}

static void
plugin_statement(FILE *f, Session *s, const char *id, const char *time)
{
	static const struct
	{
		const char *verb,
				   *display,
				   *event;
	}			seen[] = {
		{"http://id.tincanapi.com/verb/viewed", "viewed", "\\\\core\\\\event\\\\course_viewed"},
		{"http://id.tincanapi.com/verb/viewed", "viewed", "\\\\mod_page\\\\event\\\\course_module_viewed"},
		{"http://adlnet.gov/expapi/verbs/completed", "completed", "\\\\core\\\\event\\\\course_module_completion_updated"},
		{"http://adlnet.gov/expapi/verbs/attempted", "attempted", "\\\\mod_quiz\\\\event\\\\attempt_started"},
		{"http://adlnet.gov/expapi/verbs/scored", "received grade for", "\\\\core\\\\event\\\\user_graded"},
		{"http://adlnet.gov/expapi/verbs/completed", "completed", "\\\\core\\\\event\\\\course_completed"}};
	int			what = s->step == 0 ? 0 : s->step == s->last && chance(500) ? 5 : between(1, 4);
	const Part *object = &part[s->course][what == 0 || what == 5 ? 0 : what == 3 || what == 4 ? 7 : s->lesson];

	fprintf(f, "{\"actor\":{\"name\":\"%s\",%s},\"verb\":{\"id\":\"%s\",\"display\":{\"en\":\"%s\"}},\"object\":{\"id\":\"%s\",\"definition\":%s},",
			full_name[s->employee], identity[s->employee], seen[what].verb, seen[what].display, object->iri, object->definition);
	if (what == 2 || what == 5)
		fprintf(f, "\"result\":{\"completion\":true%s},", what == 5 ? ",\"success\":true" : "");
	else if (what == 4)
		fprintf(f, "\"result\":{\"score\":{\"raw\":%d,\"min\":0,\"max\":%d,\"scaled\":%d.%02d},\"completion\":true,\"success\":%s},", s->score * 2, 200, s->score / 100, s->score % 100,
				s->score >= 50 ? "true" : "false");
	fprintf(f, "\"context\":{%s%s%s\"platform\":\"Moodle\",\"language\":\"%.2s\",\"extensions\":{\"http://lrs.learninglocker.net/define/extensions/info\":{"
			"\"http://moodle.org\":\"4.1.%d (Build: 2023%02d%02d)\",\"https://github.com/xAPI-vle/moodle-logstore_xapi\":\"v4.7.0\","
			"\"event_name\":\"%s\",\"event_function\":\"\\\\src\\\\transformer\\\\events%s\"}},"
			"\"contextActivities\":{\"grouping\":[{\"id\":\"https://campus.nordhaven.example\",\"definition\":{\"type\":\"http://id.tincanapi.com/activitytype/lms\",\"name\":{\"en\":\"Nordhaven Campus\"}}}%s%s],"
			"\"category\":[{\"id\":\"http://moodle.org\",\"definition\":{\"type\":\"http://id.tincanapi.com/activitytype/source\",\"name\":{\"en\":\"Moodle\"}}}]}},"
			"\"timestamp\":\"%s\",\"id\":\"%s\"}",
			what == 0 ? "" : "\"registration\":\"", what == 0 ? "" : s->registration, what == 0 ? "" : "\",",
			spoken(s), s->course % 12, s->course % 12 + 1, s->course % 27 + 1, seen[what].event, seen[what].event,
			object == &part[s->course][0] ? "" : ",", object == &part[s->course][0] ? "" : part[s->course][0].brief, time, id);
	if (what == 4 || what == 5)
		remember(id, true);
}

/* With a blank after comma and colon, as Python writes. */
static void
film_statement(FILE *f, Session *s, const char *id, const char *time)
{
	const Part *film = &part[s->course][6];
	int			length = 120 + s->course * 7 % 900,
				at = s->step * length / (s->last + 1);
	const char *verb = s->step == 0 ? "initialized" : s->step == s->last ? chance(700) ? "completed" : "terminated" : s->step % 3 == 1 ? "played" : s->step % 3 == 2 ? "paused" : "seeked";

	fprintf(f, "{\"id\": \"%s\", \"actor\": {\"objectType\": \"Agent\", %s}, \"verb\": {\"id\": \"%s%s\", \"display\": {\"en-US\": \"%s\"}}, "
			"\"object\": {\"id\": \"%s\", \"definition\": %s, \"objectType\": \"Activity\"}, ",
			id, identity[s->employee], s->step == 0 || s->step == s->last ? ADL : "https://w3id.org/xapi/video/verbs/", verb, verb, film->iri, film->definition);
	fprintf(f, "\"result\": {%s\"extensions\": {\"" VIDEO "time\": %d.%03d, \"" VIDEO "progress\": %d.%02d, \"" VIDEO "played-segments\": \"0[.]%d.%d\"}}, ",
			strcmp(verb, "completed") == 0 ? "\"completion\": true, " : "", at, below(1000), s->step / (s->last + 1), below(100), at, below(1000));
	fprintf(f, "\"context\": {\"registration\": \"%s\", \"language\": \"%s\", \"contextActivities\": {\"category\": [{\"id\": \"https://w3id.org/xapi/video\"}], \"parent\": [%s]}, \"extensions\": {\"" VIDEO "session-id\": \"%s\"",
			s->registration, spoken(s), part[s->course][0].brief, s->attempt);
	if (s->step == 0)
		fprintf(f, ", \"" VIDEO "completion-threshold\": 0.95, \"" VIDEO "length\": %d, \"" VIDEO "full-screen\": %s, \"" VIDEO "screen-size\": \"%dx%d\", \"" VIDEO "user-agent\": \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/%d.0.0.0\", \"" VIDEO "volume\": 1",
				length, chance(300) ? "true" : "false", 1280 + 160 * below(8), 720 + 90 * below(8), between(90, 125));
	fprintf(f, "}}, \"timestamp\": \"%s\", \"version\": \"1.0.0\"}", time);
}

static void
tool_statement(FILE *f, Session *s, const char *id, const char *time)
{
	bool		end = s->step == s->last;
	const Part *object = &part[s->course][end ? 7 : s->step % 2 == 0 ? 8 : 9];
	bool		right = chance(s->score * 10);
	char		text[400];

	fprintf(f, "{\"id\":\"%s\",\"timestamp\":\"%s\",\"actor\":{\"name\":\"%s\",%s,\"objectType\":\"Agent\"},\"verb\":{\"id\":\"" ADL "%s\",\"display\":{\"en-US\":\"%s\"}},", id, time,
			full_name[s->employee], identity[s->employee], end ? s->score >= 70 ? "passed" : "failed" : "answered", end ? s->score >= 70 ? "passed" : "failed" : "answered");
	fprintf(f, "\"context\":{\"registration\":\"%s\",\"contextActivities\":{\"parent\":[%s],\"grouping\":[{\"id\":\"%s\"}]},\"language\":\"%s\",\"platform\":\"Storyforge 3.%d\",\"revision\":\"%d\"},",
			s->registration, part[s->course][7].brief, part[s->course][0].iri, spoken(s), s->course % 70, s->course % 9 + 1);
	if (end)
		fprintf(f, "\"result\":{\"completion\":true,\"success\":%s,\"score\":{\"scaled\":%d.%02d,\"raw\":%d,\"min\":0,\"max\":100},\"duration\":\"PT0H%dM%d.%dS\"},",
				s->score >= 70 ? "true" : "false", s->score / 100, s->score % 100, s->score, between(2, 59), below(60), below(10));
	else if (s->step % 2 == 0)
		fprintf(f, "\"result\":{\"success\":%s,\"response\":\"choice_%d\",\"duration\":\"PT%d.%dS\",\"extensions\":{\"https://storyforge.example/xapi/remark\":\"%s\"}},", right ? "true" : "false", below(3),
				between(2, 90), below(10), sentence(text, hash(31, s->number) + (uint64_t) s->step, between(3, 16)));
	else
		fprintf(f, "\"result\":{\"success\":%s,\"response\":\"%s\",\"duration\":\"PT%d.%dS\"},", right ? "true" : "false", chance(500) ? "true" : "false", between(2, 90), below(10));
	fprintf(f, "\"object\":{\"objectType\":\"Activity\",\"id\":\"%s\",\"definition\":%s}}", object->iri, object->definition);
	if (end)
		remember(id, true);
}

static void
classroom_statement(FILE *f, Session *s, const char *id, const char *time)
{
	int			members = between(2, 6);
	bool		named = chance(400);

	n_groups++;
	n_instructors++;
	fprintf(f, "{\"id\":\"%s\",\"actor\":{\"objectType\":\"Group\",", id);
	if (named)
		fprintf(f, "\"name\":\"Cohort %d\",\"account\":{\"homePage\":\"https://rooms.nordhaven.example\",\"name\":\"cohort-%d\"},", s->course, s->course * 50 + below(50));
	fprintf(f, "\"member\":[");
	for (int i = 0; i < members; i++)
		fprintf(f, "%s{\"name\":\"%s\",%s}", i ? "," : "", full_name[(s->employee + i * 37) % EMPLOYEES], identity[(s->employee + i * 37) % EMPLOYEES]);
	fprintf(f, "]},\"verb\":{\"id\":\"" ADL "attended\",\"display\":{\"en\":\"attended\"}},\"object\":{\"id\":\"%s\",\"definition\":%s},", part[s->course][0].iri, part[s->course][0].definition);
	fprintf(f, "\"result\":{\"completion\":true,\"duration\":\"PT%dH\"},\"context\":{\"registration\":\"%s\",\"instructor\":{\"name\":\"%s\",%s},", between(1, 7), s->registration,
			full_name[s->course * 31], identity[s->course * 31]);
	if (chance(300))
		fprintf(f, "\"team\":{\"objectType\":\"Group\",\"account\":{\"homePage\":\"https://rooms.nordhaven.example\",\"name\":\"team-%d\"}},", department_of(s->employee));
	fprintf(f, "\"platform\":\"Rooms\",\"contextActivities\":{\"parent\":[{\"id\":\"https://rooms.nordhaven.example/room/%d\"}]},"
			"\"extensions\":{\"https://rooms.nordhaven.example/xapi/seats\":%d}},\"timestamp\":\"%s\"}", s->course % 40, between(6, 30), time);
	remember(id, true);
}

static void
planner_statement(FILE *f, Session *s, const char *id, const char *time)
{
	n_substatements++;
	fprintf(f, "{\"id\":\"%s\",\"actor\":{\"name\":\"%s\",%s},\"verb\":{\"id\":\"http://activitystrea.ms/schema/1.0/schedule\",\"display\":{\"en\":\"scheduled\"}},"
			"\"object\":{\"objectType\":\"SubStatement\",\"actor\":{\"objectType\":\"Agent\",\"name\":\"%s\",%s},\"verb\":{\"id\":\"" ADL "attended\",\"display\":{\"en\":\"will attend\"}},"
			"\"object\":{\"id\":\"%s\",\"definition\":%s},\"context\":{\"contextActivities\":{\"grouping\":[%s]}}},"
			"\"context\":{\"language\":\"%s\",\"contextActivities\":{\"category\":[{\"id\":\"https://planwise.example/xapi/plan/%d\"}]}},\"timestamp\":\"%s\"}",
			id, full_name[s->employee / 12], identity[s->employee / 12], full_name[s->employee], identity[s->employee],
			part[s->course][s->lesson].iri, part[s->course][s->lesson].definition, part[s->course][0].brief, spoken(s), 2022 + s->course % 3, time);
}

static void
manager_statement(FILE *f, Session *s, const char *id, const char *time)
{
	uint64_t	back = n_remembered < 2000 ? n_remembered : 2000;
	const Result *about = &remembered[(n_remembered - 1 - draw() % back) % REMEMBERED];
	bool		voids = about->is_result && chance(250);
	char		text[600];

	n_references++;
	n_voids += voids;
	fprintf(f, "{\"id\":\"%s\",\"actor\":{\"objectType\":\"Agent\",\"name\":\"%s\",%s},", id, full_name[s->employee / 12], identity[s->employee / 12]);
	if (voids)
		fprintf(f, "\"verb\":{\"id\":\"" ADL "voided\",\"display\":{\"en-US\":\"voided\"}},");
	else
		fprintf(f, "\"verb\":{\"id\":\"" ADL "commented\",\"display\":{\"en-US\":\"commented\"}},\"result\":{\"response\":\"%s.\"},",
				sentence(text, hash(32, s->number), between(6, 40)));
	fprintf(f, "\"object\":{\"objectType\":\"StatementRef\",\"id\":\"%s\"},\"context\":{\"language\":\"%s\",\"extensions\":{\"https://desk.nordhaven.example/xapi/case\":\"HR-%d\"}},\"timestamp\":\"%s\"}",
			about->id, spoken(s), between(10000, 99999), time);
	if (!voids)
		remember(id, false);	/* comments are commented on */
}

static void
one_statement(FILE *f, Session *s)
{
	char		id[40],
				time[64];

	uuid(id, 41 + s->number, (uint64_t) s->step);
	s->now += between(2000, 400000);
	time_text(s, time);
	switch (s->client)
	{
		case PLAYER:
			player_statement(f, s, id, time);
			break;
		case PLUGIN:
			plugin_statement(f, s, id, time);
			break;
		case FILM:
			film_statement(f, s, id, time);
			break;
		case TOOL:
			tool_statement(f, s, id, time);
			break;
		case CLASSROOM:
			classroom_statement(f, s, id, time);
			break;
		case PLANNER:
			planner_statement(f, s, id, time);
			break;
		default:
			manager_statement(f, s, id, time);
	}
	fputc('\n', f);
	by_client[s->client]++;
	s->step++;
}

static FILE *
create(const char *folder, const char *name)
{
	char		path[4096];
	FILE	   *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "wb");
	if (file == NULL)
	{
		fprintf(stderr, "generate: cannot write %s\n", path);
		exit(1);
	}
	return file;
}

static void
finish(FILE *file)
{
	if (ferror(file) | fclose(file))
	{
		fprintf(stderr, "generate: could not write all\n");
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	uint64_t	wanted = argc == 3 ? strtoull(argv[1], NULL, 10) : 0;
	FILE	   *file,
			   *people,
			   *departments;
	long		bytes;

	if (wanted < 1)
	{
		fprintf(stderr, "usage: generate STATEMENTS FOLDER\n");
		return 2;
	}
	people = create(argv[2], "people.csv");
	departments = create(argv[2], "departments.csv");
	make_people(people, departments);
	finish(people);
	finish(departments);
	make_courses();
	file = create(argv[2], "statements.jsonl");
	for (int i = 0; i < AT_A_TIME; i++)
		start(&active[i], 0);
	for (written = 0; written < wanted; written++)
	{
		Session    *s = &active[below(AT_A_TIME)];

		one_statement(file, s);
		if (s->step > s->last)
			start(s, (int) (written * 1000 / wanted));
	}
	bytes = ftell(file);
	finish(file);
	file = create(argv[2], "mix.txt");
	fprintf(file, "%" PRIu64 " statements of %.0f bytes on average\n", written, (double) bytes / (double) written - 1);
	for (int i = 0; i < N_CLIENTS; i++)
		fprintf(file, "%5.1f %% %s\n", 100.0 * (double) by_client[i] / (double) written, client_names[i]);
	fprintf(file, "%" PRIu64 " groups with members and instructors, %" PRIu64 " SubStatements, %" PRIu64 " StatementRefs of which %" PRIu64 " voids\n", n_groups, n_substatements, n_references, n_voids);
	finish(file);
	return 0;
}
