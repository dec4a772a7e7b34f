/*
 * function_log.c - what functions printed for a call, oldest first
 *
 * A list of ours beside Calls, in their style: the runner of functions writes
 * it, deploy/functions/README.md.
 */
#include "resources.h"

#include <stdio.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "core/error.h"
#include "core/shape.h"
#include "of_call.h"

/* A line as the runner wrote it; NULL when it is none. */
static json_t *line_json(struct ask *q, const char *text)
{
	json_t *line = json_loads(text, 0, NULL), *json;
	const char *time, *function, *level, *words;

	if (json_unpack(line, "{s:s, s:s, s:s, s:s}", "time", &time, "function",
	                &function, "level", &level, "text", &words) != 0) {
		json_decref(line);
		return NULL;
	}
	json = json_pack("{s:s, s:s, s:o, s:s, s:s, s:s}", "account_sid",
	                 ask_account(q), "call_sid", ask_part(q, 0),
	                 "date_created", shape_date(time), "function", function,
	                 "level", level, "text", words);
	json_decref(line);
	return json;
}

static void on_lines(void *arg, int err, const char *const *texts, size_t n)
{
	struct ask *q = arg;
	json_t *list = err ? NULL : json_array();
	bool more = n > q->page.size;

	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	for (size_t i = 0; i < n && i < q->page.size; i++) {
		json_t *json = line_json(q, texts[i]);

		if (json)
			(void)json_array_append_new(list, json);
	}
	/* Lines have no sids, pages are counted; a next page has a token. */
	ask_list(q, "function_logs", list, more ? ask_part(q, 0) : NULL);
}

static void on_call(void *arg, int err, const char *key,
                    const struct fields *call)
{
	struct ask *q = arg;
	char list[64];

	(void)key;
	if (!of_call_is_own(q, err, call))
		return;
	(void)snprintf(list, sizeof(list), "function-log:%s", ask_part(q, 0));
	err = records_texts(q->app->db, list, q->page.number * q->page.size,
	                    q->page.size + 1, on_lines, q);
	if (err)
		ask_fail_errno(q, err);
}

void function_logs_list(struct ask *q)
{
	of_call_find(q, on_call);
}
