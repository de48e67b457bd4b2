/*
 * graph_walk_test.c - walks and closures over thousands of random small
 * graphs, against a search that tries every number of relations in turn.
 */
#include "graph_test_host.h"

#include <string.h>

#include "graph/graph_closure.h"
#include "graph/graph_walk.h"

#define MOST 9
#define KINDS 3

typedef struct step
{
	uint32_t	from;
	uint32_t	to;
	double		weight;
	uint16_t	via;
} step;

typedef struct brute
{
	uint32_t	elements;
	size_t		steps;
	step		step[128];
	double		exact[MOST + 1][MOST];	/* strongest walk of exactly k relations; -1: none */
} brute;

static double
extended(const ecosys_walk_request *request, double strength, const step *s)
{
	double		result = request->kind_factor[s->via & ~ECOSYS_WALK_AGAINST];

	result *= strength * s->weight;
	return result;
}

static void
brute_force(brute *b, const ecosys_walk_request *request, const uint32_t *start, size_t starts, uint32_t depth)
{
	for (uint32_t k = 0; k <= MOST; k++)
		for (uint32_t v = 0; v < b->elements; v++)
			b->exact[k][v] = -1;
	for (size_t i = 0; i < starts; i++)
		b->exact[0][start[i]] = 1 >= request->min_strength ? 1 : -1;
	for (uint32_t k = 1; k <= depth; k++)
		for (size_t i = 0; i < b->steps; i++)
		{
			const step *s = &b->step[i];
			double		strength;

			if (b->exact[k - 1][s->from] < 0)
				continue;
			strength = extended(request, b->exact[k - 1][s->from], s);
			if (strength >= request->min_strength && strength > b->exact[k][s->to])
				b->exact[k][s->to] = strength;
		}
}

static void
make_steps(brute *b, const ecosys_graph_relation *relation, size_t relations, const uint8_t *acts_as,
		   const ecosys_walk_request *request)
{
	b->steps = 0;
	for (size_t i = 0; i < relations; i++)
	{
		const ecosys_graph_relation *r = &relation[i];

		if (request->kind_factor[r->kind] < 0)
			continue;
		if (request->direction & ECOSYS_WALK_DOWNSTREAM && request->may_step[acts_as[r->source]] >> acts_as[r->target] & 1)
			b->step[b->steps++] = (step) {r->source, r->target, r->weight, r->kind};
		if (request->direction & ECOSYS_WALK_UPSTREAM && request->may_step[acts_as[r->target]] >> acts_as[r->source] & 1)
			b->step[b->steps++] = (step) {r->target, r->source, r->weight, r->kind | ECOSYS_WALK_AGAINST};
	}
}

/* The strongest of all, and the fewest relations that give it. */
static double
strongest(const brute *b, uint32_t v, uint32_t depth, uint32_t *length)
{
	double		best = -1;

	for (uint32_t k = 0; k <= depth; k++)
		if (b->exact[k][v] > best)
		{
			best = b->exact[k][v];
			*length = k;
		}
	return best;
}

/*
 * A label's path must be there relation by relation; where products are
 * exact, it must also be the one that comes first, read from its end.
 */
static void
check_witness(const brute *b, const ecosys_walk_request *request, const ecosys_walk *walk, uint32_t at, bool exact)
{
	while (walk->label[at].length > 0)
	{
		const ecosys_walk_label *label = &walk->label[at];
		const ecosys_walk_label *before = &walk->label[label->parent];
		bool		found = false;

		CHECK(before->length == label->length - 1, "lengths");
		for (size_t i = 0; i < b->steps; i++)
		{
			const step *s = &b->step[i];
			bool		same = s->from == before->element && s->to == label->element && s->via == label->via;

			if (same && extended(request, before->strength, s) == label->strength)
				found = true;
			if (exact && label->strength > 0 && s->to == label->element && b->exact[label->length - 1][s->from] >= 0 &&
				extended(request, b->exact[label->length - 1][s->from], s) == label->strength)
				CHECK(s->from > before->element || (s->from == before->element && s->via >= label->via),
					  "element %u would come before %u on the way to %u", s->from, before->element, label->element);
		}
		CHECK(found, "no relation from %u to %u", before->element, label->element);
		at = label->parent;
	}
	CHECK(walk->label[at].parent == ECOSYS_GRAPH_NONE, "a path begins at a start");
	CHECK(walk->label[at].strength == 1, "a start has strength 1");
}

