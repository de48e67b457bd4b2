/*
 * statement_canonical.c - comparing two statement texts as values.
 *
 * Each text becomes a tree of spans in one array, with the members of every
 * object sorted by key; then both trees are walked side by side. Nothing
 * recurses: nodes know their parents. Each node has a role, what it is in a
 * statement, from which follows what xAPI leaves aside.
 */
#include "statement/statement_canonical.h"

#include <string.h>

#include "base/json_reader.h"
#include "base/timestamp.h"

typedef enum node_role
{
	ROLE_ANY,					/* compared as JSON */
	ROLE_IGNORED,				/* left aside */
	ROLE_STATEMENT,
	ROLE_VERB,
	ROLE_OBJECT,				/* of any type */
	ROLE_ACTOR,					/* agent or group */
	ROLE_MEMBERS,				/* array of actors in any order */
	ROLE_ACTIVITY,
	ROLE_RESULT,
	ROLE_CONTEXT,
	ROLE_CONTEXT_ACTIVITIES,
	ROLE_ACTIVITIES,			/* array of activities, or one of them */
	ROLE_CONTEXT_AGENTS,		/* array of the next */
	ROLE_CONTEXT_AGENT,			/* agent or group in context, with its types */
	ROLE_STATEMENT_REF,
	ROLE_UUID,
	ROLE_TIME,
	ROLE_MBOX,
	ROLE_HEX,
	ROLE_DURATION
} node_role;

/* What a member of an object is, by the role of the object. "*" is any key. */
static const struct
{
	node_role	object;
	const char *key;
	node_role	member;
}			member_roles[] =
{
	{ROLE_STATEMENT, "id", ROLE_UUID},
	{ROLE_STATEMENT, "actor", ROLE_ACTOR},
	{ROLE_STATEMENT, "verb", ROLE_VERB},
	{ROLE_STATEMENT, "object", ROLE_OBJECT},
	{ROLE_STATEMENT, "result", ROLE_RESULT},
	{ROLE_STATEMENT, "context", ROLE_CONTEXT},
	{ROLE_STATEMENT, "timestamp", ROLE_TIME},
	{ROLE_STATEMENT, "stored", ROLE_IGNORED},
	{ROLE_STATEMENT, "authority", ROLE_ACTOR},
	{ROLE_VERB, "display", ROLE_IGNORED},
	/* an object is an activity, an actor, a StatementRef or a SubStatement; no key means two things */
	{ROLE_OBJECT, "definition", ROLE_IGNORED},
	{ROLE_OBJECT, "mbox", ROLE_MBOX},
	{ROLE_OBJECT, "mbox_sha1sum", ROLE_HEX},
	{ROLE_OBJECT, "member", ROLE_MEMBERS},
	{ROLE_OBJECT, "id", ROLE_UUID},	/* an activity's is an IRI, never a UUID */
	{ROLE_OBJECT, "actor", ROLE_ACTOR},
	{ROLE_OBJECT, "verb", ROLE_VERB},
	{ROLE_OBJECT, "object", ROLE_OBJECT},
	{ROLE_OBJECT, "result", ROLE_RESULT},
	{ROLE_OBJECT, "context", ROLE_CONTEXT},
	{ROLE_OBJECT, "timestamp", ROLE_TIME},
	{ROLE_ACTOR, "mbox", ROLE_MBOX},
	{ROLE_ACTOR, "mbox_sha1sum", ROLE_HEX},
	{ROLE_ACTOR, "member", ROLE_MEMBERS},
	{ROLE_ACTIVITY, "definition", ROLE_IGNORED},
	{ROLE_RESULT, "duration", ROLE_DURATION},
	{ROLE_CONTEXT, "registration", ROLE_UUID},
	{ROLE_CONTEXT, "instructor", ROLE_ACTOR},
	{ROLE_CONTEXT, "team", ROLE_ACTOR},
	{ROLE_CONTEXT, "contextActivities", ROLE_CONTEXT_ACTIVITIES},
	{ROLE_CONTEXT, "contextAgents", ROLE_CONTEXT_AGENTS},
	{ROLE_CONTEXT, "contextGroups", ROLE_CONTEXT_AGENTS},
	{ROLE_CONTEXT, "statement", ROLE_STATEMENT_REF},
	{ROLE_CONTEXT_AGENT, "agent", ROLE_ACTOR},
	{ROLE_CONTEXT_AGENT, "group", ROLE_ACTOR},
	{ROLE_CONTEXT_ACTIVITIES, "*", ROLE_ACTIVITIES},
	{ROLE_STATEMENT_REF, "id", ROLE_UUID},
};

