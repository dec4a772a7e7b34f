/*
 * engine.c - a helper process: one job after another from the service
 */
#include "engine/engine.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

#include "core/voices.h"

static int read_full(void *to, size_t n)
{
	char *p = to;

	while (n) {
		ssize_t got = read(FRAME_FD, p, n);

		if (got == 0)
			return EPIPE;
		if (got < 0 && errno != EINTR)
			return errno;
		if (got > 0) {
			p += got;
			n -= (size_t)got;
		}
	}
	return 0;
}

static int write_full(const void *from, size_t n)
{
	const char *p = from;

	while (n) {
		ssize_t put = write(FRAME_FD, p, n);

		if (put < 0 && errno != EINTR)
			return errno;
		if (put > 0) {
			p += put;
			n -= (size_t)put;
		}
	}
	return 0;
}

static int send_frame(enum frame_type type, const void *body, size_t n)
{
	struct frame_head head = {type, (uint32_t)n};
	int err = write_full(&head, sizeof(head));

	return err ? err : write_full(body, n);
}

static int send_text(const struct frame_text *head, const char *text)
{
	struct frame_head frame = {FRAME_TEXT,
	                           (uint32_t)(sizeof(*head) + strlen(text))};
	int err = write_full(&frame, sizeof(frame));

	if (!err)
		err = write_full(head, sizeof(*head));
	return err ? err : write_full(text, strlen(text));
}

static int speak(const char *body, size_t n)
{
	struct audio audio = {NULL, 0};
	struct frame_speak order;
	int err;

	if (n < sizeof(order))
		return EPROTO;
	memcpy(&order, body, sizeof(order));
	if (order.engine == ENGINE_FLITE)
		err = flite_speak(&order, body + sizeof(order), &audio);
	else
		err = espeak_speak(&order, body + sizeof(order), &audio);
	if (!err)
		audio_gain(&audio, order.volume);
	if (!err && audio.n * sizeof(*audio.v) > FRAME_MAX)
		err = EMSGSIZE;
	if (err)
		err = send_frame(FRAME_FAILED, strerror(err),
		                 strlen(strerror(err)));
	else
		err = send_frame(FRAME_PCM, audio.v,
		                 audio.n * sizeof(*audio.v));
	free(audio.v);
	return err;
}

static int hear(struct sphinx *s, uint32_t type, const char *body, size_t n)
{
	struct frame_hear order;
	struct frame_text head;
	const char *text;

	if (type == FRAME_HEAR) {
		if (n < sizeof(order))
			return EPROTO;
		memcpy(&order, body, sizeof(order));
		sphinx_begin(s, &order, body + sizeof(order));
		return 0;
	}
	if (type == FRAME_AUDIO) {
		/* The body was allocated for its head: it is aligned. */
		sphinx_put(s, (const int16_t *)(const void *)body, n / 2);
		text = sphinx_so_far(s, &head);
	} else {
		text = sphinx_end(s, &head);
	}
	return send_text(&head, text);
}

static int serve(struct sphinx *s, struct frame_head *head)
{
	int err = read_full(head, sizeof(*head));
	char *body;

	if (err)
		return err;
	if (head->n > FRAME_MAX)
		return EPROTO;
	body = malloc(head->n + 1);
	if (!body)
		return ENOMEM;
	body[head->n] = '\0';
	err = read_full(body, head->n);
	if (!err && s)
		err = hear(s, head->type, body, head->n);
	else if (!err)
		err = speak(body, head->n);
	free(body);
	return err;
}

/* An utterance changes the decoder (it learns the line's mean spectrum), and
 * loading the model takes a second: so each is heard by a child that has the
 * loaded model and ends with it. */
static int hear_one(struct sphinx *s)
{
	struct frame_head head = {0, 0};
	int err = 0;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!err && head.type != FRAME_END)
		err = serve(s, &head);
	return err;
}

static int hear_in_child(struct sphinx *s)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return errno;
	if (pid == 0)
		_exit(hear_one(s));
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return errno;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

int engine_main(int argc, char **argv)
{
	struct frame_head head;
	struct sphinx *s = NULL;
	int err = 0;

	if (argc < 3 || strcmp(argv[1], "--engine") != 0)
		return -1;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN); /* a drain ends us by closing */
	(void)signal(SIGINT, SIG_IGN);
	if (strcmp(argv[2], "hear") == 0)
		err = argc < 4 ? EINVAL : sphinx_alloc(&s, argv[3]);
	if (!err && s)
		err = send_frame(FRAME_READY, NULL, 0);
	while (!err)
		err = s ? hear_in_child(s) : serve(NULL, &head);
	return err == EPIPE ? 0 : 1;
}
