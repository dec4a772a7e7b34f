#include "multi.h"

#include <errno.h>
#include <stdlib.h>

#include "loop/loop.h"

struct multi {
	struct loop *loop; /* borrowed */
	CURLM *handle;
	struct timer *timer; /* libcurl's */
	multi_h *ended;
	void *arg;
};

/* A descriptor of libcurl's and who watches it */
struct socket {
	struct multi *multi;
	struct watch *watch;
	curl_socket_t fd;
};

static void collect_ended(struct multi *m)
{
	struct CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(m->handle, &left))) {
		char *mine = NULL;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &mine);
		m->ended(m->arg, mine, msg->data.result);
	}
}

static void on_ready(void *arg, int events)
{
	const struct socket *s = arg;
	struct multi *m = s->multi;
	int flags = 0, running;

	if (events & LOOP_READ)
		flags |= CURL_CSELECT_IN;
	if (events & LOOP_WRITE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(m->handle, s->fd, flags, &running);
	collect_ended(m);
}

static void forget_socket(struct socket *s)
{
	if (!s)
		return;
	watch_free(s->watch);
	free(s);
}

static int watch_socket(struct multi *m, curl_socket_t fd, int events,
                        struct socket *s)
{
	if (s) {
		watch_set(s->watch, events);
		return 0;
	}
	s = calloc(1, sizeof(*s));
	if (!s)
		return -1;
	s->multi = m;
	s->fd = fd;
	if (watch_alloc(&s->watch, m->loop, fd, events, on_ready, s)) {
		free(s);
		return -1;
	}
	curl_multi_assign(m->handle, fd, s);
	return 0;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg,
                     void *socket_arg)
{
	struct multi *m = arg;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		forget_socket(socket_arg);
		curl_multi_assign(m->handle, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		events |= LOOP_READ;
	if (what & CURL_POLL_OUT)
		events |= LOOP_WRITE;
	return watch_socket(m, fd, events, socket_arg);
}

static int on_timer_wanted(CURLM *handle, long ms, void *arg)
{
	struct multi *m = arg;

	(void)handle;
	if (ms < 0)
		timer_stop(m->timer);
	else
		timer_start(m->timer, (uint32_t)ms);
	return 0;
}

static void on_timer(void *arg)
{
	struct multi *m = arg;
	int running;

	curl_multi_socket_action(m->handle, CURL_SOCKET_TIMEOUT, 0, &running);
	collect_ended(m);
}

int multi_alloc(struct multi **mp, struct loop *loop, multi_h *ended, void *arg)
{
	struct multi *m = calloc(1, sizeof(*m));

	if (!m)
		return ENOMEM;
	if (curl_global_init(CURL_GLOBAL_DEFAULT)) {
		free(m);
		return ENOMEM;
	}
	m->loop = loop;
	m->ended = ended;
	m->arg = arg;
	m->handle = curl_multi_init();
	if (!m->handle || timer_alloc(&m->timer, loop, on_timer, m)) {
		multi_free(m);
		return ENOMEM;
	}
	curl_multi_setopt(m->handle, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(m->handle, CURLMOPT_SOCKETDATA, m);
	curl_multi_setopt(m->handle, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
	curl_multi_setopt(m->handle, CURLMOPT_TIMERDATA, m);
	*mp = m;
	return 0;
}

void multi_free(struct multi *m)
{
	if (!m)
		return;
	if (m->handle)
		curl_multi_cleanup(m->handle);
	timer_free(m->timer);
	free(m);
	curl_global_cleanup();
}

CURLM *multi_handle(const struct multi *m)
{
	return m->handle;
}
