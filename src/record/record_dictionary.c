/*
 * record_dictionary.c - keeps actors, verbs, activities and the sets of them.
 *
 * Keys are hashes, so writing a statement needs no look-up. What a key stands
 * for is written once, when a session first meets it: each naming is noted
 * unless the session knows it, and at the end of the SQL statement the notes
 * are written in one INSERT a table, sorted by key. Rows that exist with equal
 * content are not touched (and so not locked), and an activity that comes
 * without its definition is no change of the definition.
 *
 * A session knows (table, kind of key, key, hash of the description). That is
 * forgotten whole when a transaction that added to it does not commit, when a
 * dictionary loses rows or its table is truncated or redefined, and when it has grown too large.
 *
 * The dictionaries are written as the owner of the statements table, just as
 * foreign keys are checked: a writer needs INSERT on statements only, and
 * cannot write the dictionaries at will.
 */
#include "ecosys.h"

#include "access/genam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "base/hash_key.h"
#include "base/json_reader.h"
#include "record/record.h"

/*
 * Notes are written at the end of the SQL statement, all at once and in key
 * order: so two sessions that load files with names in common, one INSERT or
 * COPY a transaction, wait for each other but never deadlock. Only notes that take more
 * memory than this are written in between. KNOWN_MAX namings are remembered (56 bytes each).
 */
#define NOTES_BYTES (32 * 1024 * 1024)
#define KNOWN_MAX 400000

typedef enum dictionary
{
	DICTIONARY_ACTORS,
	DICTIONARY_VERBS,
	DICTIONARY_ACTIVITIES,
	DICTIONARY_ACTIVITY_SETS,
	DICTIONARY_ACTOR_SETS,
	N_DICTIONARIES
} dictionary;

static const char *const dictionary_names[N_DICTIONARIES] = {
	"actors", "verbs", "activities", "activity_sets", "actor_sets"
};

/*
 * One INSERT a dictionary; $1 keys, $2 and on parallel arrays. Only what is
 * new or different is written, and with it what a later round may write again:
 * so that the first round locks all rows, in the order of their keys. %s is the
 * quoted schema. unnest of several arrays is grammar that always means
 * pg_catalog's, and cannot be written qualified.
 */
static const char *const dictionary_inserts[N_DICTIONARIES] = {
	"INSERT INTO %s.actors AS d (key, actor, name, is_group)"
	" SELECT n.key, n.actor::ecosys.actor, n.name, n.is_group"
	" FROM unnest($1, $2, $3, $4, $5) AS n (key, again, actor, name, is_group)"
	" WHERE n.again OR NOT EXISTS (SELECT FROM %s.actors k WHERE k.key OPERATOR(pg_catalog.=) n.key"
	" AND (n.name IS NULL OR k.name OPERATOR(pg_catalog.=) n.name))"
	" ORDER BY n.key"
	" ON CONFLICT (key) DO UPDATE SET name = EXCLUDED.name WHERE EXCLUDED.name IS NOT NULL",

	"INSERT INTO %s.verbs AS d (key, iri, display)"
	" SELECT n.key, n.iri, n.display::pg_catalog.json FROM unnest($1, $2, $3, $4) AS n (key, again, iri, display)"
	" WHERE n.again OR NOT EXISTS (SELECT FROM %s.verbs k WHERE k.key OPERATOR(pg_catalog.=) n.key"
	" AND (n.display IS NULL OR k.display::pg_catalog.text OPERATOR(pg_catalog.=) n.display))"
	" ORDER BY n.key"
	" ON CONFLICT (key) DO UPDATE SET display = ecosys.merge_language_map(d.display, EXCLUDED.display)"
	" WHERE ecosys.merge_language_map(d.display, EXCLUDED.display)::pg_catalog.text"
	" IS DISTINCT FROM d.display::pg_catalog.text",

	"INSERT INTO %s.activities AS d (key, iri, definition)"
	" SELECT n.key, n.iri, n.definition::pg_catalog.json FROM unnest($1, $2, $3, $4) AS n (key, again, iri, definition)"
	" WHERE n.again OR NOT EXISTS (SELECT FROM %s.activities k WHERE k.key OPERATOR(pg_catalog.=) n.key"
	" AND (n.definition IS NULL OR k.definition::pg_catalog.text OPERATOR(pg_catalog.=) n.definition))"
	" ORDER BY n.key"
	" ON CONFLICT (key) DO UPDATE SET definition = ecosys.merge_definition(d.definition, EXCLUDED.definition)"
	" WHERE ecosys.merge_definition(d.definition, EXCLUDED.definition)::pg_catalog.text"
	" IS DISTINCT FROM d.definition::pg_catalog.text",

	"INSERT INTO %s.activity_sets (key, members)"
	" SELECT n.key, n.members::pg_catalog.int8[] FROM unnest($1, $2, $3) AS n (key, again, members)"
	" ORDER BY n.key ON CONFLICT (key) DO NOTHING",

	"INSERT INTO %s.actor_sets (key, members)"
	" SELECT n.key, n.members::pg_catalog.int8[] FROM unnest($1, $2, $3) AS n (key, again, members)"
	" ORDER BY n.key ON CONFLICT (key) DO NOTHING",
};