static void
check_walk(const brute *b, const ecosys_walk_request *request, const ecosys_walk *walk, const uint32_t *start,
		   size_t starts, uint32_t depth, bool exact)
{
	bool		in_result[MOST] = {false};
	uint32_t	distance[MOST];
	uint32_t	row_of[MOST];

	for (uint32_t v = 0; v < b->elements; v++)
		distance[v] = ECOSYS_GRAPH_NONE;
	for (uint32_t i = 0; i < walk->count; i++)
	{
		CHECK(!in_result[walk->row[i].element], "element %u twice", walk->row[i].element);
		in_result[walk->row[i].element] = true;
		row_of[walk->row[i].element] = i;
		if (i > 0)
			CHECK(walk->row[i - 1].depth < walk->row[i].depth ||
				  (walk->row[i - 1].depth == walk->row[i].depth && walk->row[i - 1].element < walk->row[i].element),
				  "order of rows");
	}
	for (size_t i = 0; i < starts; i++)
		if (in_result[start[i]])
			distance[start[i]] = 0;
	for (uint32_t round = 0; round < b->elements; round++)
		for (size_t i = 0; i < b->steps; i++)
			if (in_result[b->step[i].from] && in_result[b->step[i].to] && distance[b->step[i].from] == round &&
				distance[b->step[i].to] > round + 1)
				distance[b->step[i].to] = round + 1;
	for (uint32_t v = 0; v < b->elements; v++)
	{
		uint32_t	length = 0;
		double		strength = strongest(b, v, depth, &length);

		CHECK(in_result[v] == (strength >= 0), "element %u: strength %g", v, strength);
		if (!in_result[v])
			continue;
		CHECK(walk->row[row_of[v]].depth == distance[v], "depth of %u: %u, not %u", v, walk->row[row_of[v]].depth, distance[v]);
		CHECK(walk->label[walk->row[row_of[v]].label].element == v, "label");
		CHECK(walk->label[walk->row[row_of[v]].label].strength == strength, "strength of %u: %g, not %g", v,
			  walk->label[walk->row[row_of[v]].label].strength, strength);
		if (exact && strength > 0)
			CHECK(walk->label[walk->row[row_of[v]].label].length == length, "length to %u", v);
		CHECK(walk->label[walk->row[row_of[v]].label].length <= depth, "length beyond the bound");
		check_witness(b, request, walk, walk->row[row_of[v]].label, exact);
	}
}

typedef struct closure_check
{
	const brute *given;
	const ecosys_walk_request *request;
	bool		exact;
	uint32_t	sources;
} closure_check;

static bool
check_closure(void *arg, const ecosys_walk *walk)
{
	closure_check *check = arg;
	brute		b = *check->given;
	uint32_t	source = walk->label[0].element;
	bool		found[MOST] = {false};

	check->sources++;
	brute_force(&b, check->request, &source, 1, MOST);
	for (size_t i = 0; i < walk->label_count; i++)
	{
		uint32_t	length;

		found[walk->label[i].element] = true;
		CHECK(walk->label[i].strength == strongest(&b, walk->label[i].element, MOST, &length), "closure of %u", source);
		check_witness(&b, check->request, walk, (uint32_t) i, check->exact);
		if (i > 0)
			CHECK(walk->label[i - 1].strength >= walk->label[i].strength, "order of pairs");
	}
	for (uint32_t v = 0; v < b.elements; v++)
	{
		uint32_t	length;

		CHECK(found[v] == (strongest(&b, v, MOST, &length) >= 0), "pair %u, %u", source, v);
	}
	return true;
}

