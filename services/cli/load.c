/*
 * load.c - a tenants file: check it, and make it the configuration
 */
#include "load.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

#include "adapters/bins.h"
#include "adapters/store.h"
#include "adapters/yaml.h"
#include "core/check.h"
#include "core/read.h"
#include "store/value.h"

struct file {
	const char *path;
	struct node *root;
	struct model model;
	struct problems problems;
};

static int read_file(const char *path, struct strbuf *text)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char block[65536];
	size_t n;
	int err = 0;

	if (!f)
		return errno;
	while (!err && (n = fread(block, 1, sizeof(block), f)) > 0) {
		strbuf_addn(text, block, n);
		if (text->len > LOAD_FILE_MAX)
			err = EFBIG;
		else if (text->failed)
			err = ENOMEM;
	}
	if (ferror(f))
		err = errno ? errno : EIO;
	if (f != stdin)
		(void)fclose(f);
	return err;
}

static const char *variable(void *arg, const char *name)
{
	(void)arg;
	return getenv(name);
}

static int open_file(struct file *f)
{
	struct strbuf text = {0};
	int err = read_file(f->path, &text);

	if (err) {
		(void)fprintf(stderr, "trestle-cli: %s: %s%s\n", f->path,
		              strerror(err),
		              err == EISDIR ? "; name the tenants file in it"
		                            : "");
		goto out;
	}
	err = yaml_load(&f->root, strbuf_str(&text), text.len, variable, NULL,
	                &f->problems);
	if (!err)
		err = read_model(&f->model, f->root, &f->problems);
	if (!err) {
		check_model(&f->model, &f->problems);
		err = bins_check(&f->model, &f->problems);
	}
	if (err == ENOMEM)
		(void)fprintf(stderr, "trestle-cli: out of memory\n");
	if (!err && f->problems.errors)
		err = EINVAL;
out:
	strbuf_close(&text);
	return err;
}

static void print_problems(struct file *f)
{
	problems_sort(&f->problems);
	for (size_t i = 0; i < f->problems.n; i++)
		(void)fprintf(stderr, "%s:%u: %s%s\n", f->path,
		              f->problems.v[i].line,
		              f->problems.v[i].warning ? "warning: " : "",
		              f->problems.v[i].text);
	if (f->problems.errors > f->problems.n)
		(void)fprintf(stderr, "%s: and %zu more\n", f->path,
		              f->problems.errors - f->problems.n);
}

static void close_file(struct file *f)
{
	model_close(&f->model);
	node_free(f->root);
	problems_close(&f->problems);
}

/* "1 account, 2 SIP domains, 6 users" */
static void print_counts(const struct model *m)
{
	const char *separator = "";

	for (int id = 0; id < KIND_MAX; id++) {
		size_t n = 0;

		for (const struct object *o = m->first; o; o = o->next)
			n += o->id == (enum kind_id)id;
		if (!n)
			continue;
		(void)printf("%s%zu %s%s", separator, n,
		             kind_of((enum kind_id)id)->word,
		             n == 1 ? "" : "s");
		separator = ", ";
	}
}

int load_check(const char *path)
{
	struct file f = {.path = path};
	int err = open_file(&f);

	print_problems(&f);
	if (!err) {
		(void)printf("%s is well: ", path);
		print_counts(&f.model);
		(void)printf("\n");
	}
	close_file(&f);
	return err ? 1 : 0;
}

/* Where bins are served: as we were told, else as webhook-fetcher has left it
 * in Redis. A bin under another URL than its own it would ask the network for. */
static int choose_url(struct store *store, const char *told, char *out,
                      size_t size)
{
	redisReply *r = store_ask(store, "GET public-url");
	const char *known;

	if (!r)
		return EIO;
	known = r->type == REDIS_REPLY_STRING ? r->str : NULL;
	if (told && known && strcmp(told, known) != 0)
		(void)fprintf(stderr,
		              "trestle-cli: warning: TRESTLE_PUBLIC_URL is %s, "
		              "but webhook-fetcher has %s: give both the same, "
		              "or bins are not found\n",
		              told, known);
	if (!told)
		told = known ? known : "http://127.0.0.1:8080";
	(void)snprintf(out, size, "%s", told);
	freeReplyObject(r);
	return 0;
}

/* The file's text and what it names decide; a bin's URL is in the records of
 * those that use it. */
static int take_digest(const struct file *f, const char *own,
                       char out[DIGEST_SIZE])
{
	bool bins = false;

	for (const struct object *o = f->model.first; o; o = o->next)
		bins = bins || o->id == KIND_BIN;
	return digest_of(f->root, bins ? own : "", out);
}

enum stored { STORED_NOTHING, STORED_SAME, STORED_OTHER, STORED_UNKNOWN };

/* What is the configuration now, beside the file of @p digest? */
static int look_stored(struct store *store, const char *digest,
                       enum stored *out)
{
	redisReply *version = store_ask(store, "EXISTS config:version");
	redisReply *r =
		version ? store_ask(store, "HGET config:file digest") : NULL;
	int err = r ? 0 : EIO;

