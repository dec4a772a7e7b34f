/*
 * sdk.h - `trestle sdk [LANGUAGE]`: what points a helper library at this API
 */
#ifndef CLIENT_SDK_H
#define CLIENT_SDK_H

struct api;
struct line;
struct strbuf;

/** @return exit status */
int sdk(struct api *a, const struct line *line, struct strbuf *form);

#endif
