/*
 * tail.h - `trestle tail`: calls and alerts as they come, until Ctrl-C
 */
#ifndef CLIENT_TAIL_H
#define CLIENT_TAIL_H

struct api;
struct line;
struct strbuf;

int tail(struct api *a, const struct line *line,
         struct strbuf *form); /**< @return exit status */

#endif
