/*
 * route.h - `trestle route FROM TO`: what would happen to this call, and why?
 */
#ifndef CLIENT_ROUTE_H
#define CLIENT_ROUTE_H

struct api;
struct line;
struct strbuf;

/** @return exit status */
int route(struct api *a, const struct line *line, struct strbuf *form);

#endif