#define NONE UINT32_MAX
#define STEPS_BETWEEN_PROGRESS 1000

typedef struct node
{
	ecosys_span key;			/* with quotes; absent in an array */
	ecosys_span value;
	uint32_t	parent;
	uint32_t	first;
	uint32_t	last;
	uint32_t	next;
	uint32_t	n_children;
	uint8_t		kind;			/* an ecosys_json_kind */
	uint8_t		role;
	bool		made;			/* an array made around one activity: not in the text */
} node;

typedef struct tree
{
	const char *text;
	node	   *nodes;
	uint32_t	n_nodes;
	uint32_t	capacity;
	const ecosys_comparison_memory *memory;
	ecosys_comparison comparison;
	uint32_t	steps;
	bool		out_of_memory;
} tree;

/* ---- numbers ---- */

/* A number as 0.DIGITS times ten to the power of exponent. */
typedef struct decimal
{
	bool		negative;
	bool		zero;
	const char *digits;			/* from the first digit that is not 0; has a point in it, perhaps */
	const char *end;
	int64_t		exponent;
	const char *huge_exponent;	/* digits of one beyond 10^18, else NULL */
	size_t		huge_length;
} decimal;

static decimal
read_decimal(const char *at, size_t length)
{
	decimal		result = {0};
	const char *end = at + length;
	const char *mantissa_end = at;
	const char *point;
	bool		exponent_negative = false;
	int64_t		exponent = 0;

	if (at < end && *at == '-')
	{
		result.negative = true;
		at++;
	}
	for (mantissa_end = at; mantissa_end < end && *mantissa_end != 'e' && *mantissa_end != 'E';)
		mantissa_end++;
	point = memchr(at, '.', mantissa_end - at);
	result.digits = at;
	while (result.digits < mantissa_end && (*result.digits == '0' || *result.digits == '.'))
		result.digits++;
	result.end = mantissa_end;
	while (result.end > result.digits && (result.end[-1] == '0' || result.end[-1] == '.'))
		result.end--;
	if (result.digits == mantissa_end)
	{
		result.zero = true;
		return result;
	}

	if (mantissa_end < end)
	{
		const char *digits = mantissa_end + 1;

		if (*digits == '-' || *digits == '+')
			exponent_negative = *digits++ == '-';
		while (digits < end && *digits == '0')
			digits++;
		if (end - digits > 18)
		{
			result.huge_exponent = digits;
			result.huge_length = end - digits;
			exponent = INT64_C(4000000000000000000);
		}
		else
		{
			for (; digits < end; digits++)
				exponent = exponent * 10 + (*digits - '0');
		}
		if (exponent_negative)
			exponent = -exponent;
	}
	if (point == NULL)
		point = mantissa_end;
	/* the point is behind the first digits, or before them and zeros */
	exponent += result.digits < point ? point - result.digits : point + 1 - result.digits;
	result.exponent = exponent;
	return result;
}

static int
next_digit(decimal *number)
{
	if (number->digits < number->end && *number->digits == '.')
		number->digits++;
	return number->digits < number->end ? *number->digits++ - '0' : -1;
}

static int
compare_magnitudes(decimal a, decimal b)
{
	/* exponents beyond 10^18 are compared as they are spelled */
	if (a.huge_exponent != NULL && b.huge_exponent != NULL && (a.exponent < 0) == (b.exponent < 0))
	{
		int			sign = a.exponent < 0 ? -1 : 1;
		int			order;

		if (a.huge_length != b.huge_length)
			return a.huge_length < b.huge_length ? -sign : sign;
		order = memcmp(a.huge_exponent, b.huge_exponent, a.huge_length);
		if (order != 0)
			return order < 0 ? -sign : sign;
	}
	if (a.exponent != b.exponent)
		return a.exponent < b.exponent ? -1 : 1;
	for (;;)
	{
		int			a_digit = next_digit(&a);
		int			b_digit = next_digit(&b);

		if (a_digit != b_digit)
			return a_digit < b_digit ? -1 : 1;
		if (a_digit < 0)
			return 0;
	}
}

int
ecosys_json_compare_numbers(const char *a, size_t a_length, const char *b, size_t b_length)
{
	decimal		x = read_decimal(a, a_length);
	decimal		y = read_decimal(b, b_length);
	int			x_sign = x.zero ? 0 : x.negative ? -1 : 1;
	int			y_sign = y.zero ? 0 : y.negative ? -1 : 1;

	if (x_sign != y_sign)
		return x_sign < y_sign ? -1 : 1;
	if (x_sign == 0)
		return 0;
	return x_sign * compare_magnitudes(x, y);
}

