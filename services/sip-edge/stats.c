/*
 * stats.c - what the edge counts, and a log that a flood can not fill
 */
#include "stats.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/metrics.h"
#include "loop/loop.h"

enum { LOG_EVERY_MS = 1000, CLASSES = 5, LABEL_SIZE = 48 };

static const char *const drops[DROPS] = {
	[DROP_JUNK] = "junk",
	[DROP_KEEPALIVE] = "keepalive",
	[DROP_SCANNER] = "scanner",
	[DROP_BANNED] = "banned",
	[DROP_LOST] = "unknown-domain",
	[DROP_RATE] = "rate",
	[DROP_UNANSWERABLE] = "unanswerable",
	[DROP_BAD_ACK] = "bad-ack",
	[DROP_BAD_RESPONSE] = "bad-response",
	[DROP_FOREIGN] = "foreign-response",
	[DROP_STRANGER] = "stranger",
	[DROP_FLOW] = "flow-closed",
	[DROP_SEND] = "send-failed",
};

static const char *const ends[STREAMS_ENDS] = {
	[STREAMS_BY_PEER] = "peer",    [STREAMS_FULL] = "full",
	[STREAMS_SOURCE] = "source",   [STREAMS_HANDSHAKE] = "handshake",
	[STREAMS_SLOW] = "slow",       [STREAMS_IDLE] = "idle",
	[STREAMS_BACKLOG] = "backlog", [STREAMS_BAD] = "framing",
};

static const char *const ways[PASSED_KINDS] = {
	[PASSED_REQUEST_IN] = "direction=\"in\",kind=\"request\"",
	[PASSED_REQUEST_OUT] = "direction=\"out\",kind=\"request\"",
	[PASSED_RESPONSE_IN] = "direction=\"in\",kind=\"response\"",
	[PASSED_RESPONSE_OUT] = "direction=\"out\",kind=\"response\"",
};

struct stats {
	const struct log *log; /* borrowed */
	struct metric *passed[PASSED_KINDS];
	struct metric *answered[CLASSES];
	struct metric *dropped[DROPS];
	struct metric *ended[STREAMS_ENDS];
	struct metric *connections, *bans, *shed, *lag;
	struct {
		uint64_t logged_at; /* [ms] */
		uint64_t silent;    /* not logged since */
	} logs[DROPS];
};

static struct metric *counter(struct metrics *m, const char *name,
                              const char *key, const char *value,
                              const char *help)
{
	char label[LABEL_SIZE];

	(void)snprintf(label, sizeof(label), "%s=\"%s\"", key, value);
	return metrics_counter(m, name, label, help);
}

int stats_alloc(struct stats **sp, struct metrics *m, const struct log *log)
{
	static const char *const classes[CLASSES] = {"2xx", "3xx", "4xx", "5xx",
	                                             "6xx"};
	struct stats *s = calloc(1, sizeof(*s));

	if (!s)
		return ENOMEM;
	s->log = log;
	for (size_t i = 0; i < PASSED_KINDS; i++)
		s->passed[i] =
			metrics_counter(m, "trestle_edge_forwarded_total",
		                        ways[i], "messages sent on");
	for (size_t i = 0; i < CLASSES; i++)
		s->answered[i] =
			counter(m, "trestle_edge_answered_total", "status",
		                classes[i], "requests answered by the edge");
	for (size_t i = 0; i < DROPS; i++)
		s->dropped[i] =
			counter(m, "trestle_edge_dropped_total", "reason",
		                drops[i], "messages thrown away");
	for (size_t i = 0; i < STREAMS_ENDS; i++)
		s->ended[i] = counter(m, "trestle_edge_connections_ended_total",
		                      "reason", ends[i],
		                      "TCP and TLS connections closed");
	s->connections = metrics_gauge(m, "trestle_edge_connections", NULL,
	                               "TCP and TLS connections open");
	s->bans = metrics_counter(m, "trestle_edge_bans_total", NULL,
	                          "sources banned as scanners");
	s->shed = metrics_counter(m, "trestle_edge_shed_total", NULL,
	                          "requests refused because messages wait "
	                          "too long");
	s->lag = metrics_gauge(m, "trestle_edge_lag_seconds", NULL,
	                       "how long the last datagram waited");
	*sp = s;
	return 0;
}

void stats_free(struct stats *s)
{
	free(s);
}

void stats_passed(struct stats *s, enum passed what)
{
	metric_add(s->passed[what], 1);
}

void stats_answered(struct stats *s, unsigned status)
{
	if (status >= 200 && status < 700)
		metric_add(s->answered[status / 100 - 2], 1);
}

void stats_ended(struct stats *s, enum streams_end why)
{
	metric_add(s->ended[why], 1);
}

void stats_connections(struct stats *s, size_t n)
{
	metric_set(s->connections, (double)n);
}

void stats_banned(struct stats *s, const struct address *peer)
{
	char text[ADDRESS_TEXT_SIZE];

	metric_add(s->bans, 1);
	log_warn(s->log, "banned peer=%s: a scanner",
	         address_print(peer, text));
}

void stats_shed(struct stats *s)
{
	metric_add(s->shed, 1);
}

void stats_lag(struct stats *s, uint32_t ms)
{
	metric_set(s->lag, ms / 1000.0);
}

void stats_dropped(struct stats *s, enum drop why, const struct address *peer)
{
	uint64_t now = loop_now_ms();
	char text[ADDRESS_TEXT_SIZE] = "";

	metric_add(s->dropped[why], 1);
	if (why == DROP_KEEPALIVE)
		return;
	if (s->logs[why].logged_at &&
	    now - s->logs[why].logged_at < LOG_EVERY_MS) {
		s->logs[why].silent++;
		return;
	}
	if (peer)
		address_print(peer, text);
	log_info(s->log, "dropped reason=%s peer=%s unlogged=%llu", drops[why],
	         text, (unsigned long long)s->logs[why].silent);
	s->logs[why].logged_at = now;
	s->logs[why].silent = 0;
}
