/*
 * recognisers.c - helper processes that listen, each to one utterance at a time
 */
#include "adapters/recognisers.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/helper.h"
#include "base/log.h"
#include "base/metrics.h"
#include "loop/loop.h"

struct recogniser {
	struct recognisers *all;
	struct helper *helper; /* NULL = none is started */
	struct timer *timer;   /* of the oldest answer that is waited for */
	recogniser_h *handler; /* NULL = nobody listens */
	void *arg;
	size_t n_open; /* answers that are waited for */
	bool loaded;   /* its model: it answers at once */
	bool in_use;
	bool ended; /* the last answer is the end's */
};

struct recognisers {
	struct recognisers_config cfg;
	struct recogniser *v;
	bool ready; /* one was loaded, or died of it */
};

static void settle(struct recogniser *r)
{
	r->in_use = false;
	r->ended = false;
	r->handler = NULL;
	r->n_open = 0;
	timer_stop(r->timer);
}

static void await_answer(struct recogniser *r)
{
	timer_start(r->timer, RECOGNISER_SECONDS * 1000);
}

/* What it was sent meanwhile, it begins with now. */
static void on_loaded(struct recogniser *r)
{
	r->loaded = true;
	r->all->ready = true;
	if (r->n_open)
		await_answer(r);
	else
		timer_stop(r->timer);
}

static void on_frame(void *arg, const struct frame_head *head, const void *body)
{
	struct recogniser *r = arg;
	recogniser_h *handler = r->handler;
	struct frame_text text;

	if (head->type == FRAME_READY) {
		on_loaded(r);
		return;
	}
	if (head->type != FRAME_TEXT || head->n < sizeof(text) || !r->n_open)
		return;
	memcpy(&text, body, sizeof(text));
	if (--r->n_open)
		await_answer(r);
	else
		timer_stop(r->timer);
	if (r->ended && !r->n_open)
		settle(r);
	if (handler)
		handler(r->arg, 0, &text, (const char *)body + sizeof(text));
}

static void stop(struct recogniser *r)
{
	helper_free(r->helper);
	r->helper = NULL;
	r->loaded = false;
	settle(r);
}

static void lose(struct recogniser *r, const char *how)
{
	const struct frame_text nothing = {0, 0};
	recogniser_h *handler = r->handler;

	log_warn(r->all->cfg.log, "a listening helper %s", how);
	metric_add(r->all->cfg.deaths, 1);
	stop(r);
	r->all->ready = true;
	if (handler)
		handler(r->arg, EIO, &nothing, "");
}

static void on_end(void *arg)
{
	lose(arg, "died");
}

static void on_timer(void *arg)
{
	lose(arg, "took too long and was killed");
}

static void start(struct recogniser *r)
{
	const struct helper_config cfg = {
		.loop = r->all->cfg.loop,
		.role = "hear",
		.model = r->all->cfg.model,
		.on_frame = on_frame,
		.on_end = on_end,
		.arg = r,
	};

	if (helper_start(&r->helper, &cfg))
		r->helper = NULL;
	else
		timer_start(r->timer, RECOGNISER_LOAD_SECONDS * 1000);
}

/* One that is free, a loaded one before others */
static struct recogniser *find_free(struct recognisers *all)
{
	struct recogniser *found = NULL;

	for (uint32_t i = 0; i < all->cfg.max; i++) {
		struct recogniser *r = &all->v[i];

		if (r->in_use)
			continue;
		if (r->loaded)
			return r;
		if (!found || (r->helper && !found->helper))
			found = r;
	}
	return found;
}

static void start_spare(struct recognisers *all)
{
	struct recogniser *r = find_free(all);

	if (r && !r->helper)
		start(r);
}

int recognisers_alloc(struct recognisers **rp,
                      const struct recognisers_config *cfg)
{
	struct recognisers *all = calloc(1, sizeof(*all));

	if (!all)
		return ENOMEM;
	all->cfg = *cfg;
	all->v = calloc(cfg->max ? cfg->max : 1, sizeof(*all->v));
	if (!all->v) {
		free(all);
		return ENOMEM;
	}
	for (uint32_t i = 0; i < cfg->max; i++) {
		all->v[i].all = all;
		if (timer_alloc(&all->v[i].timer, cfg->loop, on_timer,
		                &all->v[i])) {
			recognisers_free(all);
			return ENOMEM;
		}
	}
	start_spare(all);
	/* Where it did not even start, there is nothing to wait for. */
	all->ready = cfg->max == 0 || !all->v[0].helper;
	*rp = all;
	return 0;
}

void recognisers_free(struct recognisers *all)
{
	if (!all)
		return;
	for (uint32_t i = 0; i < all->cfg.max; i++) {
		helper_free(all->v[i].helper);
		timer_free(all->v[i].timer);
	}
	free(all->v);
	free(all);
}

struct recogniser *recogniser_take(struct recognisers *all,
                                   const struct frame_hear *hear,
                                   const char *hints, recogniser_h *handler,
                                   void *arg)
{
	struct recogniser *r = find_free(all);

	if (!r)
		return NULL;
	if (!r->helper)
		start(r);
	if (!r->helper || helper_send(r->helper, FRAME_HEAR, hear,
	                              sizeof(*hear), hints, strlen(hints)))
		return NULL;
	r->in_use = true;
	r->handler = handler;
	r->arg = arg;
	start_spare(all);
	return r;
}

static int send(struct recogniser *r, enum frame_type type, const void *pcm,
                size_t n)
{
	int err = helper_send(r->helper, type, NULL, 0, pcm, n);

	if (err)
		return err;
	if (r->n_open++ == 0 && r->loaded)
		await_answer(r);
	return 0;
}

int recogniser_put(struct recogniser *r, const void *pcm, size_t n)
{
	return send(r, FRAME_AUDIO, pcm, n);
}

int recogniser_end(struct recogniser *r)
{
	int err = send(r, FRAME_END, NULL, 0);

	r->ended = err == 0;
	return err;
}

void recogniser_drop(struct recogniser *r)
{
	r->handler = NULL;
	if (r->ended || recogniser_end(r) == 0)
		return;
	stop(r);
}

bool recognisers_ready(const struct recognisers *all)
{
	return all->ready;
}

size_t recognisers_in_use(const struct recognisers *all)
{
	size_t n = 0;

	for (uint32_t i = 0; i < all->cfg.max; i++)
		n += all->v[i].in_use;
	return n;
}
