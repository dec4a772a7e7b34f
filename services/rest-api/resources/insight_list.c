/*
 * insight_list.c - Voice Insights: summaries of an account's calls
 */
#include "resources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "core/error.h"
#include "core/insight.h"
#include "crud.h"
#include "loop/loop.h"

enum { KEY_SIZE = 64, WORD_SIZE = 32, FILTERS = 5 };

static const char directions[] = "inbound outbound_api outbound_dial "
				 "trunking_originating trunking_terminating";
static const char types[] = "carrier sip trunking client";
static const char processing[] = "completed partial all";

/* "4h" before now, or an instant. @return whether it is one, [ms] */
static bool read_time(const char *text, uint64_t *ms)
{
	static const struct {
		const char *unit;
		uint64_t ms;
	} units[] = {{"m", 60000},
	             {"h", 3600000},
	             {"d", 86400000},
	             {"w", 604800000}};
	size_t digits = strspn(text, "0123456789");
	struct span span;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		uint64_t before = strtoull(text, NULL, 10) * units[i].ms;

		if (digits == 0 || digits > 4 ||
		    strcmp(text + digits, units[i].unit) != 0)
			continue;
		*ms = loop_wall_ms() > before ? loop_wall_ms() - before : 0;
		return true;
	}
	if (!dates_read(text, &span))
		return false;
	*ms = span.from;
	return true;
}

/* @return NULL, or the parameter that makes no sense */
static const char *wrong_word(const struct ask *q)
{
	static const struct {
		const char *name, *words;
	} all[] = {{"Direction", directions},
	           {"CallType", types},
	           {"ProcessingState", processing},
	           {"SortBy", "start_time end_time"}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const char *v = fields_text(&q->params, all[i].name);

		if (*v && !fields_has_word(all[i].words, v))
			return all[i].name;
	}
	return NULL;
}

static const char *wrong_time(struct ask *q)
{
	const char *start = fields_text(&q->params, "StartTime");
	const char *end = fields_text(&q->params, "EndTime");

	if (*start && !read_time(start, &q->span.from))
		return "StartTime";
	if (*end && !read_time(end, &q->span.until))
		return "EndTime";
	return NULL;
}

/* As its record has it: "outbound-api" */
static void direction_word(const char *asked, char out[WORD_SIZE])
{
	(void)snprintf(out, WORD_SIZE, "%s", asked);
	for (char *c = out; *c; c++)
		if (*c == '_')
			*c = '-';
}

static size_t add_filters(const struct ask *q, struct records_filter *f,
                          char direction[WORD_SIZE])
{
	const char *from = fields_text(&q->params, "From");
	const char *to = fields_text(&q->params, "To");
	const char *state = fields_text(&q->params, "CallState");
	const char *done = fields_text(&q->params, "ProcessingState");
	size_t n = 0;

	direction_word(fields_text(&q->params, "Direction"), direction);
	if (*from)
		f[n++] = (struct records_filter){"from", TEST_IS, from};
	if (*to)
		f[n++] = (struct records_filter){"to", TEST_IS, to};
	if (*state)
		f[n++] = (struct records_filter){"status", TEST_IS,
		                                 insight_status(state)};
	if (*direction)
		f[n++] = (struct records_filter){"direction", TEST_IS,
		                                 direction};
	if (*done && strcmp(done, "all") != 0)
		f[n++] = (struct records_filter){
			"end_time",
			strcmp(done, "partial") == 0 ? TEST_IS : TEST_NOT, ""};
	return n;
}

static json_t *show_of_type(const struct ask *q, const struct fields *call)
{
	const char *type = fields_text(&q->params, "CallType");

	return !*type || strcmp(type, insight_type(call)) == 0
	               ? crud_show(q, call)
	               : NULL;
}

static void on_list(void *arg, int err, const struct records *calls)
{
	crud_answer_list(arg, err, calls, "call_summaries", show_of_type);
}

void insights_summaries(struct ask *q)
{
	const char *state = fields_text(&q->params, "CallState");
	const char *wrong = wrong_word(q);
	struct records_filter filters[FILTERS];
	char index[KEY_SIZE], direction[WORD_SIZE];
	struct records_query query = {.index = index,
	                              .account_sid = ask_account(q),
	                              .head = "call:{",
	                              .tail = "}",
	                              .filters = filters,
	                              .page = &q->page};
	int err;

	if (!wrong)
		wrong = wrong_time(q);
	if (!wrong && *state && !insight_status(state))
		wrong = "CallState";
	if (wrong) {
		ask_fail(q, ERROR_PARAMETER, wrong);
		return;
	}
	query.from = q->span.from;
	query.until = q->span.until;
	query.n_filters = add_filters(q, filters, direction);
	(void)snprintf(index, sizeof(index), "calls:{%s}", ask_account(q));
	err = records_list(q->app->db, &query, on_list, q);
	if (err)
		ask_fail_errno(q, err);
}