	if (!err && !version->integer)
		*out = STORED_NOTHING;
	else if (!err && r->type != REDIS_REPLY_STRING)
		*out = STORED_UNKNOWN;
	else if (!err)
		*out = strcmp(r->str, digest) == 0 ? STORED_SAME : STORED_OTHER;
	if (version)
		freeReplyObject(version);
	if (r)
		freeReplyObject(r);
	return err;
}

/* Is there something that stays as it is? Says so. */
static bool stays(enum stored stored, const char *path)
{
	if (stored == STORED_SAME)
		(void)printf("%s has not changed since it was loaded: the "
		             "configuration stays, with what the API made of "
		             "it\n",
		             path);
	if (stored == STORED_UNKNOWN)
		(void)printf("there is a configuration already, of no file "
		             "that is known; `trestle-cli load %s` would "
		             "replace it\n",
		             path);
	return stored == STORED_SAME || stored == STORED_UNKNOWN;
}

static int write_store(const struct file *f, struct store *store,
                       const char *own, bool changed_only)
{
	struct store_load load = {.path = f->path};
	enum stored stored = STORED_NOTHING;
	int err = take_digest(f, own, load.digest);

	if (!err && changed_only)
		err = look_stored(store, load.digest, &stored);
	if (err || stays(stored, f->path))
		return err;
	err = store_replace(store, &f->model, own, &load);
	if (!err) {
		losses_print(&load.losses, f->path, stdout);
		(void)printf("loaded %s: ", f->path);
		print_counts(&f->model);
		(void)printf(" (version %lld)\n", load.version);
	}
	losses_close(&load.losses);
	return err;
}

static int write_redis(const struct file *f, const struct load_where *where,
                       bool changed_only)
{
	struct store *store = NULL;
	char problem[512], own[VALUE_URL_MAX];
	int err =
		store_alloc(&store, where->redis_url, problem, sizeof(problem));

	if (!err) {
		err = choose_url(store, where->public_url, own, sizeof(own));
		if (!err)
			err = write_store(f, store, own, changed_only);
		if (err)
			(void)snprintf(problem, sizeof(problem), "%s",
			               store_problem(store)[0]
			                       ? store_problem(store)
			                       : "out of memory");
	}
	if (err)
		(void)fprintf(stderr,
		              "trestle-cli: %s\n"
		              "trestle-cli: nothing was changed\n",
		              problem);
	store_free(store);
	return err;
}

static int load_file(const char *path, const struct load_where *where,
                     bool changed_only)
{
	struct file f = {.path = path};
	int err = open_file(&f);

	print_problems(&f);
	if (err)
		(void)fprintf(stderr, "trestle-cli: nothing was changed\n");
	else
		err = write_redis(&f, where, changed_only);
	close_file(&f);
	return err ? 1 : 0;
}

int load_load(const char *path, const struct load_where *where)
{
	return load_file(path, where, false);
}

int load_renew(const char *path, const struct load_where *where)
{
	return load_file(path, where, true);
}

int load_seed(const char *path, const struct load_where *where)
{
	struct store *store = NULL;
	char problem[512];
	redisReply *r = NULL;
	int err =
		store_alloc(&store, where->redis_url, problem, sizeof(problem));

	if (err) {
		(void)fprintf(stderr, "trestle-cli: %s\n", problem);
		return 1;
	}
	r = store_ask(store, "EXISTS config:version");
	if (!r)
		(void)fprintf(stderr, "trestle-cli: %s\n",
		              store_problem(store));
	err = r ? 0 : 1;
	if (r && !r->integer)
		err = load_load(path, where);
	else if (r)
		(void)printf("there is a configuration already; `load` would "
		             "replace it\n");
	if (r)
		freeReplyObject(r);
	store_free(store);
	return err;
}

static void print_fields(const char *word, const struct field *fields)
{
	(void)printf("%s\n", word);
	for (; fields->name; fields++) {
		(void)printf("    %-30s", fields->name);
		if (fields->required)
			(void)printf(" required");
		if (fields->type == FIELD_UINT)
			(void)printf(" %" PRIu32 "-%" PRIu32 ",", fields->min,
			             fields->max);
		if (fields->words)
			(void)printf(" one of: %s,", fields->words);
		if (fields->init)
			(void)printf(" default %s", fields->init);
		if (fields->type == FIELD_OBJECTS)
			(void)printf(" list of: %s",
			             kind_of(fields->ref)->word);
		if (fields->type == FIELD_NAMES || fields->type == FIELD_REF)
			(void)printf(" name of: %s",
			             kind_of(fields->ref)->word);
		(void)printf("\n");
	}
}

int load_fields(void)
{
	print_fields("file", schema_top);
	for (int id = 0; id < KIND_MAX; id++)
		print_fields(kind_of((enum kind_id)id)->word,
		             kind_of((enum kind_id)id)->fields);
	return 0;
}
