/*
 * tail.c - `trestle tail`: calls and alerts as they come, until Ctrl-C
 *
 * Asks once a second for the newest of both and prints what it has not seen. What
 * is there when it begins is of before.
 */
#include "tail.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "adapters/api.h"
#include "base/json_read.h"
#include "base/sid.h"
#include "core/line.h"
#include "core/readable.h"
#include "find.h"

/* Six statuses of each call of a page, and as many of those that push them off */
enum { PAGE = 50, SEEN_MAX = PAGE * 12 };

/* What was seen last: sids with their status */
struct seen {
	char v[SEEN_MAX][SID_SIZE + 24];
	size_t next;
	bool begun; /* it was looked once: what is new now is to be shown */
};

static volatile sig_atomic_t stopped;

static void on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

/* Is it new? Then it is not any more. */
static bool is_new(struct seen *s, const char *sid, const char *status)
{
	char key[sizeof(s->v[0])];

	(void)snprintf(key, sizeof(key), "%.34s %.20s", sid, status);
	for (size_t i = 0; i < SEEN_MAX; i++)
		if (strcmp(s->v[i], key) == 0)
			return false;
	memcpy(s->v[s->next], key, sizeof(key));
	s->next = (s->next + 1) % SEEN_MAX;
	return s->begun;
}

static void print_call(const json_t *row)
{
	char time[READABLE_TIME_SIZE];

	readable_time(json_read_text(row, "date_updated"), time);
	(void)printf("%s  %s  %-12s %-14s %s -> %s\n", time,
	             json_read_text(row, "sid"), json_read_text(row, "status"),
	             json_read_text(row, "direction"),
	             json_read_text(row, "from"), json_read_text(row, "to"));
}

/* About a call, or a request from somewhere */
static void print_alert(json_t *row)
{
	char time[READABLE_TIME_SIZE];
	const char *sid = json_read_text(row, "resource_sid");

	readable(row);
	readable_time(json_read_text(row, "date_created"), time);
	(void)printf("%s  %-34s  %-12s %s %s\n", time,
	             *sid ? sid : json_read_text(row, "source"),
	             json_read_text(row, "log_level"),
	             json_read_text(row, "error_code"),
	             json_read_text(row, "text"));
}

static void print_row(json_t *row, const struct line *line, bool is_call)
{
	if (line->json) {
		(void)json_dumpf(row, stdout, JSON_COMPACT);
		(void)fputc('\n', stdout);
	} else if (is_call) {
		print_call(row);
	} else {
		print_alert(row);
	}
}

static int look(struct api *a, const struct line *line, struct seen *seen,
                const char *path, const char *key)
{
	bool is_call = strcmp(key, "calls") == 0;
	json_t *rows = find_rows(a, path, key, PAGE);

	if (!rows)
		return 1;
	for (size_t i = json_array_size(rows); i > 0; i--) {
		json_t *row = json_array_get(rows, i - 1);

		if (is_new(seen, json_read_text(row, "sid"),
		           is_call ? json_read_text(row, "status") : ""))
			print_row(row, line, is_call);
	}
	seen->begun = true;
	(void)fflush(stdout);
	json_decref(rows);
	return 0;
}

int tail(struct api *a, const struct line *line, struct strbuf *form)
{
	const struct timespec second = {.tv_sec = 1};
	static struct seen calls_seen, alerts_seen;
	char calls[128];
	int failed = 0;
	bool once = false; /* it was asked with success */

	(void)form;
	(void)signal(SIGINT, on_signal);
	(void)signal(SIGTERM, on_signal);
	(void)snprintf(calls, sizeof(calls),
	               "/2010-04-01/Accounts/%s/Calls.json?PageSize=%d",
	               api_account(a), (int)PAGE);
	while (!stopped && (once || !failed)) {
		failed = look(a, line, &calls_seen, calls, "calls") ||
		         look(a, line, &alerts_seen, "/v1/Alerts?PageSize=50",
		              "alerts");
		once |= !failed;
		(void)nanosleep(&second, NULL);
	}
	return once ? 0 : failed;
}