/* A key that stands for two things is a collision of hashes: refused. */
static const char *const dictionary_collisions[N_DICTIONARIES] = {
	"SELECT n.key FROM unnest($1, $3) AS n (key, actor)"
	" JOIN %s.actors k ON k.key OPERATOR(pg_catalog.=) n.key"
	" WHERE NOT (k.actor OPERATOR(ecosys.=) n.actor::ecosys.actor)",
	"SELECT n.key FROM unnest($1, $3) AS n (key, iri)"
	" JOIN %s.verbs k ON k.key OPERATOR(pg_catalog.=) n.key WHERE k.iri OPERATOR(pg_catalog.<>) n.iri",
	"SELECT n.key FROM unnest($1, $3) AS n (key, iri)"
	" JOIN %s.activities k ON k.key OPERATOR(pg_catalog.=) n.key WHERE k.iri OPERATOR(pg_catalog.<>) n.iri",
	"SELECT n.key FROM unnest($1, $3) AS n (key, members)"
	" JOIN %s.activity_sets k ON k.key OPERATOR(pg_catalog.=) n.key"
	" WHERE k.members OPERATOR(pg_catalog.<>) n.members::pg_catalog.int8[]",
	"SELECT n.key FROM unnest($1, $3) AS n (key, members)"
	" JOIN %s.actor_sets k ON k.key OPERATOR(pg_catalog.=) n.key"
	" WHERE k.members OPERATOR(pg_catalog.<>) n.members::pg_catalog.int8[]",
};

/* What a session knows to be written. */
typedef struct known_key
{
	Oid			schema;
	uint32		dictionary;
	int64		key;
	uint64		description;	/* hash of the description's text, 0 for none; of an actor always 0 */
} known_key;

typedef struct known_entry
{
	known_key	key;
	uint64		name;			/* of an actor: hash of the name last written, 0 for none */
} known_entry;

static HTAB *known = NULL;
static bool known_grew = false; /* in this transaction */

/* A naming that waits to be written; strings live in notes_context. */
typedef struct note
{
	dictionary	dictionary;
	int			round;			/* one INSERT takes one row a key: a second description is of the next round */
	int64		key;
	uint64		description;
	bool		is_group;
	char	   *identity;		/* JSON of the identity, IRI, or the members of a set */
	char	   *details;		/* name, display, definition; NULL: none */
} note;

typedef struct noted_key
{
	uint32		dictionary;
	uint32		unused;
	int64		key;
} noted_key;

typedef struct noted_entry
{
	noted_key	key;
	uint64		description;	/* the last one noted */
	int			round;
} noted_entry;

static MemoryContext notes_context = NULL;
static Oid	notes_schema = InvalidOid;	/* the ecosystem they belong to */
static Oid	notes_owner = InvalidOid;	/* of its statements table */
static SubTransactionId notes_subid = InvalidSubTransactionId;
static HTAB *notes_index = NULL;
static note *notes = NULL;
static int	n_notes = 0;
static int	notes_room = 0;

static void
forget_notes(void)
{
	n_notes = notes_room = 0;
	notes = NULL;
	notes_index = NULL;
	notes_schema = InvalidOid;
	notes_subid = InvalidSubTransactionId;
	if (notes_context != NULL)
		MemoryContextReset(notes_context);
}