/* One random graph and one random walk; with a host that fails, only that it says so. */
static void
one_round(test_host *host, bool exact)
{
	uint32_t	elements = 1 + test_random(MOST);
	size_t		relations = test_random(3 * elements + 1);
	uint8_t		acts_as[MOST];
	ecosys_graph_relation relation[64];
	double		factor[KINDS] = {1, exact ? 0.5 : (test_random(4) ? 0.7 : 0), test_random(2) ? -1 : 1};
	uint32_t	start[3];
	size_t		starts = test_random(3) + (test_random(20) > 0);
	uint32_t	depth;
	ecosys_graph graph = {0};
	ecosys_walk walk = {0};
	ecosys_walk_request request = {0};
	ecosys_graph_status status;
	brute		b;
	closure_check check;
	uint32_t	sources = 0;

	for (uint32_t i = 0; i < elements; i++)
	{
		acts_as[i] = (uint8_t) test_random(ECOSYS_ACTS_AS_COUNT);
		sources += acts_as[i] == ECOSYS_ACTS_AS_CONTENT || acts_as[i] == ECOSYS_ACTS_AS_COMPETENCY;
	}
	for (size_t i = 0; i < relations; i++)
	{
		relation[i].source = test_random(elements);
		relation[i].target = test_random(elements);
		relation[i].kind = (uint16_t) test_random(KINDS);
		relation[i].weight = test_weight(exact);
		relation[i].alternatives = 0;
	}
	for (size_t i = 0; i < 3; i++)
		start[i] = test_random(elements);
	request.direction = (ecosys_walk_direction) (1 + test_random(3));
	request.max_depth = test_random(2) ? ECOSYS_WALK_UNBOUNDED : test_random(elements + 2);
	request.min_strength = test_random(3) ? 0 : test_weight(true);
	request.kind_factor = factor;
	memset(request.may_step, 0xff, sizeof(request.may_step));
	depth = request.max_depth > MOST ? MOST : request.max_depth;

	status = test_build(&graph, elements, acts_as, relation, relations, false, &host->host);
	if (status == ECOSYS_GRAPH_OK)
		status = ecosys_walk_prepare(&walk, &graph, &host->host);
	else
		walk.host = &host->host;
	/* twice: the second must not see what the first left */
	for (int again = 0; again < 2 && status == ECOSYS_GRAPH_OK; again++)
	{
		status = ecosys_walk_run(&walk, &request, start, starts);
		if (status != ECOSYS_GRAPH_OK)
			break;
		b.elements = elements;
		make_steps(&b, relation, relations, acts_as, &request);
		brute_force(&b, &request, start, starts, depth);
		check_walk(&b, &request, &walk, start, starts, depth, exact);
		request.max_depth = test_random(2) ? request.max_depth : test_random(elements + 2);
		depth = request.max_depth > MOST ? MOST : request.max_depth;
		request.direction = (ecosys_walk_direction) (1 + test_random(3));
	}
	if (status == ECOSYS_GRAPH_OK)
	{
		ecosys_walk_request contribution = {ECOSYS_WALK_DOWNSTREAM, ECOSYS_WALK_UNBOUNDED, 0, factor,
		{0, 0x0e, 0x0c, 0}};

		b.elements = elements;
		make_steps(&b, relation, relations, acts_as, &contribution);
		check = (closure_check) {&b, &contribution, exact, 0};
		status = ecosys_graph_closure(&graph, factor, &host->host, check_closure, &check);
		if (status == ECOSYS_GRAPH_OK)
			CHECK(check.sources == sources, "sources: %u, not %u", check.sources, sources);
	}
	ecosys_walk_free(&walk);
	ecosys_graph_free(&graph, &host->host);
	if (host->fail_at == 0 && !host->stop)
		CHECK(status == ECOSYS_GRAPH_OK, "status %d", status);
	else
		CHECK(status == ECOSYS_GRAPH_OK || status == ECOSYS_GRAPH_NO_MEMORY, "status %d", status);
	CHECK(host->held == 0, "%ld allocations are still held", host->held);
}

/* A large graph is given up soon after the host says stop. */
static void
check_stop(void)
{
	static ecosys_graph_relation relation[20000];
	static uint8_t acts_as[200];
	test_host	host;
	ecosys_graph graph;
	ecosys_walk walk;
	double		factor[1] = {1};
	ecosys_walk_request request = {ECOSYS_WALK_DOWNSTREAM, ECOSYS_WALK_UNBOUNDED, 0, factor, {0xff, 0xff, 0xff, 0xff}};
	uint32_t	start = 0;

	test_host_init(&host);
	for (uint32_t i = 0; i < 20000; i++)
	{
		relation[i].source = test_random(200);
		relation[i].target = test_random(200);
		relation[i].weight = 0.5;
		relation[i].kind = 0;
	}
	CHECK(test_build(&graph, 200, acts_as, relation, 20000, false, &host.host) == ECOSYS_GRAPH_OK, "build");
	CHECK(ecosys_walk_prepare(&walk, &graph, &host.host) == ECOSYS_GRAPH_OK, "prepare");
	host.stop = true;
	CHECK(ecosys_walk_run(&walk, &request, &start, 1) == ECOSYS_GRAPH_STOPPED, "unbounded walk goes on");
	request.max_depth = 5;
	CHECK(ecosys_walk_run(&walk, &request, &start, 1) == ECOSYS_GRAPH_STOPPED, "bounded walk goes on");
	host.stop = false;
	CHECK(ecosys_walk_run(&walk, &request, &start, 1) == ECOSYS_GRAPH_OK, "a walk after a stopped one");
	ecosys_walk_free(&walk);
	ecosys_graph_free(&graph, &host.host);
	CHECK(host.held == 0, "leak");
}

int
main(void)
{
	test_host	host;

	for (int i = 0; i < 20000; i++)
	{
		test_host_init(&host);
		one_round(&host, i % 2 == 0);
	}
	for (int i = 0; i < 3000; i++)
	{
		test_host_init(&host);
		host.fail_at = 1 + test_random(25);
		one_round(&host, true);
	}
	check_stop();
	printf("graph_walk: 20,000 graphs, 3,000 with failing memory\n");
	return 0;
}
