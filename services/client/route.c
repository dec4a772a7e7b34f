/*
 * route.c - `trestle route FROM TO`: what would happen to this call, and why?
 */
#include "route.h"

#include <stdio.h>

#include "adapters/api.h"
#include "base/form.h"
#include "base/strbuf.h"
#include "core/line.h"
#include "core/table.h"
#include "find.h"

static void print(const struct line *line, json_t *json)
{
	static const char columns[] = "order carrier uri source_ip";
	json_t *targets = json_object_get(json, "targets");
	struct strbuf b = {0};

	if (line->json) {
		(void)json_dumpf(json, stdout, JSON_INDENT(2));
		(void)fputc('\n', stdout);
		return;
	}
	json_incref(targets);
	(void)json_object_del(json, "targets");
	if (json_array_size(json_object_get(json, "authorized_by")) == 0)
		(void)json_object_del(json, "authorized_by");
	table_one(&b, json);
	if (json_array_size(targets) > 0) {
		strbuf_addc(&b, '\n');
		table_rows(&b, targets, columns);
	}
	json_decref(targets);
	(void)fputs(strbuf_str(&b), stdout);
	strbuf_close(&b);
}

int route(struct api *a, const struct line *line, struct strbuf *form)
{
	struct strbuf path = {0};
	json_t *json = NULL;
	long status;

	if (line->n != 3)
		return find_problem("say who calls and whom: trestle route "
		                    "FROM TO"),
		       2;
	form_add(form, "From", line->words[1]);
	form_add(form, "To", line->words[2]);
	strbuf_addf(&path, "/2010-04-01/Accounts/%s/SIP/RouteSimulations.json",
	            api_account(a));
	status = api_ask(a, "POST", strbuf_str(&path), strbuf_str(form), &json);
	strbuf_close(&path);
	if (status == 200 && json)
		print(line, json);
	json_decref(json);
	return status == 200 ? 0 : find_problem(api_problem(a));
}
