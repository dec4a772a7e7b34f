/*
 * page.h - one page of a list: what was asked, the envelope around the records
 *          (contract 6.2)
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_PAGE_H
#define API_CORE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/sid.h"

struct fields;

enum { PAGE_SIZE_DEFAULT = 50, PAGE_SIZE_MAX = 1000 };

/** The part of a list that was asked for */
struct page {
	size_t size;   /**< records, 1 to PAGE_SIZE_MAX */
	size_t number; /**< from 0 */
	/** The list goes on behind this record; "" = count `number` pages. In
	 *  a list that grows at its front nothing comes twice then. */
	char after[SID_SIZE];
};

/** Read PageSize, Page and PageToken. @return 0 or the code of an error */
uint32_t page_read(struct page *page, const struct fields *params);

/** The list whose page it is; all borrowed */
struct page_list {
	const struct page *page;
	const char *base; /**< "https://host" of the request, for whole URLs */
	const char *path; /**< of the request, "/2010-04-01/…"            */
	const struct fields *params; /**< what the query said; its filters are
	                              *   in the URIs                     */
	const char *key; /**< name of the list, "domains"                */
};

/**
 * The envelope of a list of the 2010 API.
 *
 * @param records an array; taken over, also on an error
 * @param last    sid of the last record; NULL = there are no more pages
 * @return NULL when memory ran out
 */
json_t *page_wrap(const struct page_list *l, json_t *records, const char *last);

/** The same for the newer APIs, whose pages are in `meta` and whose URLs are
 *  whole. */
json_t *page_wrap_meta(const struct page_list *l, json_t *records,
                       const char *last);

#endif
