/*
 * records.h - the configuration and the records in Redis, as the API needs them
 *
 * What an account has is found by two keys: `sids:{AC…}`, a hash from each sid to
 * the key of its hash, and for each list a sorted set of sids by the instant of
 * their creation [ms]. A sid that is not in the account's hash is not there: so
 * tenants are apart.
 *
 * One round trip each, a list some. Handlers are called once, never before the function
 * returns; @p err is 0, ENOTCONN, ETIMEDOUT, EPROTO, EACCES (a secret that no key
 * of ours opens, store/seal.h) or ECANCELED (the end of the process). What asks
 * returns 0, ENOTCONN or ENOMEM; on an error its handler is not called.
 */
#ifndef API_ADAPTERS_RECORDS_H
#define API_ADAPTERS_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hiredis/hiredis.h>

#include "base/sid.h"
#include "core/fields.h"

struct change;
struct page;
struct loop;
struct records_db;
struct redis;
struct redis_script;

enum { RECORDS_FILTERS_MAX = 12 };
enum { RECORDS_SCAN_MAX = 20000 }; /* records looked at for one page */

/** @return 0 or ENOMEM */
int records_db_alloc(struct records_db **dbp, struct loop *loop,
                     struct redis *redis);
/** What is open is answered with ECANCELED. */
void records_db_free(struct records_db *db);

/** @p fields has none when there is no such thing. Both are borrowed. */
typedef void records_one_h(void *arg, int err, const char *key,
                           const struct fields *fields);

/** By its sid, if it is the account's. */
int records_find(struct records_db *db, const char *account_sid,
                 const char *sid, records_one_h *handler, void *arg);
/** By its key. */
int records_get(struct records_db *db, const char *key, records_one_h *handler,
                void *arg);

enum records_test {
	TEST_IS,     /**< the same                                       */
	TEST_NOT,    /**< another                                        */
	TEST_FROM,   /**< not less, as text: instants in ISO 8601        */
	TEST_UNTIL,  /**< less                                           */
	TEST_DIGITS, /**< somewhere in it, where `*` stands for one digit */
	TEST_WORD    /**< one of these words, which blanks separate      */
};

struct records_filter {
	const char *field;
	enum records_test test;
	const char *value;
};

/** What shall be listed; all is borrowed until records_list() returns. At most
 *  RECORDS_FILTERS_MAX filters */
struct records_query {
	const char *index; /**< key of the sorted set */
	const char *account_sid;
	/** Keys are head, sid, tail: "call:{" and "}". NULL = as `sids:{AC…}`
	 *  says. */
	const char *head, *tail;
	uint64_t from, until; /**< scores of the sorted set; 0 = no bound */
	const struct records_filter *filters;
	size_t n_filters;
	const struct page *page;
};

/** A page of records, newest first */
struct records {
	struct fields *v;
	size_t n;
	bool more;
	char last[SID_SIZE]; /**< that was looked at, for the next page */
};

typedef void records_list_h(void *arg, int err, const struct records *records);

int records_list(struct records_db *db, const struct records_query *query,
                 records_list_h *handler, void *arg);

/** Elements of a list, borrowed until the handler returns */
typedef void records_texts_h(void *arg, int err, const char *const *texts,
                             size_t n);
/** Of the list at @p key, from the element @p from (0 is the first) at most
 *  @p n. A key that is not there is an empty list. */
int records_texts(struct records_db *db, const char *key, size_t from, size_t n,
                  records_texts_h *handler, void *arg);

/** @p code is 0 when it happened and every process goes by it (adapters/seen.h),
 *  else the one of the condition that failed. */
typedef void records_change_h(void *arg, int err, uint32_t code);

int records_change(struct records_db *db, const struct change *change,
                   records_change_h *handler, void *arg);

/** What no function above asks; the first of @p argv is the key. @p reply is
 *  borrowed, NULL on an error. */
typedef void records_reply_h(void *arg, int err, const redisReply *reply);

int records_eval(struct records_db *db, struct redis_script *script, int argc,
                 const char *const *argv, records_reply_h *handler, void *arg);

#endif