static void
forget_known(void)
{
	if (known != NULL)
		hash_destroy(known);
	known = NULL;
	known_grew = false;
}

static void
at_transaction_end(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_PARALLEL_COMMIT:
			known_grew = false;
			break;
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PARALLEL_ABORT:
		case XACT_EVENT_PREPARE:	/* may be rolled back by another session */
			if (known_grew)
				forget_known();
			break;
		default:
			return;
	}
	forget_notes();
}

static void
at_subtransaction_end(SubXactEvent event, SubTransactionId subid, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
	{
		if (known_grew)
			forget_known();
		if (n_notes > 0 && notes_subid >= subid)
			forget_notes();
	}
	else if (event == SUBXACT_EVENT_COMMIT_SUB && notes_subid == subid)
		notes_subid = parent;
}

/*
 * Tables whose invalidation makes us forget: the dictionaries of each ecosystem
 * written to. A dictionary that loses rows invalidates itself (dictionary_forget).
 */
static Oid *watched = NULL;
static int	n_watched = 0;
static Oid *watched_schemas = NULL;
static int	n_watched_schemas = 0;

static void
at_relation_change(Datum arg, Oid relation)
{
	if (known == NULL)
		return;
	for (int i = 0; i < n_watched; i++)
	{
		if (relation == InvalidOid || watched[i] == relation)
		{
			/* look the tables up again: they may have been made anew */
			n_watched = n_watched_schemas = 0;
			forget_known();
			return;
		}
	}
}

static void
watch(Oid schema)
{
	for (int i = 0; i < n_watched_schemas; i++)
	{
		if (watched_schemas[i] == schema)
			return;
	}
	if (watched == NULL)
	{
		watched = MemoryContextAlloc(TopMemoryContext, sizeof(Oid));
		watched_schemas = MemoryContextAlloc(TopMemoryContext, sizeof(Oid));
	}
	watched = repalloc(watched, sizeof(Oid) * (n_watched + N_DICTIONARIES));
	watched_schemas = repalloc(watched_schemas, sizeof(Oid) * (n_watched_schemas + 1));
	for (int i = 0; i < N_DICTIONARIES; i++)
	{
		Oid			table = get_relname_relid(dictionary_names[i], schema);

		if (OidIsValid(table))
			watched[n_watched++] = table;
	}
	watched_schemas[n_watched_schemas++] = schema;
}

static void
prepare_session(void)
{
	static bool registered = false;

	if (!registered)
	{
		RegisterXactCallback(at_transaction_end, NULL);
		RegisterSubXactCallback(at_subtransaction_end, NULL);
		CacheRegisterRelcacheCallback(at_relation_change, (Datum) 0);
		registered = true;
	}
	if (notes_context == NULL)
		notes_context = AllocSetContextCreate(TopMemoryContext, "ecosys notes", ALLOCSET_DEFAULT_SIZES);
}

/* ---- noting ---- */

static bool
is_known(Oid schema, dictionary d, int64 key, uint64 description)
{
	bool		is_actor = d == DICTIONARY_ACTORS;
	known_key	k = {schema, d, key, is_actor ? 0 : description};
	const known_entry *entry = known == NULL ? NULL : hash_search(known, &k, HASH_FIND, NULL);

	/* descriptions are merged, so each that was merged is known; of names the last one counts */
	return entry != NULL && (!is_actor || description == 0 || entry->name == description);
}

static void
add_known(Oid schema, dictionary d, int64 key, uint64 description)
{
	bool		is_actor = d == DICTIONARY_ACTORS;
	known_key	k = {schema, d, key, is_actor ? 0 : description};
	known_entry *entry;
	bool		found;

	if (known != NULL && hash_get_num_entries(known) >= KNOWN_MAX)
		forget_known();
	if (known == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = sizeof(known_key);
		control.entrysize = sizeof(known_entry);
		known = hash_create("ecosys known keys", 1024, &control, HASH_ELEM | HASH_BLOBS);
	}
	known_grew = true;
	entry = hash_search(known, &k, HASH_ENTER, &found);
	if (!found || description != 0)
		entry->name = is_actor ? description : 0;
}

