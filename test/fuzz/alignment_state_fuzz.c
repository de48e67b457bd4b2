/*
 * alignment_state_fuzz.c - any text, read as a state of both types: refused, or
 * a state that is written as it is read, merges, and reads within its range.
 */
#include "alignment/state_text.h"

#include <stdlib.h>
#include <string.h>

static void
need(bool condition)
{
	if (!condition)
		abort();
}

static void
try_alignment(const char *text)
{
	static ecosys_alignment_room first;
	static ecosys_alignment_room again;
	char		written[ECOSYS_STATE_TEXT_MAX];
	size_t		offset;
	size_t		size;
	ecosys_alignment_reading reading;

	if (ecosys_alignment_read(text, &first.state, &offset) != NULL)
		return;
	need(ecosys_alignment_write(&first.state, written) < sizeof(written));
	need(ecosys_alignment_read(written, &again.state, &offset) == NULL);
	size = ECOSYS_ALIGNMENT_SIZE(first.state.bucket_count);
	need(memcmp(&first.state.version, &again.state.version, size - offsetof(ecosys_alignment, version)) == 0);
	need(ecosys_alignment_at(&first.state, NULL, &reading) == ECOSYS_STATE_OK);
	need(reading.score >= 0 && reading.score <= 1 && reading.coverage >= 0 && reading.coverage <= 1);
	need(reading.dispersion >= 0);
	if (ecosys_alignment_merge(&first.state, ECOSYS_BUCKETS_MAX, &again.state) == ECOSYS_STATE_OK)
		need(ecosys_alignment_prove(&first.state) == NULL);
}

static void
try_attainment(const char *text)
{
	static ecosys_attainment_room first;
	static ecosys_attainment_room again;
	char		written[ECOSYS_STATE_TEXT_MAX];
	size_t		offset;
	size_t		size;

	if (ecosys_attainment_read(text, &first.state, &offset) != NULL)
		return;
	need(ecosys_attainment_write(&first.state, written) < sizeof(written));
	need(ecosys_attainment_read(written, &again.state, &offset) == NULL);
	size = ECOSYS_ATTAINMENT_SIZE(first.state.bucket_count);
	need(memcmp(&first.state.version, &again.state.version, size - offsetof(ecosys_attainment, version)) == 0);
	if (first.state.graded > 0)
		for (int policy = ECOSYS_POLICY_BEST; policy <= ECOSYS_POLICY_DECAYED; policy++)
		{
			double		value = ecosys_attainment_value(&first.state, (ecosys_policy) policy);

			need(value >= 0 && value <= 1);
		}
	need(ecosys_attainment_evidence(&first.state) >= 0);
	if (ecosys_attainment_merge(&first.state, ECOSYS_BUCKETS_MAX, &again.state) == ECOSYS_STATE_OK)
		need(ecosys_attainment_prove(&first.state) == NULL);
}

int			LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	char	   *text = malloc(size + 1);

	need(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	try_alignment(text);
	try_attainment(text);
	free(text);
	return 0;
}
