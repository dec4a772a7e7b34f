/*
 * metrics.h - counters, gauges and histograms in Prometheus text
 */
#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include <stdint.h>

struct metrics;
struct metric;
struct strbuf;

int metrics_alloc(struct metrics **mp); /**< @return 0 or ENOMEM */
void metrics_free(struct metrics *m);

/**
 * Register one; @p labels is what stands in the braces, `method="INVITE"`, or
 * NULL. The result lives as long as @p m; NULL when memory ran out, and every
 * function below accepts NULL.
 */
struct metric *metrics_counter(struct metrics *m, const char *name,
                               const char *labels, const char *help);
struct metric *metrics_gauge(struct metrics *m, const char *name,
                             const char *labels, const char *help);
/** Of seconds, buckets 0.5 ms to 16 s, each twice the one before. */
struct metric *metrics_histogram(struct metrics *m, const char *name,
                                 const char *labels, const char *help);

void metric_add(struct metric *c, uint64_t n);   /**< a counter */
void metric_set(struct metric *g, double value); /**< a gauge   */
void metric_observe_us(struct metric *h, uint64_t us);

void metrics_print(const struct metrics *m, struct strbuf *out);

#endif
