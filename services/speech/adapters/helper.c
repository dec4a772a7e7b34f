/*
 * helper.c - a helper process and the frames to and from it
 */
#include "adapters/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/wait.h>

#include "loop/loop.h"

enum { READ_SIZE = 64 * 1024 };

struct helper {
	struct helper_config cfg;
	pid_t pid;
	int fd;
	struct watch *watch;
	uint8_t *out; /* not written yet */
	size_t n_out, room_out;
	struct frame_head head; /* of the frame that comes */
	size_t n_head;
	uint8_t *body;
	size_t n_body;
	bool gone;
	bool freed; /* by its own handler */
	bool busy;  /* in a handler */
};

/* --- the process ----------------------------------------------------------- */

/* The environment of the service holds keys, which helpers have no use for. */
static int spawn(struct helper *h, int theirs)
{
	char role[16], model[512], path[1024] = "PATH=/usr/bin:/bin";
	char language[] = "LANG=C.UTF-8";
	char *argv[] = {"trestle-speech", "--engine", role,
	                h->cfg.model ? model : NULL, NULL};
	char *env[] = {path, language, NULL};
	posix_spawn_file_actions_t actions;
	int err = posix_spawn_file_actions_init(&actions);

	if (err)
		return err;
	if (getenv("PATH"))
		(void)snprintf(path, sizeof(path), "PATH=%s", getenv("PATH"));
	(void)snprintf(role, sizeof(role), "%s", h->cfg.role);
	(void)snprintf(model, sizeof(model), "%s",
	               h->cfg.model ? h->cfg.model : "");
	posix_spawn_file_actions_adddup2(&actions, theirs, FRAME_FD);
	err = posix_spawn(&h->pid, "/proc/self/exe", &actions, NULL, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

static void on_ready(void *arg, int events);

/* The process and all that could call us */
static void stop(struct helper *h)
{
	int status;

	if (h->pid > 0) {
		kill(h->pid, SIGKILL);
		(void)waitpid(h->pid, &status, 0);
		h->pid = 0;
	}
	watch_free(h->watch);
	h->watch = NULL;
	if (h->fd >= 0)
		close(h->fd);
	h->fd = -1;
}

static void release(struct helper *h)
{
	free(h->out);
	free(h->body);
	free(h);
}

/* A descriptor that is FRAME_FD already would be closed on exec. */
static int open_pair(int pair[2])
{
	int moved;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return errno;
	for (int i = 0; i < 2; i++) {
		moved = pair[i] <= FRAME_FD
		                ? fcntl(pair[i], F_DUPFD_CLOEXEC, FRAME_FD + 1)
		                : pair[i];
		if (moved < 0)
			return errno;
		if (moved != pair[i])
			close(pair[i]);
		pair[i] = moved;
	}
	return fcntl(pair[0], F_SETFL, O_NONBLOCK) ? errno : 0;
}

int helper_start(struct helper **hp, const struct helper_config *cfg)
{
	struct helper *h = calloc(1, sizeof(*h));
	int pair[2] = {-1, -1}, err;

	if (!h)
		return ENOMEM;
	h->cfg = *cfg;
	err = open_pair(pair);
	if (!err)
		err = spawn(h, pair[1]);
	h->fd = pair[0];
	if (pair[1] >= 0)
		close(pair[1]);
	if (!err)
		err = watch_alloc(&h->watch, cfg->loop, h->fd, LOOP_READ,
		                  on_ready, h);
	if (err) {
		stop(h);
		release(h);
		return err;
	}
	*hp = h;
	return 0;
}

void helper_free(struct helper *h)
{
	if (!h)
		return;
	stop(h);
	h->freed = true;
	if (!h->busy) /* else on_ready() does the rest */
		release(h);
}

/* --- out ------------------------------------------------------------------- */

static void write_out(struct helper *h)
{
	size_t done = 0;

	while (done < h->n_out) {
		ssize_t n = send(h->fd, h->out + done, h->n_out - done,
		                 MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break; /* one that died is seen by reading */
		done += (size_t)n;
	}
	memmove(h->out, h->out + done, h->n_out - done);
	h->n_out -= done;
	watch_set(h->watch, h->n_out ? LOOP_READ | LOOP_WRITE : LOOP_READ);
}

static int make_room(struct helper *h, size_t n)
{
	size_t room = h->room_out ? h->room_out : READ_SIZE;
	uint8_t *out;

	if (h->n_out + n > HELPER_PENDING_MAX)
		return ENOBUFS;
	while (room < h->n_out + n)
		room *= 2;
	if (room == h->room_out)
		return 0;
	out = realloc(h->out, room);
	if (!out)
		return ENOMEM;
	h->out = out;
	h->room_out = room;
	return 0;
}

static void append(struct helper *h, const void *p, size_t n)
{
	if (n)
		memcpy(h->out + h->n_out, p, n);
	h->n_out += n;
}

int helper_send(struct helper *h, enum frame_type type, const void *head,
                size_t n_head, const void *body, size_t n_body)
{
	struct frame_head frame = {type, (uint32_t)(n_head + n_body)};
	int err = make_room(h, sizeof(frame) + n_head + n_body);

	if (err)
		return err;
	append(h, &frame, sizeof(frame));
	append(h, head, n_head);
	append(h, body, n_body);
	write_out(h);
	return 0;
}

/* --- in -------------------------------------------------------------------- */

/* Where the next bytes belong; room for them is there after the head. */
static void *read_to(struct helper *h, size_t *room)
{
	if (h->n_head < sizeof(h->head)) {
		*room = sizeof(h->head) - h->n_head;
		return (uint8_t *)&h->head + h->n_head;
	}
	*room = h->head.n - h->n_body;
	return h->body + h->n_body;
}

static bool begin_body(struct helper *h)
{
	free(h->body);
	h->n_body = 0;
	h->body = h->head.n <= FRAME_MAX ? malloc(h->head.n + 1) : NULL;
	if (h->body)
		h->body[h->head.n] = '\0'; /* texts end so */
	return h->body != NULL;
}

static void take(struct helper *h, size_t n)
{
	if (h->n_head < sizeof(h->head)) {
		h->n_head += n;
		if (h->n_head == sizeof(h->head) && !begin_body(h))
			h->gone = true;
	} else {
		h->n_body += n;
	}
	if (h->gone || h->n_head < sizeof(h->head) || h->n_body < h->head.n)
		return;
	h->n_head = 0;
	h->cfg.on_frame(h->cfg.arg, &h->head, h->body);
}

static void read_in(struct helper *h)
{
	while (!h->freed && !h->gone) {
		size_t room;
		void *to = read_to(h, &room);
		ssize_t n = recv(h->fd, to, room, 0);

		if (n > 0)
			take(h, (size_t)n);
		else if (n < 0 && errno == EAGAIN)
			return;
		else if (n == 0 || errno != EINTR)
			h->gone = true;
	}
}

static void on_ready(void *arg, int events)
{
	struct helper *h = arg;

	h->busy = true;
	if (events & LOOP_WRITE)
		write_out(h);
	if (events & LOOP_READ)
		read_in(h);
	if (h->gone && !h->freed)
		h->cfg.on_end(h->cfg.arg);
	h->busy = false;
	if (h->freed)
		release(h);
}
