/*
 * gauges.c - the relay's metrics
 */
#include "gauges.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "adapters/takes.h"
#include "app.h"
#include "base/metrics.h"

struct app_metrics {
	struct metric *sessions, *legs, *recordings, *ports, *ports_total;
	struct metric *received, *sent, *dropped[DROP_REASONS];
	struct metric *clips, *clip_bytes, *loading, *hits, *misses;
	struct plane_counters before;
	struct takes_figures takes_before;
};

static void add_takes(struct app_metrics *g, struct metrics *m)
{
	g->clips = metrics_gauge(m, "trestle_media_clips", NULL,
	                         "Clips from URLs and speech in memory");
	g->clip_bytes = metrics_gauge(m, "trestle_media_clip_bytes", NULL,
	                              "Bytes of encoded audio in them");
	g->loading = metrics_gauge(m, "trestle_media_clips_loading", NULL,
	                           "Clips that are being fetched");
	g->hits = metrics_counter(m, "trestle_media_clip_requests_total",
	                          "result=\"kept\"", "Clips that were wanted");
	g->misses =
		metrics_counter(m, "trestle_media_clip_requests_total",
	                        "result=\"fetched\"", "Clips that were wanted");
}

int gauges_alloc(struct app_metrics **gp, struct metrics *m)
{
	struct app_metrics *g = calloc(1, sizeof(*g));

	if (!g)
		return ENOMEM;
	g->sessions = metrics_gauge(m, "trestle_media_sessions", NULL,
	                            "Sessions that are open");
	g->legs = metrics_gauge(m, "trestle_media_legs", NULL,
	                        "Legs that are open");
	g->recordings = metrics_gauge(m, "trestle_media_recordings", NULL,
	                              "Recordings that are being made");
	g->ports = metrics_gauge(m, "trestle_media_port_pairs_used", NULL,
	                         "RTP and RTCP port pairs in use");
	g->ports_total = metrics_gauge(m, "trestle_media_port_pairs", NULL,
	                               "RTP and RTCP port pairs there are");
	g->received = metrics_counter(m, "trestle_media_packets_received_total",
	                              NULL, "Packets that came");
	g->sent = metrics_counter(m, "trestle_media_packets_sent_total", NULL,
	                          "Packets that were sent");
	for (int d = DROP_NOT + 1; d < DROP_REASONS; d++) {
		char labels[64];

		(void)snprintf(labels, sizeof(labels), "reason=\"%s\"",
		               drop_name((enum drop)d));
		g->dropped[d] = metrics_counter(
			m, "trestle_media_packets_dropped_total", labels,
			"Packets that were not relayed");
	}
	add_takes(g, m);
	*gp = g;
	return 0;
}

void gauges_free(struct app_metrics *g)
{
	free(g);
}

static void count_legs(const struct app *app, size_t *sessions, size_t *legs)
{
	struct hash_iter it = hash_iter(&app->sessions);
	struct hash_entry *h;

	while ((h = hash_next(&it))) {
		const struct app_session *as =
			hash_object(h, struct app_session, hash);

		*sessions += as->plane != NULL;
		for (size_t i = 0; i < as->state->n; i++)
			*legs += !as->state->legs[i]->closed;
	}
}

static void update_takes(struct app *app)
{
	struct app_metrics *g = app->metrics;
	struct takes_figures now;

	takes_figures(app->takes, &now);
	metric_set(g->clips, (double)now.n);
	metric_set(g->clip_bytes, (double)now.bytes);
	metric_set(g->loading, (double)now.loading);
	metric_add(g->hits, now.hits - g->takes_before.hits);
	metric_add(g->misses, now.misses - g->takes_before.misses);
	g->takes_before = now;
}

void gauges_update(struct app *app)
{
	struct app_metrics *g = app->metrics;
	struct plane_counters now;
	size_t sessions = 0;
	size_t legs = 0;

	count_legs(app, &sessions, &legs);
	metric_set(g->sessions, (double)sessions);
	metric_set(g->legs, (double)legs);
	metric_set(g->recordings, (double)app->recordings.n);
	metric_set(g->ports, (double)ports_taken(app->ports));
	metric_set(g->ports_total, (double)ports_total(app->ports));
	plane_count(app->plane, &now);
	metric_add(g->received, now.received - g->before.received);
	metric_add(g->sent, now.sent - g->before.sent);
	for (int d = DROP_NOT + 1; d < DROP_REASONS; d++)
		metric_add(g->dropped[d],
		           now.dropped[d] - g->before.dropped[d]);
	g->before = now;
	update_takes(app);
}
