/*
 * cookies.c - what an application set is sent back to it for the same call
 *
 * The grammar is that of RFC 6265 section 5.2. Pure: no I/O, no clock, no log.
 */
#include "cookies.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sys/queue.h>

#include "base/hash.h"
#include "base/strbuf.h"
#include "url.h"

/* One cookie; its strings are in text */
struct cookie {
	TAILQ_ENTRY(cookie) link;
	const char *host, *name, *value, *path;
	bool secure;
	char text[];
};

struct scope {
	struct hash_entry entry;
	TAILQ_ENTRY(scope) link;
	TAILQ_HEAD(, cookie) cookies;
	unsigned n;
	uint64_t used_at; /* monotonic [ms] */
	char name[];
};

struct cookies {
	struct hash scopes;
	TAILQ_HEAD(scopes_head, scope) order; /* least recently used first */
};

/* Part of a header */
struct span {
	const char *s;
	size_t n;
};

/* A Set-Cookie, read */
struct parsed {
	struct span name, value, path;
	bool secure, expired;
};

int cookies_alloc(struct cookies **cp)
{
	struct cookies *c = calloc(1, sizeof(*c));

	if (!c)
		return ENOMEM;
	TAILQ_INIT(&c->order);
	if (hash_init(&c->scopes)) {
		free(c);
		return ENOMEM;
	}
	*cp = c;
	return 0;
}

static void drop_cookie(struct scope *scope, struct cookie *cookie)
{
	TAILQ_REMOVE(&scope->cookies, cookie, link);
	scope->n--;
	free(cookie);
}

static void drop_scope(struct cookies *c, struct scope *scope)
{
	struct cookie *cookie, *next;

	for (cookie = TAILQ_FIRST(&scope->cookies); cookie; cookie = next) {
		next = TAILQ_NEXT(cookie, link);
		free(cookie);
	}
	hash_remove(&c->scopes, &scope->entry);
	TAILQ_REMOVE(&c->order, scope, link);
	free(scope);
}

void cookies_free(struct cookies *c)
{
	if (!c)
		return;
	while (!TAILQ_EMPTY(&c->order))
		drop_scope(c, TAILQ_FIRST(&c->order));
	hash_close(&c->scopes);
	free(c);
}

static struct scope *find(struct cookies *c, const char *name, uint64_t now_ms)
{
	struct hash_entry *e;
	struct scope *scope;

	if (c->scopes.n == 0)
		return NULL;
	e = hash_find(&c->scopes, name);
	if (!e)
		return NULL;
	scope = hash_object(e, struct scope, entry);
	TAILQ_REMOVE(&c->order, scope, link);
	TAILQ_INSERT_TAIL(&c->order, scope, link);
	scope->used_at = now_ms;
	return scope;
}

static struct scope *find_or_make(struct cookies *c, const char *name,
                                  uint64_t now_ms)
{
	struct scope *scope = find(c, name, now_ms), *oldest;
	size_t n = strlen(name) + 1;

	if (scope)
		return scope;
	scope = calloc(1, sizeof(*scope) + n);
	if (!scope)
		return NULL;
	oldest = TAILQ_FIRST(&c->order);
	if (oldest && (c->scopes.n >= COOKIES_SCOPES_MAX ||
	               now_ms - oldest->used_at > COOKIES_KEPT_MS))
		drop_scope(c, oldest);
	memcpy(scope->name, name, n);
	TAILQ_INIT(&scope->cookies);
	scope->used_at = now_ms;
	hash_add(&c->scopes, &scope->entry, scope->name);
	TAILQ_INSERT_TAIL(&c->order, scope, link);
	return scope;
}

static struct span trim(struct span t)
{
	while (t.n && (t.s[0] == ' ' || t.s[0] == '\t')) {
		t.s++;
		t.n--;
	}
	while (t.n && isspace((unsigned char)t.s[t.n - 1]))
		t.n--;
	return t;
}

/* "name=value" cut at the first "="; without one the value is empty */
static void split(struct span pair, struct span *name, struct span *value)
{
	const char *eq = memchr(pair.s, '=', pair.n);
	size_t n = eq ? (size_t)(eq - pair.s) : pair.n;

	*name = trim((struct span){pair.s, n});
	*value = eq ? trim((struct span){eq + 1, pair.n - n - 1})
	            : (struct span){pair.s + pair.n, 0};
}

static bool is(struct span t, const char *word)
{
	return t.n == strlen(word) && strncasecmp(t.s, word, t.n) == 0;
}

/* Applications delete a cookie with a date long ago, 1970 mostly: the year,
 * the only four digits in a row, is enough to see it. */
static bool long_ago(struct span date)
{
	size_t digits = 0;
	unsigned year = 0;

	for (size_t i = 0; i < date.n && digits < 4; i++) {
		bool digit = isdigit((unsigned char)date.s[i]);

		digits = digit ? digits + 1 : 0;
		year = digit ? year * 10 + (unsigned)(date.s[i] - '0') : 0;
	}
	return digits == 4 && year < 2020;
}

