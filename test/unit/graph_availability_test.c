/*
 * graph_availability_test.c - availability, what is achievable and importance
 * on random small graphs, against going round the equations until nothing
 * changes.
 */
#include "graph_test_host.h"

#include <math.h>
#include <string.h>

#include "graph/graph_availability.h"
#include "graph/graph_closure.h"
#include "graph/graph_importance.h"

#define MOST 9
#define DELIVERS 0
#define TEACHES 1

static double
passed_on(double x, double criticality)
{
	double		passed = criticality == 1 ? x : 1 - criticality * (1 - x);

	return passed < x ? x : passed;
}

/* From the top, every element takes its right-hand side again and again: the greatest solution. */
static void
brute_availability(uint32_t elements, const ecosys_graph_relation *relation, size_t relations, const double *own,
				   double *available)
{
	bool		again = true;

	memcpy(available, own, elements * sizeof(double));
	while (again)
	{
		again = false;
		for (uint32_t v = 0; v < elements; v++)
		{
			double		value = own[v];

			for (size_t i = 0; i < relations; i++)
			{
				double		best = 0;

				if (relation[i].kind != DELIVERS || relation[i].target != v)
					continue;
				/* the group of relation i */
				for (size_t j = 0; j < relations; j++)
				{
					if (relation[j].kind == DELIVERS && relation[j].target == v &&
						(j == i || (relation[i].alternatives != 0 && relation[j].alternatives == relation[i].alternatives)))
						best = fmax(best, passed_on(available[relation[j].source], relation[j].weight));
				}
				value = fmin(value, best);
			}
			if (value != available[v])
			{
				available[v] = value;
				again = true;
			}
		}
	}
}

typedef struct pairs
{
	double		strength[MOST][MOST];	/* content, item */
} pairs;

static bool
keep_pairs(void *arg, const ecosys_walk *walk)
{
	pairs	   *p = arg;

	if (walk->graph->element[walk->label[0].element].acts_as == ECOSYS_ACTS_AS_CONTENT)
		for (size_t i = 0; i < walk->label_count; i++)
			p->strength[walk->label[0].element][walk->label[i].element] = walk->label[i].strength;
	return true;
}

static double
brute_achievable(uint32_t elements, const pairs *p, const double *available, uint32_t item)
{
	double		best = 0;

	for (uint32_t x = 0; x < elements; x++)
		best = fmax(best, p->strength[x][item] * available[x]);
	return best;
}

static void
one_round(test_host *host)
{
	uint32_t	elements = 1 + test_random(MOST);
	size_t		relations = test_random(3 * elements + 1);
	uint8_t		acts_as[MOST];
	ecosys_graph_relation relation[64];
	double		own[MOST];
	double		weight[MOST];
	double		available[MOST];
	double		expected[MOST];
	double		achievable[MOST];
	double		delivers[2] = {1, -1};
	double		teaches[2] = {-1, 1};
	ecosys_loss loss[MOST];
	ecosys_graph graph = {0};
	ecosys_dependencies dependencies = {0};
	ecosys_reach reach = {0};
	ecosys_graph_status status;
	pairs		p = {0};

	dependencies.host = reach.host = &host->host;
	for (uint32_t i = 0; i < elements; i++)
	{
		acts_as[i] = (uint8_t) test_random(ECOSYS_ACTS_AS_COUNT);
		own[i] = test_random(2) ? 1 : test_random(5) / 4.0;
		weight[i] = (acts_as[i] == ECOSYS_ACTS_AS_CONTENT || acts_as[i] == ECOSYS_ACTS_AS_COMPETENCY) ? test_random(3) : 0;
	}
	for (size_t i = 0; i < relations; i++)
	{
		relation[i].source = test_random(elements);
		relation[i].target = test_random(elements);
		relation[i].kind = (uint16_t) test_random(2);
		relation[i].weight = test_weight(false);
		relation[i].alternatives = test_random(2) ? 0 : 1 + test_random(2);
	}
	status = test_build(&graph, elements, acts_as, relation, relations, true, &host->host);
	if (status == ECOSYS_GRAPH_OK)
		status = ecosys_dependencies_prepare(&dependencies, &graph, delivers, &host->host);
	if (status == ECOSYS_GRAPH_OK)
		status = ecosys_reach_prepare(&reach, &graph, teaches, NULL, &host->host);
	if (status == ECOSYS_GRAPH_OK)
		status = ecosys_graph_closure(&graph, teaches, &host->host, keep_pairs, &p);
	/* twice: the second must not see what the first left */
	for (int again = 0; again < 2 && status == ECOSYS_GRAPH_OK; again++)
	{
		status = ecosys_availability(&dependencies, own, available);
		if (status != ECOSYS_GRAPH_OK)
			break;
		brute_availability(elements, relation, relations, own, expected);
		for (uint32_t v = 0; v < elements; v++)
			CHECK(available[v] == expected[v], "availability of %u: %g, not %g", v, available[v], expected[v]);
		ecosys_achievable(&reach, available, achievable);
		for (uint32_t y = 0; y < elements; y++)
			if (acts_as[y] != ECOSYS_ACTS_AS_GOAL)
				CHECK(achievable[y] == brute_achievable(elements, &p, available, y), "achievable of %u", y);

		status = ecosys_importance(&dependencies, &reach, own, weight, loss);
		for (uint32_t v = 0; v < elements && status == ECOSYS_GRAPH_OK; v++)
		{
			double		kept = own[v];
			double		after[MOST];
			double		lost_weight = 0;
			uint32_t	items_lost = 0;

			own[v] = 0;
			brute_availability(elements, relation, relations, own, after);
			own[v] = kept;
			for (uint32_t y = 0; y < elements; y++)
			{
				double		left = brute_achievable(elements, &p, after, y);

				lost_weight += weight[y] * (weight[y] > 0 ? achievable[y] - left : 0);
				items_lost += weight[y] > 0 && achievable[y] > 0 && left == 0;
			}
			CHECK(fabs(loss[v].weight - lost_weight) < 1e-12, "loss of %u: %g, not %g", v, loss[v].weight, lost_weight);
			CHECK(loss[v].items_lost == items_lost, "items lost with %u: %u, not %u", v, loss[v].items_lost, items_lost);
		}
		own[test_random(elements)] = 0.5;
	}
	ecosys_reach_free(&reach);
	ecosys_dependencies_free(&dependencies);
	ecosys_graph_free(&graph, &host->host);
	CHECK(status == (host->fail_at ? status : ECOSYS_GRAPH_OK), "status %d", status);
	CHECK(status == ECOSYS_GRAPH_OK || status == ECOSYS_GRAPH_NO_MEMORY, "status %d", status);
	CHECK(host->held == 0, "%ld allocations are still held", host->held);
}

int
main(void)
{
	test_host	host;

	for (int i = 0; i < 20000; i++)
	{
		test_host_init(&host);
		one_round(&host);
	}
	for (int i = 0; i < 5000; i++)
	{
		test_host_init(&host);
		host.fail_at = 1 + test_random(60);
		one_round(&host);
	}
	printf("graph_availability: 20,000 graphs, 5,000 with failing memory\n");
	return 0;
}
