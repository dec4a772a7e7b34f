/*
 * multi.h - libcurl's multi interface on our loop
 *
 * Who uses it sets up easy handles and adds them to multi_handle(); it is told
 * when each has ended. Link libcurl (`<service>.pkgs`).
 */
#ifndef HTTP_MULTI_H
#define HTTP_MULTI_H

#include <curl/curl.h>

struct loop;
struct multi;

/** A transfer ended, with what it has as CURLOPT_PRIVATE. The handle is still
 *  among the others: remove it. */
typedef void multi_h(void *arg, void *transfer, CURLcode code);

/** @return 0 or ENOMEM; *mp is set on success only */
int multi_alloc(struct multi **mp, struct loop *loop, multi_h *ended,
                void *arg);

/** NULL is a no-op. Remove all transfers before. */
void multi_free(struct multi *m);

CURLM *multi_handle(const struct multi *m);

#endif
