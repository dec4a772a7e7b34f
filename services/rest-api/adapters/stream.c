/*
 * stream.c - a page of a Redis stream, newest first
 */
#include "stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/page.h"
#include "store/redis.h"

enum { ID_SIZE = 48, NUMBER = 24, ARGS = 6, HALF = 16 };

/* stream, highest and lowest id, entries to skip, size, scan; field, test ("is" or
 * "not") and value of each filter: {last, "more" or "", entry, entry …} */
static struct redis_script list_script = {
	.source = "local max, min = ARGV[1], ARGV[2]\n"
		  "local skip, size = tonumber(ARGV[3]), tonumber(ARGV[4])\n"
		  "local scan = tonumber(ARGV[5])\n"
		  "local function fits(v)\n"
		  "  for i = 6, #ARGV, 3 do\n"
		  "    local same = (v[ARGV[i]] or '') == ARGV[i + 2]\n"
		  "    if same ~= (ARGV[i + 1] == 'is') then return false end\n"
		  "  end\n"
		  "  return true\n"
		  "end\n"
		  "local out, n, last, more = {'', ''}, 0, '', ''\n"
		  "while scan > 0 and more == '' do\n"
		  "  local part = redis.call('XREVRANGE', KEYS[1], max, min, "
		  "'COUNT', 200)\n"
		  "  if #part == 0 then break end\n"
		  "  for _, e in ipairs(part) do\n"
		  "    local ms, seq = string.match(e[1], '(%d+)-(%d+)')\n"
		  "    local v = {}\n"
		  "    for i = 1, #e[2], 2 do v[e[2][i]] = e[2][i + 1] end\n"
		  "    if n == size then more = 'more' break end\n"
		  "    last = string.format('NO%016x%016x', ms, seq)\n"
		  "    scan = scan - 1\n"
		  "    if fits(v) then\n"
		  "      if skip > 0 then skip = skip - 1\n"
		  "      else\n"
		  "        n = n + 1\n"
		  "        e[2][#e[2] + 1] = 'sid'\n"
		  "        e[2][#e[2] + 1] = last\n"
		  "        out[n + 2] = e[2]\n"
		  "      end\n"
		  "    end\n"
		  "    max = '(' .. e[1]\n"
		  "  end\n"
		  "end\n"
		  "if scan <= 0 then more = 'more' end\n"
		  "out[1], out[2] = last, more\n"
		  "return out\n",
};

struct listing {
	records_list_h *handler;
	void *arg;
};

static int fill(struct records *records, const redisReply *reply)
{
	bool failed = false;

	(void)snprintf(records->last, sizeof(records->last), "%.34s",
	               reply->element[0]->str);
	records->more = reply->element[1]->len > 0;
	records->v = calloc(reply->elements, sizeof(*records->v));
	if (!records->v)
		return ENOMEM;
	for (size_t i = 2; i < reply->elements; i++) {
		const redisReply *entry = reply->element[i];
		struct fields *f = &records->v[records->n++];

		for (size_t k = 0; k + 1 < entry->elements; k += 2)
			fields_add(f, entry->element[k]->str,
			           entry->element[k + 1]->str);
		failed = failed || f->failed;
	}
	return failed ? ENOMEM : 0;
}

static void on_list(void *arg, int err, const redisReply *reply)
{
	struct listing *l = arg;
	struct records records = {.n = 0};

	if (!err && (reply->type != REDIS_REPLY_ARRAY || reply->elements < 2))
		err = EPROTO;
	if (!err)
		err = fill(&records, reply);
	l->handler(l->arg, err, &records);
	for (size_t i = 0; i < records.n; i++)
		fields_close(&records.v[i]);
	free(records.v);
	free(l);
}

/* "NO" and 32 hexadecimal digits -> "ms-sequence", behind @p before */
static void place(const char *sid, const char *before, char out[ID_SIZE])
{
	char ms[HALF + 1] = "";

	(void)snprintf(ms, sizeof(ms), "%.16s", sid + 2);
	(void)snprintf(out, ID_SIZE, "%s%llu-%llu", before,
	               strtoull(ms, NULL, 16),
	               strtoull(sid + 2 + HALF, NULL, 16));
}

static void bounds(const struct records_query *query, const char *only,
                   char max[ID_SIZE], char min[ID_SIZE])
{
	(void)snprintf(max, ID_SIZE, "+");
	(void)snprintf(min, ID_SIZE, "-");
	if (query->from)
		(void)snprintf(min, ID_SIZE, "%llu",
		               (unsigned long long)query->from);
	if (query->until)
		(void)snprintf(max, ID_SIZE, "%llu",
		               (unsigned long long)query->until - 1);
	if (only) {
		place(only, "", max);
		place(only, "", min);
	} else if (query->page->after[0]) {
		place(query->page->after, "(", max);
		if (strcmp(max, "(0-0") == 0) /* Redis knows none before */
			(void)snprintf(max, ID_SIZE, "0-0");
	}
}

int stream_list(struct records_db *db, const struct records_query *query,
                const char *only, records_list_h *handler, void *arg)
{
	char max[ID_SIZE], min[ID_SIZE], skip[NUMBER], size[NUMBER],
		scan[NUMBER];
	const char *argv[ARGS + 3 * RECORDS_FILTERS_MAX] = {
		query->index, max, min, skip, size, scan};
	struct listing *l = malloc(sizeof(*l));
	int argc = ARGS, err;

	if (!l)
		return ENOMEM;
	*l = (struct listing){handler, arg};
	bounds(query, only, max, min);
	(void)snprintf(skip, sizeof(skip), "%zu",
	               query->page->after[0]
	                       ? 0
	                       : query->page->number * query->page->size);
	(void)snprintf(size, sizeof(size), "%zu", query->page->size);
	(void)snprintf(scan, sizeof(scan), "%d", (int)RECORDS_SCAN_MAX);
	for (size_t i = 0; i < query->n_filters; i++) {
		argv[argc++] = query->filters[i].field;
		argv[argc++] =
			query->filters[i].test == TEST_NOT ? "not" : "is";
		argv[argc++] = query->filters[i].value;
	}
	err = records_eval(db, &list_script, argc, argv, on_list, l);
	if (err)
		free(l);
	return err;
}