/* ---- strings that xAPI compares in a way of their own ---- */

static void
lower_ascii(char *at, const char *end)
{
	for (; at < end; at++)
	{
		if (*at >= 'A' && *at <= 'Z')
			*at += 'a' - 'A';
	}
}

static bool
is_uuid(const char *at, size_t length)
{
	if (length != 36)
		return false;
	for (int i = 0; i < 36; i++)
	{
		bool		hyphen = i == 8 || i == 13 || i == 18 || i == 23;
		bool		hex = (at[i] >= '0' && at[i] <= '9') || ((at[i] | 0x20) >= 'a' && (at[i] | 0x20) <= 'f');

		if (hyphen ? at[i] != '-' : !hex)
			return false;
	}
	return true;
}

/* Bring a decoded string into the form in which equal ones are the same; returns its length. */
static size_t
normalise(node_role role, char *string, size_t length)
{
	char	   *end = string + length;
	char	   *at;
	int64_t		time;

	switch (role)
	{
		case ROLE_UUID:
			if (is_uuid(string, length))
				lower_ascii(string, end);
			return length;
		case ROLE_HEX:
			lower_ascii(string, end);
			return length;
		case ROLE_MBOX:
			for (at = end; at > string && at[-1] != '@'; at--)
				;
			lower_ascii(at, end);
			return length;
		case ROLE_TIME:
			/* a time has ten characters and more */
			if (!ecosys_timestamp_parse(string, length, &time))
				return length;
			memcpy(string, &time, sizeof(time));
			return sizeof(time);
		case ROLE_DURATION:
			at = memchr(string, '.', length);
			if (at != NULL && end - at > 4)
			{
				memmove(at + 3, end - 1, 1);	/* the S */
				return at + 4 - string;
			}
			return length;
		default:
			return length;
	}
}

static int
compare_bytes(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int			order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	if (order == 0)
		return a_length < b_length ? -1 : a_length > b_length;
	return order < 0 ? -1 : 1;
}

static int
compare_strings(tree *a, const node *x, tree *b, const node *y)
{
	const char *x_text = a->text + x->value.offset;
	const char *y_text = b->text + y->value.offset;
	char	   *buffer;
	size_t		x_length,
				y_length;
	int			order;

	if (x->role < ROLE_UUID || x->role != y->role)
		return ecosys_json_compare_strings(x_text, x->value.length, y_text, y->value.length);
	buffer = a->memory->allocate((size_t) x->value.length + y->value.length);
	if (buffer == NULL)
	{
		a->out_of_memory = true;
		return 0;
	}
	x_length = normalise(x->role, buffer, ecosys_json_decode(x_text, x->value.length, buffer));
	y_length = normalise(y->role, buffer + x->value.length,
						 ecosys_json_decode(y_text, y->value.length, buffer + x->value.length));
	order = compare_bytes(buffer, x_length, buffer + x->value.length, y_length);
	a->memory->release(buffer);
	return order;
}

/* ---- comparing trees ---- */

static int
compare_keys(tree *a, const node *x, tree *b, const node *y)
{
	if (x->key.length == 0 || y->key.length == 0)
		return (x->key.length != 0) - (y->key.length != 0);
	return ecosys_json_compare_strings(a->text + x->key.offset, x->key.length,
									   b->text + y->key.offset, y->key.length);
}

/* Compare two nodes without their children. */
static int
compare_nodes(tree *a, const node *x, tree *b, const node *y)
{
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	switch (x->kind)
	{
		case ECOSYS_JSON_STRING:
			return compare_strings(a, x, b, y);
		case ECOSYS_JSON_NUMBER:
			return ecosys_json_compare_numbers(a->text + x->value.offset, x->value.length,
											   b->text + y->value.offset, y->value.length);
		default:
			if (x->n_children != y->n_children)
				return x->n_children < y->n_children ? -1 : 1;
			return 0;
	}
}

/* Compare two subtrees; their own keys do not count. */
static int
compare_subtrees(tree *a, uint32_t a_root, tree *b, uint32_t b_root)
{
	uint32_t	x = a_root;
	uint32_t	y = b_root;

	for (;;)
	{
		int			order = x == a_root ? 0 : compare_keys(a, &a->nodes[x], b, &b->nodes[y]);

		if (order == 0)
			order = compare_nodes(a, &a->nodes[x], b, &b->nodes[y]);
		if (order != 0 || a->out_of_memory)
			return order;
		if (++a->steps % STEPS_BETWEEN_PROGRESS == 0 && a->memory->progress)
			a->memory->progress();
		if (a->nodes[x].n_children > 0)
		{
			x = a->nodes[x].first;
			y = b->nodes[y].first;
			continue;
		}
		/* both have as many siblings, as their parents have as many children */
		while (x != a_root && a->nodes[x].next == NONE)
		{
			x = a->nodes[x].parent;
			y = b->nodes[y].parent;
		}
		if (x == a_root)
			return 0;
		x = a->nodes[x].next;
		y = b->nodes[y].next;
	}
}

