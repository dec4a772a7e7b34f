/*
 * gallery.c - a web server with audio, for tests: caching, slow bodies
 */
#include "service/gallery.h"

#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "unit/test.h"

enum { REQUEST_MAX = 16384, SLICES = 20 }; /* writes a second */

static struct {
	pthread_mutex_t lock;
	size_t n;
	struct gallery_item items[GALLERY_MAX];
	unsigned requests[GALLERY_MAX], unchanged[GALLERY_MAX];
	char last[REQUEST_MAX];
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

static size_t find(const char *path)
{
	size_t i = 0;

	while (i < state.n && strcmp(state.items[i].path, path) != 0)
		i++;
	return i;
}

void gallery_put(const struct gallery_item *item)
{
	size_t i;

	pthread_mutex_lock(&state.lock);
	i = find(item->path);
	assert_true(i < GALLERY_MAX);
	state.n += i == state.n;
	state.items[i] = *item;
	state.requests[i] = state.unchanged[i] = 0;
	pthread_mutex_unlock(&state.lock);
}

static unsigned number_of(const unsigned *numbers, const char *path)
{
	unsigned n;

	pthread_mutex_lock(&state.lock);
	n = numbers[find(path)];
	pthread_mutex_unlock(&state.lock);
	return n;
}

unsigned gallery_requests(const char *path)
{
	return number_of(state.requests, path);
}

unsigned gallery_unchanged(const char *path)
{
	return number_of(state.unchanged, path);
}

static const char *value_in(const char *request, const char *name,
                            char value[512])
{
	char wanted[64];
	const char *at;

	(void)snprintf(wanted, sizeof(wanted), "\r\n%s: ", name);
	at = strcasestr(request, wanted);
	value[0] = '\0';
	if (at) {
		at += strlen(wanted);
		(void)snprintf(value, 512, "%.*s", (int)strcspn(at, "\r"), at);
	}
	return value;
}

const char *gallery_header(const char *name)
{
	static char value[512];

	pthread_mutex_lock(&state.lock);
	(void)value_in(state.last, name, value);
	pthread_mutex_unlock(&state.lock);
	return value;
}

/* Does the request know the present entity? */
static bool knows(const char *request, const struct gallery_item *item)
{
	char etag[512], date[512];

	(void)value_in(request, "If-None-Match", etag);
	(void)value_in(request, "If-Modified-Since", date);
	if (!item->headers || (!etag[0] && !date[0]))
		return false;
	return strstr(item->headers, etag[0] ? etag : date) != NULL;
}

/* @return false: the path is not there */
static bool look_up(const char *request, const char *path,
                    struct gallery_item *item, bool *unchanged)
{
	size_t i;

	pthread_mutex_lock(&state.lock);
	i = find(path);
	if (i < state.n) {
		*item = state.items[i];
		*unchanged = knows(request, item);
		state.requests[i]++;
		state.unchanged[i] += *unchanged;
	}
	(void)snprintf(state.last, sizeof(state.last), "%s", request);
	pthread_mutex_unlock(&state.lock);
	return i < state.n;
}

static bool put(int fd, const void *p, size_t n)
{
	const char *s = p;

	while (n > 0) {
		ssize_t done = send(fd, s, n, MSG_NOSIGNAL);

		if (done <= 0)
			return false;
		s += done;
		n -= (size_t)done;
	}
	return true;
}

static bool put_body(int fd, const struct gallery_item *item)
{
	const char *body = item->body;
	size_t step = item->rate ? item->rate / SLICES + 1 : item->len;

	for (size_t at = 0; at < item->len; at += step) {
		size_t n = item->len - at < step ? item->len - at : step;

		if (!put(fd, body + at, n))
			return false;
		if (item->rate)
			usleep(1000000 / SLICES);
	}
	return true;
}

static bool answer(int fd, const char *request, const char *path)
{
	struct gallery_item item = {.status = 404, .type = "text/plain"};
	bool unchanged = false;
	char head[1024];

	(void)look_up(request, path, &item, &unchanged);
	if (unchanged)
		item.status = 304;
	(void)snprintf(head, sizeof(head),
	               "HTTP/1.1 %u Said\r\n%sContent-Type: %s\r\n"
	               "Content-Length: %zu\r\n\r\n",
	               item.status ? item.status : 200,
	               item.headers ? item.headers : "", item.type,
	               unchanged ? 0 : item.len);
	return put(fd, head, strlen(head)) &&
	       (unchanged || put_body(fd, &item));
}

static void *serve(void *arg)
{
	int fd = (int)(intptr_t)arg;
	char request[REQUEST_MAX], path[512];
	size_t len = 0;
	ssize_t n;

	while ((n = recv(fd, request + len, sizeof(request) - 1 - len, 0)) >
	       0) {
		len += (size_t)n;
		request[len] = '\0';
		if (!strstr(request, "\r\n\r\n"))
			continue;
		if (sscanf(request, "%*s %511s", path) != 1 ||
		    !answer(fd, request, path))
			break;
		len = 0;
	}
	close(fd);
	return NULL;
}

static void *take_all(void *arg)
{
	int listener = (int)(intptr_t)arg;

	for (;;) {
		int fd = accept(listener, NULL, NULL);
		pthread_t thread;

		if (fd < 0)
			continue;
		if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd))
			close(fd);
		else
			(void)pthread_detach(thread);
	}
	return NULL;
}

uint16_t gallery_start(const char *address)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	socklen_t len = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pthread_t thread;

	assert_int_equal(1, inet_pton(AF_INET, address, &sa.sin_addr));
	assert_int_equal(0, bind(fd, (struct sockaddr *)&sa, len));
	assert_int_equal(0, listen(fd, 64));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&sa, &len));
	assert_int_equal(0, pthread_create(&thread, NULL, take_all,
	                                   (void *)(intptr_t)fd));
	return ntohs(sa.sin_port);
}

void *gallery_sox(const char *words, const char *suffix, size_t *len)
{
	char name[64], line[512];
	void *bytes;
	FILE *f;
	int fd;

	(void)snprintf(name, sizeof(name), "/tmp/gallery-XXXXXX.%s", suffix);
	fd = mkstemps(name, (int)strlen(suffix) + 1);
	assert_true(fd >= 0);
	close(fd);
	(void)snprintf(line, sizeof(line), "OUT=%s; sox -V1 %s", name, words);
	f = popen(line, "r");
	assert_non_null(f);
	assert_int_equal(0, pclose(f));
	f = fopen(name, "rb");
	assert_non_null(f);
	(void)unlink(name);
	assert_int_equal(0, fseek(f, 0, SEEK_END));
	*len = (size_t)ftell(f);
	rewind(f);
	bytes = malloc(*len + 1);
	assert_non_null(bytes);
	assert_int_equal(*len, fread(bytes, 1, *len, f));
	(void)fclose(f);
	return bytes;
}