/* A new note, unless what it would say is known or noted already. */
static note *
new_note(Relation statements, dictionary d, int64 key, uint64 description)
{
	Oid			schema = RelationGetNamespace(statements);
	noted_key	k = {d, 0, key};
	noted_entry *entry;
	bool		found;
	note	   *n;

	if (is_known(schema, d, key, description))
		return NULL;
	if (n_notes == 0)
	{
		HASHCTL		control = {0};

		forget_notes();
		control.keysize = sizeof(noted_key);
		control.entrysize = sizeof(noted_entry);
		control.hcxt = notes_context;
		notes_index = hash_create("ecosys notes", 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
		notes_room = 256;
		notes = MemoryContextAlloc(notes_context, sizeof(note) * notes_room);
		notes_schema = schema;
		notes_owner = statements->rd_rel->relowner;
		notes_subid = GetCurrentSubTransactionId();
	}
	entry = hash_search(notes_index, &k, HASH_ENTER, &found);
	if (found && (entry->description == description || description == 0))
		return NULL;
	entry->round = found ? entry->round + 1 : 0;
	entry->description = description;
	if (n_notes == notes_room)
	{
		notes_room *= 2;
		notes = repalloc_huge(notes, sizeof(note) * notes_room);
	}
	n = &notes[n_notes++];
	memset(n, 0, sizeof(*n));
	n->dictionary = d;
	n->round = entry->round;
	n->key = key;
	n->description = description;
	return n;
}

static char *
note_string(const char *text, ecosys_span span)
{
	char	   *copy = MemoryContextAlloc(notes_context, (Size) span.length + 1);

	memcpy(copy, text + span.offset, span.length);
	copy[span.length] = '\0';
	return copy;
}

/* The decoded string, or NULL if a text value cannot hold it (\u0000, a lone surrogate). */
static char *
note_decoded(const char *text, ecosys_span span)
{
	char	   *copy = MemoryContextAlloc(notes_context, (Size) span.length + 1);
	size_t		length = ecosys_json_decode(text + span.offset, span.length, copy);

	if (memchr(copy, '\0', length) != NULL || !pg_verify_mbstr(PG_UTF8, copy, length, true))
	{
		pfree(copy);
		return NULL;
	}
	copy[length] = '\0';
	return copy;
}

bool
ecosys_record_related_activities(const ecosys_statement_facts *facts, int64 *key)
{
	if (facts->n_related_activities == 0 ||
		(facts->n_related_activities == 1 && facts->related_activities[0] == facts->object))
		return false;
	*key = ecosys_hash_key(ECOSYS_KEY_ACTIVITY_SET, facts->related_activities,
						   sizeof(int64) * facts->n_related_activities);
	return true;
}

bool
ecosys_record_related_actors(const ecosys_statement_facts *facts, int64 *key)
{
	if (facts->n_related_actors == 0 ||
		(facts->n_related_actors == 1 && facts->related_actors[0] == facts->actor))
		return false;
	*key = ecosys_hash_key(ECOSYS_KEY_ACTOR_SET, facts->related_actors,
						   sizeof(int64) * facts->n_related_actors);
	return true;
}

bool
ecosys_record_parties(const ecosys_statement_facts *facts, int64 *key)
{
	if (facts->n_parties == 0)
		return false;
	*key = ecosys_hash_key(ECOSYS_KEY_ACTOR_SET, facts->parties, sizeof(int64) * facts->n_parties);
	return true;
}

static void
note_set(Relation statements, dictionary d, int64 key, const int64 *members, uint32 n_members)
{
	note	   *n = new_note(statements, d, key, 0);
	StringInfoData literal;
	MemoryContext old;

	if (n == NULL)
		return;
	old = MemoryContextSwitchTo(notes_context);
	initStringInfo(&literal);
	for (uint32 i = 0; i < n_members; i++)
		appendStringInfo(&literal, "%c" INT64_FORMAT, i == 0 ? '{' : ',', members[i]);
	appendStringInfoChar(&literal, '}');
	n->identity = literal.data;
	MemoryContextSwitchTo(old);
}

void
ecosys_record_begin(Relation statements)
{
	prepare_session();
	if (n_notes > 0 && (notes_schema != RelationGetNamespace(statements) ||
						MemoryContextMemAllocated(notes_context, true) > NOTES_BYTES))
		ecosys_record_keep();
}

void
ecosys_record_note(Relation statements, const ecosys_statement_facts *facts, const char *text)
{
	int64		key;

	for (uint32 i = 0; i < facts->n_mentions; i++)
	{
		const ecosys_mention *m = &facts->mentions[i];
		uint64		description = 0;
		dictionary	d;
		note	   *n;

		if (m->identifier.length == 0)
			continue;			/* an anonymous group is no identity */
		if (m->description.length > 0)
			description = XXH64(text + m->description.offset, m->description.length, 0) | 1;
		d = m->kind == ECOSYS_MENTION_VERB ? DICTIONARY_VERBS :
			m->kind == ECOSYS_MENTION_ACTIVITY ? DICTIONARY_ACTIVITIES : DICTIONARY_ACTORS;
		n = new_note(statements, d, m->key, description);
		if (n == NULL)
			continue;
		if (d == DICTIONARY_ACTORS)
		{
			n->identity = note_string(text, m->object);
			n->is_group = m->kind == ECOSYS_MENTION_GROUP;
			if (m->description.length > 0)
				n->details = note_decoded(text, m->description);
		}
		else
		{
			n->identity = note_decoded(text, m->identifier);
			if (n->identity == NULL)	/* cannot be: an IRI has no such characters */
				elog(ERROR, "an IRI is not a text");
			if (m->description.length > 0)
				n->details = note_string(text, m->description);
		}
	}
	if (ecosys_record_related_activities(facts, &key))
		note_set(statements, DICTIONARY_ACTIVITY_SETS, key, facts->related_activities, facts->n_related_activities);
	if (ecosys_record_related_actors(facts, &key))
		note_set(statements, DICTIONARY_ACTOR_SETS, key, facts->related_actors, facts->n_related_actors);
	if (ecosys_record_parties(facts, &key))
		note_set(statements, DICTIONARY_ACTOR_SETS, key, facts->parties, facts->n_parties);
}

/* ---- writing ---- */

static int
compare_notes(const void *a, const void *b)
{
	const note *left = a;
	const note *right = b;

	if (left->dictionary != right->dictionary)
		return left->dictionary < right->dictionary ? -1 : 1;
	if (left->round != right->round)
		return left->round < right->round ? -1 : 1;
	return left->key < right->key ? -1 : left->key > right->key;
}

static Datum
array_of(Datum *values, bool *nulls, int n, Oid type)
{
	int			dims[1] = {n};
	int			lower[1] = {1};
	int16		length;
	bool		by_value;
	char		alignment;

	get_typlenbyvalalign(type, &length, &by_value, &alignment);
	return PointerGetDatum(construct_md_array(values, nulls, 1, dims, lower, type, length, by_value, alignment));
}

/* The command with its %s replaced, each time, by the schema. */
static char *
in_schema(const char *command, const char *schema)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (const char *c = command; *c != '\0'; c++)
	{
		if (c[0] == '%' && c[1] == 's')
		{
			appendStringInfoString(&buf, schema);
			c++;
		}
		else
			appendStringInfoChar(&buf, *c);
	}
	return buf.data;
}