static void take_attribute(struct parsed *p, struct span name,
                           struct span value)
{
	if (is(name, "path") && value.n && value.s[0] == '/')
		p->path = value;
	else if (is(name, "secure"))
		p->secure = true;
	else if (is(name, "max-age"))
		p->expired |= value.n && (value.s[0] == '-' || is(value, "0"));
	else if (is(name, "expires"))
		p->expired |= long_ago(value);
}

static bool clean(struct span t)
{
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.s[i];

		if (c < ' ' || c == 0x7f)
			return false;
	}
	return true;
}

static bool parse(struct parsed *p, const char *text)
{
	struct span rest = {text, strlen(text)};
	bool first = true;

	*p = (struct parsed){.path = {"/", 1}};
	if (rest.n > COOKIES_SIZE_MAX)
		return false;
	while (rest.n) {
		const char *end = memchr(rest.s, ';', rest.n);
		size_t n = end ? (size_t)(end - rest.s) : rest.n;
		struct span name, value;

		split((struct span){rest.s, n}, &name, &value);
		if (first) {
			p->name = name;
			p->value = value;
		} else {
			take_attribute(p, name, value);
		}
		first = false;
		rest.s += n + (end != NULL);
		rest.n -= n + (end != NULL);
	}
	return p->name.n && clean(p->name) && clean(p->value) && clean(p->path);
}

static const char *put(char **to, const char *s, size_t n)
{
	char *at = *to;

	memcpy(at, s, n);
	at[n] = '\0';
	*to = at + n + 1;
	return at;
}

static void add(struct scope *scope, const char *host, const struct parsed *p)
{
	size_t host_len = strlen(host);
	size_t size = host_len + p->name.n + p->value.n + p->path.n + 4;
	struct cookie *cookie = calloc(1, sizeof(*cookie) + size);
	char *text;

	if (!cookie)
		return;
	text = cookie->text;
	cookie->host = put(&text, host, host_len);
	cookie->name = put(&text, p->name.s, p->name.n);
	cookie->value = put(&text, p->value.s, p->value.n);
	cookie->path = put(&text, p->path.s, p->path.n);
	cookie->secure = p->secure;
	TAILQ_INSERT_TAIL(&scope->cookies, cookie, link);
	scope->n++;
}

static bool equal(struct span t, const char *s)
{
	return strlen(s) == t.n && memcmp(s, t.s, t.n) == 0;
}

static struct cookie *same(const struct scope *scope, const char *host,
                           const struct parsed *p)
{
	struct cookie *cookie;

	TAILQ_FOREACH (cookie, &scope->cookies, link) {
		if (strcmp(cookie->host, host) == 0 &&
		    equal(p->name, cookie->name) &&
		    equal(p->path, cookie->path))
			return cookie;
	}
	return NULL;
}

void cookies_open(struct cookies *c, const char *scope, uint64_t now_ms)
{
	(void)find_or_make(c, scope, now_ms);
}

bool cookies_known(const struct cookies *c, const char *scope)
{
	return c->scopes.n > 0 && hash_find(&c->scopes, scope);
}

void cookies_take(struct cookies *c, const char *scope, const struct url *url,
                  const char *set_cookie, uint64_t now_ms)
{
	cookies_restore(c, scope, url->host, set_cookie, now_ms);
}

void cookies_restore(struct cookies *c, const char *scope_name,
                     const char *host, const char *set_cookie, uint64_t now_ms)
{
	struct parsed p;
	struct scope *scope;
	struct cookie *old;

	if (!parse(&p, set_cookie))
		return;
	scope = p.expired ? find(c, scope_name, now_ms)
	                  : find_or_make(c, scope_name, now_ms);
	if (!scope)
		return;
	old = same(scope, host, &p);
	if (old)
		drop_cookie(scope, old);
	if (!p.expired && scope->n < COOKIES_IN_SCOPE_MAX)
		add(scope, host, &p);
}

/* RFC 6265 5.1.4 */
static bool path_matches(const char *path, const char *cookie_path)
{
	size_t n = strlen(cookie_path);

	if (strncmp(path, cookie_path, n) != 0)
		return false;
	return cookie_path[n - 1] == '/' || path[n] == '/' || path[n] == '?' ||
	       path[n] == '\0';
}

void cookies_write(struct cookies *c, const char *scope_name,
                   const struct url *url, uint64_t now_ms, struct strbuf *out)
{
	struct scope *scope = find(c, scope_name, now_ms);
	struct cookie *cookie;
	bool first = true;

	if (!scope)
		return;
	TAILQ_FOREACH (cookie, &scope->cookies, link) {
		if (strcmp(cookie->host, url->host) != 0 ||
		    (cookie->secure && !url->https) ||
		    !path_matches(url->text + url->path, cookie->path))
			continue;
		strbuf_add(out, first ? "" : "; ");
		strbuf_add(out, cookie->name);
		strbuf_addc(out, '=');
		strbuf_add(out, cookie->value);
		first = false;
	}
}

size_t cookies_n_scopes(const struct cookies *c)
{
	return c->scopes.n;
}
