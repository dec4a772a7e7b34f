/*
 * function_log.c - what functions printed for a call, oldest first
 *
 * A list of ours beside Calls, in their style: the runner of functions writes
 * it, deploy/functions/README.md.
 */
#include "resources.h"

#include "adapters/records.h"
#include "ask.h"
#include "core/shape.h"
#include "of_call.h"

/* A line as the runner wrote it; NULL when it is none. */
static json_t *line_json(const struct ask *q, const char *text)
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
	if (err)
		ask_fail_errno(arg, err);
	else
		of_call_list(arg, "function_logs", texts, n, line_json);
}

static void on_call(void *arg, int err, const char *key,
                    const struct fields *call)
{
	(void)key;
	if (of_call_is_own(arg, err, call))
		of_call_texts(arg, "function-log:", on_lines);
}

void function_logs_list(struct ask *q)
{
	of_call_find(q, on_call);
}
