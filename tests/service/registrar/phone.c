/*
 * phone.c - a SIP phone for service tests: text over a UDP socket
 */
#include "phone.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "unit/test.h"

void phone_open(struct phone *p, uint16_t server, const char *domain,
                const char *user)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	                        .sin_port = htons(server)};
	socklen_t n = sizeof(a);
	static unsigned count;

	memset(p, 0, sizeof(*p));
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	p->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(p->fd >= 0);
	assert_int_equal(0, connect(p->fd, (struct sockaddr *)&a, n));
	assert_int_equal(0, getsockname(p->fd, (struct sockaddr *)&a, &n));
	p->port = ntohs(a.sin_port);
	p->wait_ms = PHONE_WAIT_MS;
	p->domain = domain;
	p->user = user;
	(void)snprintf(p->call_id, sizeof(p->call_id), "c%u-%d", ++count,
	               (int)getpid());
}

void phone_close(struct phone *p)
{
	(void)close(p->fd);
}

static void sum(const struct phone *p, char out[65], const char *fmt, ...)
{
	unsigned char raw[EVP_MAX_MD_SIZE];
	char text[4096];
	unsigned n;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	assert_true(EVP_Digest(text, strlen(text), raw, &n,
	                       p->sha256 ? EVP_sha256() : EVP_md5(), NULL));
	for (size_t i = 0; i < n; i++)
		(void)sprintf(out + 2 * i, "%02x", raw[i]);
}

void phone_credentials(struct phone *p, const char *method, const char *uri,
                       char *out, size_t size)
{
	char ha1[65], ha2[65], response[65], password[80];
	const char *in_digest = p->uri_in_digest ? p->uri_in_digest : uri;
	const char *realm = p->realm ? p->realm : p->domain;

	(void)snprintf(password, sizeof(password), "pw-%s", p->user);
	sum(p, ha1, "%s:%s:%s", p->user, realm,
	    p->password ? p->password : password);
	sum(p, ha2, "%s:%s", method, in_digest);
	p->nc++;
	sum(p, response, "%s:%s:%08x:c0ffee:auth:%s", ha1, p->nonce, p->nc,
	    ha2);
	(void)snprintf(out, size,
	               "Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", "
	               "uri=\"%s\", response=\"%s\", algorithm=%s, qop=auth, "
	               "nc=%08x, cnonce=\"c0ffee\"",
	               p->user, realm, p->nonce, in_digest, response,
	               p->sha256 ? "SHA-256" : "MD5", p->nc);
}

bool phone_take_nonce(struct phone *p, const char *challenge)
{
	const char *nonce = strstr(challenge, "nonce=\"");

	if (!strstr(challenge,
	            p->sha256 ? "algorithm=SHA-256" : "algorithm=MD5") ||
	    !nonce)
		return false;
	nonce += 7;
	(void)snprintf(p->nonce, sizeof(p->nonce), "%.*s",
	               (int)strcspn(nonce, "\""), nonce);
	p->nc = 0;
	return true;
}

/* Is the answer in p->answer to the CSeq that was sent last? */
static bool is_ours(const struct phone *p)
{
	char want[32];

	(void)snprintf(want, sizeof(want), "\r\nCSeq: %u ", p->cseq);
	return strstr(p->answer, want) != NULL;
}

/* Wait for an answer to the last CSeq. @return its status, 0 = silence */
static unsigned receive(struct phone *p, int ms)
{
	struct pollfd pfd = {p->fd, POLLIN, 0};
	ssize_t n;

	p->answer[0] = '\0';
	while (poll(&pfd, 1, ms) == 1) {
		n = recv(p->fd, p->answer, sizeof(p->answer) - 1, 0);
		if (n < 0)
			continue; /* an ICMP error: nobody listens yet */
		p->answer[n] = '\0';
		if (strncmp(p->answer, "SIP/2.0 ", 8) == 0 && is_ours(p))
			return (unsigned)strtoul(p->answer + 8, NULL, 10);
	}
	p->answer[0] = '\0';
	return 0;
}

unsigned phone_resend(struct phone *p)
{
	(void)send(p->fd, p->sent, strlen(p->sent), 0);
	return receive(p, p->wait_ms);
}

unsigned phone_send_raw(struct phone *p, const char *text)
{
	(void)snprintf(p->sent, sizeof(p->sent), "%s", text);
	return phone_resend(p);
}

static unsigned transmit(struct phone *p, const char *headers,
                         const char *credentials)
{
	char source[128] = "", auth[4096] = "", to[256];
	int n;

	(void)snprintf(to, sizeof(to), "sip:%s@%s", p->user, p->domain);
	if (p->to)
		(void)snprintf(to, sizeof(to), "%s", p->to);

	if (p->source)
		(void)snprintf(source, sizeof(source),
		               "X-Trestle-Source: %s\r\n", p->source);
	if (credentials)
		(void)snprintf(auth, sizeof(auth), "Authorization: %s\r\n",
		               credentials);
	n = snprintf(p->sent, sizeof(p->sent),
	             "REGISTER sip:%s SIP/2.0\r\n"
	             "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK%u.%u\r\n"
	             "Max-Forwards: 70\r\n"
	             "From: <sip:%s@%s>;tag=f\r\n"
	             "To: <%s>\r\n"
	             "Call-ID: %s\r\n"
	             "CSeq: %u REGISTER\r\n"
	             "%s%s%sContent-Length: 0\r\n\r\n",
	             p->domain, p->port, p->port, p->cseq + 1, p->user,
	             p->domain, to, p->call_id, p->cseq + 1, headers, source,
	             auth);
	assert_in_range(n, 1, (int)sizeof(p->sent) - 1);
	p->cseq++;
	return phone_resend(p);
}

unsigned phone_ask(struct phone *p, const char *headers)
{
	unsigned status = transmit(p, headers, NULL);

	for (size_t i = 0; i < 2; i++)
		if (phone_take_nonce(p, phone_header(p, "WWW-Authenticate", i)))
			break;
	return status;
}

unsigned phone_sign(struct phone *p, const char *headers)
{
	char credentials[4096], uri[300];

	(void)snprintf(uri, sizeof(uri), "sip:%s", p->domain);
	phone_credentials(p, "REGISTER", uri, credentials, sizeof(credentials));
	return transmit(p, headers, credentials);
}

unsigned phone_register(struct phone *p, const char *headers)
{
	unsigned status = phone_ask(p, headers);

	return status == 401 ? phone_sign(p, headers) : status;
}

const char *phone_header(const struct phone *p, const char *name, size_t n)
{
	static char value[4096];
	char want[64];
	const char *at = p->answer;

	value[0] = '\0';
	(void)snprintf(want, sizeof(want), "\r\n%s: ", name);
	for (size_t i = 0; at && i <= n; i++) {
		at = strstr(at, want);
		if (at)
			at += strlen(want);
	}
	if (at)
		(void)snprintf(value, sizeof(value), "%.*s",
		               (int)strcspn(at, "\r"), at);
	return value;
}

size_t phone_contacts(const struct phone *p)
{
	size_t n = 0;

	while (phone_header(p, "Contact", n)[0])
		n++;
	return n;
}

bool phone_said(const struct phone *p, const char *text)
{
	return strstr(p->answer, text) != NULL;
}
