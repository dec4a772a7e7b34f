/*
 * wire.c - sockets for one phone
 *
 * Streams are libcurl's, which can do TLS without knowing HTTP.
 */
#include "wire.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

enum { STREAM_MS = 4000 };

bool wire_resolve(const char *host, uint16_t port, struct sockaddr_storage *to)
{
	struct addrinfo hints = {.ai_family = AF_INET,
	                         .ai_socktype = SOCK_DGRAM};
	struct addrinfo *found = NULL;
	char text[8];

	(void)snprintf(text, sizeof(text), "%u", port);
	if (getaddrinfo(host, text, &hints, &found) || !found)
		return false;
	memset(to, 0, sizeof(*to));
	memcpy(to, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return true;
}

/* Which of our addresses is used towards it: the kernel knows. */
static bool own_address(const struct sockaddr_storage *to,
                        struct sockaddr_in *own)
{
	socklen_t n = sizeof(*own);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool well = fd >= 0 &&
	            connect(fd, (const struct sockaddr *)to,
	                    sizeof(struct sockaddr_in)) == 0 &&
	            getsockname(fd, (struct sockaddr *)own, &n) == 0;

	if (fd >= 0)
		close(fd);
	return well;
}

int wire_open(const struct sockaddr_storage *to, char ip[64], uint16_t *port)
{
	struct sockaddr_in own;
	socklen_t n = sizeof(own);
	int fd;

	if (!own_address(to, &own))
		return -1;
	own.sin_port = 0;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&own, sizeof(own)) ||
	    getsockname(fd, (struct sockaddr *)&own, &n) ||
	    !inet_ntop(AF_INET, &own.sin_addr, ip, 64)) {
		close(fd);
		return -1;
	}
	*port = ntohs(own.sin_port);
	return fd;
}

void wire_send(int fd, const struct sockaddr_storage *to, const void *data,
               size_t n)
{
	(void)sendto(fd, data, n, 0, (const struct sockaddr *)to,
	             sizeof(struct sockaddr_in));
}

size_t wire_receive(int fd, char *out, uint32_t ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ssize_t n = 0;

	if (poll(&p, 1, (int)ms) > 0)
		n = recv(fd, out, WIRE_MAX, 0);
	if (n < 0)
		n = 0;
	out[n] = '\0';
	return (size_t)n;
}

/* What comes first, or nothing */
static bool answers(CURL *c, const char *text)
{
	char answer[64] = "";
	size_t n = 0;
	curl_socket_t fd;
	struct pollfd p = {.events = POLLIN};

	if (curl_easy_send(c, text, strlen(text), &n) != CURLE_OK ||
	    curl_easy_getinfo(c, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK)
		return false;
	p.fd = fd;
	for (int waited = 0; waited < STREAM_MS; waited += 100) {
		CURLcode code =
			curl_easy_recv(c, answer, sizeof(answer) - 1, &n);

		if (code == CURLE_OK)
			return n >= 7 && memcmp(answer, "SIP/2.0", 7) == 0;
		if (code != CURLE_AGAIN)
			return false;
		(void)poll(&p, 1, 100);
	}
	return false;
}

bool wire_stream(const char *host, uint16_t port, bool tls, const char *text)
{
	CURL *c = curl_easy_init();
	char url[300];
	bool well;

	if (!c)
		return false;
	(void)snprintf(url, sizeof(url), "%s://%.255s:%u",
	               tls ? "https" : "http", host, port);
	(void)curl_easy_setopt(c, CURLOPT_URL, url);
	(void)curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L);
	(void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)STREAM_MS);
	/* Whether phones believe the certificate is a question of its own. */
	(void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
	(void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
	well = curl_easy_perform(c) == CURLE_OK && answers(c, text);
	curl_easy_cleanup(c);
	return well;
}
