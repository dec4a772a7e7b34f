/*
 * sip.c - as much SIP as a phone needs for one registration and one call
 *
 * Pure: texts in, texts out.
 */
#include "sip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/evp.h>

#include "base/strbuf.h"
#include "store/ha1.h"

enum { LINE_MAX_LEN = 1024, MD5_HEX = 33 };

void sip_write(struct strbuf *b, const struct sip_phone *p,
               const struct sip_request *r, const char *branch)
{
	strbuf_addf(b, "%s %s SIP/2.0\r\n", r->method, r->uri);
	strbuf_addf(b, "Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK%s;rport\r\n",
	            p->local_ip, p->local_port, branch);
	strbuf_addf(b, "Max-Forwards: 70\r\nFrom: <sip:%s@%s>;tag=%s\r\n",
	            p->user, p->domain, p->from_tag);
	strbuf_addf(b, "To: <%s>%s%s\r\n", r->to, p->to_tag[0] ? ";tag=" : "",
	            p->to_tag);
	strbuf_addf(b, "Call-ID: %s\r\nCSeq: %u %s\r\n", p->call_id, p->cseq,
	            r->method);
	strbuf_addf(b, "Contact: <sip:%s@%s:%u>\r\n", p->user, p->local_ip,
	            p->local_port);
	if (p->route[0])
		strbuf_addf(b, "Route: %s\r\n", p->route);
	strbuf_addf(b, "User-Agent: trestle doctor\r\n%s%s", r->authorization,
	            r->extra);
	if (r->sdp)
		strbuf_add(b, "Content-Type: application/sdp\r\n");
	strbuf_addf(b, "Content-Length: %zu\r\n\r\n%s",
	            r->sdp ? strlen(r->sdp) : 0, r->sdp ? r->sdp : "");
}

unsigned sip_status(const char *message)
{
	if (strncmp(message, "SIP/2.0 ", 8) != 0)
		return 0;
	return (unsigned)strtoul(message + 8, NULL, 10);
}

bool sip_is(const char *message, const char *method)
{
	size_t n = strlen(method);

	return strncmp(message, method, n) == 0 && message[n] == ' ';
}

/* Where the value of a header begins; NULL = it is not there */
static const char *find(const char *message, const char *name)
{
	size_t n = strlen(name);

	for (const char *line = strstr(message, "\r\n"); line;
	     line = strstr(line, "\r\n")) {
		line += 2;
		if (strncmp(line, "\r\n", 2) == 0)
			return NULL;
		if (strncasecmp(line, name, n) == 0 && line[n] == ':')
			return line + n + 1;
	}
	return NULL;
}

bool sip_header(const char *message, const char *name, char *out, size_t size)
{
	const char *value = find(message, name);
	size_t n;

	if (!value)
		return false;
	value += strspn(value, " \t");
	n = strcspn(value, "\r");
	if (n >= size)
		return false;
	memcpy(out, value, n);
	out[n] = '\0';
	return true;
}

bool sip_param(const char *value, const char *name, char *out, size_t size)
{
	size_t n = strlen(name), len;

	for (const char *at = strstr(value, name); at;
	     at = strstr(at + 1, name)) {
		bool begins = at == value || strchr(" ;,", at[-1]);

		if (!begins || at[n] != '=')
			continue;
		at += n + 1;
		len = *at == '"' ? strcspn(++at, "\"") : strcspn(at, ";, >");
		if (len >= size)
			return false;
		memcpy(out, at, len);
		out[len] = '\0';
		return true;
	}
	return false;
}

void sip_uri(const char *value, char *out, size_t size)
{
	const char *open = strchr(value, '<');
	size_t n = open ? strcspn(++open, ">") : strcspn(value, ";");

	if (n >= size)
		n = size - 1;
	memcpy(out, open ? open : value, n);
	out[n] = '\0';
}

void sip_route_set(const char *message, char *out, size_t size)
{
	char before[SIP_TEXT_MAX * 2];

	out[0] = '\0';
	for (const char *at = message; (at = find(at, "Record-Route"));) {
		size_t n;

		at += strspn(at, " \t");
		n = strcspn(at, "\r");
		(void)snprintf(before, sizeof(before), "%s", out);
		(void)snprintf(out, size, "%.*s%s%s", (int)n, at,
		               before[0] ? ", " : "", before);
		at += n;
	}
}

