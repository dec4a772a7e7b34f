/*
 * tell.h - who is told that a job ended
 */
#ifndef FETCHER_TELL_H
#define FETCHER_TELL_H

struct app;
struct job;

/** The log, the inspector, and who waits for it: callers, the queue of callbacks, the
 *  library of media. @p job has its outcome */
void tell_end(struct app *app, struct job *job);

#endif
