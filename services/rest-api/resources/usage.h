/*
 * usage.h - Usage Records and Balance: what their files share
 */
#ifndef API_RESOURCES_USAGE_H
#define API_RESOURCES_USAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "adapters/records.h"
#include "core/usage.h"

struct ask;

enum { USAGE_MONEY_SIZE = 32 }; /* bytes of an amount as text */
enum { USAGE_CURRENCY_SIZE = 4 };

/* A page that is being put together */
struct usage_page {
	enum usage_period period;
	const char *only; /* a category, as asked for; borrowed; NULL = all */
	size_t n_categories;
	bool subaccounts;
	struct usage_days whole;
	int64_t today;
	char currency[USAGE_CURRENCY_SIZE];
	size_t first, n; /* records, in order */
	bool more;
	struct usage_sums *sums; /* of each period of the page */
	size_t n_sums;
	size_t *owner; /* of each key that is asked: its period */
};

/** Which records does the path ask for? */
enum usage_period usage_period_of(const char *pattern);

/** One, as the API shows it. @param record its number in the list */
json_t *usage_json(const struct ask *q, const struct usage_page *p,
                   size_t record, const struct usage_days *days,
                   const struct usage_sums *sums);

/** "0.00850" of 850. */
void usage_money(uint64_t amount, char out[USAGE_MONEY_SIZE]);

/** Of an account, as usage_account() tells; texts are borrowed */
struct usage_account {
	const char *since;    /**< its first month, "2026-11"; "" = none */
	const char *currency; /**< "USD" */
	const char *balance;  /**< as configured; "" = not */
	uint64_t spent;       /**< with its subaccounts [1e-5] */
};

/** Ask for it. @return 0, ENOTCONN or ENOMEM; then the handler is not called */
int usage_account(struct ask *q, const char *sid, records_reply_h *handler);
/** @return 0, or EPROTO */
int usage_account_read(const redisReply *reply, struct usage_account *out);

#endif
