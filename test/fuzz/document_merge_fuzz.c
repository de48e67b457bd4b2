/*
 * document_merge_fuzz.c - any two texts (parted by a zero byte), merged:
 * refused, or a document in which the new one is: merging it once more changes
 * nothing.
 */
#include "xapi/document_merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_reader.h"

static void
need(bool condition)
{
	if (!condition)
		abort();
}

int			LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const ecosys_merge_memory memory = {malloc, free, NULL};
	const char *old_text = (const char *) data;
	const char *zero = size > 0 ? memchr(data, '\0', size) : NULL;
	size_t		old_length = zero == NULL ? size : (size_t) (zero - old_text);
	const char *new_text = zero == NULL ? old_text : zero + 1;
	size_t		new_length = zero == NULL ? size : size - old_length - 1;
	char	   *merged;
	char	   *again;
	size_t		length;
	size_t		again_length;
	ecosys_merge_fault fault;
	ecosys_json_reader reader;

	if (!ecosys_document_merge(old_text, old_length, new_text, new_length, &memory, &merged, &length, &fault))
	{
		need(fault.message != NULL);
		return 0;
	}
	need(length <= old_length + new_length);
	ecosys_json_open(&reader, merged, length);
	ecosys_json_skip(&reader, NULL);
	need(ecosys_json_close(&reader));
	need(ecosys_document_merge(merged, length, new_text, new_length, &memory, &again, &again_length, &fault));
	need(again_length == length && memcmp(again, merged, length) == 0);
	free(again);
	free(merged);
	return 0;
}
