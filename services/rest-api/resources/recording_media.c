/*
 * recording_media.c - the sound of a recording: a file, whole or in part
 *
 *   recording:{RE…} ─┬─► file, or part of it
 *                    └─► converter ─► file
 */
#include "resources.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../app.h"
#include "adapters/converter.h"
#include "ask.h"
#include "core/error.h"
#include "core/range.h"
#include "crud.h"
#include "http/server.h"

enum { NO_SECOND_CHANNEL = 16113, HEADER = 96 };

static bool is_mp3(const struct ask *q)
{
	return q->path.suffix == SUFFIX_MP3;
}

static const char *sid_of(const struct ask *q)
{
	return ask_part(q, q->path.n - 1);
}

static enum range_result range_of(const struct ask *q, uint64_t size,
                                  struct range *part)
{
	/* It can not be told whether the client's part is of this file: there
	 * is no validator that it could have. */
	bool conditional = ask_header(q, "If-Range") != NULL;

	return range_parse(conditional ? NULL : ask_header(q, "Range"), size,
	                   part);
}

/* Answers with an open file, which is given away. */
static void send_file(struct ask *q, int fd)
{
	char disposition[HEADER], of[HEADER] = "";
	const char *headers[] = {"Accept-Ranges",
	                         "bytes",
	                         "Content-Disposition",
	                         disposition,
	                         "Content-Range",
	                         of,
	                         NULL};
	struct http_answer answer = {
		.status = 200,
		.content_type = is_mp3(q) ? "audio/mpeg" : "audio/x-wav",
		.headers = headers,
		.is_file = true,
		.fd = fd,
	};
	struct range part;
	struct stat st;

	if (fstat(fd, &st)) {
		close(fd);
		ask_fail(q, ERROR_INTERNAL, NULL);
		return;
	}
	(void)snprintf(disposition, sizeof(disposition),
	               "inline; filename=\"%s.%s\"", sid_of(q),
	               is_mp3(q) ? "mp3" : "wav");
	switch (range_of(q, (uint64_t)st.st_size, &part)) {
	case RANGE_ALL: headers[4] = NULL; break;
	case RANGE_PART:
		answer.status = 206;
		(void)snprintf(of, sizeof(of),
		               "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64,
		               part.from, part.from + part.length - 1,
		               (uint64_t)st.st_size);
		break;
	case RANGE_NONE:
		answer.status = 416;
		part.length = 0;
		(void)snprintf(of, sizeof(of), "bytes */%" PRIu64,
		               (uint64_t)st.st_size);
		break;
	}
	answer.from = part.from;
	answer.length = part.length;
	ask_answer(q, &answer);
}

static void on_converted(void *arg, int err, int fd)
{
	struct ask *q = arg;

	if (!err)
		send_file(q, fd);
	else if (err == ENOENT)
		ask_fail(q, ERROR_MISSING, ask_path(q));
	else
		ask_fail(q, err == ECANCELED ? ERROR_AWAY : ERROR_INTERNAL,
		         NULL);
}

static void convert(struct ask *q, unsigned channels)
{
	const struct conversion what = {
		.sid = sid_of(q), .mp3 = is_mp3(q), .channels = channels};
	int fd = converter_open(q->app->converter, &what);

	if (fd >= 0)
		send_file(q, fd);
	else if (converter_start(q->app->converter, &what, on_converted, q))
		ask_fail(q, ERROR_AWAY, NULL);
}

/* @return the channels that are wanted, 0 when it was answered */
static unsigned channels_of(struct ask *q, unsigned has)
{
	const char *said = fields_text(&q->params, "RequestedChannels");
	unsigned wanted = has;

	if (strcmp(said, "1") == 0 || strcmp(said, "2") == 0) {
		wanted = said[0] == '1' ? 1 : 2;
	} else if (*said) {
		ask_fail(q, ERROR_PARAMETER, "RequestedChannels");
		return 0;
	}
	if (wanted > has) {
		ask_fail(q, NO_SECOND_CHANNEL, NULL);
		return 0;
	}
	return wanted;
}

static void on_found(void *arg, int err, const char *key,
                     const struct fields *recording)
{
	struct ask *q = arg;
	const char *status = fields_text(recording, "status");
	bool dual = strcmp(fields_text(recording, "channels"), "2") == 0;
	unsigned has = dual ? 2 : 1, wanted;
	char path[CONVERTER_PATH];
	int fd;

	if (!crud_is_there(q, err, key, recording))
		return;
	wanted = channels_of(q, has);
	if (!wanted)
		return;
	if (strcmp(status, "completed") != 0) {
		ask_fail(q, ERROR_MISSING, ask_path(q));
		return;
	}
	if (is_mp3(q) || wanted != has) {
		convert(q, wanted);
		return;
	}
	(void)snprintf(path, sizeof(path), "%.4000s/%s.wav", q->app->recordings,
	               sid_of(q));
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0)
		send_file(q, fd);
	else
		ask_fail(q, ERROR_MISSING, ask_path(q));
}

void recordings_sound(struct ask *q)
{
	crud_find(q, on_found);
}
