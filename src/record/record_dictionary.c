/*
 * record_dictionary.c - notes what statements name, and knows what is written.
 *
 * Keys are hashes, so writing a statement needs no look-up. What a key stands
 * for is written once, when a session first meets it: each naming is noted
 * unless the session knows it, and at the end of the SQL statement the notes
 * are settled together (record_settle.c). An activity that comes without its
 * definition is no change of the definition.
 *
 * A session knows (table, key, hash of identity and description), of what its
 * own open transaction wrote or what was committed. That is forgotten whole
 * when a transaction that added to it does not commit, when a dictionary loses
 * rows or its table is truncated or redefined, and when it has grown too large.
 * (A session that knows a name does not look again: who deletes names must keep
 * writers out meanwhile, by LOCK TABLE statements IN SHARE ROW EXCLUSIVE MODE.)
 *
 * The dictionaries are written as the owner of the statements table, just as
 * foreign keys are checked: a writer needs INSERT on statements only, and
 * cannot write the dictionaries at will.
 */
#include "ecosys.h"

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
#include "utils/uuid.h"

#include "base/hash_key.h"
#include "base/json_reader.h"
#include "query/query.h"
#include "record/record.h"
#include "record/record_names.h"

/*
 * Notes that take more memory than this are settled before the SQL statement
 * ends. KNOWN_MAX namings are remembered (40 bytes each, and the table's own).
 */
#define NOTES_BYTES (32 * 1024 * 1024)
#define KNOWN_MAX 400000

/* What a session knows to be written. */
typedef struct known_key
{
	Oid			schema;
	uint32		dictionary;
	int64		key;
	uint64		content;		/* hash of the identity and, but for an actor, of the description */
} known_key;

typedef struct known_entry
{
	known_key	key;
	uint64		name;			/* of an actor: hash of the name last written, 0 for none */
} known_entry;

static HTAB *known = NULL;
static bool known_grew = false; /* in this transaction */

/* What identifies a naming: two identities with one key must not pass for one. */
typedef struct naming
{
	ecosys_dictionary dictionary;
	int64		key;
	uint64		identity;		/* hash of its spelling */
	uint64		description;	/* hash of the description's text, 0 for none */
} naming;

typedef struct noted_key
{
	uint32		dictionary;
	uint32		unused;
	int64		key;
} noted_key;

typedef struct noted_entry
{
	noted_key	key;
	uint64		identity;		/* the last ones noted */
	uint64		description;
	int			n;
} noted_entry;

/*
 * What was noted for one ecosystem in one subtransaction. A trigger may store
 * statements itself, in a subtransaction that is rolled back then: it notes them
 * in a notebook of its own, above that of the SQL statement that called it, so
 * that what this one has noted is neither written in there nor forgotten.
 */
typedef struct notebook
{
	struct notebook *below;
	MemoryContext context;		/* all is in here; goes with the transaction */
	Oid			schema;			/* of the ecosystem */
	Oid			owner;			/* of its statements table */
	SubTransactionId subid;		/* never less than that of the one below */
	HTAB	   *index;
	ecosys_note *notes;
	naming	   *namings;		/* of the notes, in the same order until they are settled */
	int			n_notes;
	int			notes_room;
	pg_uuid_t  *voids;			/* pairs: what is void, and by which */
	int			n_voids;
	int			voids_room;
} notebook;

static notebook *top = NULL;

static void
close_top(void)
{
	MemoryContext context = top->context;

	top = top->below;
	MemoryContextDelete(context);
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
	top = NULL;
}

static void
at_subtransaction_end(SubXactEvent event, SubTransactionId subid, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
	{
		if (known_grew)
			forget_known();
		while (top != NULL && top->subid >= subid)
			close_top();
	}
	else if (event == SUBXACT_EVENT_COMMIT_SUB)
	{
		for (notebook *b = top; b != NULL && b->subid == subid; b = b->below)
			b->subid = parent;
	}
}

/*
 * Tables whose invalidation makes us forget: the dictionaries of each ecosystem
 * written to. A dictionary that loses rows invalidates itself (dictionary_forget).
 * That names in flight are settled is no loss, and invalidates nothing.
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
	watched = repalloc(watched, sizeof(Oid) * (n_watched + ECOSYS_N_DICTIONARIES + 1));
	watched_schemas = repalloc(watched_schemas, sizeof(Oid) * (n_watched_schemas + 1));
	for (int i = 0; i <= ECOSYS_N_DICTIONARIES; i++)
	{
		Oid			table = get_relname_relid(i == ECOSYS_N_DICTIONARIES ? ECOSYS_IN_FLIGHT_TABLE :
											  ecosys_settled_tables[i], schema);

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
}

/* ---- noting ---- */

