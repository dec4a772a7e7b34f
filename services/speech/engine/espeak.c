/*
 * espeak.c - other languages, by the program espeak-ng
 *
 * A program and not its library: espeak-ng is under the GPL, version 3, and
 * Trestle under the Apache License.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "core/plan.h"
#include "core/wav.h"
#include "engine/engine.h"

enum { WORDS_A_MINUTE = 165, PITCH = 50 };
enum { WORDS_MIN = 80, WORDS_MAX = 450, PITCH_MAX = 99 };
enum { OUTPUT_MAX = 16 * 1024 * 1024 };

struct output {
	uint8_t *v;
	size_t n, room;
};

static bool make_room(struct output *o)
{
	size_t room = o->room ? o->room * 2 : 256 * 1024;
	uint8_t *v;

	if (o->n < o->room)
		return true;
	v = room > OUTPUT_MAX ? NULL : realloc(o->v, room);
	if (!v)
		return false;
	o->v = v;
	o->room = room;
	return true;
}

static bool read_all(int fd, struct output *o)
{
	while (make_room(o)) {
		ssize_t n = read(fd, o->v + o->n, o->room - o->n);
		if (n == 0)
			return true;
		if (n > 0)
			o->n += (size_t)n;
		else if (errno != EINTR)
			return false;
	}
	return false;
}

/* "[[" would begin espeak's own phonemes. The text fits into the pipe. */
static void write_text(int fd, const char *text)
{
	for (; *text; text++) {
		if (write(fd, text, 1) != 1 ||
		    (text[0] == '[' && text[1] == '[' &&
		     write(fd, " ", 1) != 1))
			return;
	}
}

static int start(char *const *argv, int in, int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int err = posix_spawn_file_actions_init(&actions);

	if (err)
		return err;
	posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	err = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

static int run(char *const *argv, const char *text, struct output *o)
{
	int in[2], out[2], err, status = 1;
	pid_t pid = 0;

	if (pipe2(in, O_CLOEXEC))
		return errno;
	if (pipe2(out, O_CLOEXEC)) {
		close(in[0]);
		close(in[1]);
		return errno;
	}
	err = start(argv, in[0], out[1], &pid);
	close(in[0]);
	close(out[1]);
	if (!err)
		write_text(in[1], text);
	close(in[1]);
	if (!err && !read_all(out[0], o))
		err = EIO;
	close(out[0]);
	if (pid && waitpid(pid, &status, 0) == pid && status && !err)
		err = EIO;
	return err;
}

static int take(const struct output *o, struct audio *out)
{
	struct wav wav;

	if (wav_read(o->v, o->n, &wav) || wav.channels != 1)
		return EIO;
	out->n = wav.n / sizeof(*out->v);
	out->v = malloc(wav.n ? wav.n : 1);
	if (!out->v)
		return ENOMEM;
	memcpy(out->v, wav.data, wav.n);
	return audio_resample(out, wav.rate, PLAN_RATE);
}

static uint32_t limited(uint32_t value, uint32_t min, uint32_t max)
{
	return value < min ? min : value > max ? max : value;
}

int espeak_speak(const struct frame_speak *order, const char *text,
                 struct audio *out)
{
	char rate[16], pitch[16], voice[FRAME_VOICE_SIZE];
	char *const argv[] = {"espeak-ng", "-v",  voice,     "-s",       rate,
	                      "-p",        pitch, "--stdin", "--stdout", NULL};
	struct output o = {NULL, 0, 0};
	int err;

	memcpy(voice, order->voice, sizeof(voice));
	(void)snprintf(rate, sizeof(rate), "%u",
	               limited(WORDS_A_MINUTE * order->rate / 100, WORDS_MIN,
	                       WORDS_MAX));
	(void)snprintf(pitch, sizeof(pitch), "%u",
	               limited(PITCH * order->pitch / 100, 0, PITCH_MAX));
	err = run(argv, text, &o);
	if (!err)
		err = take(&o, out);
	free(o.v);
	return err;
}
