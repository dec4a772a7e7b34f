/*
 * fuzz_common__form.c - any body of a POST; what was parsed parses the same
 * after it was written
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/form.h"
#include "base/strbuf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int again(void *arg, const char *name, const char *value)
{
	form_add(arg, name, value);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf first = {0}, second = {0};

	if (form_parse((const char *)data, size, again, &first) == 0 &&
	    first.len > 0) {
		assert(form_parse(first.s, first.len, again, &second) == 0);
		assert(strcmp(strbuf_str(&first), strbuf_str(&second)) == 0);
	}
	strbuf_close(&first);
	strbuf_close(&second);
	return 0;
}