/* ---- building a tree ---- */

/* Merge two sorted lists of siblings. */
static uint32_t
merge(tree *t, uint32_t a, uint32_t b, bool by_key)
{
	uint32_t	head = NONE;
	uint32_t	tail = NONE;

	while (a != NONE || b != NONE)
	{
		uint32_t   *from;
		uint32_t	taken;

		if (a == NONE)
			from = &b;
		else if (b == NONE)
			from = &a;
		else if ((by_key ? compare_keys(t, &t->nodes[a], t, &t->nodes[b]) : compare_subtrees(t, a, t, b)) <= 0)
			from = &a;
		else
			from = &b;
		taken = *from;
		*from = t->nodes[taken].next;
		if (tail == NONE)
			head = taken;
		else
			t->nodes[tail].next = taken;
		tail = taken;
		t->nodes[tail].next = NONE;
		if (++t->steps % STEPS_BETWEEN_PROGRESS == 0 && t->memory->progress)
			t->memory->progress();
	}
	return head;
}

/* Sort the children of a node: stable merge sort, runs of 2^i in bin i. */
static void
sort_children(tree *t, uint32_t parent, bool by_key)
{
	uint32_t	bins[32];
	int			used = 0;
	uint32_t	next = t->nodes[parent].first;
	uint32_t	sorted = NONE;

	if (t->nodes[parent].n_children < 2)
		return;
	while (next != NONE)
	{
		uint32_t	run = next;
		int			bin = 0;

		next = t->nodes[run].next;
		t->nodes[run].next = NONE;
		while (bin < used && bins[bin] != NONE)
		{
			run = merge(t, bins[bin], run, by_key);
			bins[bin++] = NONE;
		}
		if (bin == used)
			used++;
		bins[bin] = run;
	}
	for (int bin = 0; bin < used; bin++)
		sorted = sorted == NONE ? bins[bin] : bins[bin] == NONE ? sorted : merge(t, bins[bin], sorted, by_key);
	t->nodes[parent].first = sorted;
}

/* A new node, last child of parent; NONE without memory. */
static uint32_t
add_node(tree *t, uint32_t parent, node_role role)
{
	node	   *added;
	uint32_t	number = t->n_nodes;

	if (number == t->capacity)
	{
		/* a text has fewer values than bytes, and fewer bytes than 2^30 */
		uint32_t	capacity = t->capacity == 0 ? 128 : t->capacity * 2;
		node	   *nodes = t->memory->allocate(capacity * sizeof(node));

		if (nodes == NULL)
		{
			t->out_of_memory = true;
			return NONE;
		}
		if (t->nodes != NULL)
		{
			memcpy(nodes, t->nodes, number * sizeof(node));
			t->memory->release(t->nodes);
		}
		t->nodes = nodes;
		t->capacity = capacity;
	}
	added = &t->nodes[number];
	memset(added, 0, sizeof(*added));
	added->parent = parent;
	added->first = added->last = added->next = NONE;
	added->role = role;
	t->n_nodes++;
	if (parent != NONE)
	{
		node	   *above = &t->nodes[parent];

		if (above->first == NONE)
			above->first = number;
		else
			t->nodes[above->last].next = number;
		above->last = number;
		above->n_children++;
	}
	return number;
}

static node_role
role_of_member(const tree *t, node_role object, ecosys_span key)
{
	if (object == ROLE_ANY)
		return ROLE_ANY;
	for (size_t i = 0; i < sizeof(member_roles) / sizeof(member_roles[0]); i++)
	{
		if (member_roles[i].object == object &&
			(member_roles[i].key[0] == '*' ||
			 ecosys_json_string_is(t->text + key.offset, key.length, member_roles[i].key)))
			return member_roles[i].member;
	}
	return ROLE_ANY;
}

static node_role
role_of_element(node_role array)
{
	switch (array)
	{
		case ROLE_MEMBERS:
			return ROLE_ACTOR;
		case ROLE_ACTIVITIES:
			return ROLE_ACTIVITY;
		case ROLE_CONTEXT_AGENTS:
			return ROLE_CONTEXT_AGENT;
		default:
			return ROLE_ANY;
	}
}