/* Write the notes from..to, all of one dictionary and round. */
static void
keep_dictionary(const char *schema, const note *from, const note *to)
{
	dictionary	d = from->dictionary;
	int			n = to - from;
	Datum	   *keys = palloc(sizeof(Datum) * n);
	Datum	   *identities = palloc(sizeof(Datum) * n);
	Datum	   *details = palloc(sizeof(Datum) * n);
	Datum	   *groups = palloc(sizeof(Datum) * n);
	Datum	   *agains = palloc(sizeof(Datum) * n);
	bool	   *no_details = palloc(sizeof(bool) * n);
	Oid			types[5] = {INT8ARRAYOID, BOOLARRAYOID, TEXTARRAYOID, TEXTARRAYOID, BOOLARRAYOID};
	Datum		values[5];
	int			n_values = d == DICTIONARY_ACTORS ? 5 : d == DICTIONARY_VERBS || d == DICTIONARY_ACTIVITIES ? 4 : 3;

	for (int i = 0; i < n; i++)
	{
		noted_key	k = {d, 0, from[i].key};
		const noted_entry *entry = hash_search(notes_index, &k, HASH_FIND, NULL);

		keys[i] = Int64GetDatum(from[i].key);
		agains[i] = BoolGetDatum(entry != NULL && entry->round > from[i].round);
		identities[i] = CStringGetTextDatum(from[i].identity);
		no_details[i] = from[i].details == NULL;
		details[i] = no_details[i] ? (Datum) 0 : CStringGetTextDatum(from[i].details);
		groups[i] = BoolGetDatum(from[i].is_group);
	}
	values[0] = array_of(keys, NULL, n, INT8OID);
	values[1] = array_of(agains, NULL, n, BOOLOID);
	values[2] = array_of(identities, NULL, n, TEXTOID);
	values[3] = array_of(details, no_details, n, TEXTOID);
	values[4] = array_of(groups, NULL, n, BOOLOID);

	if (SPI_execute_with_args(in_schema(dictionary_inserts[d], schema), n_values, types, values, NULL, false, 0) < 0)
		elog(ERROR, "could not write dictionary %s", dictionary_names[d]);
	if (SPI_execute_with_args(in_schema(dictionary_collisions[d], schema), n_values, types, values, NULL, false, 1) < 0)
		elog(ERROR, "could not read dictionary %s", dictionary_names[d]);
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("two identities have the same key in %s", dictionary_names[d]),
				 errdetail("The key is %s; keys are 64-bit hashes.",
						   SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1)),
				 errhint("Statements that name the second identity cannot be stored in this ecosystem; store them in another one.")));
}

