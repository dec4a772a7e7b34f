/*
 * metrics.c - counters, gauges and histograms in Prometheus text
 */
#include "base/metrics.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

enum { BUCKETS = 16 }; /* 0.5 ms, 1 ms … 16.384 s */
enum { BUCKET_FIRST_US = 500 };

enum kind { COUNTER, GAUGE, HISTOGRAM };

struct metric {
	struct metric *next;
	enum kind kind;
	char *name;
	char *labels; /* "" = none */
	char *help;
	uint64_t count; /* a counter; observations of a histogram */
	uint64_t sum_us;
	double value;
	uint64_t buckets[BUCKETS]; /* not cumulative */
};

struct metrics {
	struct metric *first;
	struct metric **last;
};

int metrics_alloc(struct metrics **mp)
{
	struct metrics *m = calloc(1, sizeof(*m));

	if (!m)
		return ENOMEM;
	m->last = &m->first;
	*mp = m;
	return 0;
}

static void free_one(struct metric *x)
{
	if (!x)
		return;
	free(x->name);
	free(x->labels);
	free(x->help);
	free(x);
}

void metrics_free(struct metrics *m)
{
	if (!m)
		return;
	while (m->first) {
		struct metric *x = m->first;

		m->first = x->next;
		free_one(x);
	}
	free(m);
}

/* Samples of one name must stand together: after the last of its name. */
static void insert(struct metrics *m, struct metric *x)
{
	struct metric **place = m->last;

	for (struct metric *other = m->first; other; other = other->next) {
		if (strcmp(other->name, x->name) == 0)
			place = &other->next;
	}
	x->next = *place;
	*place = x;
	if (place == m->last)
		m->last = &x->next;
}

static struct metric *add(struct metrics *m, enum kind kind, const char *name,
                          const char *labels, const char *help)
{
	struct metric *x = m ? calloc(1, sizeof(*x)) : NULL;

	if (!x)
		return NULL;
	x->kind = kind;
	x->name = strdup(name);
	x->labels = strdup(labels ? labels : "");
	x->help = strdup(help);
	if (!x->name || !x->labels || !x->help) {
		free_one(x);
		return NULL;
	}
	insert(m, x);
	return x;
}

struct metric *metrics_counter(struct metrics *m, const char *name,
                               const char *labels, const char *help)
{
	return add(m, COUNTER, name, labels, help);
}

struct metric *metrics_gauge(struct metrics *m, const char *name,
                             const char *labels, const char *help)
{
	return add(m, GAUGE, name, labels, help);
}

struct metric *metrics_histogram(struct metrics *m, const char *name,
                                 const char *labels, const char *help)
{
	return add(m, HISTOGRAM, name, labels, help);
}

void metric_add(struct metric *c, uint64_t n)
{
	if (c)
		c->count += n;
}

void metric_set(struct metric *g, double value)
{
	if (g)
		g->value = value;
}

void metric_observe_us(struct metric *h, uint64_t us)
{
	uint64_t limit = BUCKET_FIRST_US;

	if (!h)
		return;
	h->count++;
	h->sum_us += us;
	for (size_t i = 0; i < BUCKETS; i++, limit *= 2) {
		if (us <= limit) {
			h->buckets[i]++;
			return;
		}
	}
}

static void print_histogram(const struct metric *h, struct strbuf *out)
{
	const char *comma = h->labels[0] ? "," : "";
	uint64_t limit = BUCKET_FIRST_US, below = 0;
	const char *open = h->labels[0] ? "{" : "";
	const char *close = h->labels[0] ? "}" : "";

	for (size_t i = 0; i < BUCKETS; i++, limit *= 2) {
		below += h->buckets[i];
		strbuf_addf(out, "%s_bucket{%s%sle=\"%g\"} %llu\n", h->name,
		            h->labels, comma, (double)limit / 1e6,
		            (unsigned long long)below);
	}
	strbuf_addf(out, "%s_bucket{%s%sle=\"+Inf\"} %llu\n", h->name,
	            h->labels, comma, (unsigned long long)h->count);
	strbuf_addf(out, "%s_sum%s%s%s %.6f\n", h->name, open, h->labels, close,
	            (double)h->sum_us / 1e6);
	strbuf_addf(out, "%s_count%s%s%s %llu\n", h->name, open, h->labels,
	            close, (unsigned long long)h->count);
}

static void print_one(const struct metric *x, struct strbuf *out)
{
	strbuf_add(out, x->name);
	if (x->labels[0])
		strbuf_addf(out, "{%s}", x->labels);
	if (x->kind == COUNTER)
		strbuf_addf(out, " %llu\n", (unsigned long long)x->count);
	else
		strbuf_addf(out, " %.15g\n", x->value);
}

void metrics_print(const struct metrics *m, struct strbuf *out)
{
	static const char *const kinds[] = {
		[COUNTER] = "counter",
		[GAUGE] = "gauge",
		[HISTOGRAM] = "histogram",
	};
	const char *name = "";

	for (const struct metric *x = m->first; x; x = x->next) {
		if (strcmp(x->name, name) != 0) {
			strbuf_addf(out, "# HELP %s %s\n# TYPE %s %s\n",
			            x->name, x->help, x->name, kinds[x->kind]);
			name = x->name;
		}
		if (x->kind == HISTOGRAM)
			print_histogram(x, out);
		else
			print_one(x, out);
	}
}