static known_key
known_key_of(Oid schema, const naming *naming)
{
	known_key	k = {schema, naming->dictionary, naming->key, naming->identity};

	/* descriptions are merged, so each that was merged is known; of names the last one counts */
	if (naming->dictionary != ECOSYS_DICTIONARY_ACTORS && naming->description != 0)
		k.content = XXH64(&naming->description, sizeof(uint64), naming->identity);
	return k;
}

static bool
is_known(Oid schema, const naming *naming)
{
	known_key	k;
	const known_entry *entry;

	if (known == NULL)
		return false;
	k = known_key_of(schema, naming);
	entry = hash_search(known, &k, HASH_FIND, NULL);
	return entry != NULL && (naming->dictionary != ECOSYS_DICTIONARY_ACTORS || naming->description == 0 ||
							 entry->name == naming->description);
}

static void
add_known(Oid schema, const naming *naming)
{
	known_key	k = known_key_of(schema, naming);
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
	if (!found || naming->description != 0)
		entry->name = naming->dictionary == ECOSYS_DICTIONARY_ACTORS ? naming->description : 0;
}

/* A notebook for an ecosystem, on top. */
static void
open_notebook(Oid schema, Oid owner)
{
	HASHCTL		control = {0};
	MemoryContext context = AllocSetContextCreate(TopTransactionContext, "ecosys notes", ALLOCSET_DEFAULT_SIZES);
	notebook   *b = MemoryContextAllocZero(context, sizeof(notebook));

	control.keysize = sizeof(noted_key);
	control.entrysize = sizeof(noted_entry);
	control.hcxt = context;
	b->context = context;
	b->schema = schema;
	b->owner = owner;
	b->subid = GetCurrentSubTransactionId();
	b->notes_room = 64;
	b->notes = MemoryContextAlloc(context, sizeof(ecosys_note) * b->notes_room);
	b->namings = MemoryContextAlloc(context, sizeof(*b->namings) * b->notes_room);
	b->index = hash_create("ecosys notes", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	b->below = top;
	top = b;
}

/* Is the notebook for this ecosystem, in this subtransaction? */
static bool
is_for(const notebook *b, Oid schema)
{
	return b->schema == schema && b->subid == GetCurrentSubTransactionId();
}

static void
open_notes(Relation statements)
{
	if (top == NULL || !is_for(top, RelationGetNamespace(statements)))
		open_notebook(RelationGetNamespace(statements), statements->rd_rel->relowner);
}

/* A new note, unless what it would say is known or noted already. */
static ecosys_note *
new_note(Relation statements, const naming *naming)
{
	Oid			schema = RelationGetNamespace(statements);
	noted_key	k = {naming->dictionary, 0, naming->key};
	noted_entry *entry;
	bool		found;
	ecosys_note *n;

	if (is_known(schema, naming))
		return NULL;
	open_notes(statements);
	entry = hash_search(top->index, &k, HASH_ENTER, &found);
	if (found && entry->identity == naming->identity &&
		(entry->description == naming->description || naming->description == 0))
		return NULL;
	entry->n = found ? entry->n + 1 : 0;
	entry->identity = naming->identity;
	entry->description = naming->description;
	if (top->n_notes == top->notes_room)
	{
		top->notes = repalloc_huge(top->notes, sizeof(ecosys_note) * top->notes_room * 2);
		top->namings = repalloc_huge(top->namings, sizeof(*top->namings) * top->notes_room * 2);
		top->notes_room *= 2;
	}
	top->namings[top->n_notes] = *naming;
	n = &top->notes[top->n_notes++];
	memset(n, 0, sizeof(*n));
	n->dictionary = naming->dictionary;
	n->order = entry->n;
	n->key = naming->key;
	return n;
}

static char *
note_string(const char *text, ecosys_span span)
{
	char	   *copy = MemoryContextAlloc(top->context, (Size) span.length + 1);

	memcpy(copy, text + span.offset, span.length);
	copy[span.length] = '\0';
	return copy;
}

/* The decoded string, or NULL if a text value cannot hold it (\u0000, a lone surrogate). */
static char *
note_decoded(const char *text, ecosys_span span)
{
	char	   *copy = MemoryContextAlloc(top->context, (Size) span.length + 1);
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
note_set(Relation statements, ecosys_dictionary d, int64 key, const int64 *members, uint32 n_members)
{
	Size		size = sizeof(int64) * n_members;
	naming		naming = {d, key, XXH64(members, size, 1), 0};
	ecosys_note *n = new_note(statements, &naming);

	if (n == NULL)
		return;
	n->n_members = n_members;
	n->identity = memcpy(MemoryContextAlloc(top->context, size), members, size);
}

void
ecosys_record_begin(Relation statements)
{
	prepare_session();
	if (top != NULL && top->subid == GetCurrentSubTransactionId() &&
		(top->schema != RelationGetNamespace(statements) ||
		 MemoryContextMemAllocated(top->context, true) > NOTES_BYTES))
		ecosys_record_keep();
}

void
ecosys_record_note(Relation statements, const ecosys_statement_facts *facts, const char *text)
{
	bool		may_define = ecosys_record_may_define();
	int64		key;

	for (uint32 i = 0; i < facts->n_mentions; i++)
	{
		const ecosys_mention *m = &facts->mentions[i];
		bool		described = m->description.length > 0 && (may_define || m->kind == ECOSYS_MENTION_VERB);
		naming		naming = {ECOSYS_DICTIONARY_ACTORS, m->key, 0, 0};
		ecosys_note *n;

		if (m->identifier.length == 0)
			continue;			/* an anonymous group is no identity */
		if (m->kind == ECOSYS_MENTION_VERB)
			naming.dictionary = ECOSYS_DICTIONARY_VERBS;
		else if (m->kind == ECOSYS_MENTION_ACTIVITY)
			naming.dictionary = ECOSYS_DICTIONARY_ACTIVITIES;
		naming.identity = XXH64(text + m->identifier.offset, m->identifier.length, 1);
		if (described)
			naming.description = XXH64(text + m->description.offset, m->description.length, 0) | 1;
		n = new_note(statements, &naming);
		if (n == NULL)
			continue;
		if (naming.dictionary == ECOSYS_DICTIONARY_ACTORS)
		{
			n->identity = note_string(text, m->object);
			n->is_group = m->kind == ECOSYS_MENTION_GROUP;
			if (described)
				n->details = note_decoded(text, m->description);
		}
		else
		{
			n->identity = note_decoded(text, m->identifier);
			if (n->identity == NULL)	/* cannot be: an IRI has no such characters */
				elog(ERROR, "an IRI is not a text");
			if (described)
				n->details = note_string(text, m->description);
		}
	}
	if (ecosys_record_related_activities(facts, &key))
		note_set(statements, ECOSYS_DICTIONARY_ACTIVITY_SETS, key, facts->related_activities, facts->n_related_activities);
	if (ecosys_record_related_actors(facts, &key))
		note_set(statements, ECOSYS_DICTIONARY_ACTOR_SETS, key, facts->related_actors, facts->n_related_actors);
	if (ecosys_record_parties(facts, &key))
		note_set(statements, ECOSYS_DICTIONARY_ACTOR_SETS, key, facts->parties, facts->n_parties);
}

static void
note_void(const uint8 *voided, const pg_uuid_t *voiding)
{
	if (2 * top->n_voids == top->voids_room)
	{
		int			room = top->voids_room == 0 ? 16 : 2 * top->voids_room;

		top->voids = top->voids == NULL ? MemoryContextAlloc(top->context, sizeof(pg_uuid_t) * room) :
			repalloc_huge(top->voids, sizeof(pg_uuid_t) * room);
		top->voids_room = room;
	}
	memcpy(top->voids[2 * top->n_voids].data, voided, UUID_LEN);
	top->voids[2 * top->n_voids + 1] = *voiding;
	top->n_voids++;
}

void
ecosys_record_note_void(Relation statements, const uint8 *voided, const pg_uuid_t *voiding)
{
	open_notes(statements);
	note_void(voided, voiding);
}

/* ---- writing ---- */

void
ecosys_record_become(ecosys_record_caller *caller, Oid owner)
{
	GetUserIdAndSecContext(&caller->user, &caller->context);
	SetUserIdAndSecContext(owner, caller->context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	caller->guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

void
ecosys_record_become_again(const ecosys_record_caller *caller)
{
	AtEOXact_GUC(false, caller->guc_level);
	SetUserIdAndSecContext(caller->user, caller->context);
}

/* The command with its %s replaced by the schema. */
static char *
in_schema(const char *command, Oid schema)
{
	StringInfoData buf;
	const char *quoted = quote_identifier(get_namespace_name(schema));

	initStringInfo(&buf);
	for (const char *c = command; *c != '\0'; c++)
	{
		if (c[0] == '%' && c[1] == 's')
		{
			appendStringInfoString(&buf, quoted);
			c++;
		}
		else
			appendStringInfoChar(&buf, *c);
	}
	return buf.data;
}

/* Run an SQL command as the owner. */
static void
execute(Oid schema, Oid owner, const char *command, int nargs, Oid *argtypes, Datum *values, const char *nulls)
{
	ecosys_record_caller caller;

	ecosys_record_become(&caller, owner);
	SPI_connect();
	if (SPI_execute_with_args(in_schema(command, schema), nargs, argtypes, values, nulls, false, 0) < 0)
		elog(ERROR, "could not execute: %s", command);
	SPI_finish();
	ecosys_record_become_again(&caller);
}

void
ecosys_record_execute(Relation statements, const char *command, int nargs, Oid *argtypes,
					  Datum *values, const char *nulls)
{
	execute(RelationGetNamespace(statements), statements->rd_rel->relowner, command, nargs, argtypes, values, nulls);
}

/*
 * Only what was stored voids: somebody's trigger may have left the row out after
 * ours noted it. Or the row is on its way still, because a trigger before it
 * stores statements: it stays noted.
 */
static void
keep_voids(const notebook *b)
{
	Oid			types[4] = {UUIDARRAYOID, UUIDARRAYOID, INT8ARRAYOID, INT8OID};
	Datum		values[4];
	Datum	   *elements = palloc(sizeof(Datum) * b->n_voids);
	ecosys_record_caller caller;
	const char *missing = "SELECT n.voided, n.voiding FROM unnest($1, $2) AS n (voided, voiding)"
		" WHERE NOT EXISTS (SELECT FROM %s.statements s WHERE s.id OPERATOR(pg_catalog.=) n.voiding)";

	for (int side = 0; side < 2; side++)
	{
		for (int i = 0; i < b->n_voids; i++)
			elements[i] = UUIDPGetDatum(&b->voids[2 * i + side]);
		values[side] = PointerGetDatum(construct_array(elements, b->n_voids, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
	}
	for (int i = 0; i < b->n_voids; i++)
		elements[i] = Int64GetDatum(ecosys_hash_key(ECOSYS_KEY_STATEMENT, b->voids[2 * i].data, UUID_LEN));
	values[2] = PointerGetDatum(construct_array(elements, b->n_voids, INT8OID, sizeof(int64), FLOAT8PASSBYVAL,
												TYPALIGN_DOUBLE));
	values[3] = Int64GetDatum(ecosys_query_voiding_verb());

	ecosys_record_become(&caller, b->owner);
	SPI_connect();
	/* another statement may have got the id */
	if (SPI_execute_with_args(in_schema("INSERT INTO %s.voidings (voided, voiding) SELECT n.voided, n.voiding"
										" FROM unnest($1, $2, $3) AS n (voided, voiding, object)"
										" WHERE EXISTS (SELECT FROM %s.statements s WHERE s.id OPERATOR(pg_catalog.=) n.voiding"
										" AND s.verb OPERATOR(pg_catalog.=) $4 AND s.object OPERATOR(pg_catalog.=) n.object)"
										" ON CONFLICT DO NOTHING", b->schema), 4, types, values, NULL, false, 0) < 0)
		elog(ERROR, "could not write voidings");
	if (SPI_processed < b->n_voids)
	{
		if (SPI_execute_with_args(in_schema(missing, b->schema), 2, types, values, NULL, false, 0) < 0)
			elog(ERROR, "could not read which statements are stored");
		if (SPI_processed > 0 && (top == NULL || !is_for(top, b->schema)))
			open_notebook(b->schema, b->owner);
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			bool		isnull;
			HeapTuple	row = SPI_tuptable->vals[i];
			TupleDesc	desc = SPI_tuptable->tupdesc;

			note_void(DatumGetUUIDP(SPI_getbinval(row, desc, 1, &isnull))->data,
					  DatumGetUUIDP(SPI_getbinval(row, desc, 2, &isnull)));
		}
	}
	SPI_finish();
	ecosys_record_become_again(&caller);
	pfree(elements);
}

static void
write_notebook(notebook *b)
{
	if (b->n_notes > 0)
	{
		ecosys_record_settle(b->schema, b->owner, b->notes, b->n_notes);
		watch(b->schema);
		for (int i = 0; i < b->n_notes; i++)
			add_known(b->schema, &b->namings[i]);
	}
	if (b->n_voids > 0)
		keep_voids(b);
	MemoryContextDelete(b->context);
}

void
ecosys_record_keep(void)
{
	SubTransactionId subid = GetCurrentSubTransactionId();
	notebook   *b = top;

	/* they are taken away first: to write them may call triggers that store statements */
	while (top != NULL && top->subid == subid)
		top = top->below;
	for (notebook *end = top; b != end;)
	{
		notebook   *below = b->below;

		write_notebook(b);
		b = below;
	}
}

/* AFTER DELETE on a dictionary, for each statement: sessions must not trust what they know of it. */
ECOSYS_FUNCTION(ecosys_dictionary_forget);
Datum
ecosys_dictionary_forget(PG_FUNCTION_ARGS)
{
	CacheInvalidateRelcache(ecosys_record_trigger(fcinfo, "dictionary_forget", 0, "")->tg_relation);
	return PointerGetDatum(NULL);
}
