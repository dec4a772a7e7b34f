/*
 * gauges.h - the relay's metrics
 */
#ifndef MEDIA_ADAPTERS_GAUGES_H
#define MEDIA_ADAPTERS_GAUGES_H

struct app;
struct app_metrics;
struct metrics;

int gauges_alloc(struct app_metrics **gp, struct metrics *m); /**< 0, ENOMEM */
void gauges_free(struct app_metrics *g);

/** Take the figures of now. */
void gauges_update(struct app *app);

#endif
