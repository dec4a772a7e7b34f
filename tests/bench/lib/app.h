/*
 * app.h - the customer's application of the benchmark: one HTTP/1.1 server
 * that answers every request with a <Dial> to the callee
 */
#ifndef BENCH_APP_H
#define BENCH_APP_H

#include <stddef.h>

struct app;

/** Listen on ip:port and put its descriptors into the epoll set, with the
 *  descriptor as data. @p dial is the URI of the callee. @return 0 or errno */
int app_alloc(struct app **ap, int epoll, const char *ip, int port,
              const char *dial);
void app_free(struct app *app);

/** Answer with what @p h writes, instead of the <Dial>. */
typedef void app_document_h(void *arg, char *out, size_t size);
void app_on_request(struct app *app, app_document_h *h, void *arg);

/** Handle a descriptor that is ready; others than its own are left alone. */
void app_ready(struct app *app, int fd);

#endif
