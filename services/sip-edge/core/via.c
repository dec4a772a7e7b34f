/*
 * via.c - one Via value (RFC 3261 20.42, RFC 3581)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "via.h"

#include "uri.h"

static struct slice take_token(struct slice *s)
{
	struct slice token = slice_ltrim(*s);
	size_t n = 0;

	while (n < token.n && uri_token_char(token.p[n]))
		n++;
	*s = slice_ltrim(slice_from(token, n));
	token.n = n;
	return token;
}

static bool take(struct slice *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = slice_ltrim(slice_from(*s, 1));
	return true;
}

static bool host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

static bool take_host(struct slice *s, struct slice *host)
{
	size_t n = 0;

	if (take(s, '[')) {
		n = slice_find(*s, ']');
		*host = (struct slice){s->p, n};
		if (n == s->n)
			return false;
		*s = slice_ltrim(slice_from(*s, n + 1));
		return n > 0;
	}
	while (n < s->n && host_char(s->p[n]))
		n++;
	*host = (struct slice){s->p, n};
	*s = slice_ltrim(slice_from(*s, n));
	return n > 0;
}

static bool take_port(struct slice *s, uint16_t *port)
{
	size_t n = 0;
	uint32_t v = 0;

	if (!take(s, ':'))
		return true;
	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	if (!slice_number((struct slice){s->p, n}, 65535, &v) || v == 0)
		return false;
	*port = (uint16_t)v;
	*s = slice_ltrim(slice_from(*s, n));
	return true;
}

static void find_params(struct via *via)
{
	struct slice inside = via->params;
	struct slice value;

	if (inside.n > 0)
		inside = slice_from(inside, 1);
	(void)uri_param(inside, SLICE("branch"), &via->branch);
	(void)uri_param(inside, SLICE("flow"), &via->flow);
	via->received = uri_param(inside, SLICE("received"), NULL);
	via->rport = uri_param(inside, SLICE("rport"), &value);
	via->rport_filled = via->rport && value.n > 0;
}

bool via_parse(struct via *via, struct slice list, size_t *used)
{
	struct slice s = slice_ltrim(list);
	const char *start = s.p;
	size_t n = 0;

	*via = (struct via){.transport = {NULL, 0}};
	if (!slice_same(take_token(&s), SLICE("SIP")) || !take(&s, '/') ||
	    take_token(&s).n == 0 || !take(&s, '/'))
		return false;
	via->transport = take_token(&s);
	if (via->transport.n == 0 || !take_host(&s, &via->host) ||
	    !take_port(&s, &via->port) || !uri_params_span(s, &n))
		return false;
	via->params = slice_trim((struct slice){s.p, n});
	via->text =
		slice_trim((struct slice){start, (size_t)(s.p + n - start)});
	find_params(via);
	*used = (size_t)(s.p + n - list.p);
	return true;
}
