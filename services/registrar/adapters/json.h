/*
 * json.h - a binding as text: the value of its field in Redis
 */
#ifndef REGISTRAR_ADAPTERS_JSON_H
#define REGISTRAR_ADAPTERS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct location_req;
struct target;
struct binding;
struct json_t;
struct strbuf;

enum { JSON_USER_AGENT_MAX = 128 }; /* bytes kept of a User-Agent */

/** Append binding @p b of @p req as a JSON object. */
void json_add_binding(struct strbuf *out, const struct location_req *req,
                      const struct binding *b, uint64_t now_ms);

/** The object to free with json_close() when @p t is not used any more; NULL
 *  when the text is not a binding, or one that @p ended. */
struct json_t *json_open_target(const char *text, size_t len, uint64_t now_ms,
                                struct target *t, bool *ended);
void json_close(struct json_t *json);

#endif