/* Become the owner, with nothing of the caller's in the search path. */
typedef struct as_owner
{
	Oid			user;
	int			context;
	int			guc_level;
} as_owner;

static void
become(as_owner *saved, Oid owner)
{
	GetUserIdAndSecContext(&saved->user, &saved->context);
	SetUserIdAndSecContext(owner, saved->context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	saved->guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

static void
become_again(const as_owner *saved)
{
	AtEOXact_GUC(false, saved->guc_level);
	SetUserIdAndSecContext(saved->user, saved->context);
}

void
ecosys_record_keep(void)
{
	as_owner	saved;
	Oid			schema = notes_schema;
	const char *quoted;
	int			from = 0;

	if (n_notes == 0)
		return;

	quoted = quote_identifier(get_namespace_name(schema));
	qsort(notes, n_notes, sizeof(note), compare_notes);
	become(&saved, notes_owner);
	SPI_connect();
	while (from < n_notes)
	{
		int			to = from + 1;

		while (to < n_notes && notes[to].dictionary == notes[from].dictionary && notes[to].round == notes[from].round)
			to++;
		keep_dictionary(quoted, notes + from, notes + to);
		from = to;
	}
	SPI_finish();
	become_again(&saved);

	watch(schema);
	for (int i = 0; i < n_notes; i++)
		add_known(schema, notes[i].dictionary, notes[i].key, notes[i].description);
	forget_notes();
}

void
ecosys_record_execute(Relation statements, const char *command, int nargs, Oid *argtypes,
					  Datum *values, const char *nulls)
{
	as_owner	saved;

	become(&saved, statements->rd_rel->relowner);
	SPI_connect();
	if (SPI_execute_with_args(in_schema(command, quote_identifier(get_namespace_name(RelationGetNamespace(statements)))),
							  nargs, argtypes, values, nulls, false, 0) < 0)
		elog(ERROR, "could not execute: %s", command);
	SPI_finish();
	become_again(&saved);
}

/* AFTER DELETE on a dictionary, for each statement: sessions must not trust what they know of it. */
ECOSYS_FUNCTION(ecosys_dictionary_forget);
Datum
ecosys_dictionary_forget(PG_FUNCTION_ARGS)
{
	CacheInvalidateRelcache(ecosys_record_trigger(fcinfo, "dictionary_forget", 0, "")->tg_relation);
	return PointerGetDatum(NULL);
}
