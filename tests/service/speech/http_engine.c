/*
 * http_engine.c - a server with the interface of the HTTP engines
 */
#include "http_engine.h"

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <sys/socket.h>

#include "core/wav.h"
#include "unit/test.h"

enum { RATE = 24000, LETTER = RATE / 20 };

static struct {
	pthread_mutex_t lock;
	enum http_engine_mode mode;
	unsigned n;
	char last[ENGINE_REQUEST_MAX];
	size_t n_last;
} engine = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Headers, and the body that they announce */
static size_t read_request(int fd, char *to)
{
	size_t n = 0, wanted = SIZE_MAX;

	while (n < wanted && n < ENGINE_REQUEST_MAX - 1) {
		ssize_t got = recv(fd, to + n, ENGINE_REQUEST_MAX - 1 - n, 0);
		char *body, *length;

		if (got <= 0)
			return 0;
		n += (size_t)got;
		to[n] = '\0';
		body = strstr(to, "\r\n\r\n");
		length = strcasestr(to, "\r\nContent-Length:");
		if (body && length)
			wanted = (size_t)(body + 4 - to) +
			         strtoul(length + 17, NULL, 10);
		if (body && strcasestr(to, "\r\nExpect: 100"))
			(void)!write(fd, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	}
	return n;
}

static void answer(int fd, const char *status, const void *body, size_t n)
{
	char head[128];
	int n_head = snprintf(head, sizeof(head),
	                      "HTTP/1.1 %s\r\nContent-Length: %zu\r\n"
	                      "Connection: close\r\n\r\n",
	                      status, n);

	(void)!write(fd, head, (size_t)n_head);
	for (size_t at = 0; at < n;) {
		ssize_t put =
			send(fd, (const char *)body + at, n - at, MSG_NOSIGNAL);

		if (put <= 0)
			return;
		at += (size_t)put;
	}
}

static void answer_speech(int fd, const char *request)
{
	static uint8_t file[WAV_HEADER_SIZE + 200 * LETTER * 2];
	const char *input = strstr(request, "\"input\":\"");
	size_t letters = input ? strcspn(input + 9, "\"") : 0;
	size_t n = letters * LETTER * 2;

	assert_true(letters <= 200);
	wav_header(file, RATE, n);
	for (size_t i = 0; i < n / 2; i++) {
		int16_t v = (int16_t)(8000 * sin(6.283185307 * 1000 *
		                                 (double)i / RATE));

		memcpy(file + WAV_HEADER_SIZE + 2 * i, &v, 2);
	}
	answer(fd, "200 OK", file, WAV_HEADER_SIZE + n);
}

static void hang(void)
{
	bool on = true;

	while (on) {
		usleep(10000);
		pthread_mutex_lock(&engine.lock);
		on = engine.mode == ENGINE_HANGS;
		pthread_mutex_unlock(&engine.lock);
	}
}

static void serve(int fd)
{
	static char request[ENGINE_REQUEST_MAX];
	static const char text[] = "{\"text\": \" Hello from the server.\"}";
	size_t n = read_request(fd, request);
	enum http_engine_mode mode;

	pthread_mutex_lock(&engine.lock);
	mode = engine.mode;
	engine.n++;
	memcpy(engine.last, request, n + 1);
	engine.n_last = n;
	pthread_mutex_unlock(&engine.lock);
	if (mode == ENGINE_FAILS)
		answer(fd, "500 Oh", "no", 2);
	else if (mode == ENGINE_NONSENSE)
		answer(fd, "200 OK", "{\"what\": 1}", 11);
	else if (mode == ENGINE_HANGS)
		hang();
	else if (strncmp(request, "POST /v1/audio/speech ", 22) == 0)
		answer_speech(fd, request);
	else if (strncmp(request, "POST /v1/audio/transcriptions ", 30) == 0)
		answer(fd, "200 OK", text, sizeof(text) - 1);
	else
		answer(fd, "404 What", "", 0);
	close(fd);
}

static void *run(void *arg)
{
	int listener = *(int *)arg;

	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0)
			serve(fd);
	}
	return NULL;
}

uint16_t http_engine_start(void)
{
	static int fd;
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t n = sizeof(a);
	pthread_t thread;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(0, bind(fd, (struct sockaddr *)&a, sizeof(a)));
	assert_int_equal(0, listen(fd, 16));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&a, &n));
	assert_int_equal(0, pthread_create(&thread, NULL, run, &fd));
	return ntohs(a.sin_port);
}

void http_engine_set(enum http_engine_mode mode)
{
	pthread_mutex_lock(&engine.lock);
	engine.mode = mode;
	pthread_mutex_unlock(&engine.lock);
}

unsigned http_engine_requests(void)
{
	unsigned n;

	pthread_mutex_lock(&engine.lock);
	n = engine.n;
	pthread_mutex_unlock(&engine.lock);
	return n;
}

size_t http_engine_last(char out[ENGINE_REQUEST_MAX])
{
	size_t n;

	pthread_mutex_lock(&engine.lock);
	n = engine.n_last;
	memcpy(out, engine.last, n + 1);
	pthread_mutex_unlock(&engine.lock);
	return n;
}
