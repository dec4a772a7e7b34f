/*
 * test_random.c - random registrations against a model of the rules
 *
 * Contacts, instances, Call-IDs, CSeqs and removals in random order; after each
 * request the answer and the bindings must be what the model says: all of a
 * request or nothing, never more than ten.
 */
#include <time.h>

#include "fixture.h"
#include "phone.h"
#include "unit/test.h"

enum { STEPS = 1500, CONTACTS = 14, INSTANCES = 3, CHANGES = 3, LIMIT = 10 };

/* A binding, as the model has it */
struct bound {
	int contact;
	int instance; /* 0 = none */
	int call;
	unsigned cseq;
};

struct change {
	int contact, instance;
	bool remove;
};

struct model {
	struct bound v[LIMIT + CHANGES];
	size_t n;
};

static bool same_key(const struct bound *b, const struct change *c)
{
	if (b->instance || c->instance)
		return b->instance == c->instance;
	return b->contact == c->contact;
}

/* RFC 5626 6 and RFC 3261 10.3: by device, else by Contact; a Contact that
 * moved to another device, or lost its own, is the newcomer's. */
static bool replaces(const struct change *c, const struct bound *b)
{
	return same_key(b, c) || b->contact == c->contact;
}

/* -1: refused as stale; 1: a repeat, nothing changes; 0: go on */
static int judge(const struct model *m, const struct change *c, size_t n,
                 int call, unsigned cseq)
{
	size_t repeats = 0;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < m->n; k++) {
			const struct bound *b = &m->v[k];

			if (b->call != call || cseq > b->cseq ||
			    !replaces(&c[i], b))
				continue;
			if (cseq < b->cseq || c[i].remove ||
			    !same_key(b, &c[i]) || b->contact != c[i].contact)
				return -1;
			repeats++;
		}
	}
	if (repeats == 0)
		return 0;
	return repeats < n ? -1 : 1;
}

static void drop(struct model *m, size_t k)
{
	m->v[k] = m->v[--m->n];
}

/* @return the status that is right */
static unsigned model_apply(struct model *m, const struct change *c, size_t n,
                            int call, unsigned cseq)
{
	struct model next = *m;
	int verdict = judge(m, c, n, call, cseq);

	if (verdict != 0)
		return verdict < 0 ? 500 : 200;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = next.n; k > 0; k--)
			if (replaces(&c[i], &next.v[k - 1]))
				drop(&next, k - 1);
		if (!c[i].remove)
			next.v[next.n++] = (struct bound){
				c[i].contact, c[i].instance, call, cseq};
	}
	if (next.n > LIMIT && next.n > m->n)
		return 403;
	*m = next;
	return 200;
}

static unsigned model_clear(struct model *m, int call, unsigned cseq)
{
	for (size_t k = 0; k < m->n; k++)
		if (m->v[k].call == call && cseq <= m->v[k].cseq)
			return 500;
	m->n = 0;
	return 200;
}

/* Are the bindings of the last answer those of the model? */
static bool agrees(const struct phone *p, const struct model *m)
{
	char want[128];

	if (phone_contacts(p) != m->n)
		return false;
	for (size_t k = 0; k < m->n; k++) {
		const struct bound *b = &m->v[k];
		bool found = false;

		(void)snprintf(want, sizeof(want), "<sip:c%d@192.0.2.1>;",
		               b->contact);
		for (size_t i = 0; i < m->n && !found; i++) {
			const char *text = phone_header(p, "Contact", i);

			found = strncmp(text, want, strlen(want)) == 0 &&
			        (strstr(text, "instance") != NULL) ==
			                (b->instance > 0);
		}
		if (!found)
			return false;
	}
	return true;
}

static bool distinct(const struct change *c, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (c[i].contact == c[k].contact ||
			    (c[i].instance && c[i].instance == c[k].instance))
				return false;
	return true;
}

static size_t pick_changes(struct change *c)
{
	size_t n = 1 + (size_t)(rand() % CHANGES);

	do {
		for (size_t i = 0; i < n; i++) {
			c[i].contact = rand() % CONTACTS;
			c[i].instance = rand() % 3 ? 0 : 1 + rand() % INSTANCES;
			c[i].remove = rand() % 5 == 0;
		}
	} while (!distinct(c, n));
	return n;
}

static void write_changes(const struct change *c, size_t n, char *out,
                          size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		used += (size_t)snprintf(
			out + used, size - used,
			"Contact: <sip:c%d@192.0.2.1>;expires=%d", c[i].contact,
			c[i].remove ? 0 : 3600);
		if (c[i].instance)
			used += (size_t)snprintf(
				out + used, size - used,
				";+sip.instance=\"<urn:uuid:%d>\"",
				c[i].instance);
		used += (size_t)snprintf(out + used, size - used, "\r\n");
	}
}

static unsigned step(struct phone *p, struct model *m)
{
	struct change c[CHANGES];
	size_t n = pick_changes(c);
	int call = rand() % 2;
	char headers[1024];
	unsigned want;

	(void)snprintf(p->call_id, sizeof(p->call_id), "call-%d", call);
	p->cseq = (unsigned)(rand() % 60);
	if (rand() % 40 == 0) {
		(void)snprintf(headers, sizeof(headers),
		               "Contact: *\r\nExpires: 0\r\n");
		want = model_clear(m, call, p->cseq + 1);
	} else {
		write_changes(c, n, headers, sizeof(headers));
		want = model_apply(m, c, n, call, p->cseq + 1);
	}
	if (phone_sign(p, headers) != want)
		fail_msg("%u expected for\n%s\nnot\n%s", want, p->sent,
		         p->answer);
	return want;
}

static void bindings_are_always_what_the_model_says(void **state)
{
	unsigned seed = (unsigned)time(NULL), refused = 0;
	struct model m = {.n = 0};
	struct phone p;

	(void)state;
	print_message("seed %u\n", seed);
	srand(seed);
	phone_open(&p, fixture.sip, "a.example", "alice");
	assert_int_equal(401, phone_ask(&p, ""));
	for (int i = 0; i < STEPS; i++) {
		if (step(&p, &m) != 200) {
			refused++;
			(void)snprintf(p.call_id, sizeof(p.call_id), "query");
			assert_int_equal(200, phone_sign(&p, ""));
		}
		if (!agrees(&p, &m))
			fail_msg("step %d: %zu bindings expected\n%s\n%s", i,
			         m.n, p.sent, p.answer);
		assert_true(m.n <= LIMIT);
	}
	assert_in_range(refused, 1, STEPS - 1);
	phone_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bindings_are_always_what_the_model_says),
	};

	return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
