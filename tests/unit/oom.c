/*
 * oom.c - allocation functions that can be told to fail
 */
#include "oom.h"

#include "unit/test.h"

// NOLINTBEGIN: the names are the linker's (ld --wrap)
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

static long granted = -1;
static bool refused;

void oom_grant(long n)
{
	granted = n;
	refused = false;
}

bool oom_refused(void)
{
	return refused;
}

static bool grant(void)
{
	if (granted < 0)
		return true;
	if (granted == 0) {
		refused = true;
		return false;
	}
	granted--;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return grant() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t n, size_t size)
{
	return grant() ? __real_calloc(n, size) : NULL;
}

void *__wrap_realloc(void *p, size_t size)
{
	return grant() ? __real_realloc(p, size) : NULL;
}

char *__wrap_strdup(const char *s)
{
	return grant() ? __real_strdup(s) : NULL;
}

char *__wrap_strndup(const char *s, size_t n)
{
	return grant() ? __real_strndup(s, n) : NULL;
}
// NOLINTEND

bool oom_begin(struct oom_try *t)
{
	if (t->ended)
		return false;
	assert_true(t->n < OOM_TRIES_MAX);
	oom_grant(t->n++);
	return true;
}

int oom_end(struct oom_try *t, int err)
{
	t->ended = !refused;
	oom_grant(-1);
	if (err != 0) {
		assert_int_equal(ENOMEM, err);
		assert_false(t->ended); /* memory was not what it lacked */
	}
	return err;
}