const char *sip_body(const char *message)
{
	const char *end = strstr(message, "\r\n\r\n");

	return end ? end + 4 : "";
}

static bool md5(const char *text, char out[MD5_HEX])
{
	unsigned char sum[16];
	unsigned n = sizeof(sum);

	if (!EVP_Digest(text, strlen(text), sum, &n, EVP_md5(), NULL))
		return false;
	for (unsigned i = 0; i < n; i++)
		(void)snprintf(out + (size_t)2 * i, 3, "%02x", sum[i]);
	return true;
}

/* The challenge with MD5 among those of the response */
static bool find_challenge(const char *response, const char *name, char *out)
{
	char algorithm[32];

	for (const char *at = response; (at = find(at, name)); at += 1) {
		size_t n;

		at += strspn(at, " \t");
		n = strcspn(at, "\r");
		if (n >= LINE_MAX_LEN || strncasecmp(at, "Digest", 6) != 0)
			continue;
		memcpy(out, at, n);
		out[n] = '\0';
		if (!sip_param(out, "algorithm", algorithm,
		               sizeof(algorithm)) ||
		    strcasecmp(algorithm, "MD5") == 0)
			return true;
	}
	return false;
}

static bool respond(const struct sip_phone *p, const char *realm,
                    const char *nonce, const char *method_uri, char *out)
{
	char a2[MD5_HEX], text[LINE_MAX_LEN];
	struct ha1 ha1;

	if (ha1_make(&ha1, p->user, realm, p->password) || !md5(method_uri, a2))
		return false;
	(void)snprintf(text, sizeof(text),
	               "%s:%.400s:00000001:0a1b2c3d:auth:%s", ha1.md5, nonce,
	               a2);
	return md5(text, out);
}

bool sip_authorize(const struct sip_phone *p, const char *response,
                   const char *method, const char *uri, char *out, size_t size)
{
	bool proxy = sip_status(response) == 407;
	char challenge[LINE_MAX_LEN], realm[SIP_TEXT_MAX], nonce[400];
	char answer[MD5_HEX], method_uri[LINE_MAX_LEN];

	if (!find_challenge(response,
	                    proxy ? "Proxy-Authenticate" : "WWW-Authenticate",
	                    challenge) ||
	    !sip_param(challenge, "realm", realm, sizeof(realm)) ||
	    !sip_param(challenge, "nonce", nonce, sizeof(nonce)))
		return false;
	(void)snprintf(method_uri, sizeof(method_uri), "%s:%.500s", method,
	               uri);
	if (!respond(p, realm, nonce, method_uri, answer))
		return false;
	(void)snprintf(out, size,
	               "%s: Digest username=\"%s\",realm=\"%s\",nonce=\"%s\","
	               "uri=\"%.300s\",response=\"%s\",algorithm=MD5,qop=auth,"
	               "nc=00000001,cnonce=\"0a1b2c3d\"\r\n",
	               proxy ? "Proxy-Authorization" : "Authorization", p->user,
	               realm, nonce, uri, answer);
	return true;
}

void sip_accept(struct strbuf *b, const char *request)
{
	static const char *const names[] = {"Via", "From", "To", "Call-ID",
	                                    "CSeq"};
	char value[LINE_MAX_LEN];

	strbuf_add(b, "SIP/2.0 200 OK\r\n");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		/* several Via lines, one below the other */
		for (const char *at = request; (at = find(at, names[i]));) {
			size_t n;

			at += strspn(at, " \t");
			n = strcspn(at, "\r");
			(void)snprintf(value, sizeof(value), "%.*s", (int)n,
			               at);
			strbuf_addf(b, "%s: %s\r\n", names[i], value);
			at += n;
		}
	}
	strbuf_add(b, "Content-Length: 0\r\n\r\n");
}

bool sip_sdp_target(const char *sdp, char ip[64], uint16_t *port)
{
	const char *c = strstr(sdp, "c=IN IP4 ");
	const char *m = strstr(sdp, "m=audio ");
	size_t n;

	if (!c || !m)
		return false;
	c += 9;
	n = strcspn(c, "\r\n /");
	if (n == 0 || n >= 64)
		return false;
	memcpy(ip, c, n);
	ip[n] = '\0';
	*port = (uint16_t)strtoul(m + 8, NULL, 10);
	return *port != 0;
}