/*
 * Read the value that comes next into node `at`. Returns the container to go
 * on in: the node itself if it is one, else its parent.
 */
static uint32_t
read_value(tree *t, ecosys_json_reader *reader, uint32_t at)
{
	ecosys_json_kind kind = ecosys_json_peek(reader);

	if (kind == ECOSYS_JSON_OBJECT && t->nodes[at].role == ROLE_ACTIVITIES)
	{
		/* one activity for an array of one */
		t->nodes[at].kind = ECOSYS_JSON_ARRAY;
		t->nodes[at].made = true;
		at = add_node(t, at, ROLE_ACTIVITY);
		if (at == NONE)
			return NONE;
	}
	t->nodes[at].kind = kind;
	if (kind == ECOSYS_JSON_OBJECT)
		ecosys_json_enter_object(reader);
	else if (kind == ECOSYS_JSON_ARRAY)
		ecosys_json_enter_array(reader);
	else
	{
		ecosys_json_skip(reader, &t->nodes[at].value);
		return t->nodes[at].parent;
	}
	return at;
}

static bool
build(tree *t, size_t length)
{
	ecosys_json_reader reader;
	ecosys_json_string key;
	uint32_t	container;
	uint32_t	at;

	ecosys_json_open(&reader, t->text, length);
	reader.progress = t->memory->progress;
	at = add_node(t, NONE, t->comparison == ECOSYS_COMPARE_XAPI ? ROLE_STATEMENT : ROLE_ANY);
	if (at == NONE)
		return false;
	container = read_value(t, &reader, at);
	while (container != NONE)
	{
		node_role	role = t->nodes[container].role;

		if (t->nodes[container].kind == ECOSYS_JSON_OBJECT)
		{
			if (ecosys_json_next_member(&reader, &key))
			{
				role = role_of_member(t, role, key.span);
				if (role == ROLE_IGNORED)
				{
					ecosys_json_skip(&reader, NULL);
					continue;
				}
				at = add_node(t, container, role);
				if (at == NONE)
					return false;
				t->nodes[at].key = key.span;
				container = read_value(t, &reader, at);
				if (t->out_of_memory)
					return false;
				continue;
			}
			sort_children(t, container, true);
		}
		else
		{
			if (!t->nodes[container].made && ecosys_json_next_element(&reader))
			{
				at = add_node(t, container, role_of_element(role));
				if (at == NONE)
					return false;
				container = read_value(t, &reader, at);
				if (t->out_of_memory)
					return false;
				continue;
			}
			if (role == ROLE_MEMBERS)
				sort_children(t, container, false);
		}
		if (t->out_of_memory)
			return false;
		container = t->nodes[container].parent;
	}
	return true;
}

/* ---- whole statements ---- */

static uint32_t
find_member(const tree *t, const char *name)
{
	for (uint32_t at = t->nodes[0].first; at != NONE; at = t->nodes[at].next)
	{
		if (ecosys_json_string_is(t->text + t->nodes[at].key.offset, t->nodes[at].key.length, name))
			return at;
	}
	return NONE;
}

static void
remove_member(tree *t, uint32_t member)
{
	uint32_t   *link = &t->nodes[0].first;

	while (*link != member)
		link = &t->nodes[*link].next;
	*link = t->nodes[member].next;
	t->nodes[0].n_children--;
}

/* What the server may have set does not count where one side has none. */
static void
leave_aside(tree *a, tree *b)
{
	static const char *const names[] = {"id", "authority", "timestamp", "version"};

	for (int i = 0; i < 4; i++)
	{
		uint32_t	x = find_member(a, names[i]);
		uint32_t	y = find_member(b, names[i]);

		if (x != NONE && y == NONE)
			remove_member(a, x);
		else if (x == NONE && y != NONE)
			remove_member(b, y);
	}
}

bool
ecosys_statement_compare(const char *a, size_t a_length, const char *b, size_t b_length,
						 ecosys_comparison comparison, const ecosys_comparison_memory *memory, int *order)
{
	tree		x = {.text = a, .memory = memory, .comparison = comparison};
	tree		y = {.text = b, .memory = memory, .comparison = comparison};
	bool		built = build(&x, a_length) && build(&y, b_length);

	*order = 0;
	if (built)
	{
		if (comparison == ECOSYS_COMPARE_XAPI)
			leave_aside(&x, &y);
		*order = compare_subtrees(&x, 0, &y, 0);
	}
	if (x.nodes != NULL)
		memory->release(x.nodes);
	if (y.nodes != NULL)
		memory->release(y.nodes);
	return built && !x.out_of_memory;
}
