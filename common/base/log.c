/*
 * log.c - one line an event, key=value, with the context of what it concerns
 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096 }; /* what is longer is cut */
enum { MESSAGE_MAX_BYTES = 2048 };
enum { CONTEXT_DEPTH_MAX = 8 };

struct line {
	char s[LINE_MAX_BYTES];
	size_t len;
};

static const char *const names[] = {
	[LOG_DEBUG] = "debug",
	[LOG_INFO] = "info",
	[LOG_WARN] = "warn",
	[LOG_ERROR] = "error",
};

static enum log_level least = LOG_INFO;

void log_set_level(enum log_level level)
{
	least = level;
}

bool log_enabled(enum log_level level)
{
	return level >= least;
}

int log_level_parse(const char *name, enum log_level *level)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0) {
			*level = (enum log_level)i;
			return 0;
		}
	}
	return EINVAL;
}

/* Room for the closing quote and the newline always stays. */
static void add(struct line *l, const char *s, size_t n)
{
	size_t room = sizeof(l->s) - 2 - l->len;

	if (n > room)
		n = room;
	memcpy(l->s + l->len, s, n);
	l->len += n;
}

static void add_str(struct line *l, const char *s)
{
	add(l, s, strlen(s));
}

/* Starts of UTF-8 and the range of their second byte (Unicode table 3-7) */
static const struct utf8_form {
	unsigned char first, last, low, high;
	size_t len;
} utf8_forms[] = {
	{0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2},
	{0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
	{0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
	{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
	{0xf4, 0xf4, 0x80, 0x8f, 4},
};

static bool continued(const unsigned char *p, const struct utf8_form *form)
{
	if (form->len > 1 && (p[1] < form->low || p[1] > form->high))
		return false;
	for (size_t i = 2; i < form->len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return false;
	}
	return true;
}

/* How many bytes of UTF-8 start at p (of n): 0 = none that is valid */
static size_t utf8(const unsigned char *p, size_t n)
{
	const struct utf8_form *form = utf8_forms;

	for (size_t i = 0; i < sizeof(utf8_forms) / sizeof(*form); i++) {
		form = &utf8_forms[i];
		if (p[0] >= form->first && p[0] <= form->last)
			return form->len <= n && continued(p, form) ? form->len
			                                            : 0;
	}
	return 0;
}

static void add_escaped(struct line *l, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n = strlen(s);

	while (n > 0) {
		size_t len = utf8(p, n);
		char hex[5];

		if (len == 1 && (*p == '"' || *p == '\\')) {
			add(l, "\\", 1);
			add(l, (const char *)p, 1);
		} else if (len == 0 || *p < 0x20 || *p == 0x7f ||
		           (*p == 0xc2 && p[1] < 0xa0)) { /* C1 controls */
			(void)snprintf(hex, sizeof(hex), "\\x%02x", *p);
			add_str(l, hex);
			len = 1;
		} else {
			add(l, (const char *)p, len);
		}
		p += len;
		n -= len;
	}
}

static bool plain(const char *s)
{
	for (; *s; s++) {
		if (*s <= ' ' || *s > '~' || *s == '"' || *s == '\\' ||
		    *s == '=')
			return false;
	}
	return true;
}

static void add_field(struct line *l, const char *key, const char *value)
{
	bool quote = !plain(value);

	add(l, " ", 1);
	add_str(l, key);
	add_str(l, quote ? "=\"" : "=");
	add_escaped(l, value);
	if (quote)
		add(l, "\"", 1);
}

static void add_context(struct line *l, const struct log *log)
{
	const struct log *chain[CONTEXT_DEPTH_MAX];
	size_t n = 0;

	for (; log && n < CONTEXT_DEPTH_MAX; log = log->parent)
		chain[n++] = log;
	while (n-- > 0) {
		if (chain[n]->value && chain[n]->value[0] != '\0')
			add_field(l, chain[n]->key, chain[n]->value);
	}
}

void log_write(enum log_level level, const struct log *log, const char *fmt,
               ...)
{
	char message[MESSAGE_MAX_BYTES];
	struct timespec now;
	struct line l;
	va_list ap;

	if (!log_enabled(level))
		return;
	va_start(ap, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);

	clock_gettime(CLOCK_REALTIME, &now);
	l.len = (size_t)snprintf(l.s, sizeof(l.s), "t=%lld.%03ld level=%s",
	                         (long long)now.tv_sec, now.tv_nsec / 1000000,
	                         names[level]);
	add_context(&l, log);
	add_str(&l, " msg=\"");
	add_escaped(&l, message);
	l.s[l.len++] = '"';
	l.s[l.len++] = '\n';
	/* One write, so that lines of several threads do not mix. */
	if (write(STDERR_FILENO, l.s, l.len) < 0)
		return; /* there is nobody left to tell */
}
