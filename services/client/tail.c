/*
 * tail.c - `trestle tail`: calls and alerts as they come, until Ctrl-C
 *
 * Asks once a second for the newest of both and prints what it has not printed.
 */
#include "tail.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "act.h"
#include "adapters/api.h"
#include "base/json_read.h"
#include "base/sid.h"
#include "core/line.h"

enum { SHOWN_MAX = 200, PAGE = 50 };

/* What was printed last: sids with their status */
struct shown {
	char v[SHOWN_MAX][SID_SIZE + 24];
	size_t next;
};

static volatile sig_atomic_t stopped;

static void on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

/* Is it new? Then it is not any more. */
static bool is_new(struct shown *s, const char *sid, const char *status)
{
	char key[sizeof(s->v[0])];

	(void)snprintf(key, sizeof(key), "%.34s %.20s", sid, status);
	for (size_t i = 0; i < SHOWN_MAX; i++)
		if (strcmp(s->v[i], key) == 0)
			return false;
	memcpy(s->v[s->next], key, sizeof(key));
	s->next = (s->next + 1) % SHOWN_MAX;
	return true;
}

static void print_row(const json_t *row, const struct line *line, bool is_call)
{
	if (line->json) {
		(void)json_dumpf(row, stdout, JSON_COMPACT);
		(void)fputc('\n', stdout);
	} else if (is_call) {
		(void)printf("%s  %-12s %-14s %s -> %s\n",
		             json_read_text(row, "sid"),
		             json_read_text(row, "status"),
		             json_read_text(row, "direction"),
		             json_read_text(row, "from"),
		             json_read_text(row, "to"));
	} else {
		(void)printf("%s  %-12s %s %s\n",
		             json_read_text(row, "resource_sid"),
		             json_read_text(row, "log_level"),
		             json_read_text(row, "error_code"),
		             json_read_text(row, "alert_text"));
	}
}

static int look(struct api *a, const struct line *line, struct shown *shown,
                const char *path, const char *key)
{
	bool is_call = strcmp(key, "calls") == 0;
	json_t *rows = act_rows(a, path, key, PAGE);

	if (!rows)
		return 1;
	for (size_t i = json_array_size(rows); i > 0; i--) {
		const json_t *row = json_array_get(rows, i - 1);

		if (is_new(shown, json_read_text(row, "sid"),
		           is_call ? json_read_text(row, "status") : ""))
			print_row(row, line, is_call);
	}
	(void)fflush(stdout);
	json_decref(rows);
	return 0;
}

int tail(struct api *a, const struct line *line, struct strbuf *form)
{
	const struct timespec second = {.tv_sec = 1};
	static struct shown shown;
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
		failed = look(a, line, &shown, calls, "calls") ||
		         look(a, line, &shown, "/v1/Alerts?PageSize=50",
		              "alerts");
		once |= !failed;
		(void)nanosleep(&second, NULL);
	}
	return once ? 0 : failed;
}
