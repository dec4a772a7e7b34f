/*
 * fuzz_rest-api__template.c - templates with hostile variables
 *
 * The input is a query, a newline, and a template.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "core/variables.h"
#include "twiml_bin/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(const char *query, const char *template)
{
	struct template_error error = {0, 0, NULL};
	struct variables vars = {.n = 0};
	struct strbuf out = {0};
	int err;

	if (variables_take(&vars, query, "From=sip:a@b&x[]=1&x[]=2", 24) == 0) {
		err = template_render(template, vars.v, vars.n, &out, &error);
		if (err == 0 && out.len > TEMPLATE_OUTPUT_MAX)
			abort();
		if (err && (!error.why || !error.code || !error.line))
			abort();
	}
	strbuf_close(&out);
	variables_close(&vars);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *rest = text, *query;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	query = strsep(&rest, "\n");
	run(query, rest ? rest : "");
	free(text);
	return 0;
}
