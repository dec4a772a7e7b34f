/*
 * main.c - trestle-cli: load tenants, look inside a running system
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/store.h"
#include "load.h"
#include "show.h"

static const char *setting(const char *name, const char *init)
{
	const char *s = getenv(name);

	return s && s[0] ? s : init;
}

static const char *redis_url(void)
{
	return setting("TRESTLE_REDIS", "redis://127.0.0.1:6379/0");
}

static int run_check(const char *arg)
{
	return load_check(arg);
}

static struct load_where where(void)
{
	return (struct load_where){redis_url(),
	                           setting("TRESTLE_PUBLIC_URL", NULL)};
}

static int run_load(const char *arg)
{
	struct load_where w = where();

	return load_load(arg, &w);
}

static int run_seed(const char *arg)
{
	struct load_where w = where();

	return load_seed(arg, &w);
}

static int run_renew(const char *arg)
{
	struct load_where w = where();

	return load_renew(arg, &w);
}

static int run_fields(const char *arg)
{
	(void)arg;
	return load_fields();
}

static int show_calls_of(struct store *s, const char *arg, FILE *out)
{
	(void)arg;
	return show_calls(s, out);
}

static int show_alerts_of(struct store *s, const char *arg, FILE *out)
{
	(void)arg;
	return show_alerts(s, out);
}

static int seal_all(struct store *s, const char *arg, FILE *out)
{
	(void)arg;
	return show_seal(s, out);
}

enum want { NOTHING, MAYBE, ONE };

struct command {
	const char *name;
	enum want want; /* of an argument */
	int (*run)(const char *arg);
	int (*show)(struct store *s, const char *arg, FILE *out);
	const char *help;
};

// clang-format off
static const struct command commands[] = {
	{"load", ONE, run_load, NULL, "FILE          make a tenants file the configuration, all or nothing"},
	{"seed", ONE, run_seed, NULL, "FILE          load it, but only where there is no configuration yet"},
	{"renew", ONE, run_renew, NULL, "FILE         load it, but only where there is none yet, or the file has changed"},
	{"check", ONE, run_check, NULL, "FILE         only check it"},
	{"fields", NOTHING, run_fields, NULL, "            what a tenants file can say"},
	{"seal", NOTHING, NULL, seal_all, "              seal the secrets in Redis with TRESTLE_SECRET_KEY"},
	{"registrations", MAYBE, NULL, show_registrations, "[DOMAIN]  who is registered, from where"},
	{"calls", NOTHING, NULL, show_calls_of, "             live calls"},
	{"call", ONE, NULL, show_call, "CA...         all that is known about one call"},
	{"alerts", NOTHING, NULL, show_alerts_of, "            what went wrong lately"},
};
// clang-format on

static int usage(FILE *out)
{
	(void)fprintf(out, "trestle-cli - load tenants, look inside a running "
	                   "system\n\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		(void)fprintf(out, "  trestle-cli %s %s\n", commands[i].name,
		              commands[i].help);
	(void)fprintf(out, "\nTRESTLE_REDIS says where Redis is "
	                   "(redis://127.0.0.1:6379/0), TRESTLE_PUBLIC_URL\n"
	                   "where the REST API serves TwiML Bins (what the "
	                   "processes say, or\nhttp://127.0.0.1:8080)\n");
	return out == stderr ? 2 : 0;
}

static int show(const struct command *c, const char *arg)
{
	struct store *store = NULL;
	char problem[512];
	int err = store_alloc(&store, redis_url(), problem, sizeof(problem));

	if (err) {
		(void)fprintf(stderr, "trestle-cli: %s\n", problem);
		return 1;
	}
	err = c->show(store, arg, stdout);
	if (err && store_problem(store)[0])
		(void)fprintf(stderr, "trestle-cli: %s\n",
		              store_problem(store));
	store_free(store);
	return err;
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct command *c = argc > 1 ? find(argv[1]) : NULL;
	const char *arg = argc > 2 ? argv[2] : NULL;

	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return usage(stdout);
	if (!c || argc > 3 || (c->want == ONE && !arg) ||
	    (c->want == NOTHING && arg))
		return usage(stderr);
	return c->run ? c->run(arg) : show(c, arg);
}
