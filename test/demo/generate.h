/*
 * generate.h - what the parts of the demo's generator share.
 *
 * The generator writes an invented organisation, "Aurora Home Energy": its HR
 * tables, its learning model, its OKRs and the xAPI statements of three years.
 * Everything follows from one seed by integer arithmetic, so every run and
 * every machine writes the same bytes. It needs nothing but libc.
 */
#ifndef ECOSYS_DEMO_GENERATE_H
#define ECOSYS_DEMO_GENERATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- random numbers: a counter through a mixing function (splitmix64) ---- */

typedef struct Random
{
	uint64_t	state;
} Random;

uint64_t	mix(uint64_t value);
uint64_t	hash3(uint64_t a, uint64_t b, uint64_t c);
Random		random_from(uint64_t a, uint64_t b, uint64_t c);
uint64_t	next_random(Random *random);
int			below(Random *random, int limit);		/* 0 .. limit - 1 */
int			between(Random *random, int low, int high);	/* both included */
bool		chance(Random *random, int permille);
int			bell(Random *random, int middle, int spread);	/* sum of four uniforms */

/* ---- text ---- */

typedef struct Text
{
	char	   *data;
	size_t		length;
	size_t		size;
} Text;

void		clear(Text *text);
void		add(Text *text, const char *format,...) __attribute__((format(printf, 2, 3)));
void		add_json(Text *text, const char *value);	/* a JSON string, quoted */
void		add_csv(FILE *file, const char *value, char after);
const char *permille_text(int permille, char *buffer);	/* 850 -> 0.85 */
void		uuid_text(uint64_t high, uint64_t low, char *buffer);	/* 37 bytes */
FILE	   *open_output(const char *folder, const char *name);
void		close_output(FILE *file, const char *name);
void	   *allocate(size_t count, size_t size);

/* ---- time: milliseconds from 1970, days from 1970 ---- */

#define DAY_MS			INT64_C(86400000)
#define FIRST_DAY		19539		/* 2023-07-01 */
#define LAST_DAY		20634		/* 2026-06-30, the last day with statements */

void		date_text(int day, char *buffer);		/* 2026-06-30 */
void		time_text(int64_t ms, int offset_minutes, char *buffer);	/* with offset, or Z for 0 */
int			utc_offset(int site, int64_t ms);

/* ---- the organisation (organisation.c) ---- */

typedef struct Department
{
	const char *id;
	const char *parent;
	const char *name;
	int			site;
	int			share;			/* of the headcount */
	int			engagement;		/* how much of what is due gets done, permille */
	int			trend;			/* -1: most of it long ago, +1: most of it lately */
	const char *jobs;			/* code:weight,... */
} Department;

typedef struct Job
{
	const char *code;
	const char *title;
	const char *requirements;	/* competency:required in percent,... */
} Job;

#define MAX_MOVES 6

typedef struct Person
{
	char		number[8];
	char		name[120];
	char		email[120];
	char		library_account[24];	/* its name in the external library */
	int			job;
	bool		leads;
	bool		executive;
	int			manager;			/* person, -1: none */
	int			fte;				/* percent */
	int			hired;				/* day */
	int			skill;				/* permille */
	int			diligence;			/* permille */
	int			moves;
	int			department[MAX_MOVES];
	int			since[MAX_MOVES];	/* day; until the next one's */
	bool		known_to_library;	/* has a row in personas */
} Person;

extern const Department departments[];
extern const int n_departments;
extern const Job jobs[];
extern const int n_jobs;
extern Person *people;
extern int	n_people;
extern const char *const site_names[];

void		make_people(int count);
int			department_on(const Person *person, int day);
void		write_hr(const char *folder);

/* ---- the model (model.c) ---- */

typedef enum ContentKind
{
	COURSE, MODULE, VIDEO, WEBINAR, EBOOK, ON_THE_JOB, MENTORING, ASSESSMENT, CREDENTIAL, PROGRAM,
	N_CONTENT_KINDS
} ContentKind;

typedef struct Competency
{
	const char *slug;
	const char *name;
	const char *supports;		/* goal:slug:percent or competency:slug:percent, comma separated */
	const char *goal;			/* the goal it serves most */
	const char *topics[5];
} Competency;

typedef struct Content
{
	ContentKind kind;
	int			competency;		/* -1: teaches none (an orphan) */
	int			platform;
	int			course;			/* of a module: its course; of a test: what it belongs to; -1: none */
	bool		unused;			/* nobody ever opens it */
	char		key[96];
	char		title[240];
	char		activity[200];
	int			teaches;		/* permille */
	int			minutes;
	const char *language;
} Content;

typedef enum PlatformNumber
{
	CAMPUS, RECORDS, EXAMIO, LIVE_ROOMS, SKILLSHELF, READDECK, CLIPTHEQUE, AUTHORLAB, COURSECRAFT,
	INTRANET, FIELD_APP, MENTOR_MATCH, BADGEHOUSE, SIMBENCH,
	N_PLATFORMS
} PlatformNumber;

typedef struct Platform
{
	const char *key;
	const char *kind;
	const char *name;
	const char *vendor;			/* slug; NULL: own */
	const char *base;			/* start of the activity IRIs */
} Platform;

extern const Competency competencies[];
extern const int n_competencies;
extern const Platform platforms[];
extern const char required_of_everybody[];
extern Content *contents;
extern int	n_contents;

int			find_competency(const char *slug, size_t length);
void		make_contents(void);
void		write_model(const char *folder);
const Person *trainer_of(int competency);
/* the items of one kind that teach a competency; returns how many */
int			contents_of(int competency, ContentKind kind, const int **list);

/* ---- the statements (statements.c) ---- */

void		write_statements(const char *folder, int count, bool clean);

#endif
